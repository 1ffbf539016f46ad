"""Signing in by the real provider, and every way in which it must not work."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from conftest import require
from issuers import Issuer
from kilns import Kiln
from people import Person, guarded_kiln
from redis_servers import RedisServer
from servers import wait_until


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Start a provider."""
    require(Issuer.is_installed(), "the OpenID provider", mend="make test")
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def guarded(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server at which people sign in."""
    kiln = guarded_kiln(issuer, tmp_path_factory.mktemp("sign-in"))
    with kiln:
        yield kiln


@pytest.fixture
def ada(guarded: Kiln) -> Iterator[Person]:
    """Return somebody who has not signed in yet."""
    with Person(guarded) as person:
        yield person


def _query(address: str) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}


def _refused(answer: httpx.Response, status: int, words: str) -> None:
    """Check that a page says what to do, and that nobody is signed in by it."""
    assert answer.status_code == status, answer.text
    assert words in answer.text
    assert 'href="/sign-in?next=' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "plotkiln-session" not in answer.headers.get("set-cookie", "")


def test_looking_at_the_way_back_finishes_nothing(guarded: Kiln) -> None:
    """What checks a link (HEAD) is refused, and whoever follows it then is signed in."""
    with Person(guarded) as ada:
        back = ada.allow(ada.begin())
        looked = ada.here.head(back)
        assert (looked.status_code, looked.headers["allow"]) == (405, "GET")
        assert "set-cookie" not in looked.headers
        assert ada.here.get(back).status_code == 303


def test_somebody_signs_in(ada: Person) -> None:
    """One goes to the provider, comes back, and is known, with the scopes of everybody and more."""
    before = ada.session()
    assert (before["identity"], before["name"], before["scopes"]) == (True, None, [])
    assert before["sign_in"] == "/sign-in"
    answer = ada.sign_in("/#/styles/report")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/#/styles/report"
    after = ada.session()
    assert after["name"] == "user:ada"
    assert after["label"] == "Ada"
    assert after["scopes"] == ["render", "jobs", "styles:read", "styles:write"]
    assert after["csrf"]
    assert after["expires"]
    assert ada.here.get("/styles").status_code == 200
    assert ada.here.get("/metrics").status_code == 403


def test_scopes_go_by_the_claims(guarded: Kiln) -> None:
    """Who is not in the group has the scopes of everybody alone."""
    with Person(guarded, "bob") as bob:
        bob.sign_in()
        assert bob.session()["scopes"] == ["render", "jobs", "styles:read"]


def test_the_provider_is_asked_as_the_rules_say(ada: Person) -> None:
    """The code is bound by PKCE, and state and nonce are new each time, and long."""
    one, other = _query(ada.begin()), _query(ada.begin())
    assert one["response_type"] == "code"
    assert one["code_challenge_method"] == "S256"
    assert len(one["code_challenge"]) == 43
    assert "openid" in one["scope"].split()
    for name in ("state", "nonce", "code_challenge"):
        assert one[name] != other[name]
        assert len(one[name]) >= 43


def test_secrets_are_out_of_reach_of_scripts(ada: Person) -> None:
    """Cookies are HttpOnly, and come along with no request of another site's page."""
    begun = ada.here.get("/sign-in").headers["set-cookie"]
    back = ada.sign_in()
    for cookie in (begun, *back.headers.get_list("set-cookie")):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_every_sign_in_makes_another_session(ada: Person, guarded: Kiln) -> None:
    """A secret that a browser had before is good no more: nobody can plant one (fixation)."""
    ada.here.cookies.set("plotkiln-session", "planted", domain="127.0.0.1", path="/")
    ada.sign_in()
    first = ada.here.cookies["plotkiln-session"]
    assert first != "planted"
    ada.sign_in()
    assert ada.here.cookies["plotkiln-session"] != first
    stale = httpx.get(f"{guarded.url}/styles", cookies={"plotkiln-session": first}, timeout=60)
    assert stale.status_code == 401


def test_what_was_begun_is_finished_once(ada: Person) -> None:
    """The address that leads back is good once, also for the very browser."""
    back = ada.allow(ada.begin())
    assert ada.here.get(back).status_code == 303
    _refused(ada.here.get(back), 400, "This sign-in is over")


def test_two_finish_at_once_and_one_is_let_in(ada: Person) -> None:
    """Of several requests with one state one is answered with a session."""
    back = ada.allow(ada.begin())
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: ada.here.get(back).status_code, range(4)))
    assert sorted(answers) == [303, 400, 400, 400]


