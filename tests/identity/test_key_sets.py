"""Keys are fetched rarely, kept across starts, and renewed when the provider turns them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from conftest import require
from counters import Clock
from hostile_providers import HostileProvider
from issuers import Issuer
from plotkiln.errors import CredentialError, SignInFailed, StoreUnavailable
from plotkiln.identity.key_sets import FRESH, PAUSE, STALE, KeySet, KeySets
from plotkiln.identity.records import Records, record_name
from plotkiln.identity.records_redis import RedisRecords
from plotkiln.identity.web import ProviderWeb
from signing_keys import SigningKey

pytestmark = pytest.mark.anyio

DISCOVERY, KEYS = "/.well-known/openid-configuration", "/jwks"

Opener = Callable[[], KeySets]


@pytest.fixture(scope="module")
def kept_issuer() -> Iterator[Issuer]:
    """Start a provider that the tests turn about."""
    require(Issuer.is_installed(), "oidc-provider", mend="make test")
    with Issuer() as provider:
        yield provider


@pytest.fixture
def own_issuer(kept_issuer: Issuer) -> Issuer:
    """Return it as if it had just begun."""
    kept_issuer.begin_anew()
    return kept_issuer


@pytest.fixture
async def web() -> AsyncIterator[ProviderWeb]:
    """Ask providers."""
    async with ProviderWeb() as opened:
        yield opened


@pytest.fixture
def opened(own_issuer: Issuer, records: Records, web: ProviderWeb, clock: Clock) -> Opener:
    """Return what opens the keys as one process after the other does."""
    return lambda: KeySets(own_issuer.url, records, web, now=clock, ticks=clock)


def asked(issuer: Issuer) -> tuple[int, int]:
    """Return how often the provider was asked for its configuration, and for its keys."""
    counts = issuer.counts()
    return counts.get(DISCOVERY, 0), counts.get(KEYS, 0)


async def test_keys_are_fetched_once(own_issuer: Issuer, opened: Opener) -> None:
    """However many tokens come at once, the provider is asked one time; so it is for the next."""
    keys = opened()
    await asyncio.gather(*(keys.key("first", "RS256") for _ in range(50)))
    await keys.key("first", "RS256")
    assert asked(own_issuer) == (1, 1)


async def test_a_cold_start_asks_nobody(own_issuer: Issuer, opened: Opener, clock: Clock) -> None:
    """What one process fetched the next one uses, while it is fresh."""
    await opened().key("first", "RS256")
    clock.now += FRESH - 1
    assert await opened().key("first", "RS256")
    assert asked(own_issuer) == (1, 1)


async def test_old_keys_are_renewed(own_issuer: Issuer, opened: Opener, clock: Clock) -> None:
    """After ten minutes the provider is asked again, by this process and by new ones."""
    keys = opened()
    await keys.key("first", "RS256")
    clock.now += FRESH
    await keys.key("first", "RS256")
    assert asked(own_issuer) == (2, 2)
    clock.now += FRESH
    await opened().key("first", "RS256")
    assert asked(own_issuer) == (3, 3)


async def test_a_new_key_is_found_at_once(own_issuer: Issuer, opened: Opener) -> None:
    """A token by a key that is not known yet is good as soon as the provider has the key.

    Those that come at the same time wait for the one question.
    """
    keys = opened()
    await keys.key("first", "RS256")
    own_issuer.rotate("second")
    found = await asyncio.gather(*(keys.key("second", "RS256") for _ in range(20)))
    assert len(found) == 20
    assert await keys.key("first", "RS256")
    assert asked(own_issuer) == (2, 2)


async def test_a_key_that_vanished_is_trusted_no_more(
    own_issuer: Issuer, opened: Opener, clock: Clock
) -> None:
    """Once the newer set is known, a key that is not in it verifies nothing."""
    keys = opened()
    await keys.key("first", "RS256")
    own_issuer.rotate("second", keep=False)
    await keys.key("second", "RS256")
    with pytest.raises(StoreUnavailable):  # not asked for twice in a moment
        await keys.key("first", "RS256")
    clock.now += PAUSE
    with pytest.raises(CredentialError) as found:
        await keys.key("first", "RS256")
    assert found.value.reason == "key"
    clock.now += FRESH
    with pytest.raises(CredentialError):
        await opened().key("first", "RS256")


async def test_unknown_keys_do_not_wear_the_provider_out(
    own_issuer: Issuer, opened: Opener, clock: Clock
) -> None:
    """Whatever comes, the provider is asked once in 30 seconds because of keys that are not.

    Of those that nobody looked for it is not said that they are bad, but when to ask again.
    """
    keys = opened()
    await keys.key("first", "RS256")
    with pytest.raises(CredentialError):
        await keys.key("made up", "RS256")
    for second in range(int(PAUSE)):
        for number in range(10):
            with pytest.raises(StoreUnavailable) as found:
                await keys.key(f"made up {second} {number}", "RS256")
            assert found.value.retry_after == PAUSE - second
        clock.now += 1
    assert asked(own_issuer) == (2, 2)
    with pytest.raises(CredentialError):
        await keys.key("made up", "RS256")
    assert asked(own_issuer) == (3, 3)


@pytest.mark.parametrize("how", ["cut", "failing"])
async def test_a_provider_may_be_away(
    how: str, own_issuer: Issuer, opened: Opener, clock: Clock
) -> None:
    """Its keys are used for a day, also by a new process; it is tried once in 30 seconds."""
    keys = opened()
    await keys.key("first", "RS256")
    own_issuer.go_away(how)  # type: ignore[arg-type]
    clock.now += STALE - 60
    for _ in range(10):
        assert await keys.key("first", "RS256")
    assert asked(own_issuer) == (2, 1)
    assert await opened().key("first", "RS256")
    assert asked(own_issuer) == (3, 1)
    clock.now += 60
    with pytest.raises(StoreUnavailable):
        await keys.key("first", "RS256")
    own_issuer.go_away("")
    clock.now += PAUSE
    assert await keys.key("first", "RS256")


async def test_a_provider_that_hangs_keeps_nobody_waiting(
    own_issuer: Issuer, opened: Opener, clock: Clock
) -> None:
    """Where good keys are at hand they are used at once, and it is asked once beside that."""
    async with opened() as keys:
        await keys.key("first", "RS256")
        own_issuer.go_away("hanging")
        clock.now += FRESH
        renewing = asyncio.create_task(keys.key("first", "RS256"))
        await asyncio.sleep(0)
        clock.now += 2  # the second in which it might answer is over
        for _ in range(5):
            async with asyncio.timeout(0.9):
                assert await keys.key("first", "RS256")
        assert not renewing.done()
        assert await renewing
        assert asked(own_issuer) == (2, 1)


async def test_no_clock_that_is_set_back_makes_keys_young(
    own_issuer: Issuer, records: Records, web: ProviderWeb
) -> None:
    """Ages and pauses go by what nobody sets: new keys are found, withdrawn ones end in time."""
    clock, ticks = Clock(), Clock()
    keys = KeySets(own_issuer.url, records, web, now=clock, ticks=ticks)
    await keys.key("first", "RS256")
    own_issuer.go_away()
    clock.now += FRESH
    ticks.now += FRESH
    assert await keys.key("first", "RS256")
    clock.now -= 3600
    own_issuer.go_away("")
    own_issuer.rotate("second", keep=False)
    ticks.now += PAUSE
    assert await keys.key("second", "RS256")
    ticks.now += PAUSE
    with pytest.raises(CredentialError):
        await keys.key("first", "RS256")
    own_issuer.rotate("third", keep=False)
    ticks.now += FRESH
    with pytest.raises(CredentialError):
        await keys.key("second", "RS256")


async def test_nobody_says_of_a_new_key_that_it_is_bad_while_the_provider_is_away(
    own_issuer: Issuer, opened: Opener
) -> None:
    """A token by an unknown key is neither good nor bad as long as nobody can be asked."""
    keys = opened()
    await keys.key("first", "RS256")
    own_issuer.go_away()
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            await keys.key("second", "RS256")
    assert asked(own_issuer) == (2, 1)


async def test_without_keys_a_provider_that_is_away_is_tried_rarely(
    own_issuer: Issuer, opened: Opener, clock: Clock
) -> None:
    """A cold process whose provider is away answers at once, and tries again after a while."""
    own_issuer.go_away()
    keys = opened()
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            await keys.key("first", "RS256")
    assert asked(own_issuer) == (1, 0)
    own_issuer.go_away("")
    clock.now += PAUSE
    assert await keys.key("first", "RS256")


async def test_records_that_are_away_cost_a_question(
    own_issuer: Issuer, web: ProviderWeb, clock: Clock
) -> None:
    """Without the store the provider itself is asked, once for each process."""
    from plotkiln.state.redis import open_redis

    async with open_redis("redis://127.0.0.1:9/0") as redis:
        keys = KeySets(own_issuer.url, RedisRecords(redis), web, now=clock, ticks=clock)
        for _ in range(3):
            assert await keys.key("first", "RS256")
    assert asked(own_issuer) == (1, 1)


async def test_records_that_are_no_keys_are_passed_over(
    own_issuer: Issuer, records: Records, opened: Opener
) -> None:
    """What another release kept, or nobody can read, is fetched anew."""
    name = record_name(own_issuer.url)
    for unreadable in (b'{"keys": 1}', b'{"keys": "\xff"}', b""):
        await records.put("key-set", name, unreadable, expires=None)
        assert await opened().key("first", "RS256")


async def test_a_provider_must_be_the_one_it_says(
    own_issuer: Issuer, records: Records, web: ProviderWeb
) -> None:
    """Another name of the same place is another issuer; the mend is told."""
    keys = KeySets(f"http://localhost:{own_issuer.port}", records, web)
    with pytest.raises(StoreUnavailable, match="set the issuer to what it says"):
        await keys.key("first", "RS256")


def key_set(*keys: dict[str, object]) -> KeySet:
    """Return a set of these."""
    return KeySet(document={}, keys=keys, fetched=0)


RSA: dict[str, object] = {"kty": "RSA", "kid": "a"}
CURVE: dict[str, object] = {"kty": "EC", "kid": "a"}


def test_a_key_is_found_by_id_and_kind() -> None:
    """Of keys of one id the one that fits the algorithm is it."""
    known = key_set(RSA, CURVE)
    assert known.find("a", "RS256") == known.find("a", "PS256") == RSA
    assert known.find("a", "ES256") == CURVE
    assert known.find("a", "EdDSA") is known.find("b", "RS256") is None


def test_a_key_says_for_which_algorithm_it_is() -> None:
    """One that is for another algorithm of its kind verifies none of this one's."""
    assert key_set({**RSA, "alg": "PS256"}).find("a", "RS256") is None


