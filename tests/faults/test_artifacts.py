"""A named picture under reordered, repeated and late events, a restyle, a reset and a crash."""

import asyncio
import random
import signal
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from kilns import Kiln
from load import Report
from servers import eventually
from visitors import LATER, Visitor, learn

pytestmark = [pytest.mark.fault, pytest.mark.anyio]

#: Totals of the first generation lie above, those of the second below.
BORDER = 1_000_000

#: Events under way at once, and how far one may come before another that was sent first.
SENDERS, REORDERED = 3, 10

#: Totals that are sent before it is counted anew how many different ones were seen.
BATCH = 20


def generation_of(number: int) -> int:
    """Return the generation that a number belongs to."""
    return 1 if number > BORDER else 2


class Totals:
    """Totals as they might come: out of order, one in ten twice, some very late."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.sent: list[int] = []
        self.last = BORDER

    def batch(self) -> list[int]:
        """Return the next ones, and some that were sent long before."""
        numbers = range(self.last + 1, self.last + 1 + BATCH)
        self.last = numbers[-1]
        coming = sorted(numbers, key=lambda number: number + self.chance.random() * REORDERED)
        coming += self.chance.sample(coming, BATCH // 10)
        if self.sent:
            coming[1:1] = self.chance.sample(self.sent, 2)
        self.sent += coming
        return coming

    def reset(self) -> None:
        """Begin the next generation; of the first, late ones still come."""
        self.last = 0


async def deliver(client: httpx.AsyncClient, total: int) -> None:
    """Deliver one event, as a broker does: again until it is taken."""
    headers = {
        "ce-id": uuid4().hex,
        "ce-source": "/tests",
        "ce-type": "plotkiln.hits",
        "ce-specversion": "1.0",
        "ce-subject": "home",
    }
    event = {"total": total, "generation": generation_of(total)}
    while True:
        try:
            answer = await client.post("/events", json=event, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.05)
            continue
        if answer.is_success:
            return
        assert answer.status_code in {429, 503}, answer.text
        await asyncio.sleep(0.1)


async def deliver_all(client: httpx.AsyncClient, totals: list[int]) -> None:
    """Deliver events, several at once."""
    waiting = iter(totals)

    async def send() -> None:
        for total in waiting:
            await deliver(client, total)

    await asyncio.gather(*(send() for _ in range(SENDERS)))


async def restart(kiln: Kiln) -> None:
    """Kill the server as a crash does, and start it again."""
    await asyncio.to_thread(kiln.stop, signal.SIGKILL)
    await asyncio.to_thread(kiln.start)


async def until(
    distinct: int, client: httpx.AsyncClient, totals: Totals, visitors: list[Visitor]
) -> None:
    """Deliver until visitors have seen so many different numbers."""
    async with asyncio.timeout(120):
        while len({one.number for visitor in visitors for one in visitor.seen}) < distinct:
            await deliver_all(client, totals.batch())


async def through_everything(
    kiln: Kiln, client: httpx.AsyncClient, visitors: list[Visitor]
) -> Totals:
    """Deliver events through a restyle, a crash and a reset; return what was delivered."""
    totals = Totals(random.Random(7))  # noqa: S311 -- no secret
    await until(30, client, totals, visitors)
    restyle = client.put("/styles/default", json=LATER, headers={"If-None-Match": "*"})
    await asyncio.gather(until(60, client, totals, visitors), restyle)
    crash = asyncio.create_task(restart(kiln))
    await until(80, client, totals, visitors)
    await crash
    totals.reset()
    await until(120, client, totals, visitors)
    await deliver_all(client, [totals.last, *totals.sent[:5]])
    return totals


async def test_a_picture_never_runs_backwards(tmp_path: Path, report: Report) -> None:
    """Over a thousand looks at over a hundred numbers none is older than the one before."""
    public = "https://example.org/pictures"
    with Kiln(tmp_path, PLOTKILN_WORKERS="2", PLOTKILN_ARTIFACTS_PUBLIC_URL=public) as kiln:
        reader = await asyncio.to_thread(learn, kiln)
        visitors = [Visitor(reader) for _ in range(3)]
        published = tmp_path / "renderings/published/hits.png"
        async with httpx.AsyncClient(base_url=kiln.url, timeout=30) as client:
            looking = [
                asyncio.create_task(visitors[0].visit(client)),
                asyncio.create_task(visitors[1].visit(client)),
                asyncio.create_task(visitors[2].watch(published, generation_of)),
            ]
            totals = await through_everything(kiln, client, visitors)
            await eventually(lambda: enough(visitors, totals.last), deadline=120)
            for visitor in visitors:
                visitor.leaving.set()
            await asyncio.gather(*looking)
    seen = [one for visitor in visitors for one in visitor.seen]
    report(
        "a named picture under events out of order, repeated and late, a restyle, a reset, a crash",
        {
            "events": len(totals.sent),
            "looks": len(seen),
            "distinct_numbers": len({one.number for one in seen}),
            "steps_back": sum(visitor.steps_back for visitor in visitors),
            "numbers_other_than_claimed": sum(one.number != one.claimed for one in seen),
        },
    )
    assert [visitor.steps_back for visitor in visitors] == [0, 0, 0]
    assert all(one.number == one.claimed for one in seen)
    assert {one.generation for one in seen} == {1, 2}
    assert [visitor.seen[-1][:2] for visitor in visitors] == [(2, totals.last)] * 3


def enough(visitors: list[Visitor], last: int) -> bool:
    """Say whether there were a thousand looks, and everybody has seen the last number."""
    looks = sum(len(visitor.seen) for visitor in visitors)
    return looks >= 1000 and all(visitor.seen[-1].number == last for visitor in visitors)
