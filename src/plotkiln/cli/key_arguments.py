"""The command line's grammar of API keys."""

import argparse
import re

from plotkiln.identity import Scope

__all__ = ["add_keys"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

_HOURS_OF_OVERLAP = "24h"


def add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    keys = commands.add_parser("keys", help="make, list, rotate and revoke API keys")
    acts = keys.add_subparsers(dest="act", required=True, metavar="ACT")
    create = acts.add_parser("create", help="make a key and print it; it is shown only now")
    _add_name(create)
    create.add_argument(
        "--scopes", required=True, help=f"what it lets do, by commas: {', '.join(Scope)}"
    )
    create.add_argument(
        "--expires", type=_lasting, metavar="TIME", help="such as 90d or 12h; never if none"
    )
    listing = acts.add_parser("list", help="list every key that is good, and its last use")
    rotate = acts.add_parser("rotate", help="make a new key of the same name and scopes, print it")
    _add_name(rotate)
    rotate.add_argument(
        "--overlap",
        type=_seconds,
        default=_HOURS_OF_OVERLAP,
        metavar="TIME",
        help=f"how long the old key is still good; {_HOURS_OF_OVERLAP}",
    )
    rotate.add_argument(
        "--expires",
        type=_lasting,
        metavar="TIME",
        help="of the new key; as long as the old one was made for, if none",
    )
    revoke = acts.add_parser("revoke", help="end all keys of a name, from the next request on")
    _add_name(revoke)
    for act in (create, listing, rotate, revoke):
        act.add_argument("--json", action="store_true", help="print JSON")


def _add_name(act: argparse.ArgumentParser) -> None:
    act.add_argument("name", help="what its requests are known by: key:NAME")


def _lasting(text: str) -> float:
    seconds = _seconds(text)
    if not seconds:
        raise argparse.ArgumentTypeError(f"{text}: such a key would be over before it is used")
    return seconds


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text}: give a time such as 90d, 12h, 30m or 10s")
    return float(int(found[1]) * _UNITS[found[2]])
