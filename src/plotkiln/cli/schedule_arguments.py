"""The command line's grammar of `plotkiln schedules`."""

import argparse
from datetime import UTC, datetime

__all__ = ["add_schedules"]


def add_schedules(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its acts."""
    schedules = commands.add_parser("schedules", help="see, check and run what is drawn when")
    acts = schedules.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = acts.add_parser("list", help="list every schedule, and when it is due next")
    listing.add_argument("--json", action="store_true", help="print JSON")
    following = acts.add_parser("next", help="print when one is due next")
    following.add_argument("name")
    following.add_argument("--count", type=_count, default=5, help="how many times to print")
    following.add_argument(
        "--after", type=_moment, metavar="TIME", help="from then on, in ISO 8601; now if none"
    )
    following.add_argument("--json", action="store_true", help="print JSON")
    check = acts.add_parser("check", help="check a file, and the specs in it")
    check.add_argument("file", help="file with the schedules; - for standard input")
    check.add_argument("--json", action="store_true", help="print the faults as JSON")
    run = acts.add_parser("run", help="draw what one shows, unless that is done already")
    run.add_argument("name")
    run.add_argument(
        "--due", type=_moment, metavar="TIME", help="the last time until then; until now if none"
    )
    run.add_argument("--json", action="store_true", help="print what was drawn as JSON")
    archives = acts.add_parser("archives", help="list the pictures that stayed, newest first")
    archives.add_argument("name")
    archives.add_argument("--limit", type=_count, default=20, help="the most pictures to print")
    archives.add_argument("--json", action="store_true", help="print JSON")
    _add_manifest(acts)


def _add_manifest(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    manifest = acts.add_parser("manifest", help="print PingSources and a Trigger for a cluster")
    manifest.add_argument("--broker", default="default", help="the Broker that they send to")
    manifest.add_argument("--service", default="render", help="the Service that draws")
    manifest.add_argument("--namespace", help="where all this is; kubectl's own if none")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError("expected a whole number from 1 to 1000")
    return int(text)


def _moment(text: str) -> datetime:
    """Read a time; one without an offset is in UTC."""
    try:
        told = datetime.fromisoformat(text)
        moment = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not 1970 <= moment.year < 9000:
        raise argparse.ArgumentTypeError("expected a time in ISO 8601, such as 2026-11-26T06:00Z")
    return moment
