"""The embedded broker's memory, in SQLite: events, and what became of each delivery."""

import sqlite3
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Literal, Self

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.events.stored import from_stored, to_stored
from plotkiln.events.triggers import BrokerName
from plotkiln.state import Database
from plotkiln.state.grouped import GroupedWrites

__all__ = ["DeliveryRecord", "DeliveryState", "EventRecord", "EventStore", "Key"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    broker TEXT NOT NULL,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT,
    arrived REAL NOT NULL,
    hops INTEGER NOT NULL,
    cause INTEGER,
    document BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS deliveries (
    event INTEGER NOT NULL REFERENCES events,
    trigger TEXT NOT NULL,
    letter INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due REAL NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    detail TEXT NOT NULL DEFAULT '',
    changed REAL NOT NULL,
    PRIMARY KEY (event, trigger, letter)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deliveries_by_state ON deliveries (state, due);
"""

#: Events that one transaction removes.
_STEP = 2000

DeliveryState = Literal["waiting", "delivered", "dead"]


class Key(msgspec.Struct, frozen=True, order=True):
    """Names one delivery."""

    #: The event's number.
    event: int
    #: The trigger's name with its namespace.
    trigger: str
    #: Whether it goes to the place of dead letters instead of the subscriber.
    letter: bool = False


class DeliveryRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One event on its way to one subscriber."""

    key: Key
    state: DeliveryState
    attempts: int
    #: When it is tried next, in seconds since 1970.
    due: float
    #: The HTTP status of the last attempt; 0 where there was no answer.
    status: int = 0
    #: Why the last attempt failed.
    detail: str = ""
    #: Seconds since 1970.
    changed: float


class EventRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted event."""

    number: int
    broker: BrokerName
    #: Seconds since 1970.
    arrived: float
    #: Hops that are left: each reply to a reply has one less.
    hops: int
    #: The number of the event that it replies to.
    cause: int | None = None
    event: CloudEvent
    deliveries: Sequence[DeliveryRecord] = ()


class EventStore:
    """Events and deliveries; what a method has returned survives the death of the process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writes = GroupedWrites(database)

    async def accept(
        self,
        broker: BrokerName,
        event: CloudEvent,
        triggers: Sequence[str],
        *,
        hops: int,
        cause: int | None = None,
    ) -> list[Key]:
        """Keep an event and one delivery for each trigger, due at once; return their keys."""
        row = _event_row(broker, event, hops, cause)
        return await self._writes.write(lambda connection: _insert(connection, row, triggers))

    async def waiting(self) -> list[DeliveryRecord]:
        """Return every delivery that is not over, those that are due first."""
        return await self._database.read(_waiting)

    async def event(self, number: int) -> EventRecord | None:
        """Return one event with its deliveries."""
        return await self._database.read(lambda connection: _event(connection, number))

    async def page(
        self, *, before: int | None = None, limit: int = 50, state: DeliveryState | None = None
    ) -> list[EventRecord]:
        """Return the newest events, newest first; of those with a delivery in `state` if given."""
        return await self._database.read(
            lambda connection: _page(connection, before or 2**62, limit, state)
        )

    async def settle(self, record: DeliveryRecord) -> None:
        """Note what became of an attempt."""
        await self._writes.write(lambda connection: _update(connection, record))

    async def settle_with_reply(
        self,
        record: DeliveryRecord,
        broker: BrokerName,
        reply: CloudEvent,
        triggers: Sequence[str],
        *,
        hops: int,
    ) -> list[Key]:
        """Note a delivery that was answered, and keep the answer: both, or neither."""
        row = _event_row(broker, reply, hops, record.key.event)

        def write(connection: sqlite3.Connection) -> list[Key]:
            _update(connection, record)
            return _insert(connection, row, triggers)

        return await self._writes.write(write)

    async def bury(self, record: DeliveryRecord, *, letter: bool) -> Key | None:
        """Note a delivery that was given up; with `letter` return the key of its dead letter."""

        def write(connection: sqlite3.Connection) -> Key | None:
            _update(connection, record)
            if not letter:
                return None
            return _expect(connection, record.key.event, record.key.trigger, letter=True)

        return await self._writes.write(write)

    async def revive(self, number: int, triggers: Sequence[str] | None = None) -> list[Key]:
        """Make an event's dead deliveries due again, those of `triggers` even if delivered.

        Their dead letters that were not delivered are gone then: one that fails again has another.
        Returns the keys of what is due; of an event that is not kept, none.
        """
        return await self._writes.write(lambda connection: _revive(connection, number, triggers))

    async def prune(self, *, keep: int, until: float, dead_until: float) -> int:
        """Remove delivered events beyond the newest `keep` or older than `until`.

        Those with a dead letter stay until `dead_until`, those that wait for a delivery for ever.
        Times are seconds since 1970. Returns how many were removed, a few at a time: events are
        accepted in between.
        """
        removed, step = 0, _STEP
        while step == _STEP:
            step = await self._writes.write(
                lambda connection: _prune(connection, keep, until, dead_until)
            )
            removed += step
        return removed

    async def __aenter__(self) -> Self:
        await self._database.script(SCHEMA)
        await self._writes.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._writes.__aexit__(kind, error, trace)


def _event_row(
    broker: BrokerName, event: CloudEvent, hops: int, cause: int | None
) -> tuple[Any, ...]:
    named = (*broker, event.id, event.source, event.type, event.subject)
    return (*named, time.time(), hops, cause, to_stored(event))


def _insert(
    connection: sqlite3.Connection, row: tuple[Any, ...], triggers: Sequence[str]
) -> list[Key]:
    number = connection.execute(
        "INSERT INTO events"
        " (namespace, broker, id, source, type, subject, arrived, hops, cause, document)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    ).lastrowid
    assert number is not None
    return [_expect(connection, number, trigger, letter=False) for trigger in triggers]


def _expect(connection: sqlite3.Connection, number: int, trigger: str, *, letter: bool) -> Key:
    now = time.time()
    connection.execute(
        "INSERT OR REPLACE INTO deliveries (event, trigger, letter, state, due, changed)"
        " VALUES (?, ?, ?, 'waiting', ?, ?)",
        (number, trigger, letter, now, now),
    )
    return Key(number, trigger, letter)


def _update(connection: sqlite3.Connection, record: DeliveryRecord) -> None:
    connection.execute(
        "UPDATE deliveries SET state = ?, attempts = ?, due = ?, status = ?, detail = ?,"
        " changed = ? WHERE event = ? AND trigger = ? AND letter = ?",
        (
            record.state,
            record.attempts,
            record.due,
            record.status,
            record.detail,
            record.changed,
            record.key.event,
            record.key.trigger,
            record.key.letter,
        ),
    )


_DELIVERY = "event, trigger, letter, state, attempts, due, status, detail, changed"


def _record(row: tuple[Any, ...]) -> DeliveryRecord:
    event, trigger, letter, state, attempts, due, status, detail, changed = row
    return DeliveryRecord(
        key=Key(event, trigger, bool(letter)),
        state=state,
        attempts=attempts,
        due=due,
        status=status,
        detail=detail,
        changed=changed,
    )


def _waiting(connection: sqlite3.Connection) -> list[DeliveryRecord]:
    rows = connection.execute(
        f"SELECT {_DELIVERY} FROM deliveries WHERE state = 'waiting' ORDER BY due"  # noqa: S608 -- our own columns
    )
    return [_record(row) for row in rows]


_EVENT = "number, namespace, broker, arrived, hops, cause, document"


def _event(connection: sqlite3.Connection, number: int) -> EventRecord | None:
    row = connection.execute(
        f"SELECT {_EVENT} FROM events WHERE number = ?",  # noqa: S608 -- our own columns
        (number,),
    ).fetchone()
    return None if row is None else _event_record(connection, row)


def _event_record(connection: sqlite3.Connection, row: tuple[Any, ...]) -> EventRecord:
    number, namespace, broker, arrived, hops, cause, document = row
    deliveries = connection.execute(
        f"SELECT {_DELIVERY} FROM deliveries WHERE event = ? ORDER BY trigger, letter",  # noqa: S608 -- our own columns
        (number,),
    )
    return EventRecord(
        number=number,
        broker=(namespace, broker),
        arrived=arrived,
        hops=hops,
        cause=cause,
        event=from_stored(document),
        deliveries=[_record(delivery) for delivery in deliveries],
    )


def _page(
    connection: sqlite3.Connection, before: int, limit: int, state: str | None
) -> list[EventRecord]:
    wanted = (
        " AND EXISTS (SELECT 1 FROM deliveries WHERE event = number AND state = ?)" if state else ""
    )
    rows = connection.execute(
        f"SELECT {_EVENT} FROM events WHERE number < ?{wanted} ORDER BY number DESC LIMIT ?",  # noqa: S608 -- our own columns
        (before, state, limit) if state else (before, limit),
    ).fetchall()
    return [_event_record(connection, row) for row in rows]


def _revive(
    connection: sqlite3.Connection, number: int, triggers: Sequence[str] | None
) -> list[Key]:
    found = _event(connection, number)
    if found is None:
        return []
    if triggers is None:
        triggers = [
            record.key.trigger
            for record in found.deliveries
            if record.state == "dead" and not record.key.letter
        ]
    connection.executemany(
        "DELETE FROM deliveries"
        " WHERE event = ? AND trigger = ? AND letter AND state != 'delivered'",
        ((number, trigger) for trigger in triggers),
    )
    return [_expect(connection, number, trigger, letter=False) for trigger in triggers]


def _prune(connection: sqlite3.Connection, keep: int, until: float, dead_until: float) -> int:
    (newest,) = connection.execute("SELECT coalesce(max(number), 0) FROM events").fetchone()
    over = [
        number
        for (number,) in connection.execute(
            "SELECT number FROM events WHERE (number <= ? OR arrived < ?) AND NOT EXISTS"
            " (SELECT 1 FROM deliveries WHERE event = number"
            "  AND (state = 'waiting' OR (state = 'dead' AND arrived >= ?)))"
            " ORDER BY number LIMIT ?",
            (newest - keep, until, dead_until, _STEP),
        )
    ]
    connection.executemany("DELETE FROM deliveries WHERE event = ?", ((one,) for one in over))
    connection.executemany("DELETE FROM events WHERE number = ?", ((one,) for one in over))
    return len(over)
