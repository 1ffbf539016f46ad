"""`plotkiln doctor`: what is configured, what answers, and what mends what does not."""

import asyncio
import logging
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from platform import python_version

import msgspec

from plotkiln.__about__ import __version__
from plotkiln.cli.examination import Examination
from plotkiln.cli.exits import Exit
from plotkiln.cli.masks import Mask, configured, mask_of
from plotkiln.cli.terminal import BOLD, GREEN, RED, YELLOW, clear_progress, paint, progress
from plotkiln.service.doctor import Check, State, check, masked, worst
from plotkiln.settings import Settings, read_settings
from plotkiln.workers.renderer import distribution_versions

__all__ = ["Report", "doctor"]

_COLORS: Mapping[State, str] = {"ok": GREEN, "warning": YELLOW, "away": RED, "fault": RED}

_EXITS: Mapping[State, Exit] = {
    "ok": Exit.OK,
    "warning": Exit.OK,
    "away": Exit.UNAVAILABLE,
    "fault": Exit.FAILED,
}

#: Libraries whose releases matter when something looks wrong.
_LIBRARIES = ("matplotlib", "numpy", "pillow")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found."""

    #: The gravest state of all checks.
    state: State
    #: Releases by name; what is not installed, or does not tell, is left out.
    versions: Mapping[str, str]
    #: Settings that differ from their defaults, secrets hidden.
    settings: Mapping[str, str]
    checks: Sequence[Check]


def doctor(options: Namespace) -> Exit:
    """Look at everything, tell what was found, and end with the gravest of it."""
    logging.basicConfig(level="CRITICAL", format="%(message)s")  # every fault is a check's to tell
    settings = read_settings(os.environ)
    report = asyncio.run(_examined(settings, mask_of(settings, os.environ)))
    if options.json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    else:
        _print(report)
    return _EXITS[report.state]


async def _examined(settings: Settings, mask: Mask) -> Report:
    async with Examination(settings) as examination:
        checks = []
        for probe in examination.probes():
            progress(f"{probe.name} …")
            checks.append(masked(await check(probe), mask))
        versions = _versions(await examination.consul_version())
    clear_progress()
    return Report(
        state=worst(checks),
        versions=versions,
        settings=configured(settings, os.environ),
        checks=checks,
    )


def _versions(consul: str | None) -> dict[str, str]:
    found = {"plotkiln": __version__, "python": python_version()}
    found |= distribution_versions(_LIBRARIES)
    return found | {"consul": consul} if consul else found


def _print(report: Report) -> None:
    print(" · ".join(f"{name} {version}" for name, version in report.versions.items()))
    for name, value in report.settings.items():
        print(f"  {name}={value}")
    width = max(len(one.name) for one in report.checks)
    for one in report.checks:
        _print_check(one, width)
    print(_verdict(report))


def _print_check(one: Check, width: int) -> None:
    state = paint(f"{one.state:<8}", _COLORS[one.state])
    print(f"{state} {paint(f'{one.name:<{width}}', BOLD)} {one.took:>8.1f} ms  {one.detail}")
    if one.mend:
        print(f"{'':<{width + 23}}{one.mend}")


def _verdict(report: Report) -> str:
    counts = [
        f"{count} {word}"
        for state, word in {"fault": "broken", "away": "away", "warning": "to know of"}.items()
        if (count := sum(one.state == state for one in report.checks))
    ]
    return paint(", ".join(counts) or "all well", _COLORS[report.state])
