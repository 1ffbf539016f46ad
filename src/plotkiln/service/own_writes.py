"""What every write of a style owes: checks before it stands, and its effect before it ends."""

import asyncio
from contextlib import suppress

from plotkiln.errors import Fault, InUseError, PreconditionMissing, RuleError
from plotkiln.identity import Principal
from plotkiln.service.live_looks import LiveLooks
from plotkiln.style.documents import check_name
from plotkiln.style.history import Kind, Note
from plotkiln.style.looks import DEFAULT, KnownStyle
from plotkiln.style.models import Style
from plotkiln.style.resolution import resolve

__all__ = ["check_chain", "check_guarded", "check_unused", "in_effect", "note_of"]

#: Seconds that a writer waits for its own change to take effect here.
_OWN_WRITE = 1.0

#: Characters of a reason.
_LONGEST_WHY = 1000


def note_of(principal: Principal, why: str, kind: Kind = "written") -> Note:
    """Return what enters the history; raises `RuleError` for a reason that is too long."""
    if len(why) > _LONGEST_WHY:
        message = f"a reason has at most {_LONGEST_WHY} characters; this one has {len(why)}"
        raise RuleError(faults=[Fault("why", message)])
    return Note(who=principal.name, why=why.strip(), kind=kind)


def check_guarded(name: str, expected: int | None) -> int:
    """Return the version that a write expects; raises `PreconditionMissing` where it has none."""
    check_name(name)
    if expected is None:
        raise PreconditionMissing
    return expected


async def check_chain(live: LiveLooks, name: str, style: Style) -> None:
    """Raise `RuleError` when a style would extend itself, or a style that nobody knows."""
    await live.settled()
    written = KnownStyle(name=name, version=1, style=style, state="fresh")
    resolve(name, {**live.known(), name: written})


def check_unused(live: LiveLooks, name: str) -> None:
    """Raise `InUseError` while another style extends this one; `default` falls to the built-in."""
    heirs = [heir for heir, known in live.known().items() if known.style.extends == name]
    if heirs and name != DEFAULT:
        raise InUseError(f"{name} is extended by {', '.join(heirs)}: change those first.")


async def in_effect(live: LiveLooks, name: str, version: int | None) -> None:
    """Wait until this process knows of its own write, so that the writer's next render does.

    None stands for a removal. Where that takes longer than a second the write stands all the same.
    """
    changed = asyncio.Event()
    stop = live.on_change(lambda _names: changed.set())
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(_OWN_WRITE):
                while not _knows(live, name, version):
                    await changed.wait()
                    changed.clear()
    finally:
        stop()


def _knows(live: LiveLooks, name: str, version: int | None) -> bool:
    known = live.known().get(name)
    if version is None:
        return known is None
    return known is not None and known.version >= version
