"""Jobs in SQLite: one machine, any number of processes."""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from types import TracebackType
from typing import Any, Self

import msgspec

from plotkiln.errors import PreconditionFailed, RenderingBusy, RuleError
from plotkiln.jobs.job import Job, JobState, begins, check_transition
from plotkiln.jobs.marks import attention_place, marks_of, read_cursor, write_cursor
from plotkiln.jobs.stores import JobPage, Submission
from plotkiln.state import Database
from plotkiln.state.grouped import GroupedWrites

__all__ = ["SqliteJobs"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    digest TEXT NOT NULL,
    position TEXT NOT NULL,
    state TEXT NOT NULL,
    active INTEGER NOT NULL,
    joinable REAL NOT NULL,
    busy REAL NOT NULL,
    attention REAL NOT NULL,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_owner ON jobs (owner, position, state);
CREATE INDEX IF NOT EXISTS jobs_by_drawing ON jobs (owner, digest);
CREATE INDEX IF NOT EXISTS jobs_by_attention ON jobs (attention, id);
CREATE INDEX IF NOT EXISTS jobs_active ON jobs (digest) WHERE active;
CREATE TABLE IF NOT EXISTS idempotency_keys (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    job TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_keys_by_job ON idempotency_keys (job);
"""


class SqliteJobs:
    """Jobs in one SQLite file; changes that come at once are committed together.

    Whether a power cut takes the last of them is the `Database`'s to say: give it `FULL`.
    """

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.time) -> None:
        """Take an open file; entering creates the tables. `clock` tells seconds since 1970."""
        self._database = database
        self._clock = clock
        self._writes = GroupedWrites(database)

    async def submit(
        self, job: Job, *, idempotency_key: str | None = None, fingerprint: str | None = None
    ) -> Submission:
        """See `JobStore.submit`."""
        asked = job.digest if fingerprint is None else fingerprint
        return await self._writes.write(
            lambda connection: _submit(connection, job, idempotency_key, asked)
        )

    async def get(self, id: str) -> Job | None:  # noqa: A002 -- the field's word
        """See `JobStore.get`."""
        return await self._database.read(lambda connection: _select(connection, id))

    async def replace(self, job: Job) -> Job:
        """See `JobStore.replace`."""
        return await self._writes.write(lambda connection: _replace(connection, job, self._clock()))

    async def page(
        self,
        owner: str,
        *,
        states: Collection[JobState] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> JobPage:
        """See `JobStore.page`."""
        position = None if before is None else read_cursor(before)
        found = await self._database.read(
            lambda connection: _page(connection, owner, states, position, limit + 1)
        )
        more = len(found) > limit
        return JobPage(jobs=found[:limit], before=write_cursor(found[limit - 1]) if more else None)

    async def attention(
        self, until: float, *, after: Job | None = None, limit: int = 100
    ) -> Sequence[Job]:
        """See `JobStore.attention`."""
        query = (
            "SELECT record FROM jobs WHERE attention <= ? AND (attention, id) > (?, ?)"
            " ORDER BY attention, id LIMIT ?"
        )
        return await self._jobs(query, (until, *attention_place(after), limit))

    async def newest(self, owner: str, digest: str) -> Job | None:
        """See `JobStore.newest`."""
        query = "SELECT record FROM jobs WHERE owner = ? AND digest = ? ORDER BY rowid DESC LIMIT 1"
        found = await self._jobs(query, (owner, digest))
        return found[0] if found else None

    async def siblings(self, digest: str) -> Sequence[Job]:
        """See `JobStore.siblings`."""
        query = "SELECT record FROM jobs WHERE digest = ? AND active ORDER BY position"
        return await self._jobs(query, (digest,))

    async def remove(self, job: Job) -> None:
        """See `JobStore.remove`."""
        await self._writes.write(lambda connection: _remove(connection, job))

    async def counts(self) -> dict[JobState, int]:
        """See `JobStore.counts`."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT state, count(*) FROM jobs WHERE active GROUP BY state"
            ).fetchall()
        )
        return {"queued": 0, "running": 0, **dict(rows)}

    async def oldest(self) -> float | None:
        """See `JobStore.oldest`."""
        query = (
            "SELECT record FROM jobs WHERE active AND state = 'queued' ORDER BY position LIMIT 1"
        )
        found = await self._jobs(query, ())
        return found[0].created if found else None

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

    async def _jobs(self, query: str, values: tuple[Any, ...]) -> Sequence[Job]:
        return await self._database.read(
            lambda connection: _decode(connection.execute(query, values))
        )


