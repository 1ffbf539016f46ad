"""The command line's grammar of `plotkiln events`."""

import argparse

__all__ = ["add_events"]

_SERVER = "the server's address; by default HOST and PORT"


def add_events(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its acts."""
    events = commands.add_parser("events", help="send events, and see what became of them")
    acts = events.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = acts.add_parser("list", help="list what the embedded broker took, newest first")
    listing.add_argument(
        "--state", choices=("waiting", "delivered", "dead"), help="only with such a delivery"
    )
    _add_paging(listing)
    dead = acts.add_parser("dead-letters", help="list the events that were given up somewhere")
    _add_paging(dead)
    show = acts.add_parser("show", help="print one event, and where it went")
    show.add_argument("number", type=_number)
    _add_server(show)
    show.add_argument("--stored", action="store_true", help=_STORED)
    replay = acts.add_parser("replay", help="deliver an event once more where it failed")
    replay.add_argument("number", type=_number)
    _add_server(replay)
    _add_send(acts)
    _add_keeping(acts)


def _add_keeping(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts.add_parser("keep", help="serve: keep each event that comes, as a cluster's dead letters")
    kept = acts.add_parser("kept", help="list what `events keep` kept, newest first")
    kept.add_argument("name", nargs="?", help="print this one, as it was sent")
    kept.add_argument("--limit", type=_number, default=20, help="the most events to print")
    kept.add_argument("--json", action="store_true", help="print JSON")


_STORED = "read PLOTKILN_DATA, without a server"


def _add_paging(act: argparse.ArgumentParser) -> None:
    act.add_argument("--limit", type=_number, default=20, help="the most events to print")
    act.add_argument("--before", type=_number, help="only events with smaller numbers")
    act.add_argument("--stored", action="store_true", help=_STORED)
    _add_server(act)


def _add_server(act: argparse.ArgumentParser) -> None:
    act.add_argument("--url", help=_SERVER)
    act.add_argument("--json", action="store_true", help="print JSON")


def _add_send(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    send = acts.add_parser("send", help="send one event, and print the answer")
    send.add_argument(
        "file",
        nargs="?",
        help="the event in the JSON format; - for standard input; flags change it",
    )
    send.add_argument(
        "--to", metavar="URL", help="the sink; K_SINK where it is set, else the server's own broker"
    )
    send.add_argument("--type", help="the type; always needed without a file")
    send.add_argument("--source", help="the source; /cli if none")
    send.add_argument("--id", help="the id; a new one if none")
    send.add_argument("--subject", help="the subject")
    send.add_argument("--time", help="when it happened, in RFC 3339; now if none")
    send.add_argument("--data", help="the data; @FILE for a file's content, @- for standard input")
    send.add_argument(
        "--content-type", help="the data's media type; application/json if there is data"
    )
    send.add_argument(
        "--extension",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an extension attribute; may be given several times",
    )
    send.add_argument(
        "--mode", choices=("binary", "structured"), default="binary", help="the content mode"
    )
    send.add_argument("--json", action="store_true", help="print status and reply as JSON")


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) < 2**63:
        raise argparse.ArgumentTypeError("expected a whole number of at least 1")
    return int(text)
