"""Sessions: what their cookie does, what it does not, and how they end."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from issuers import Issuer
from kilns import Kiln
from people import Person, guarded_kiln

SPEC = b'{"y": [1, 2]}'
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def guarded(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server at which people sign in."""
    kiln = guarded_kiln(issuer, tmp_path_factory.mktemp("sessions"))
    with kiln:
        yield kiln


@pytest.fixture
def ada(guarded: Kiln) -> Iterator[Person]:
    """Return somebody who is signed in."""
    with Person(guarded) as person:
        person.sign_in()
        yield person


def test_a_session_draws_and_writes(ada: Person) -> None:
    """With cookie and CSRF token one does what one's scopes allow."""
    answer = ada.here.post("/plot", content=SPEC, headers={**JSON, **ada.csrf})
    assert answer.status_code == 200
    assert ada.here.get("/jobs").status_code == 200


@pytest.mark.parametrize("csrf", [{}, {"Plotkiln-CSRF": ""}, {"Plotkiln-CSRF": "x" * 43}])
def test_a_cookie_alone_writes_nothing(ada: Person, csrf: dict[str, str]) -> None:
    """Without the token of the session nothing is done, whatever the media type."""
    for headers in (JSON, {"Content-Type": "text/csv"}, {"Content-Type": "text/plain"}):
        answer = ada.here.post("/charts", content=SPEC, headers={**headers, **csrf})
        assert answer.status_code == 403, answer.text


def test_another_sessions_token_is_none(ada: Person, guarded: Kiln) -> None:
    """The token of one session is no good beside the cookie of another."""
    with Person(guarded, "eve") as eve:
        eve.sign_in()
        answer = ada.here.post("/charts", content=SPEC, headers={**JSON, **eve.csrf})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "foreign",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
@pytest.mark.parametrize("address", ["/charts", "/sign-out", "/live/tickets", "/addresses"])
def test_pages_of_others_do_nothing(ada: Person, foreign: dict[str, str], address: str) -> None:
    """What a browser says to come from another site is refused, token or not."""
    answer = ada.here.post(address, content=SPEC, headers={**JSON, **ada.csrf, **foreign})
    assert answer.status_code == 403
    assert ada.session()["name"] == "user:ada"


@pytest.mark.parametrize("own", ["sec-fetch-site", "origin"])
def test_pages_of_ours_do(ada: Person, guarded: Kiln, own: str) -> None:
    """What a browser says to come from this server's own page is done."""
    said = {"sec-fetch-site": "same-origin", "origin": guarded.url}[own]
    answer = ada.here.post("/charts", content=SPEC, headers={**JSON, **ada.csrf, own: said})
    assert answer.status_code == 201


def test_a_token_needs_no_csrf(guarded: Kiln, issuer: Issuer, ada: Person) -> None:
    """Whoever shows a token is no browser's page: it is who it says, whatever the cookie."""
    token = issuer.token("render")
    headers = {**JSON, "Authorization": f"Bearer {token}"}
    assert ada.here.post("/charts", content=SPEC, headers=headers).status_code == 201
    told = ada.here.get("/session", headers={"Authorization": f"Bearer {token}"}).json()
    assert told["name"] != "user:ada"
    assert told["csrf"] is None


def test_a_proxy_s_own_credentials_change_nothing(ada: Person) -> None:
    """Behind HTTP Basic one is signed in as anywhere: the session tells its token, and writes."""
    basic = {"Authorization": "Basic YWRhOmFkYQ=="}
    told = ada.here.get("/session", headers=basic).json()
    assert told["name"] == "user:ada"
    headers = {**JSON, **basic, "Plotkiln-CSRF": told["csrf"]}
    assert ada.here.post("/charts", content=SPEC, headers=headers).status_code == 201
    assert ada.here.post("/charts", content=SPEC, headers={**JSON, **basic}).status_code == 403


def test_a_guessed_session_is_nobody(guarded: Kiln) -> None:
    """A secret that is none is refused; /session says that nobody is signed in."""
    cookies = {"plotkiln-session": "A" * 43}
    assert httpx.get(f"{guarded.url}/jobs", cookies=cookies, timeout=60).status_code == 401
    told = httpx.get(f"{guarded.url}/session", cookies=cookies, timeout=60).json()
    assert (told["name"], told["scopes"], told["csrf"]) == (None, [], None)


