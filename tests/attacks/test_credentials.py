"""Forged, stolen and borrowed credentials, over HTTP."""

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

import httpx
import pytest

from hostile_tokens import HOSTILE, hostile_tokens
from issuers import Issuer
from kilns import Kiln
from people import Person
from plotkiln.identity.signatures import Signatures
from plotkiln.spec import encode_spec
from wires import Reply, request, sent

SPEC = b'{"y": [1, 2]}'
KEY = bytes(range(32))
JSON = "Content-Type: application/json"

#: One address that draws, one that writes, one that tells secrets of operation.
ASKED = [("POST", "/plot", SPEC), ("POST", "/charts", SPEC), ("GET", "/metrics", b"")]


@pytest.fixture(scope="session")
def hostile(issuer: Issuer) -> dict[str, str]:
    """Return tokens that nobody should take."""
    return hostile_tokens(issuer)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_token_lets_in(guarded: Kiln, hostile: dict[str, str], name: str) -> None:
    """A token that breaks a rule is 401 everywhere, and neither the answer nor the log repeats it.

    One by an unknown key is 503 where the provider was asked for another a moment ago.
    Confused algorithms, keys that the token brings along, tokens for others or for another use.
    """
    token = hostile[name].encode().decode("latin-1")
    for method, path, body in ASKED:
        head = request(method, path, f"Authorization: Bearer {token}", JSON, body=body)
        reply = sent(guarded.port, head)
        assert reply.status in {400, 401, 431} | ({503} if HOSTILE[name] == "key" else set())
        assert len(token) < 20 or token.encode("latin-1") not in reply.body
    assert len(token) < 20 or token not in guarded.log.read_text()


@pytest.mark.parametrize(
    "headers",
    [
        ("Authorization: Basic YWRtaW46YWRtaW4=",),
        ("Authorization: Bearer",),
        ("Authorization: Bearer a b",),
        ("Authorization: Bearer pk_a_b",),
        ("Authorization: Bearer pk_../../x_y",),
        ("Authorization: Bearer " + "a" * 50_000,),
        ("Authorization: Bearer a", "Authorization: Bearer b"),
        ("X-Forwarded-User: admin",),
        ("X-Remote-User: admin", "X-Forwarded-Email: admin@example.org"),
        ("Cookie: plotkiln-session=1",),
        ("Cookie: plotkiln-session=" + "a" * 43,),
        ("Cookie: plotkiln-session=../../x; plotkiln-session=y",),
        ("Ce-Source: /apis/v1", "X-Original-Forwarded-For: 127.0.0.1"),
    ],
    ids=lambda headers: headers[0][:60],
)
def test_nothing_else_lets_in(guarded: Kiln, headers: tuple[str, ...]) -> None:
    """What a proxy might say, what somebody guessed, what another scheme means: 401."""
    for method, path, body in ASKED:
        reply = sent(guarded.port, request(method, path, *headers, JSON, body=body))
        assert reply.status == 401


def picture(spec: bytes = SPEC) -> str:
    """Return the address of a picture."""
    return f"/plot/{encode_spec(spec)}.png"


def signed(address: str, *, seconds: float = 600, key: bytes = KEY, name: str = "k2") -> str:
    """Return a signed address."""
    return Signatures({name: key}).sign(address, int(time.time() + seconds))


def moved(address: str, *, to: str) -> str:
    """Return another address with the signature of this one."""
    return f"{to}?{address.partition('?')[2]}"


def changed(address: str, old: str, new: str) -> str:
    """Return an address that differs from the signed one."""
    assert old in address
    return address.replace(old, new, 1)


