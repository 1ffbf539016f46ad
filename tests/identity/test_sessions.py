from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from counters import Clock
from plotkiln.identity import Principal, Scope
from plotkiln.identity.records import record_name
from plotkiln.identity.records_sqlite import SqliteRecords
from plotkiln.identity.sessions import TICKET_SECONDS, Sessions
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

ADA = Principal("user:ada", frozenset({Scope.RENDER, Scope.STYLES_READ}))


@pytest.fixture
async def records(tmp_path: Path, clock: Clock) -> AsyncIterator[SqliteRecords]:
    """Yield records of an empty file."""
    async with Database(tmp_path / "state.sqlite") as database:
        opened = SqliteRecords(database, now=clock)
        await opened.open()
        yield opened


@pytest.fixture
def sessions(records: SqliteRecords, clock: Clock) -> Sessions:
    """Return sessions in those records."""
    return Sessions(records, now=clock)


async def test_a_session_stands_for_who_signed_in(sessions: Sessions) -> None:
    """By its secret a session is found again, with all that it was made of."""
    secret, made = await sessions.create(ADA, age=3600, label="Ada", id_token="hint")  # noqa: S106 -- no secret
    found = await sessions.get(secret)
    assert found == made
    assert found is not None
    record = ("session", record_name(secret))
    assert found.as_principal(secret) == msgspec.structs.replace(
        ADA, expires=made.expires, record=record
    )
    assert await sessions.get(secret + "x") is None


async def test_a_session_ends_at_its_time(sessions: Sessions, clock: Clock) -> None:
    """Its age is absolute: use does not make it longer."""
    secret, _ = await sessions.create(ADA, age=3600)
    clock.now += 3599
    assert await sessions.get(secret) is not None
    clock.now += 1
    assert await sessions.get(secret) is None


async def test_no_two_sessions_share_a_secret(sessions: Sessions) -> None:
    """Secret and CSRF token are new for each session, also of the same person."""
    (one, first), (other, second) = [await sessions.create(ADA, age=60) for _ in range(2)]
    assert one != other
    assert first.csrf != second.csrf
    assert first.accepts(first.csrf)
    assert not first.accepts(second.csrf)
    assert not first.accepts("")
    assert not first.accepts("ÿ")


async def test_whoever_reads_the_records_has_no_secret(
    sessions: Sessions, records: SqliteRecords
) -> None:
    """Neither the names nor the values of the records hold what a browser or a client shows."""
    secret, _ = await sessions.create(ADA, age=60)
    ticket, _ = await sessions.issue_ticket(ADA)
    for kind in ("session", "ticket"):
        for name in await records.names(kind):
            value = await records.get(kind, name)
            assert value is not None
            for hidden in (secret, ticket):
                assert hidden not in name
                assert hidden.encode() not in value


async def test_all_sessions_of_one_end_at_once(sessions: Sessions) -> None:
    """Revoking ends every session of a principal, and nobody else's."""
    mine = [(await sessions.create(ADA, age=60))[0] for _ in range(3)]
    other, _ = await sessions.create(Principal("user:ad", frozenset()), age=60)
    assert await sessions.revoke("user:ada") == 3
    assert [await sessions.get(secret) for secret in mine] == [None] * 3
    assert await sessions.get(other) is not None


async def test_what_cannot_be_read_is_passed_over(
    sessions: Sessions, records: SqliteRecords
) -> None:
    """A session or ticket that another release wrote is none here, and in nobody's way."""
    for kind in ("session", "ticket"):
        await records.put(kind, record_name("odd"), b'{"principal": 1}', expires=None)
    mine, _ = await sessions.create(ADA, age=60)
    assert await sessions.get("odd") is None
    assert await sessions.take_ticket("odd") is None
    assert await sessions.revoke(ADA.name) == 1
    assert await sessions.get(mine) is None


async def test_a_ticket_is_good_once(sessions: Sessions, clock: Clock) -> None:
    """A ticket carries principal and scopes, once, and within its time."""
    ticket, expires = await sessions.issue_ticket(ADA)
    assert expires == clock.now + TICKET_SECONDS
    assert await sessions.take_ticket(ticket) == ADA
    assert await sessions.take_ticket(ticket) is None
    late, _ = await sessions.issue_ticket(ADA)
    clock.now += TICKET_SECONDS
    assert await sessions.take_ticket(late) is None


async def test_who_shows_a_ticket_is_known_as_long_as_who_took_it(sessions: Sessions) -> None:
    """What is opened by a ticket ends with the session that it came from."""
    secret, session = await sessions.create(ADA, age=3600)
    ticket, _ = await sessions.issue_ticket(session.as_principal(secret))
    unused, _ = await sessions.issue_ticket(session.as_principal(secret))
    assert await sessions.take_ticket(ticket) == session.as_principal(secret)
    await sessions.end(secret)
    assert await sessions.take_ticket(unused) is None


async def test_a_ticket_is_good_no_longer_than_who_took_it(
    sessions: Sessions, records: SqliteRecords, clock: Clock
) -> None:
    """It is over when the token is that made it, whatever its record says."""
    until = clock.now + 5
    ticket, expires = await sessions.issue_ticket(Principal("user:ada", expires=until))
    assert expires == until
    value = await records.get("ticket", record_name(ticket))
    assert value is not None
    await records.put("ticket", record_name(ticket), value, expires=None)
    clock.now = until
    assert await sessions.take_ticket(ticket) is None