def test_signing_out_ends_the_session(ada: Person, guarded: Kiln, issuer: Issuer) -> None:
    """The session is over at once, its cookie and the cached pictures are forgotten."""
    secret = ada.here.cookies["plotkiln-session"]
    answer = ada.here.post("/sign-out", headers=ada.csrf)
    assert answer.status_code == 200
    assert answer.headers["clear-site-data"] == '"cache"'
    assert "Max-Age=0" in answer.headers["set-cookie"]
    end = urlsplit(answer.json()["end"])
    assert f"{end.scheme}://{end.netloc}" == issuer.url
    assert parse_qs(end.query)["id_token_hint"][0].count(".") == 2
    cookies = {"plotkiln-session": secret}
    told = httpx.get(f"{guarded.url}/session", cookies=cookies, timeout=60).json()
    assert told["name"] is None
    assert httpx.get(f"{guarded.url}/jobs", cookies=cookies, timeout=60).status_code == 401


def test_the_provider_takes_the_address_that_ends_its_session(ada: Person) -> None:
    """What `end` leads to is a page of the provider that asks whether to sign out there."""
    end = ada.here.post("/sign-out", headers=ada.csrf).json()["end"]
    answer = httpx.get(end, timeout=60)
    assert answer.status_code == 200
    assert "form" in answer.text


def test_signing_out_needs_the_token(ada: Person) -> None:
    """Another site's page cannot sign anybody out."""
    assert ada.here.post("/sign-out").status_code == 403
    assert ada.session()["name"] == "user:ada"


def test_signing_out_twice_is_no_fault(ada: Person) -> None:
    """Who is signed out already here may not be so at the provider, and is led there, too."""
    csrf = ada.csrf
    ada.here.post("/sign-out", headers=csrf)
    again = ada.here.post("/sign-out", headers=csrf)
    assert again.status_code == 200
    assert set(parse_qs(urlsplit(again.json()["end"]).query)) == {"client_id"}


def test_a_session_says_when_it_ends(issuer: Issuer, tmp_path: Path) -> None:
    """Cookie and /session agree on the time that the settings give, which no use makes longer."""
    with (
        guarded_kiln(issuer, tmp_path, PLOTKILN_SESSION_HOURS="0.1") as kiln,
        Person(kiln) as ada,
    ):
        assert "Max-Age=360" in ada.sign_in().headers["set-cookie"]
        ends = ada.session()["expires"]
        assert 300 < datetime.fromisoformat(ends).timestamp() - time.time() <= 360
        ada.here.get("/jobs")
        assert ada.session()["expires"] == ends


def test_by_https_no_other_host_can_plant_a_session(issuer: Issuer, tmp_path: Path) -> None:
    """Cookies are Secure there, with a prefix that ties them to this host; others are not read."""
    public = "https://charts.example"
    kiln = guarded_kiln(issuer, tmp_path, public=public, PLOTKILN_PUBLIC_URL=public)
    with kiln, Person(kiln, home=public) as ada:
        begun = ada.here.get("/sign-in")
        assert begun.headers["set-cookie"].startswith("__Host-plotkiln-sign-in=")
        back = httpx.URL(ada.allow(begun.headers["location"]))
        assert str(back).startswith(f"{public}/sign-in/callback?")
        # a browser sends them by https alone, and so does httpx: by hand, then
        cookie = begun.headers["set-cookie"].partition(";")[0]
        asked = f"{kiln.url}{back.raw_path.decode()}"
        done = httpx.get(asked, headers={"Cookie": cookie}, timeout=60).headers["set-cookie"]
        assert done.startswith("__Host-plotkiln-session=")
        assert "Secure" in done
        name, _, secret = done.partition(";")[0].partition("=")
        for shown, who in ((name, "user:ada"), ("plotkiln-session", None)):
            headers = {"Cookie": f"{shown}={secret}"}
            told = httpx.get(f"{kiln.url}/session", headers=headers, timeout=60).json()
            assert told["name"] == who
        described = httpx.get(f"{kiln.url}/openapi.json", timeout=60).json()["components"]
        assert described["securitySchemes"]["session"]["name"] == name


def test_servers_share_sessions(issuer: Issuer, tmp_path: Path, redis_url: str) -> None:
    """With Redis, who signed in at one server is signed in at all, and signed out of all."""
    one, other = [
        guarded_kiln(issuer, tmp_path / name, PLOTKILN_REDIS_URL=redis_url)
        for name in ("one", "other")
    ]
    with one, other, Person(one) as ada:
        ada.sign_in()
        cookies = {"plotkiln-session": ada.here.cookies["plotkiln-session"]}
        told = httpx.get(f"{other.url}/session", cookies=cookies, timeout=60).json()
        assert told["name"] == "user:ada"
        _plotkiln(other, "sessions", "revoke", "user:ada")
        assert ada.session()["name"] is None


