"""What works and what does not: checks of every part, each within its time, none left out."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Literal

import msgspec

from plotkiln.errors import AccessDenied, PlotkilnError, UnavailableError

__all__ = ["Check", "Finding", "Probe", "State", "check", "check_all", "masked", "worst"]

#: ok: as it should be. warning: it works, and somebody should know. away: it does not answer, and
#: may come back by itself. fault: it stays broken until somebody mends it.
State = Literal["ok", "warning", "away", "fault"]

_GRAVITY: tuple[State, ...] = ("ok", "warning", "away", "fault")


class Finding(msgspec.Struct, frozen=True):
    """What one probe found."""

    detail: str
    state: State = "ok"
    #: What mends it, in one sentence; empty where nothing is to be mended.
    mend: str = ""


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to look at."""

    name: str
    #: Looks; an error of plotkiln's tree, or of the operating system, is a finding too.
    look: Callable[[], Awaitable[Finding]]
    #: What mends it where it fails, or does not answer.
    mend: str
    #: Seconds after which it counts as away.
    limit: float = 10.0


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One probe's result."""

    name: str
    state: State
    #: Milliseconds that it took.
    took: float
    detail: str
    #: What mends it, in one sentence; empty where nothing is to be mended.
    mend: str = ""


async def check(probe: Probe) -> Check:
    """Look at one thing; whatever it raises, or a time past its limit, is a result."""
    start = time.perf_counter()
    found = await _found(probe)
    return Check(
        name=probe.name,
        state=found.state,
        took=round((time.perf_counter() - start) * 1000, 2),
        detail=found.detail,
        mend=found.mend,
    )


def masked(one: Check, hide: Callable[[str], str]) -> Check:
    """Return a result with what `hide` takes out of its texts."""
    return msgspec.structs.replace(one, detail=hide(one.detail), mend=hide(one.mend))


async def check_all(probes: Iterable[Probe]) -> Sequence[Check]:
    """Look at all things at once; takes as long as the slowest."""
    return await asyncio.gather(*map(check, probes))


def worst(checks: Iterable[Check]) -> State:
    """Return the gravest state; ok where nothing was checked."""
    return max((one.state for one in checks), key=_GRAVITY.index, default="ok")


async def _found(probe: Probe) -> Finding:
    try:
        async with asyncio.timeout(probe.limit):
            return await probe.look()
    except TimeoutError:
        return Finding(f"no answer within {probe.limit:g} s", "away", probe.mend)
    except AccessDenied as error:
        return Finding(str(error), "fault", "Give the token that permission, or set another token.")
    except UnavailableError as error:
        return Finding(str(error), "away", probe.mend)
    except PlotkilnError as error:
        return Finding(str(error), "fault", probe.mend)
    except OSError as error:
        return Finding(_words(error), "fault", probe.mend)


def _words(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"