def test_a_token_without_an_id_has_the_only_key() -> None:
    """Where several fit, none of them is tried."""
    assert key_set(RSA, CURVE).find(None, "RS256") == RSA
    assert key_set(RSA, {**RSA, "kid": "b"}).find(None, "RS256") is None


async def test_only_public_keys_for_signatures_are_kept(
    own_issuer: Issuer, records: Records, opened: Opener
) -> None:
    """Whatever a provider publishes by mistake, no secret part of it is stored here."""
    await opened().key("first", "RS256")
    kept = await records.get("key-set", record_name(own_issuer.url))
    assert kept is not None
    assert b'"kid":"first"' in kept
    from plotkiln.identity.key_sets import _usable

    private = SigningKey("own").jwk
    found = list(_usable([private, {"kty": "oct", "k": "c2VjcmV0"}, {**private, "use": "enc"}, 1]))
    assert [sorted(key) for key in found] == [["e", "kid", "kty", "n", "use"]]
    assert list(_usable({"keys": []})) == []


@pytest.mark.parametrize(
    "answer", [b"[" * (600 << 10), b"[" * 100_000, b"<html>", b"[]", b'{"a":"\xff"}']
)
async def test_an_answer_has_bounds(answer: bytes, web: ProviderWeb) -> None:
    """What is too long, too deep, or no JSON object is no answer of a provider."""
    with HostileProvider() as provider:
        provider.answer = 200, answer
        with pytest.raises(StoreUnavailable):
            await web.ask("POST", f"{provider.url}/token", data={"code": "c"})


async def test_no_redirect_is_followed(web: ProviderWeb) -> None:
    """A provider that leads elsewhere is asked no further."""
    with HostileProvider() as provider:
        provider.answer = 302, b""
        with pytest.raises(StoreUnavailable, match="answers 302"):
            await web.ask("POST", f"{provider.url}/token", data={"code": "c"})


async def test_a_refusal_says_why(web: ProviderWeb) -> None:
    """OAuth's word for it is told, and nothing else of the answer."""
    with HostileProvider() as provider:
        provider.answer = 400, b'{"error": "invalid_grant", "error_description": "<b>"}'
        with pytest.raises(SignInFailed, match=r"answers 400, invalid_grant\.$"):
            await web.ask("POST", f"{provider.url}/token", data={"code": "c"})