def _submit(connection: sqlite3.Connection, job: Job, key: str | None, asked: str) -> Submission:
    known = None if key is None else _by_key(connection, job.owner, key, asked)
    if known is not None:
        return Submission(job=known, joined=True)
    equal = _joinable(connection, job)
    chosen = equal or msgspec.structs.replace(job, version=1)
    if equal is None:
        _write(connection, chosen)
    if key is not None:
        connection.execute(
            "INSERT OR REPLACE INTO idempotency_keys VALUES (?, ?, ?, ?)",
            (job.owner, key, chosen.id, asked),
        )
    return Submission(job=chosen, joined=equal is not None)


def _by_key(connection: sqlite3.Connection, owner: str, key: str, asked: str) -> Job | None:
    """Return the job that a key was used for; raises `RuleError` when it was asked for another."""
    row = connection.execute(
        "SELECT job, fingerprint FROM idempotency_keys WHERE owner = ? AND key = ?", (owner, key)
    ).fetchone()
    known = None if row is None else _select(connection, row[0])
    if known is not None and row[1] != asked:
        raise RuleError(f"This Idempotency-Key was used for another drawing, the job {known.id}.")
    return known


def _joinable(connection: sqlite3.Connection, job: Job) -> Job | None:
    """Return the job of the same owner and drawing that was stored last, if it is worth joining.

    Whatever clocks say: SQLite numbers rows as they are inserted.
    """
    row = connection.execute(
        "SELECT record, joinable FROM jobs WHERE owner = ? AND digest = ?"
        " ORDER BY rowid DESC LIMIT 1",
        (job.owner, job.digest),
    ).fetchone()
    return _decode([row])[0] if row is not None and row[1] > job.created else None


def _replace(connection: sqlite3.Connection, job: Job, now: float) -> Job:
    stored = _select(connection, job.id)
    if stored is None:
        raise PreconditionFailed(f"There is no job {job.id}.")
    if stored.version != job.version:
        found = stored.version
        raise PreconditionFailed(f"The job {job.id} has version {found}, not {job.version}.")
    check_transition(stored, job)
    if begins(stored, job):
        _check_busy(connection, job, now)
    after = msgspec.structs.replace(job, version=job.version + 1)
    _write(connection, after)
    return after


def _check_busy(connection: sqlite3.Connection, job: Job, now: float) -> None:
    row = connection.execute(
        "SELECT id FROM jobs WHERE digest = ? AND active AND busy > ? AND id <> ? LIMIT 1",
        (job.digest, now, job.id),
    ).fetchone()
    if row is not None:
        raise RenderingBusy(f"The job {row[0]} renders what {job.id} is to.")


def _write(connection: sqlite3.Connection, job: Job) -> None:
    marks = marks_of(job)
    connection.execute(
        "INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " state = excluded.state, active = excluded.active, joinable = excluded.joinable,"
        " busy = excluded.busy, attention = excluded.attention, record = excluded.record",
        (
            job.id,
            job.owner,
            job.digest,
            marks.position,
            marks.state,
            marks.active,
            marks.joinable,
            marks.busy,
            marks.attention,
            msgspec.json.encode(job),
        ),
    )


def _remove(connection: sqlite3.Connection, job: Job) -> None:
    stored = _select(connection, job.id)
    if stored is not None and stored.version == job.version:
        connection.execute("DELETE FROM jobs WHERE id = ?", (job.id,))
        connection.execute("DELETE FROM idempotency_keys WHERE job = ?", (job.id,))


def _page(
    connection: sqlite3.Connection,
    owner: str,
    states: Collection[JobState],
    before: str | None,
    limit: int,
) -> list[Job]:
    some = f" AND state IN ({','.join('?' * len(states))})" if states else ""
    earlier = "" if before is None else " AND position < ?"
    return _decode(
        connection.execute(
            f"SELECT record FROM jobs WHERE owner = ?{some}{earlier}"  # noqa: S608 -- question marks
            " ORDER BY position DESC LIMIT ?",
            (owner, *states, *(() if before is None else (before,)), limit),
        )
    )


def _select(connection: sqlite3.Connection, id: str) -> Job | None:  # noqa: A002 -- the field's word
    rows = connection.execute("SELECT record FROM jobs WHERE id = ?", (id,)).fetchall()
    return _decode(rows)[0] if rows else None


def _decode(rows: Iterable[tuple[Any, ...]]) -> list[Job]:
    return [msgspec.json.decode(row[0], type=Job) for row in rows]
