"""`plotkiln address`: sign the address of a picture by the keys that the servers have."""

import os
import sys
import time
from argparse import Namespace

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.identities import signatures_of
from plotkiln.errors import Fault, RuleError
from plotkiln.service.addresses import LONGEST, USUAL, checked_address, signed
from plotkiln.settings import read_settings

__all__ = ["address"]


def address(options: Namespace) -> Exit:
    """Print a signed address; no server and no store is asked whether there is such a picture."""
    settings = read_settings(os.environ)
    hours = _hours(options.hours)
    picture = checked_address(options.address)[0]
    done = signed(signatures_of(settings), picture, expires=time.time() + hours * 3600)
    whole = settings.public_url.rstrip("/") + done.address
    if options.json:
        told = {"address": whole, "expires": done.expires}
        print(msgspec.json.encode(told).decode())
        return Exit.OK
    print(whole)
    sys.stderr.write(f"good until {done.expires:%Y-%m-%d %H:%M} UTC\n")
    return Exit.OK


def _hours(given: float | None) -> float:
    hours = USUAL if given is None else given
    if not 0 < hours <= LONGEST:
        raise RuleError(faults=[Fault("--hours", f"takes more than 0, and {LONGEST} at most")])
    return hours