def test_nobody_is_signed_in_as_another(ada: Person, guarded: Kiln) -> None:
    """What one browser began another cannot finish: an attacker cannot send his own way back."""
    with Person(guarded, "eve") as eve:
        back = eve.allow(eve.begin())
        ada.begin()
        _refused(ada.here.get(back), 400, "another browser")
        assert ada.session()["name"] is None
        _refused(eve.here.get(back), 400, "This sign-in is over")


def test_states_of_two_browsers_are_not_swapped(ada: Person, guarded: Kiln) -> None:
    """A code under another's state is no good, whichever browser shows it."""
    with Person(guarded, "bob") as bob:
        hers, his = ada.allow(ada.begin()), bob.allow(bob.begin())
        swapped = httpx.URL(hers).copy_set_param("code", _query(his)["code"])
        _refused(ada.here.get(swapped), 502, "Signing in did not work")
        assert ada.session()["name"] is None


def test_a_code_is_good_once(ada: Person) -> None:
    """A code that was used is no good under a state that was not."""
    back = ada.allow(ada.begin())
    ada.here.get(back)
    again = httpx.URL(ada.allow(ada.begin())).copy_set_param("code", _query(back)["code"])
    _refused(ada.here.get(again), 502, "Signing in did not work")


@pytest.mark.parametrize(
    "changed",
    [{"state": "x" * 43}, {"state": ""}, {"code": "wrong"}, {"iss": "https://evil.example"}],
)
def test_what_leads_back_cannot_be_changed(ada: Person, changed: dict[str, str]) -> None:
    """Another state, code or provider is refused."""
    back = httpx.URL(ada.allow(ada.begin()))
    for name, value in changed.items():
        back = back.copy_set_param(name, value)
    answer = ada.here.get(back)
    assert answer.status_code in {400, 502}
    assert ada.session()["name"] is None


def test_a_provider_that_says_who_it_is_always_does(ada: Person) -> None:
    """Where the provider names itself in what leads back, it must not be missing (RFC 9207)."""
    back = httpx.URL(ada.allow(ada.begin()))
    assert back.params["iss"]
    _refused(ada.here.get(back.copy_remove_param("iss")), 502, "Signing in did not work")


def test_no_parameter_comes_twice(ada: Person) -> None:
    """Two codes, or two states, are none."""
    back = httpx.URL(ada.allow(ada.begin()))
    _refused(ada.here.get(back.copy_add_param("code", "other")), 400, "This sign-in is over")


def test_who_is_refused_learns_what_to_do(guarded: Kiln) -> None:
    """Where the provider refuses, a page says so; what it says beside is not shown."""
    with Person(guarded, "nobody") as nobody:
        back = nobody.allow(nobody.begin("/#/jobs"))
        answer = nobody.here.get(httpx.URL(back).copy_add_param("error_description", "<b>call me"))
        _refused(answer, 403, "You were not let in")
        assert "call me" not in answer.text
        assert 'href="/sign-in?next=/%23/jobs"' in answer.text


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN,en;q=0.5", "这次登录已失效"), ("de", "This sign-in is over")]
)
def test_the_page_speaks_its_readers_language(guarded: Kiln, language: str, words: str) -> None:
    """Readers of Chinese are told in Chinese, all others in English."""
    address = f"{guarded.url}/sign-in/callback?state=none&code=none"
    answer = httpx.get(address, headers={"Accept-Language": language}, timeout=60)
    _refused(answer, 400, words)
    assert answer.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:1",
    ],
)
def test_signing_in_leads_nowhere_else(ada: Person, back: str) -> None:
    """Whatever address of another host stands in `next`, one comes to the app."""
    assert ada.sign_in(back).headers["location"] == "/"


