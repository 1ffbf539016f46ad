"""Who may what at the programs that serve less: the live channel's, and the hit counter's."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from credentials import Credential, keys_of
from ears import channel
from event_sinks import EventSink
from issuers import Issuer
from kilns import Kiln
from plotkiln.identity import Scope
from programs import program
from redis_servers import RedisServer

NOWHERE = "a" * 26

#: By program: method, address, scope (None: open), and what whoever may ask is answered.
TABLE: dict[str, list[tuple[str, str, str | None, int]]] = {
    "live": [
        ("GET", "/live", None, 426),
        ("GET", "/live/address", None, 200),
        ("GET", f"/jobs/{NOWHERE}", "jobs", 404),
        ("GET", "/health/live", None, 200),
        ("GET", "/health/ready", None, 200),
        ("GET", "/metrics", "admin", 200),
    ],
    "homepage": [
        ("GET", "/hits/", None, 200),
        ("GET", "/hits/a", None, 200),
        ("GET", "/hits/a.png", None, 200),
        ("GET", "/counters/a", None, 200),
        ("GET", "/artifacts/hits-a.png", None, 404),
        ("GET", "/artifacts/report.png", "render", 404),
        ("GET", "/health/live", None, 200),
        ("GET", "/health/ready", None, 200),
        ("GET", "/metrics", "admin", 200),
    ],
    "count": [
        ("POST", "/", "events", 400),
        ("POST", "/events", "events", 400),
        ("OPTIONS", "/", None, 200),
        ("OPTIONS", "/events", None, 200),
        ("GET", "/health/live", None, 200),
        ("GET", "/health/ready", None, 200),
        ("GET", "/metrics", "admin", 200),
    ],
}

EVENTS_AUDIENCE = "plotkiln-events"

EVENT = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "/tests",
    "ce-type": "org.example.nothing",
}


@pytest.fixture(scope="module")
def programs(
    redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Kiln]]:
    """Start each of them on one Redis, which has the API keys."""
    shared = {"PLOTKILN_IDENTITY": "1", "PLOTKILN_REDIS_URL": redis_server.url}
    with ExitStack() as stack:
        sink = stack.enter_context(EventSink())
        started = {
            "live": channel(tmp_path_factory.mktemp("live"), redis_server, PLOTKILN_IDENTITY="1")
        }
        for name in ("homepage", "count"):
            data = tmp_path_factory.mktemp(name)
            started[name] = program(name, data, K_SINK=sink.url, **shared)
        yield {name: stack.enter_context(kiln) for name, kiln in started.items()}


@pytest.fixture(scope="module")
def shown(programs: dict[str, Kiln]) -> list[Credential]:
    """Return nothing, what is no good, and a key of each scope."""
    forged = Credential("forged", {"Authorization": f"Bearer pk_{'0' * 16}_{'A' * 43}"})
    return [Credential("none", {}), forged, *keys_of(programs["live"])]


@pytest.mark.parametrize("name", TABLE)
def test_the_matrix(
    name: str,
    programs: dict[str, Kiln],
    shown: list[Credential],
    count: Callable[[str, str], None],
) -> None:
    """Each address is answered to whom it should be, and refused to everybody else."""
    found, expected = {}, {}
    with programs[name].client() as client:
        for method, address, scope, status in TABLE[name]:
            for one in shown:
                cell = f"{method} {address} by {one.name}"
                answer = client.request(method, address, content=b"{", headers=one.headers)
                found[cell], expected[cell] = answer.status_code, _expected(scope, one, status)
                count(f"matrix of {name}", str(answer.status_code))
    assert found == expected


def _expected(scope: str | None, one: Credential, status: int) -> int:
    if scope is None:
        return status
    if one.scopes is None:
        return 401
    return status if one.scopes & {Scope(scope), Scope.ADMIN} else 403


@pytest.fixture(scope="module")
def hearing(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Kiln]]:
    """Start what takes events of those alone whom an issuer vouches for."""
    settings = {
        "PLOTKILN_EVENTS": "oidc",
        "PLOTKILN_EVENTS_ISSUER": issuer.url,
        "PLOTKILN_EVENTS_AUDIENCE": EVENTS_AUDIENCE,
        "PLOTKILN_IDENTITY": "1",
    }
    with (
        program("count", tmp_path_factory.mktemp("counting"), **settings) as counting,
        program("draw", tmp_path_factory.mktemp("drawing"), **settings) as drawing,
    ):
        yield {"count": counting, "draw": drawing}


@pytest.mark.parametrize("address", ["/", "/events"])
@pytest.mark.parametrize("name", ["count", "draw"])
def test_events_come_with_a_token_of_their_own(
    name: str, address: str, hearing: dict[str, Kiln], issuer: Issuer
) -> None:
    """With `oidc` only a token of the issuer, for the audience of events, lets an event in."""
    tokens = {
        "": 401,
        "not.a.token": 401,
        issuer.token("events"): 401,  # for people and programs, not for events
        issuer.mint(aud=EVENTS_AUDIENCE, iss="https://other.example"): 401,
        issuer.mint(aud=EVENTS_AUDIENCE, exp=1_000_000_000): 401,
        issuer.mint(aud=EVENTS_AUDIENCE, sub="system:serviceaccount:a:broker"): 204,
    }
    for token, status in tokens.items():
        headers = {**EVENT, "Authorization": f"Bearer {token}"} if token else EVENT
        answer = httpx.post(f"{hearing[name].url}{address}", headers=headers, timeout=60)
        assert answer.status_code == status, token
        assert ("www-authenticate" in answer.headers) is (status == 401)


def test_a_key_sends_no_events_there(hearing: dict[str, Kiln]) -> None:
    """Nor does who may all else: the door is for the broker."""
    admin = next(one for one in keys_of(hearing["draw"]) if one.name == "key with admin")
    with hearing["draw"].client() as client:
        assert client.get("/metrics", headers=admin.headers).status_code == 200
        assert client.post("/events", headers={**EVENT, **admin.headers}).status_code == 401


def test_who_sends_events_may_nothing_else(hearing: dict[str, Kiln], issuer: Issuer) -> None:
    """A token for events is none for pictures."""
    headers = {"Authorization": f"Bearer {issuer.mint(aud=EVENTS_AUDIENCE, scope='admin')}"}
    with hearing["draw"].client() as client:
        assert client.get("/jobs", headers=headers).status_code == 401
        assert client.post("/plot", json={"y": [1]}, headers=headers).status_code == 401
