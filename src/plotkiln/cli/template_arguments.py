"""The grammar of `plotkiln templates`."""

import argparse
from pathlib import Path

__all__ = ["add_templates"]


def add_templates(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command with its acts; `render` takes more flags, which its template decides."""
    templates = commands.add_parser("templates", help="begin, list, show templates; draw by them")
    acts = templates.add_subparsers(dest="act", required=True, metavar="ACT")
    new = acts.add_parser("new", help="write a template that works, to begin with")
    new.add_argument("name")
    new.add_argument("-o", "--output", type=Path, help="file to write; else in PLOTKILN_TEMPLATES")
    listing = acts.add_parser("list", help="list every template, and what is broken")
    listing.add_argument("--json", action="store_true", help="print JSON")
    show = acts.add_parser("show", help="print what a template takes")
    show.add_argument("name")
    show.add_argument("--json", action="store_true", help="print the JSON Schema of its parameters")
    render = acts.add_parser(
        "render",
        help="draw by a template to a file; needs no server",
        epilog="Its parameters are flags: --value 3. `plotkiln templates show NAME` lists them.",
        allow_abbrev=False,
    )
    render.set_defaults(takes_flags=True)
    render.add_argument("name", help="the template; parameters follow as --name value")
    render.add_argument("--params", metavar="FILE", help="parameters as JSON; - for standard input")
    render.add_argument(
        "-o", "--output", required=True, help="picture to write; - for standard output"
    )
    render.add_argument(
        "-f", "--format", help="png, svg, pdf, webp, jpeg; else by the file's ending"
    )
    render.add_argument("-s", "--style", help="the style's name")
    render.add_argument("--style-file", type=Path, help="a style document, instead of a stored one")
    render.add_argument("--size", metavar="WIDTHxHEIGHT", help="the picture's size in pixels")
    render.add_argument("--json", action="store_true", help="print what was drawn as JSON")
