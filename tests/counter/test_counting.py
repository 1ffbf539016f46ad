from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from counters import Clock, embedded_opener
from plotkiln.counter.counting import HITS, NEW_HIT, Counting
from plotkiln.counter.totals import Totals
from plotkiln.errors import RuleError
from plotkiln.events.event import CloudEvent, checked

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

HIT = CloudEvent(id="a", source="/hits/", type=NEW_HIT, time="2026-03-01T09:30:00Z")


@pytest.fixture
async def totals(tmp_path: Path) -> AsyncIterator[Totals]:
    """Open embedded totals with a window of a day."""
    async with embedded_opener(tmp_path)(Clock(NOW.timestamp()), 24) as opened:
        yield opened


async def test_a_hit_is_answered_with_its_total(totals: Totals) -> None:
    """The reply is a valid event that names the counter, its total and its generation."""
    reply = await Counting(totals).handle(HIT)
    assert reply is not None
    assert checked(reply) is reply
    assert (reply.type, reply.subject, reply.source) == (HITS, "home", "/counters")
    assert msgspec.json.decode(reply.data or b"") == {"total": 1, "generation": 1}


async def test_a_redelivery_gets_the_same_reply(totals: Totals) -> None:
    """A duplicate is answered with the same event, to the byte, whatever was counted between."""
    counting = Counting(totals)
    first = await counting.handle(HIT)
    await counting.handle(msgspec.structs.replace(HIT, id="b"))
    assert await counting.handle(HIT) == first
    assert (await totals.read("home")).total == 2


async def test_different_hits_get_replies_of_different_ids(totals: Totals) -> None:
    """Equal ids of two sources, and two ids of one, lead to replies that are no duplicates."""
    counting = Counting(totals)
    hits = [HIT, msgspec.structs.replace(HIT, id="b"), msgspec.structs.replace(HIT, source="/x")]
    replies = [await counting.handle(hit) for hit in hits]
    assert len({reply.id for reply in replies if reply}) == 3


async def test_the_subject_names_the_counter(totals: Totals) -> None:
    """Hits of other subjects are counted apart."""
    await Counting(totals).handle(msgspec.structs.replace(HIT, subject="a.example"))
    assert (await totals.read("a.example")).total == 1
    assert (await totals.read("home")).total == 0


@pytest.mark.parametrize("subject", ["", "Home", "a b", "../x", ".a", "a.png", "x" * 65, "a\n"])
async def test_what_can_name_no_counter_is_refused(totals: Totals, subject: str) -> None:
    """A subject that has no place in an address is no retry's to mend."""
    with pytest.raises(RuleError, match="subject"):
        await Counting(totals).handle(msgspec.structs.replace(HIT, subject=subject))


@pytest.mark.parametrize("type_", [HITS, "plotkiln.new_hit2", "Plotkiln.new_hit", "hit"])
async def test_other_types_are_none_of_its_business(totals: Totals, type_: str) -> None:
    """Only new hits are counted: its own replies would go round for ever."""
    assert await Counting(totals).handle(msgspec.structs.replace(HIT, type=type_)) is None
    assert list(await totals.subjects()) == []


@pytest.mark.parametrize(
    ("time", "arrival", "counts"),
    [
        (timedelta(hours=-23), None, True),
        (timedelta(hours=-25), None, False),
        (timedelta(hours=-25), timedelta(0), False),
        (None, timedelta(hours=-23), True),
        (None, timedelta(hours=-25), False),
        (None, None, True),
    ],
)
async def test_time_decides_and_else_the_arrival(
    totals: Totals, time: timedelta | None, arrival: timedelta | None, counts: bool
) -> None:
    """What is too old is refused: by its time, else by when a broker took it, else never."""
    hit = msgspec.structs.replace(
        HIT,
        time=None if time is None else (NOW + time).isoformat(),
        extensions={} if arrival is None else {"knativearrivaltime": (NOW + arrival).isoformat()},
    )
    if counts:
        assert await Counting(totals).handle(hit) is not None
    else:
        with pytest.raises(RuleError, match="time"):
            await Counting(totals).handle(hit)
    assert (await totals.read("home")).total == counts


async def test_hits_and_duplicates_are_told_apart_in_metrics(totals: Totals) -> None:
    """Each is counted under its name."""
    told: list[tuple[str, str]] = []
    counting = Counting(totals, count=lambda name, label: told.append((name, label)))
    await counting.handle(HIT)
    await counting.handle(HIT)
    assert told == [("hits", "counted"), ("hits", "duplicate")]