#: Replays and changes of an address that is signed → the status that they meet.
REPLAYS: Mapping[str, tuple[Callable[[str], str], int]] = {
    "as-it-is": (lambda good: good, 200),
    "another-picture": (lambda good: moved(good, to=picture(b'{"y": [9]}')), 401),
    "another-format": (lambda good: changed(good, ".png?", ".svg?"), 401),
    "another-style": (lambda good: changed(good, "?", "?style=dark&"), 401),
    "style-behind": (lambda good: good + "&style=dark", 401),
    "later": (lambda good: changed(good, "expires=", "expires=9"), 401),
    "second-expiry": (lambda good: changed(good, "expires=", "expires=9999999999&expires="), 401),
    "another-key": (lambda good: changed(good, "key=k2", "key=k1"), 401),
    "no-signature": (lambda good: good.partition("&signature")[0], 401),
    "empty-signature": (lambda good: good.partition("&signature=")[0] + "&signature=", 401),
    "padded": (lambda good: good + "=", 401),
    "encoded-path": (lambda good: changed(good, "/plot/", "/%70lot/"), 401),
    "encoded-query": (lambda good: changed(good, "&key=", "&k%65y="), 401),
    "encoded-signature-name": (lambda good: changed(good, "&signature=", "&signatur%65="), 401),
    "double-slash": (lambda good: "/" + good, 404),
    "dots": (lambda good: "/charts/.." + good, 401),
    "fragment": (lambda good: good + "%23", 401),
    "upper-case": (lambda good: changed(good, "signature=", "Signature="), 401),
    "semicolon": (lambda good: good.replace("&", ";"), 401),
    "for-jobs": (lambda good: moved(good, to="/jobs"), 401),
    "for-metrics": (lambda good: moved(good, to="/metrics"), 401),
    "for-styles": (lambda good: moved(good, to="/styles"), 401),
    "over": (lambda _: signed(picture(), seconds=-1), 401),
    "by-a-stranger": (lambda _: signed(picture(), key=bytes(32)), 401),
    "by-an-unknown-key": (lambda _: signed(picture(), key=bytes(32), name="k9"), 401),
    "of-a-chart-that-is-not-there": (lambda _: signed("/charts/" + "a" * 26 + ".png"), 404),
    "of-the-api": (lambda _: signed("/jobs"), 401),
    "of-metrics": (lambda _: signed("/metrics"), 401),
    "of-styles": (lambda _: signed("/styles/default"), 401),
    "out-of-its-place": (lambda _: signed("/plot/../metrics"), 401),
}


@pytest.mark.parametrize("attack", REPLAYS)
def test_a_signature_is_for_one_address(guarded: Kiln, attack: str) -> None:
    """A signed address shows its picture until its time, and opens nothing else."""
    change, status = REPLAYS[attack]
    asked = request("GET", change(signed(picture())), "Accept: application/json")
    assert sent(guarded.port, asked).status in {status, 404 if status == 401 else status}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_signature_is_for_looking(guarded: Kiln, method: str) -> None:
    """Nothing is changed by a signed address."""
    assert sent(guarded.port, request(method, signed(picture()))).status in {401, 405}


@pytest.fixture
def ada(guarded: Kiln) -> Iterator[Person]:
    """Return somebody who is signed in."""
    with Person(guarded) as person:
        person.sign_in()
        yield person


def cookies(person: Person) -> str:
    """Return the header that a browser would send along."""
    return "Cookie: " + "; ".join(f"{one.name}={one.value}" for one in person.here.cookies.jar)


def wrote(guarded: Kiln, person: Person, *headers: str) -> Reply:
    """Return the answer to a write with somebody's cookie."""
    said = (cookies(person), JSON, *headers)
    return sent(guarded.port, request("POST", "/charts", *said, body=SPEC))


@pytest.mark.parametrize(
    "said",
    [
        (),
        ("Origin: https://evil.example",),
        ("Origin: null",),
        ("Sec-Fetch-Site: cross-site",),
        ("Sec-Fetch-Site: same-site",),
        ("Referer: https://evil.example/",),
        ("Plotkiln-CSRF: " + "a" * 43,),
        ("Plotkiln-CSRF:",),
    ],
)
def test_a_borrowed_cookie_writes_nothing(
    guarded: Kiln, ada: Person, said: tuple[str, ...]
) -> None:
    """What a page of another site sends along with a reader's cookie changes nothing."""
    assert wrote(guarded, ada, *said).status in {401, 403}


def test_the_right_token_from_a_foreign_page_writes_nothing(guarded: Kiln, ada: Person) -> None:
    """Not even a stolen CSRF token helps a page of another site."""
    (token,) = ada.csrf.values()
    own = (f"Plotkiln-CSRF: {token}", f"Origin: {guarded.url}")
    host = f"127.0.0.1:{guarded.port}"
    asked = request("POST", "/charts", cookies(ada), JSON, *own, body=SPEC, host=host)
    assert sent(guarded.port, asked).status == 201
    foreign = (f"Plotkiln-CSRF: {token}", "Origin: https://evil.example")
    assert wrote(guarded, ada, *foreign).status == 403


