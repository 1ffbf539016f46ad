"""One contract for all totals."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from counters import Clock, TotalsOpener, embedded_opener, redis_opener
from plotkiln.counter.totals import Counted, Total, Totals
from plotkiln.counter.window import Window, fingerprint
from plotkiln.errors import RuleError
from redis_servers import RedisServer

pytestmark = pytest.mark.anyio

HOURS = 24.0


@pytest.fixture(params=["embedded", "redis"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> TotalsOpener:
    """Return what opens the totals of this test."""
    if request.param == "embedded":
        return embedded_opener(tmp_path)
    return redis_opener(request.getfixturevalue("redis_url"))


@pytest.fixture
def clock() -> Clock:
    """Return the clock of this test."""
    return Clock()


@pytest.fixture
async def totals(opener: TotalsOpener, clock: Clock) -> AsyncIterator[Totals]:
    """Open the totals once."""
    async with opener(clock, HOURS) as opened:
        yield opened


def at(seconds: float) -> datetime:
    """Return a moment."""
    return datetime.fromtimestamp(seconds, UTC)


async def test_what_was_never_hit_is_at_zero(totals: Totals) -> None:
    """A subject that nobody named stands at 0 in the first generation, and is not listed."""
    assert await totals.read("home") == Total(subject="home", generation=1, total=0)
    assert list(await totals.history("home")) == [Total(subject="home")]
    assert list(await totals.subjects()) == []


async def test_hits_are_added(totals: Totals) -> None:
    """Each hit adds one, and is told what it came to."""
    counted = [await totals.add("home", "/hits/", str(n), time=None) for n in range(3)]
    assert counted == [Counted(total=n, generation=1) for n in (1, 2, 3)]
    assert (await totals.read("home")).total == 3


async def test_a_duplicate_changes_nothing(totals: Totals) -> None:
    """The same source and id is answered with the total that was recorded with it."""
    first = await totals.add("home", "/hits/", "a", time=None)
    await totals.add("home", "/hits/", "b", time=None)
    again = await totals.add("home", "/hits/", "a", time=None)
    assert (first.duplicate, again.duplicate) == (False, True)
    assert (again.total, again.generation) == (first.total, first.generation) == (1, 1)
    assert (await totals.read("home")).total == 2


async def test_source_and_id_name_a_hit_together(totals: Totals) -> None:
    """Neither an equal id of another source, nor texts that join to the same, are duplicates."""
    for source, name in (("/a", "bc"), ("/ab", "c"), ("/a", "b"), ("/b", "bc")):
        assert not (await totals.add("home", source, name, time=None)).duplicate
    assert (await totals.read("home")).total == 4


async def test_subjects_count_by_themselves(totals: Totals) -> None:
    """Each subject has a total and a memory of its own; all are listed in order."""
    await totals.add("b", "/", "1", time=None)
    await totals.add("a.example", "/", "1", time=None)
    await totals.reset("c")
    assert list(await totals.subjects()) == ["a.example", "b", "c"]
    assert (await totals.read("b")).total == (await totals.read("a.example")).total == 1


async def test_a_reset_begins_the_next_generation(totals: Totals) -> None:
    """A reset returns the closed total; the next hit is the first of the next generation."""
    for number in range(5):
        await totals.add("home", "/", str(number), time=None)
    assert await totals.reset("home") == Total(subject="home", generation=1, total=5)
    assert await totals.read("home") == Total(subject="home", generation=2, total=0)
    assert await totals.add("home", "/", "5", time=None) == Counted(total=1, generation=2)
    assert await totals.reset("home") == Total(subject="home", generation=2, total=1)
    closed = [(one.generation, one.total) for one in await totals.history("home")]
    assert closed == [(1, 5), (2, 1), (3, 0)]


async def test_a_reset_of_nothing_counts_too(totals: Totals) -> None:
    """A counter that was never hit can be reset: its next generation is the second."""
    assert await totals.reset("home") == Total(subject="home", generation=1, total=0)
    assert (await totals.read("home")).generation == 2


async def test_the_memory_outlives_a_reset(totals: Totals) -> None:
    """A duplicate of before the reset is answered with what it came to then."""
    await totals.add("home", "/", "a", time=None)
    await totals.reset("home")
    again = await totals.add("home", "/", "a", time=None)
    assert again == Counted(total=1, generation=1, duplicate=True)
    assert (await totals.read("home")).total == 0


async def test_the_memory_lasts_for_the_window(totals: Totals, clock: Clock) -> None:
    """Up to the end of its window a hit is known, wherever in its slice it was counted."""
    hit_at = clock.now
    await totals.add("home", "/", "a", time=at(hit_at))
    for part in range(1, 97):
        clock.now = hit_at + part * HOURS * 3600 / 96
        assert (await totals.add("home", "/", "a", time=at(hit_at))).duplicate, part
    clock.now += 1
    with pytest.raises(RuleError, match="older than 24 hours"):
        await totals.add("home", "/", "a", time=at(hit_at))
    assert (await totals.read("home")).total == 1


@pytest.mark.parametrize(("before", "after"), [(168.0, 24.0), (24.0, 168.0), (24.0, 1.0)])
async def test_regression_another_window_knows_the_hit(
    opener: TotalsOpener, clock: Clock, before: float, after: float
) -> None:
    """A hit that is inside the old window and the new one counts once."""
    hit_at = clock.now
    async with opener(clock, before) as totals:
        await totals.add("home", "/", "a", time=at(hit_at))
    clock.now += min(before, after) * 3600
    async with opener(clock, after) as totals:
        assert (await totals.add("home", "/", "a", time=at(hit_at))).duplicate
        assert (await totals.read("home")).total == 1


async def test_what_another_window_remembers_is_forgotten(tmp_path: Path) -> None:
    """In SQLite each hit makes older ones forgotten, also those of a window that was longer."""
    clock, opener = Clock(), embedded_opener(tmp_path)
    async with opener(clock, 168.0) as totals:
        for number in range(20):
            await totals.add("home", "/", str(number), time=None)
    clock.now += 3 * 86400
    async with opener(clock, 24.0) as totals:
        for number in range(20, 26):
            await totals.add("home", "/", str(number), time=None)
    with closing(sqlite3.connect(tmp_path / "counters.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM counted").fetchone() == (6,)


async def test_a_slice_lives_as_long_as_the_longest_window(
    redis_server: RedisServer, redis_url: str, clock: Clock
) -> None:
    """A slice that a short window began is kept for a longer one that counts in it."""
    opener = redis_opener(redis_url)
    hit = fingerprint("home", "/", "a")
    key = f"plotkiln:counter:{{home}}:{Window().slice_at(clock.now)}:{hit[0]:02x}"
    async with opener(clock, 1.0) as short, opener(clock, 168.0) as long:
        await short.add("home", "/", "a", time=None)
        assert lifetime(redis_server, key) < 2 * 86400
        same = (str(n) for n in range(10_000) if fingerprint("home", "/", str(n))[0] == hit[0])
        await long.add("home", "/", next(same), time=None)
        assert lifetime(redis_server, key) > 7 * 86400


def lifetime(server: RedisServer, key: str) -> int:
    """Return the seconds until Redis forgets a key."""
    return int(server.command("TTL", key).strip(b":\r\n"))


async def test_clocks_may_differ(opener: TotalsOpener) -> None:
    """Counters whose clocks are most of an hour apart know the hits of one another."""
    early, late = Clock(), Clock()
    late.now += 3500
    async with opener(early, HOURS) as one, opener(late, HOURS) as other:
        hit_at = at(late.now)
        await one.add("home", "/", "a", time=hit_at)
        early.now += HOURS * 3600
        late.now += HOURS * 3600
        assert (await other.add("home", "/", "a", time=hit_at)).duplicate
        assert (await one.add("home", "/", "a", time=hit_at)).duplicate


async def test_a_hit_of_the_future_is_refused(totals: Totals, clock: Clock) -> None:
    """A time that lies ahead by more than clocks may differ would be forgotten too early."""
    await totals.add("home", "/", "a", time=at(clock.now + 3599))
    with pytest.raises(RuleError, match="lies in the future"):
        await totals.add("home", "/", "b", time=at(clock.now + 3601))


async def test_what_is_old_is_forgotten(totals: Totals, clock: Clock) -> None:
    """Long after its window an id may come again; without a time it counts as a new hit."""
    await totals.add("home", "/", "a", time=None)
    clock.now += 3 * HOURS * 3600
    assert not (await totals.add("home", "/", "a", time=None)).duplicate
    assert (await totals.read("home")).total == 2


async def test_concurrent_hits_are_counted_once_each(opener: TotalsOpener, clock: Clock) -> None:
    """Four processes' worth of hits at once, each of them sent twice, come to their number."""
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(opener(clock, HOURS)) for _ in range(4)]
        sends = [(number, copy) for copy in range(2) for number in range(200)]
        counted = await asyncio.gather(
            *(
                opened[(number + copy) % 4].add("home", "/", str(number), time=None)
                for number, copy in sends
            )
        )
        total = await opened[0].read("home")
    assert total.total == 200
    assert Counter(one.duplicate for one in counted) == {False: 200, True: 200}
    told: dict[int, set[int]] = {}
    for (number, _), one in zip(sends, counted, strict=True):
        told.setdefault(number, set()).add(one.total)
    assert all(len(totals) == 1 for totals in told.values())
    assert {total for totals in told.values() for total in totals} == set(range(1, 201))


async def test_hits_and_resets_at_once_lose_nothing(opener: TotalsOpener, clock: Clock) -> None:
    """Whatever hits come while a counter is reset, the generations add up to all of them."""
    async with opener(clock, HOURS) as one, opener(clock, HOURS) as other:
        adds = [one.add("home", "/", str(number), time=None) for number in range(100)]
        resets = [other.reset("home") for _ in range(5)]
        await asyncio.gather(*adds[:50], *resets, *adds[50:])
        history = await one.history("home")
    assert [total.generation for total in history] == list(range(1, 7))
    assert sum(total.total for total in history) == 100