def test_two_tabs_sign_in_at_once(ada: Person) -> None:
    """What two tabs of one browser began can both be finished."""
    one, other = ada.begin("/#/one"), ada.begin("/#/other")
    first, second = ada.here.get(ada.allow(one)), None
    assert first.headers["location"] == "/#/one"
    second = ada.here.get(ada.allow(other))
    assert second.headers["location"] == "/#/other"


def test_a_cold_process_finishes_what_another_began(issuer: Issuer, tmp_path: Path) -> None:
    """Servers come and go while somebody is at the provider, and while they are signed in."""
    kiln = guarded_kiln(issuer, tmp_path)
    with kiln, Person(kiln) as ada:
        back = ada.allow(ada.begin("/#/jobs"))
        kiln.stop()
        kiln.start()
        assert ada.here.get(back).headers["location"] == "/#/jobs"
        kiln.stop()
        kiln.start()
        assert ada.session()["name"] == "user:ada"


def test_a_provider_that_is_away_is_named(issuer: Issuer, guarded: Kiln, ada: Person) -> None:
    """While the provider does not answer, a page says when to try again, and then it works."""
    back = ada.allow(ada.begin("/#/jobs"))
    issuer.go_away("cut")
    try:
        answer = ada.here.get(back)
    finally:
        issuer.go_away("")
    _refused(answer, 503, "does not answer")
    assert int(answer.headers["retry-after"]) > 0
    assert 'href="/sign-in?next=/%23/jobs"' in answer.text
    assert ada.sign_in().status_code == 303


def test_a_store_that_is_away_is_named(issuer: Issuer, tmp_path: Path) -> None:
    """While Redis is away nobody signs in, and nobody is signed out by it."""
    require(RedisServer.binary(), "redis-server")
    kept = {"appendonly": "yes", "appendfsync": "always"}
    with RedisServer(tmp_path / "redis", **kept) as redis:
        kiln = guarded_kiln(issuer, tmp_path / "kiln", PLOTKILN_REDIS_URL=redis.url)
        with kiln, Person(kiln) as ada:
            ada.sign_in()
            redis.kill()
            _refused(ada.here.get("/sign-in"), 503, "does not answer")
            assert ada.here.get("/session").status_code == 503
            assert ada.here.get("/jobs").status_code == 503
            redis.start()
            wait_until(lambda: ada.here.get("/session").is_success)
            assert ada.session()["name"] == "user:ada"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_a_server_with_a_secret_shows_it(issuer: Issuer, tmp_path: Path, method: str) -> None:
    """A confidential client authenticates as the provider knows it, special signs and all."""
    secret = "a:b+c/d=%& e"  # noqa: S105 -- of a test
    client = {"client_secret": secret, "token_endpoint_auth_method": method}
    kiln = guarded_kiln(issuer, tmp_path, client=client, PLOTKILN_OIDC_CLIENT_SECRET=secret)
    with kiln, Person(kiln) as ada:
        ada.sign_in()
        assert ada.session()["name"] == "user:ada"


def test_groups_come_from_userinfo_where_the_token_has_none(
    issuer: Issuer, guarded: Kiln, ada: Person
) -> None:
    """A claim that grants scopes and is not in the ID token is asked for."""
    issuer.change(claimsByUserinfo=True)
    try:
        ada.sign_in()
    finally:
        issuer.change(claimsByUserinfo=False)
    assert "styles:write" in ada.session()["scopes"]


def test_no_secret_stands_in_the_log(guarded: Kiln, ada: Person) -> None:
    """Neither codes, states, sessions nor tokens are logged."""
    back = ada.allow(ada.begin())
    ada.here.get(back)
    log = guarded.log.read_text()
    query = _query(back)
    for secret in (query["code"], query["state"], ada.here.cookies["plotkiln-session"]):
        assert secret not in log
    assert ada.session()["csrf"] not in log
