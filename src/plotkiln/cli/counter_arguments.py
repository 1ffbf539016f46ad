"""The grammar of `plotkiln counter`."""

import argparse

__all__ = ["add_counter"]


def add_counter(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command with its programs and acts."""
    counter = commands.add_parser("counter", help="run a program of the hit counter; read, reset")
    acts = counter.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("homepage", help="serve pages and pictures; each view is said to K_SINK")
    acts.add_parser("count", help="count the hits that a broker delivers, and reply totals")
    acts.add_parser("draw", help="draw the totals that a broker delivers")
    show = acts.add_parser("show", help="print the totals of all counters, or of one")
    show.add_argument("subject", nargs="?", help="what is counted; home is the homepage")
    show.add_argument("--json", action="store_true", help="print JSON")
    reset = acts.add_parser("reset", help="close a total, and begin the next generation at 0")
    reset.add_argument("subject")
    reset.add_argument("--json", action="store_true", help="print the closed total as JSON")
