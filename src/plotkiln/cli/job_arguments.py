"""The command line's grammar of `plotkiln jobs`."""

import argparse

__all__ = ["add_jobs"]

_STATES = ("queued", "running", "succeeded", "failed", "cancelled", "expired")


def add_jobs(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its acts."""
    jobs = commands.add_parser("jobs", help="have a server draw what takes long, and follow it")
    acts = jobs.add_subparsers(dest="act", required=True, metavar="ACT")
    _add_submit(acts)
    listing = acts.add_parser("list", help="list your jobs, newest first")
    listing.add_argument(
        "--state", action="append", choices=_STATES, help="only those; may be given several times"
    )
    listing.add_argument("--limit", type=_count, help="the most jobs to print; 50 if none")
    listing.add_argument("--before", help="only older ones: what the last list ended with")
    _add_server(listing)
    show = acts.add_parser("show", help="print one job")
    show.add_argument("id")
    _add_server(show)
    wait = acts.add_parser("wait", help="wait until a job has ended, and fetch its picture")
    wait.add_argument("id")
    wait.add_argument("-o", "--output", help="picture to write; - for standard output")
    _add_timeout(wait)
    _add_server(wait)
    cancel = acts.add_parser("cancel", help="cancel jobs; those that have ended stay as they are")
    cancel.add_argument("ids", nargs="+", metavar="id")
    _add_server(cancel)
    retry = acts.add_parser("retry", help="submit a failed or cancelled job anew")
    retry.add_argument("id")
    _add_server(retry)
    result = acts.add_parser("result", help="fetch the picture of a job that has succeeded")
    result.add_argument("id")
    result.add_argument(
        "-o", "--output", required=True, help="picture to write; - for standard output"
    )
    _add_server(result)


def _add_submit(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    submit = acts.add_parser("submit", help="have a spec drawn as a job")
    submit.add_argument("spec", help="file with the spec (JSON or CSV); - for standard input")
    submit.add_argument("-f", "--format", choices=("png", "svg", "pdf", "webp", "jpeg"))
    submit.add_argument("-s", "--style", help="a style instead of the spec's own")
    submit.add_argument("--csv", action="store_true", help="the spec is CSV, whatever its name")
    submit.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a spec member for a CSV table: kind=bar, x=month, axes.y.label=Sales",
    )
    submit.add_argument("--idempotency-key", help="names this submission: sent twice it is one")
    submit.add_argument("--wait", action="store_true", help="wait until the job has ended")
    submit.add_argument("-o", "--output", help="wait, and write the picture; - for standard output")
    _add_timeout(submit)
    _add_server(submit)


def _add_timeout(act: argparse.ArgumentParser) -> None:
    act.add_argument("--timeout", type=_seconds, help="seconds to wait at most; the job goes on")


def _add_server(act: argparse.ArgumentParser) -> None:
    act.add_argument(
        "--server", metavar="URL", help="the server; PLOTKILN_URL, else HOST and PORT, if none"
    )
    act.add_argument("--json", action="store_true", help="print JSON")


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 200:
        raise argparse.ArgumentTypeError("expected a whole number from 1 to 200")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError("expected seconds")
    return seconds