def test_a_cookie_cannot_be_read_or_planted(ada: Person) -> None:
    """The cookie is for the server's eyes, for its own site, and for no sibling's."""
    told = {one.name: one for one in ada.here.cookies.jar}
    session = told["plotkiln-session"]
    assert session.has_nonstandard_attr("HttpOnly")
    assert str(session.get_nonstandard_attr("SameSite")).lower() == "lax"
    assert not session.domain_specified


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/\r\nSet-Cookie: a=b",
        "data:text/html,a",
        "https:evil.example",
        "/" + "a" * 9000,
    ],
)
def test_sign_in_leads_nowhere_else(guarded: Kiln, back: str) -> None:
    """Where one is sent after signing in is a page of this server, whatever was asked for."""
    reply = sent(guarded.port, request("GET", f"/sign-in?next={quote(back, safe='')}"))
    assert reply.status in {303, 400, 414, 431}
    assert "a=b" not in reply.headers.get("set-cookie", "")
    with Person(guarded) as eve:
        if reply.status != 303:
            return
        address = eve.begin(back)
        answer = eve.here.get(eve.allow(address))
    assert "evil" not in answer.headers.get("location", "/")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=a",
        "state=a",
        "code=a&state=b",
        "error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E",
        "code=" + "a" * 9000 + "&state=b",
        "code=a&code=b&state=c",
        "code=%00&state=%0d%0aSet-Cookie:%20a=b",
    ],
)
def test_a_made_up_callback_signs_nobody_in(guarded: Kiln, query: str) -> None:
    """A callback that no sign-in of this browser began leads to no session, and echoes nothing."""
    reply = sent(guarded.port, request("GET", f"/sign-in/callback?{query}"))
    assert 400 <= reply.status < 500
    assert b"<script>alert" not in reply.body
    assert "plotkiln-session" not in reply.headers.get("set-cookie", "")


def test_a_foreign_page_opens_no_socket(guarded: Kiln, ada: Person) -> None:
    """The handshake of a WebSocket from a page of another site is refused, cookie or not."""
    key = base64.b64encode(bytes(16)).decode()
    upgrade = (
        "Upgrade: websocket",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        "Origin: https://evil.example",
    )
    head = request("GET", "/live", cookies(ada), *upgrade).replace(
        b"Connection: close", b"Connection: Upgrade"
    )
    assert sent(guarded.port, head).status in {401, 403}


def test_no_secret_is_in_the_log(guarded: Kiln, issuer: Issuer, ada: Person) -> None:
    """After a run that used each kind of secret, well and badly, the log holds none of them."""
    token, (csrf,) = issuer.token("render"), ada.csrf.values()
    address = signed(picture(b'{"y": [5]}'))
    ticket = ada.here.post("/live/tickets", headers=ada.csrf).json()["ticket"]
    bearer = {"Authorization": f"Bearer {token}"}
    httpx.post(f"{guarded.url}/plot", content=SPEC, headers=bearer, timeout=60)
    for path in (address, address[:-1], f"/live?ticket={ticket}", f"/jobs?ticket={ticket}"):
        sent(guarded.port, request("GET", path))
    sent(guarded.port, request("GET", f"/nothing?code={token}&state={csrf}", f"Cookie: a={token}"))
    sent(guarded.port, request("BAD", f"/{token}", f"Authorization: Bearer {token}"))
    secrets = [token, csrf, ticket, address.rpartition("=")[2], base64.b64encode(KEY).decode()]
    secrets += [str(one.value) for one in ada.here.cookies.jar]
    written = guarded.log.read_text()
    assert '"path":"/live"' in written or '"path":"/jobs"' in written
    assert [secret for secret in secrets if secret in written] == []


def test_other_sites_embed_only_what_all_may_see(guarded: Kiln, ada: Person) -> None:
    """A picture by its signed address may be embedded anywhere, one by a session nowhere else."""
    by_address = sent(guarded.port, request("GET", signed(picture())))
    by_session = sent(guarded.port, request("GET", picture(), cookies(ada)))
    assert (by_address.status, by_session.status) == (200, 200)
    assert by_address.headers["cross-origin-resource-policy"] == "cross-origin"
    assert by_session.headers["cross-origin-resource-policy"] == "same-origin"
    assert "private" in by_session.headers["cache-control"]
