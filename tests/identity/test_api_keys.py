"""API keys are known by digests, let do what they say, and end when they are to."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from counters import Clock
from plotkiln.errors import InUseError, NotFoundError, RuleError
from plotkiln.identity import Scope
from plotkiln.identity.api_keys import PREFIX, ApiKeys, NewKey
from plotkiln.identity.records import Records, record_name
from plotkiln.identity.records_sqlite import SqliteRecords
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

SCOPES = frozenset({Scope.RENDER, Scope.JOBS})
DAY = 86400.0


@pytest.fixture
async def records(tmp_path: Path, clock: Clock) -> AsyncIterator[Records]:
    """Open records under the test's clock."""
    async with Database(tmp_path / "state.sqlite") as database:
        opened = SqliteRecords(database, now=clock)
        await opened.open()
        yield opened


@pytest.fixture
def keys(records: Records, clock: Clock) -> ApiKeys:
    """Return the keys of a server."""
    return ApiKeys(records, now=clock)


async def test_a_key_lets_do_what_it_says(keys: ApiKeys) -> None:
    """Whoever shows it is known by its name."""
    made = await keys.create("ci", SCOPES)
    found = await keys.find(made.secret)
    assert found == made.key
    assert found.as_principal.name == "key:ci"
    assert found.as_principal.scopes == SCOPES


async def test_only_the_whole_key_is_good(keys: ApiKeys) -> None:
    """Each part alone, and any character that is another one, is nobody's."""
    secret = (await keys.create("ci", SCOPES)).secret
    assert secret.startswith(PREFIX)
    assert len(secret) == 63
    for place in range(len(secret)):
        other = "A" if secret[place] != "A" else "B"
        assert await keys.find(secret[:place] + other + secret[place + 1 :]) is None
    for wrong in ("", PREFIX, secret[:-1], f"{secret}A", f"{secret}\n", secret.upper()):
        assert await keys.find(wrong) is None


async def test_no_secret_is_kept(keys: ApiKeys, records: Records) -> None:
    """Whoever reads the store finds nothing to sign in by."""
    made = await keys.create("ci", SCOPES)
    (name,) = await records.names("key")
    value = await records.get("key", name)
    assert value is not None
    secret = made.secret.rpartition("_")[2]
    assert secret.encode() not in value
    assert secret not in name


async def test_a_key_expires(keys: ApiKeys, clock: Clock) -> None:
    """From its time on it is not known, nor listed."""
    made = await keys.create("ci", SCOPES, expires=clock.now + 90 * DAY)
    clock.now += 90 * DAY - 1
    assert await keys.find(made.secret)
    clock.now += 1
    assert await keys.find(made.secret) is None
    assert await keys.every() == []


async def test_rotation_overlaps(keys: ApiKeys, clock: Clock) -> None:
    """Both keys are good for a while; the new one is for as long as the old one was made for."""
    old = await keys.create("ci", SCOPES, expires=clock.now + 90 * DAY)
    clock.now += 80 * DAY
    new = await keys.rotate("ci", overlap=DAY)
    assert new.key.scopes == SCOPES
    assert new.key.expires == clock.now + 90 * DAY
    assert await keys.find(old.secret)
    clock.now += DAY
    assert await keys.find(old.secret) is None
    assert await keys.find(new.secret)


async def test_an_overlap_makes_no_key_live_longer(keys: ApiKeys, clock: Clock) -> None:
    """A key that ends tomorrow ends tomorrow."""
    old = await keys.create("ci", SCOPES, expires=clock.now + DAY)
    await keys.rotate("ci", overlap=7 * DAY)
    clock.now += DAY
    assert await keys.find(old.secret) is None


async def test_a_revoked_key_ends_at_once(keys: ApiKeys, records: Records, clock: Clock) -> None:
    """From the next request on, in every process, with all of its name."""
    made = [await keys.create("ci", SCOPES), await keys.rotate("ci", overlap=DAY)]
    elsewhere = ApiKeys(records, now=clock)
    for one in made:
        assert await elsewhere.find(one.secret)
    assert await keys.revoke("ci") == 2
    for one in made:
        assert await elsewhere.find(one.secret) is None


