"""`plotkiln counter`: the hit counter's programs, its totals, and their reset."""

import asyncio
import os
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.terminal import BOLD, paint, report
from plotkiln.counter.totals import Total
from plotkiln.errors import DeliveryFailed
from plotkiln.settings import Settings, read_settings

__all__ = ["counter"]


def counter(options: Namespace) -> Exit:
    """Run one act."""
    if options.act == "draw":
        from plotkiln.cli.serve import serve

        return serve(subscriber=True)
    if options.act in {"homepage", "count"}:
        from plotkiln.cli.counter_programs import run_program

        return run_program(options.act)
    settings = read_settings(os.environ)
    if options.act == "show":
        return asyncio.run(_show(settings, options.subject, as_json=options.json))
    return asyncio.run(_reset(settings, options.subject, as_json=options.json))


async def _show(settings: Settings, subject: str | None, *, as_json: bool) -> Exit:
    from plotkiln.cli.shared import open_totals
    from plotkiln.counter.subjects import subject_of

    async with open_totals(settings) as totals:
        subjects = await totals.subjects() if subject is None else [subject_of(subject)]
        histories = [await totals.history(one) for one in subjects]
    if as_json:
        print(msgspec.json.encode([total for history in histories for total in history]).decode())
    else:
        _print(histories)
    return Exit.OK


def _print(histories: Sequence[Sequence[Total]]) -> None:
    if not histories:
        print("nothing was counted yet")
    for history in histories:
        newest = history[-1]
        closed = ", ".join(f"generation {one.generation}: {one.total}" for one in history[:-1])
        line = f"{paint(f'{newest.subject:<24}', BOLD)} {newest.total:>9}"
        print(f"{line}  generation {newest.generation}{f' ({closed})' if closed else ''}")


async def _reset(settings: Settings, subject: str, *, as_json: bool) -> Exit:
    from plotkiln.cli.shared import open_totals
    from plotkiln.counter.subjects import subject_of

    async with open_totals(settings) as totals:
        closed = await totals.reset(subject_of(subject))
    begun = Total(subject=closed.subject, generation=closed.generation + 1)
    told = await _tell(settings, begun)
    if as_json:
        print(msgspec.json.encode(closed).decode())
    else:
        print(f"{subject}: generation {closed.generation} is closed at {closed.total}.")
        follows = "follows" if told else "comes with the next hit"
        print(f"Generation {begun.generation} begins at 0; its picture {follows}.")
    return Exit.OK


async def _tell(settings: Settings, begun: Total) -> bool:
    """Tell the broker where there is one; the reset is done, whatever that answers."""
    if not settings.sink:
        return False
    from plotkiln.cli.eventing import open_sink
    from plotkiln.counter.counting import total_event

    try:
        async with open_sink(settings) as sink:
            await sink.send(total_event(begun))
    except DeliveryFailed as error:
        report(error)
        return False
    return True
