"""What the embedded broker keeps comes back as it was."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as some

from plotkiln.events.event import CloudEvent
from plotkiln.events.store import EventRecord, EventStore
from plotkiln.events.triggers import DEFAULT_BROKER
from plotkiln.state import Database

TEXT = some.text(some.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=9)
JSON = some.sampled_from([b'{"a": 1}', b"1.10", b" [1, 2]", b"[" * 5000 + b"]" * 5000, b'{"a":'])

EVENTS = some.builds(
    CloudEvent,
    id=TEXT,
    source=some.just("/s"),
    type=TEXT,
    subject=some.none() | TEXT,
    datacontenttype=some.sampled_from([None, "application/json", "text/plain", "image/png"]),
    extensions=some.dictionaries(
        some.sampled_from(["traceparent", "hops", "urgent"]),
        TEXT | some.booleans() | some.integers(-(2**31), 2**31 - 1),
    ),
    data=some.none() | some.binary() | JSON,
)


async def kept(folder: Path, event: CloudEvent) -> EventRecord:
    """Return an event as it is read after it was kept."""
    async with Database(folder / "events.sqlite") as database, EventStore(database) as store:
        await store.accept(DEFAULT_BROKER, event, [], hops=1)
        return (await store.page())[0]


@given(event=EVENTS)
@settings(max_examples=50, deadline=None)
def test_an_event_is_kept_byte_for_byte(event: CloudEvent) -> None:
    """No attribute changes its type and no data its bytes, whatever it is said to be."""
    with TemporaryDirectory() as folder:
        assert asyncio.run(kept(Path(folder), event)).event == event
