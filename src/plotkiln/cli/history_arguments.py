"""The command line's grammar of `plotkiln styles history` and what else knows the past."""

import argparse

__all__ = ["add_history"]


def add_history(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the acts on the history of styles."""
    history = acts.add_parser("history", help="print what became of a style, newest first")
    history.add_argument("name")
    history.add_argument("--limit", type=_count, default=20, help="the most changes to print")
    history.add_argument("--before", type=int, help="only changes below this version")
    history.add_argument("--json", action="store_true", help="print JSON")
    diff = acts.add_parser("diff", help="print what differs between two versions of a style")
    diff.add_argument("name")
    diff.add_argument("version", type=int, metavar="A")
    diff.add_argument("other", type=int, nargs="?", metavar="B", help="the newest where missing")
    diff.add_argument("--json", action="store_true", help="print JSON")
    rollback = acts.add_parser("rollback", help="write an old document as a new version")
    rollback.add_argument("name")
    rollback.add_argument("version", type=int, help="the version to go back to")
    _add_write(rollback)
    publish = acts.add_parser("publish", help="put the draft NAME.draft in the style's place")
    publish.add_argument("name")
    _add_write(publish)
    _add_archives(acts)


def _add_write(act: argparse.ArgumentParser) -> None:
    act.add_argument("--why", default="", help="the reason, for the history")
    act.add_argument("--if-version", type=int, help="the version that is replaced; 0 creates")
    act.add_argument("--json", action="store_true", help="print name and version as JSON")


def _add_archives(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = acts.add_parser("export", help="write all styles with their histories to one file")
    export.add_argument("-o", "--output", default="-", help="the file; standard output if none")
    load = acts.add_parser("import", help="write the styles of an export; never over others")
    load.add_argument("file", help="the export; - for standard input")
    load.add_argument("--replace", action="store_true", help="write over other documents")
    load.add_argument("--why", default="", help="the reason, for the history")
    load.add_argument("--json", action="store_true", help="print what was done as JSON")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 100_000:
        raise argparse.ArgumentTypeError("expected a whole number from 1 to 100000")
    return int(text)