async def test_a_name_is_taken_once(keys: ApiKeys, records: Records, clock: Clock) -> None:
    """Of many that make a key of one name at the same time, one does."""
    several = [ApiKeys(records, now=clock) for _ in range(10)]
    made = await asyncio.gather(
        *(one.create("ci", SCOPES) for one in several), return_exceptions=True
    )
    assert len([one for one in made if not isinstance(one, InUseError)]) == 1
    assert len(await keys.every()) == 1


async def test_a_name_is_free_after_its_keys(keys: ApiKeys, clock: Clock) -> None:
    """With the last of its keys a name is over, also when it was rotated, or revoked."""
    await keys.create("ci", SCOPES, expires=clock.now + DAY)
    await keys.rotate("ci", overlap=DAY, expires=clock.now + 2 * DAY)
    clock.now += 2 * DAY - 1
    with pytest.raises(InUseError):
        await keys.create("ci", SCOPES)
    clock.now += 1
    await keys.create("ci", SCOPES)
    await keys.revoke("ci")
    await keys.create("ci", SCOPES)


async def test_a_rotation_brings_no_revoked_key_back(
    keys: ApiKeys, records: Records, clock: Clock
) -> None:
    """Whichever comes first of two at the same time, what was revoked is good no more."""
    elsewhere = ApiKeys(records, now=clock)

    async def revoke(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await elsewhere.revoke("ci")

    for turns in range(0, 60, 2):
        old = await keys.create("ci", SCOPES)
        rotated, revoked = await asyncio.gather(
            keys.rotate("ci", overlap=DAY), revoke(turns), return_exceptions=True
        )
        assert revoked is None
        assert isinstance(rotated, NewKey | NotFoundError)
        assert await keys.find(old.secret) is None
        assert await keys.every() == []


async def test_what_cannot_be_read_is_no_key(keys: ApiKeys, records: Records) -> None:
    """A key that another release wrote keeps nobody from listing, rotating and revoking others."""
    await records.put("key", record_name("0123456789abcdef"), b'{"id": 1}', expires=None)
    assert await keys.find(f"{PREFIX}0123456789abcdef_{'A' * 43}") is None
    await keys.create("ci", SCOPES)
    await keys.rotate("ci", overlap=DAY)
    assert [key.name for key in await keys.every()] == ["ci", "ci"]
    assert await keys.revoke("ci") == 2


async def test_a_use_brings_no_revoked_key_back(keys: ApiKeys, clock: Clock) -> None:
    """Noting a use beside a revocation writes no key."""
    made = await keys.create("ci", SCOPES)
    for _ in range(20):
        clock.now += DAY
        await asyncio.gather(*(keys.find(made.secret) for _ in range(5)))
    await asyncio.gather(keys.find(made.secret), keys.revoke("ci"), keys.find(made.secret))
    assert await keys.every() == []
    assert await keys.find(made.secret) is None


async def test_the_day_of_the_last_use_is_known(
    keys: ApiKeys, records: Records, clock: Clock
) -> None:
    """By one write a day, however often it is used."""
    made = await keys.create("ci", SCOPES)
    assert await keys.last_used(made.key) is None
    await keys.find(made.secret)
    clock.now += 3 * DAY
    await keys.find(made.secret)
    day = datetime.fromtimestamp(clock.now, UTC).date().isoformat()
    assert await keys.last_used(made.key) == day
    (name,) = await records.names("key-use")
    await records.remove("key-use", name)
    await keys.find(made.secret)
    assert await keys.last_used(made.key) is None


async def test_names_are_one_keys(keys: ApiKeys) -> None:
    """A name that is in use, or is none, makes no key; one that is unknown ends none."""
    await keys.create("ci", SCOPES)
    with pytest.raises(InUseError):
        await keys.create("ci", SCOPES)
    for wrong in ("", "CI", "a b", "-a", "a-", "a" * 64, "ci\n", "user:ada"):
        with pytest.raises(RuleError):
            await keys.create(wrong, SCOPES)
    with pytest.raises(NotFoundError):
        await keys.revoke("other")
    with pytest.raises(NotFoundError):
        await keys.rotate("other", overlap=DAY)
