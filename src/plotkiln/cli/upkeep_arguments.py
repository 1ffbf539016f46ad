"""The command line's grammar of what operators and clusters run: one job, one sweep, a backup."""

import argparse
from pathlib import Path

__all__ = ["add_upkeep"]


def add_upkeep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    job = commands.add_parser("job", help="do one job in a process of its own, for a JobSink")
    acts = job.add_subparsers(dest="act", required=True, metavar="ACT")
    run = acts.add_parser("run", help="render the job that an event asks for; listens nowhere")
    run.add_argument(
        "file",
        nargs="?",
        help="the event in the JSON format; - for standard input; event in K_EVENT_PATH if none",
    )
    sweep = commands.add_parser(
        "sweep", help="publish, take back, expire and remove what is due, once; for a CronJob"
    )
    sweep.add_argument("--jobs", action="store_true", help="jobs alone: nothing is listed")
    account = commands.add_parser("account", help="print what rendering took, and cost")
    account.add_argument(
        "--days", type=int, choices=range(1, 401), default=30, metavar="N", help="so many days; 30"
    )
    account.add_argument("--json", action="store_true", help="print it as JSON")
    backup = commands.add_parser("backup", help="copy what this machine keeps, while it is in use")
    backup.add_argument("folder", type=Path, help="where to; can be PLOTKILN_DATA of a server")
    backup.add_argument("--json", action="store_true", help="print what was copied as JSON")
