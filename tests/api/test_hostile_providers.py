"""A provider that breaks the rules, or is another than it says, signs nobody in."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from hostile_providers import HostileProvider
from issuers import AUDIENCE
from kilns import Kiln
from people import Person
from signing_keys import SigningKey, encoded, signed_by_secret

CLIENT = "kiln"
CLAIMS = "groups/design=styles:write"


@pytest.fixture(scope="module")
def trusted() -> Iterator[HostileProvider]:
    """Start a provider that does what a test has it do."""
    with HostileProvider() as provider:
        yield provider


@pytest.fixture(scope="module")
def kiln(trusted: HostileProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that trusts it."""
    settings = {
        "PLOTKILN_OIDC_ISSUER": trusted.url,
        "PLOTKILN_OIDC_AUDIENCE": AUDIENCE,
        "PLOTKILN_OIDC_CLIENT_ID": CLIENT,
        "PLOTKILN_OIDC_GRANTS": CLAIMS,
        "PLOTKILN_RATE": "0",
    }
    running = Kiln(tmp_path_factory.mktemp("hostile"))
    running.settings |= settings
    with running:
        yield running


@pytest.fixture
def provider(trusted: HostileProvider) -> HostileProvider:
    """Return the provider as it is at first: it keeps to the rules."""
    trusted.make, trusted.answer, trusted.told = trusted.signed, None, {"sub": "ada"}
    return trusted


@pytest.fixture
def ada(kiln: Kiln) -> Iterator[Person]:
    """Return somebody who wants to sign in."""
    with Person(kiln) as person:
        yield person


def _finish(ada: Person, provider: HostileProvider, **changed: str) -> httpx.Response:
    return ada.here.get(provider.returning(ada.begin(), **changed))


def test_one_that_keeps_to_the_rules_signs_in(ada: Person, provider: HostileProvider) -> None:
    """The tests below break one rule each of what works here."""
    assert _finish(ada, provider).status_code == 303
    assert ada.session()["name"] == "user:ada"


def _changed(**claims: Any) -> Callable[[HostileProvider], Callable[[dict[str, Any]], str]]:
    return lambda provider: (
        lambda good: provider.signed(
            {name: value for name, value in {**good, **claims}.items() if value is not None}
        )
    )


NOW = int(time.time())

FORGED: dict[str, Callable[[HostileProvider], Callable[[dict[str, Any]], str]]] = {
    "another nonce": _changed(nonce="replayed"),
    "no nonce": _changed(nonce=None),
    "a nonce that is no text": _changed(nonce=["n"]),
    "another audience": _changed(aud="another"),
    "the API's audience": _changed(aud=AUDIENCE),
    "no audience": _changed(aud=None),
    "several audiences, no party": _changed(aud=[CLIENT, "another"]),
    "several audiences, another party": _changed(aud=[CLIENT, "another"], azp="another"),
    "another party": _changed(azp="another"),
    "another issuer": _changed(iss="https://issuer.example"),
    "no issuer": _changed(iss=None),
    "over": _changed(iat=NOW - 7200, exp=NOW - 3600),
    "for ever": _changed(exp=None),
    "made long ago": _changed(iat=NOW - 86400),
    "made in the future": _changed(iat=NOW + 86400),
    "without a time": _changed(iat=None),
    "a time beyond all numbers": _changed(exp=10**400),
    "a time that is no number": _changed(exp="tomorrow"),
    "nobody": _changed(sub=None),
    "an empty name": _changed(sub=""),
    "a name that is no text": _changed(sub=7),
    "a name with a line end": _changed(sub="ada\nadmin"),
    "a name without end": _changed(sub="a" * 10_000),
    "another's key": lambda _: lambda good: SigningKey("hostile").token(good, typ="JWT"),
    "an unknown key": lambda _: lambda good: SigningKey("unknown").token(good, typ="JWT"),
    "no signature": lambda _: lambda good: encoded({"alg": "none", "typ": "JWT"}, good) + ".",
    "the public key as a secret": lambda provider: (
        lambda good: signed_by_secret(
            {"alg": "HS256", "kid": "hostile", "typ": "JWT"}, good, provider.key.pem
        )
    ),
    "the client as a secret": lambda _: (
        lambda good: signed_by_secret({"alg": "HS256", "typ": "JWT"}, good, CLIENT.encode())
    ),
    "no token": lambda _: lambda _good: "",
    "not a token": lambda _: lambda _good: "not.a.token",
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=list(FORGED))
def test_no_token_but_a_good_one_signs_in(
    ada: Person,
    provider: HostileProvider,
    forged: Callable[[HostileProvider], Callable[[dict[str, Any]], str]],
) -> None:
    """Whichever rule the ID token breaks, nobody is signed in, and a page says so."""
    provider.make = forged(provider)
    answer = _finish(ada, provider)
    assert answer.status_code == 502, answer.text
    assert "Signing in did not work" in answer.text
    assert ada.session()["name"] is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ((200, b"<html>"), 503),
        ((200, b"[]"), 503),
        ((200, b"{}"), 502),
        ((200, b'{"id_token": 7}'), 502),
        ((200, b"x" * 3_000_000), 503),
        ((400, b'{"error": "invalid_grant"}'), 502),
        ((302, b""), 503),
        ((500, b""), 503),
    ],
)
def test_no_answer_but_tokens_signs_in(
    ada: Person, provider: HostileProvider, answer: tuple[int, bytes], status: int
) -> None:
    """Whatever else stands at the token endpoint is no sign-in."""
    provider.answer = answer
    assert _finish(ada, provider).status_code == status
    assert ada.session()["name"] is None


@pytest.mark.parametrize("issuer", ["https://issuer.example", ""])
def test_another_provider_sends_nobody_back(
    ada: Person, provider: HostileProvider, issuer: str
) -> None:
    """A browser that another provider sends back is not signed in (mix-up, RFC 9207)."""
    answer = _finish(ada, provider, iss=issuer)
    assert answer.status_code == (502 if issuer else 303)


def test_claims_of_somebody_else_are_not_taken(ada: Person, provider: HostileProvider) -> None:
    """What the provider tells beside must be of the person that its token names."""
    provider.told = {"sub": "eve", "groups": ["design"]}
    assert _finish(ada, provider).status_code == 502
    provider.told = {"sub": "ada", "groups": ["design"]}
    assert _finish(ada, provider).status_code == 303
    assert "styles:write" in ada.session()["scopes"]


def test_what_people_are_called_is_one_line(ada: Person, provider: HostileProvider) -> None:
    """A name to be shown is bounded, and has no line ends."""
    provider.make = lambda good: provider.signed({**good, "name": "Ada\r\n<b>" + "a" * 500})
    _finish(ada, provider)
    label = ada.session()["label"]
    assert label.startswith("Ada<b>aaa")
    assert len(label) == 100