def test_an_operator_ends_all_sessions_of_one(ada: Person, guarded: Kiln) -> None:
    """`plotkiln sessions revoke` ends those of one principal, on every browser."""
    with Person(guarded) as elsewhere, Person(guarded, "bob") as bob:
        elsewhere.sign_in()
        bob.sign_in()
        told = json.loads(_plotkiln(guarded, "sessions", "revoke", "user:ada", "--json"))
        assert told["principal"] == "user:ada"
        assert told["ended"] >= 2
        assert ada.session()["name"] is None
        assert elsewhere.session()["name"] is None
        assert bob.session()["name"] == "user:bob"


def test_a_ticket_opens_one_socket(ada: Person, guarded: Kiln) -> None:
    """A ticket in the address stands for who made it: once, and then no more."""
    answer = ada.here.post("/live/tickets", headers=ada.csrf)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    ticket = answer.json()["ticket"]
    assert asyncio.run(_opened(guarded, ticket)) == "plotkiln.live.welcome"
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(_opened(guarded, ticket))
    assert refused.value.response.status_code == 401


def test_a_ticket_opens_a_socket_elsewhere(issuer: Issuer, tmp_path: Path, redis_url: str) -> None:
    """Where the channel is a server of its own, a ticket of the other one opens it, once."""
    kiln = guarded_kiln(issuer, tmp_path / "kiln", PLOTKILN_REDIS_URL=redis_url)
    live = Kiln(tmp_path / "live", command=[sys.executable, "-m", "plotkiln", "live"])
    live.settings |= kiln.settings
    with kiln, live, Person(kiln) as ada:
        ada.sign_in()
        ticket = ada.here.post("/live/tickets", headers=ada.csrf).json()["ticket"]
        assert asyncio.run(_opened(live, ticket)) == "plotkiln.live.welcome"
        with pytest.raises(InvalidStatus) as refused:
            asyncio.run(_opened(kiln, ticket))
        assert refused.value.response.status_code == 401


def test_a_ticket_makes_no_other(ada: Person, guarded: Kiln) -> None:
    """A ticket is good for a handshake alone: by it none is made, nothing signed, nothing seen."""
    ticket = ada.here.post("/live/tickets", headers=ada.csrf).json()["ticket"]
    for method, path in (
        ("POST", "/live/tickets"),
        ("POST", "/addresses"),
        ("POST", "/charts"),
        ("GET", "/jobs"),
    ):
        address = f"{guarded.url}{path}?ticket={ticket}"
        answer = httpx.request(method, address, content=SPEC, headers=JSON, timeout=60)
        assert answer.status_code == 401, path
    told = httpx.get(f"{guarded.url}/session?ticket={ticket}", timeout=60).json()
    assert told["name"] is None
    assert asyncio.run(_opened(guarded, ticket)) == "plotkiln.live.welcome"


def test_a_ticket_ends_with_the_key_that_made_it(guarded: Kiln) -> None:
    """Who revokes a key ends the tickets that it made, be they never used."""
    secret = _plotkiln(guarded, "keys", "create", "leaky", "--scopes", "jobs").strip()
    headers = {"Authorization": f"Bearer {secret}"}
    answer = httpx.post(f"{guarded.url}/live/tickets", headers=headers, timeout=60)
    _plotkiln(guarded, "keys", "revoke", "leaky")
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(_opened(guarded, answer.json()["ticket"]))
    assert refused.value.response.status_code == 401


def test_nobody_makes_tickets_for_nobody(guarded: Kiln) -> None:
    """Who is not known gets no ticket."""
    assert httpx.post(f"{guarded.url}/live/tickets", timeout=60).status_code == 401


def test_without_identity_nobody_signs_in(client: httpx.Client) -> None:
    """A server without identity says so, and has none of these addresses."""
    told = client.get("/session").json()
    assert told["identity"] is False
    assert "admin" in told["scopes"]
    for method, address in (
        ("GET", "/sign-in"),
        ("GET", "/sign-in/callback"),
        ("POST", "/sign-out"),
        ("POST", "/live/tickets"),
        ("POST", "/addresses"),
    ):
        assert client.request(method, address).status_code == 404


async def _opened(kiln: Kiln, ticket: str) -> str:
    """Open a socket by a ticket; return the type of what it hears first."""
    address = f"{kiln.url.replace('http', 'ws')}/live?topic=jobs&ticket={ticket}"
    async with connect(address) as socket:
        return str(json.loads(await socket.recv())["type"])


def _plotkiln(kiln: Kiln, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", *arguments],
        env=kiln.environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
