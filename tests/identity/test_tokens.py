"""Which tokens are taken, and by which rule each other one is refused."""

import time
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile_tokens import HOSTILE, hostile_tokens
from issuers import AUDIENCE, Issuer
from plotkiln.errors import CredentialError
from plotkiln.identity.providers import OpenIdProvider
from plotkiln.identity.refusals import REFUSALS
from plotkiln.identity.tokens import Header, TokenRules, check_access, is_subject, read
from signing_keys import SigningKey, segment

pytestmark = pytest.mark.anyio

KEY = SigningKey("one")
NOW = 1_800_000_000.0
RULES = TokenRules(issuer="https://issuer.example", audiences=frozenset({AUDIENCE}), client="app")
GOOD: dict[str, Any] = {
    "iss": "https://issuer.example",
    "aud": AUDIENCE,
    "sub": "ada",
    "iat": NOW,
    "exp": NOW + 60,
}


@pytest.fixture(scope="module")
def hostile(issuer: Issuer) -> dict[str, str]:
    """Mint every hostile token."""
    return hostile_tokens(issuer)


async def refused(provider: OpenIdProvider, token: str) -> CredentialError:
    """Return by what a token is refused."""
    with pytest.raises(CredentialError) as found:
        await provider.access_claims(token)
    return found.value


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_token_is_refused_by_its_rule(
    name: str, hostile: dict[str, str], provider: OpenIdProvider
) -> None:
    """Each token breaks one rule, which is the one that refuses it; nothing of it is repeated."""
    error = await refused(provider, hostile[name])
    assert error.is_invalid
    assert error.reason == HOSTILE[name]
    assert str(error) == REFUSALS[error.reason]


def test_every_hostile_token_has_its_rule(hostile: dict[str, str]) -> None:
    """No token is minted that nobody tries, and each rule for tokens is tried."""
    assert hostile.keys() == HOSTILE.keys()
    assert {*HOSTILE.values(), "token", "api key", "session", "ticket", "signed address"} == {
        *REFUSALS
    }


async def test_tokens_of_the_provider_are_taken(issuer: Issuer, provider: OpenIdProvider) -> None:
    """What a certified provider issues to a machine, and for a person, is good."""
    machine = await provider.access_claims(issuer.token("render jobs"))
    person = await provider.access_claims(issuer.sign_in("ada")["access_token"])
    assert (machine["sub"], machine["scope"]) == ("machine", "render jobs")
    assert (person["sub"], person["groups"]) == ("ada", ["design", "staff"])


async def test_a_token_may_have_several_audiences(issuer: Issuer, provider: OpenIdProvider) -> None:
    """One of them is enough; an empty list is none."""
    assert await provider.access_claims(issuer.mint(aud=["other", AUDIENCE]))
    assert (await refused(provider, issuer.mint(aud=[]))).reason == "audience"
    assert (await refused(provider, issuer.mint(aud={"plotkiln": 1}))).reason == "audience"


async def test_clocks_may_differ_a_little(issuer: Issuer, provider: OpenIdProvider) -> None:
    """A token that was over, or begins, within seconds of now is good."""
    now = time.time()
    assert await provider.access_claims(issuer.mint(exp=now - 10))
    assert await provider.access_claims(issuer.mint(nbf=now + 20, iat=now + 20))


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT", "", None])
async def test_access_tokens_have_many_types(
    typ: str | None, issuer: Issuer, provider: OpenIdProvider
) -> None:
    """The type of RFC 9068 in any form, that of all JWTs, and none at all."""
    token = issuer.key.token(issuer.claims(typ="Bearer"), typ=typ)
    assert await provider.access_claims(token)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "n"},
        {"at_hash": "h"},
        {"c_hash": "h"},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"typ": 1},
        {"events": {}},
        {"aud": [AUDIENCE, "desk"]},
    ],
)
async def test_a_token_of_no_type_must_not_look_like_another_kind(
    claims: dict[str, Any], issuer: Issuer, provider: OpenIdProvider
) -> None:
    """Whatever is of an ID, refresh or logout token shows, the client's audience too."""
    token = issuer.key.token(issuer.claims(**claims), typ="JWT")
    assert (await refused(provider, token)).reason == "type"


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_every_pinned_algorithm_verifies(algorithm: str) -> None:
    """Tokens by other algorithms than RSA's oldest verify by keys that fit them."""
    from plotkiln.identity.key_sets import KeySet
    from plotkiln.identity.tokens import signed_claims

    key = SigningKey("k", algorithm=algorithm)
    known = KeySet(document={}, keys=({**key.public_jwk, "kid": "k"},), fetched=NOW)
    found = known.find("k", algorithm)
    assert found is not None
    assert signed_claims(key.token(GOOD), jwt.PyJWK(found, algorithm)) == GOOD


def test_a_short_key_signs_nothing() -> None:
    """An RSA key of 1024 bits, which can be factored, verifies no token."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    from plotkiln.identity.tokens import signed_claims

    key = SigningKey("short")
    key.private = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 -- to be refused
    with pytest.raises(CredentialError) as found:
        signed_claims(key.token(GOOD), jwt.PyJWK({**key.public_jwk, "kid": "short"}, "RS256"))
    assert found.value.reason == "signature"


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,40}(\.[A-Za-z0-9_-]{0,40}){0,4}"))
def test_whatever_is_shown_is_read_or_refused(text: str) -> None:
    """No text breaks the reader of tokens."""
    try:
        header = read(text, algorithms={"RS256"})
    except CredentialError:
        return
    assert header.alg == "RS256"


@given(st.binary() | st.recursive(st.binary(), lambda inner: inner.map(lambda one: b"[" + one)))
def test_whatever_a_header_holds_it_is_read_or_refused(header: bytes) -> None:
    """No bytes where a header should be break the reader."""
    try:
        assert read(f"{segment(header)}.e30.e30", algorithms={"RS256"}).alg == "RS256"
    except CredentialError:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*GOOD, "nbf", "cnf", "typ"]), JSON))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_claims_are_signed_they_are_checked_or_refused(changed: dict[str, Any]) -> None:
    """No claim of whatever type breaks the rules; one that is changed hardly passes."""
    claims = {**GOOD, **changed}
    try:
        check_access(Header(typ="at+jwt"), claims, RULES, now=NOW)
    except CredentialError:
        return
    assert claims["iss"] == GOOD["iss"]
    assert is_subject(claims["sub"])
    assert claims["exp"] > NOW - 60


@pytest.mark.parametrize("subject", ["a", "auth0|5f2b", "system:serviceaccount:ns:name", "a b"])
def test_subjects(subject: str) -> None:
    """What providers call people, and Kubernetes its accounts, can be a name."""
    assert is_subject(subject)


@given(st.text(max_size=300))
def test_a_subject_is_one_short_line(text: str) -> None:
    """Whatever is taken is printable ASCII, with no space at its ends, within 255 characters."""
    if is_subject(text):
        assert text.isascii()
        assert text.isprintable()
        assert 0 < len(text.strip()) == len(text) <= 255
