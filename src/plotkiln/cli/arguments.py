"""The command line's grammar."""

import argparse
from pathlib import Path

from plotkiln.__about__ import __version__
from plotkiln.cli.counter_arguments import add_counter
from plotkiln.cli.event_arguments import add_events
from plotkiln.cli.history_arguments import add_history
from plotkiln.cli.job_arguments import add_jobs
from plotkiln.cli.key_arguments import add_keys
from plotkiln.cli.schedule_arguments import add_schedules
from plotkiln.cli.session_arguments import add_sessions
from plotkiln.cli.template_arguments import add_templates
from plotkiln.cli.upkeep_arguments import add_upkeep

__all__ = ["parser"]

_EPILOG = """\
exit codes: 0 done, 1 a fault of plotkiln's own, 2 wrong usage or setting, 3 a spec, style or file
that cannot be used, 4 try again later, 5 somebody else wrote first, 6 no such style or template
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser; each command sets `command` to its name."""
    top = argparse.ArgumentParser(
        prog="plotkiln",
        description="On-demand Matplotlib rendering whose look lives in Consul KV.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"plotkiln {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("serve", help="serve HTTP in the foreground; settings: environment")
    commands.add_parser("live", help="serve the live channel alone; draws nothing, needs Redis")
    _add_render(commands)
    _add_styles(commands)
    add_templates(commands)
    add_counter(commands)
    add_events(commands)
    add_jobs(commands)
    add_keys(commands)
    add_schedules(commands)
    add_sessions(commands)
    add_upkeep(commands)
    doctor = commands.add_parser("doctor", help="check every part, and say what mends it")
    doctor.add_argument("--json", action="store_true", help="print what was found as JSON")
    openapi = commands.add_parser("openapi", help="print the OpenAPI description")
    openapi.add_argument("-o", "--output", type=Path, help="file to write; standard output if none")
    return top


def _add_render(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    render = commands.add_parser("render", help="draw one spec to a file; needs no server")
    render.add_argument("spec", help="file with the spec (JSON or CSV); - for standard input")
    render.add_argument(
        "-o", "--output", required=True, help="picture to write; - for standard output"
    )
    render.add_argument(
        "-f", "--format", help="png, svg, pdf, webp, jpeg; else by the file's ending"
    )
    render.add_argument("-s", "--style", help="a style instead of the spec's own")
    render.add_argument("--style-file", type=Path, help="a style document, instead of a stored one")
    render.add_argument("--csv", action="store_true", help="the spec is CSV, whatever its name")
    render.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a spec member for a CSV table: kind=bar, x=month, axes.y.label=Sales",
    )
    render.add_argument("--json", action="store_true", help="print what was drawn as JSON")


def _add_styles(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    styles = commands.add_parser("styles", help="read and write the style store")
    acts = styles.add_subparsers(dest="act", required=True, metavar="ACT")
    listing = acts.add_parser("list", help="list every style with its state")
    listing.add_argument("--json", action="store_true", help="print JSON")
    get = acts.add_parser("get", help="print a style document")
    get.add_argument("name", help="a name, or name@version for an old one")
    get.add_argument("--json", action="store_true", help="print name, version and document as JSON")
    put = acts.add_parser("put", help="write a style document; nobody else's change is overwritten")
    put.add_argument("name")
    put.add_argument("document", help="file with the document; - for standard input")
    put.add_argument("--if-version", type=int, help="the version that is replaced; 0 creates")
    put.add_argument("--why", default="", help="the reason, for the history")
    put.add_argument("--json", action="store_true", help="print name and version as JSON")
    add_history(acts)
    validate = acts.add_parser("validate", help="check style documents without storing them")
    validate.add_argument("documents", nargs="+", help="files; - for standard input")
    validate.add_argument("--json", action="store_true", help="print the faults as JSON")
    seed = acts.add_parser("seed", help="store the shipped styles that are missing")
    seed.add_argument("names", nargs="*", metavar="NAME", help="only these")
    seed.add_argument("--json", action="store_true", help="print what was written and left as JSON")
    watch = acts.add_parser("watch", help="print each change as it happens, until interrupted")
    watch.add_argument("--json", action="store_true", help="print JSON lines")
