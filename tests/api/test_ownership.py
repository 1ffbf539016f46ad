"""Whose is what: each resource asked for by its owner, by another, by an admin, by its address."""

import base64
import os
import time
from collections.abc import Callable, Iterator, Mapping

import httpx
import msgspec
import pytest

from issuers import AUDIENCE, Issuer
from kilns import Kiln
from plotkiln.identity.signatures import Signatures, read_ring
from plotkiln.spec import encode_spec
from servers import wait_until

RING = f"first:{base64.b64encode(os.urandom(32)).decode()}"
SPEC = b'{"y": [3, 1, 2], "title": "Ada\'s"}'
JSON = {"Content-Type": "application/json"}
NOWHERE = "a" * 26


class Row(msgspec.Struct, frozen=True):
    """One resource of Ada's, and what it is answered to whom."""

    owner: int
    other: int
    admin: int
    #: To whoever has its address, signed by the server's key.
    signed: int = 401
    #: To a signed address of something else.
    swapped: int = 401


#: By method and address; `{chart}`, `{job}` and the like are Ada's.
TABLE: Mapping[tuple[str, str], Row] = {
    ("GET", "/charts/{chart}"): Row(200, 404, 200, signed=200),
    ("GET", "/charts/{chart}.png"): Row(200, 404, 200, signed=200),
    ("HEAD", "/charts/{chart}.svg"): Row(200, 404, 200, signed=200),
    ("GET", "/charts/{posted}.png"): Row(200, 404, 200, signed=200),
    ("GET", "/jobs/{job}"): Row(200, 404, 200),
    ("GET", "/jobs/{job}/result"): Row(200, 404, 200),
    ("POST", "/jobs/{job}/retry"): Row(409, 404, 409),
    ("DELETE", "/jobs/{job}"): Row(200, 404, 200),
    ("GET", "/plot/{spec}.png"): Row(200, 200, 200, signed=200),
    ("GET", "/artifacts/hits-whose.png"): Row(200, 200, 200, signed=200, swapped=200),
}


class Known(msgspec.Struct, frozen=True):
    """A server, who asks it, and what is Ada's there."""

    kiln: Kiln
    clients: Mapping[str, httpx.Client]
    things: Mapping[str, str]

    def ask(self, who: str, method: str, address: str) -> httpx.Response:
        """Ask for a thing on somebody's behalf."""
        return self.clients[who].request(method, address.format_map(self.things))


@pytest.fixture(scope="module")
def known(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    """Start a server that asks who it is, and make something of everything as Ada."""
    with Kiln(
        tmp_path_factory.mktemp("owners"),
        PLOTKILN_OIDC_ISSUER=issuer.url,
        PLOTKILN_OIDC_AUDIENCE=AUDIENCE,
        PLOTKILN_SIGNING_KEYS=RING,
    ) as kiln:
        clients = {
            "owner": _client(kiln, issuer, "ada", "render jobs events"),
            "other": _client(kiln, issuer, "bob", "render jobs events"),
            "admin": _client(kiln, issuer, "root", "admin"),
            "nobody": kiln.client(),
        }
        yield Known(kiln, clients, _things(clients["owner"]))
        for client in clients.values():
            client.close()


def _client(kiln: Kiln, issuer: Issuer, who: str, scope: str) -> httpx.Client:
    token = issuer.mint(sub=who, scope=scope)
    return httpx.Client(base_url=kiln.url, timeout=60, headers={"Authorization": f"Bearer {token}"})


def _things(ada: httpx.Client) -> dict[str, str]:
    chart = ada.post("/charts", content=SPEC, headers=JSON).json()["id"]
    posted = ada.post("/plot", json={"y": [1]}).headers["content-location"]
    job = ada.post("/jobs", content=SPEC, headers=JSON).json()["id"]
    ended = ada.get(f"/jobs/{job}", headers={"Prefer": "wait=50"}).json()
    assert ended["state"] == "succeeded"
    assert ada.get("/hits/whose").status_code == 200
    wait_until(lambda: ada.get("/artifacts/hits-whose.png").status_code == 200)
    return {
        "chart": chart,
        "posted": posted.removeprefix("/charts/").partition(".")[0],
        "job": job,
        "spec": encode_spec(SPEC),
    }


@pytest.mark.parametrize(("method", "address"), TABLE)
def test_each_sees_their_own(
    known: Known, method: str, address: str, count: Callable[[str, str], None]
) -> None:
    """What somebody may not see is as if it were not there; a signature opens one address."""
    row = TABLE[method, address]
    signatures = Signatures(read_ring(RING))
    path = address.format_map(known.things)
    signed = signatures.sign(path, int(time.time()) + 600)
    query = signatures.sign("/plot/other.png", int(time.time()) + 600).partition("?")[2]
    answered = {who: known.ask(who, method, address) for who in ("other", "admin", "owner")}
    answered["signed"] = known.ask("nobody", method, signed)
    answered["swapped"] = known.ask("nobody", method, f"{path}?{query}")
    statuses = {who: answer.status_code for who, answer in answered.items()}
    assert statuses == msgspec.structs.asdict(row)
    for status in statuses.values():
        count("owners", str(status))


@pytest.mark.parametrize(
    "address", ["/charts/{chart}", "/charts/{chart}.png", "/jobs/{job}", "/jobs/{job}/result"]
)
def test_what_is_hidden_looks_like_what_is_not_there(known: Known, address: str) -> None:
    """No difference tells that another's thing exists."""
    nowhere = dict.fromkeys(known.things, NOWHERE)
    hidden = known.ask("other", "GET", address)
    absent = known.clients["other"].get(address.format_map(nowhere))
    assert _told(hidden, known) == _told(absent, known)


def _told(answer: httpx.Response, known: Known) -> tuple[int, dict[str, str], str]:
    """Return all of an answer that is not of this request alone."""
    headers = {name: text for name, text in answer.headers.items() if name not in _OF_ONE}
    text = answer.text.partition('"request_id"')[0]
    for id_ in known.things.values():
        text = text.replace(id_, NOWHERE)
    return answer.status_code, headers, text


_OF_ONE = {"x-request-id", "date"}


def test_lists_have_ones_own(known: Known) -> None:
    """Nobody's list has another's job in it."""
    listed = {who: known.ask(who, "GET", "/jobs").json()["jobs"] for who in ("owner", "other")}
    assert known.things["job"] in [job["id"] for job in listed["owner"]]
    assert listed["other"] == []


def test_two_share_the_bytes_and_no_address(known: Known) -> None:
    """The same spec of two is drawn once; each has an address and a job of their own."""
    answers = [
        known.clients[who].post("/plot", content=SPEC, headers=JSON) for who in ("owner", "other")
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert "source;desc=drawn" not in answers[1].headers["server-timing"]
    places = [answer.headers["content-location"] for answer in answers]
    assert places[0] != places[1]
    assert known.clients["other"].get(places[0]).status_code == 404


def test_a_key_of_one_is_unknown_to_the_other(known: Known) -> None:
    """The same Idempotency-Key of two names two jobs, whatever each asks for."""
    headers = {**JSON, "Idempotency-Key": "once"}
    mine = known.clients["owner"].post("/jobs", content=b'{"y": [1]}', headers=headers)
    theirs = known.clients["other"].post("/jobs", content=b'{"y": [2]}', headers=headers)
    assert (mine.status_code, theirs.status_code) == (202, 202)
    assert mine.json()["id"] != theirs.json()["id"]


@pytest.mark.parametrize(
    "address", ["/charts/{chart}", "/charts/{chart}.png", "/jobs/{job}/result"]
)
def test_nobody_else_keeps_what_one_sees(known: Known, address: str) -> None:
    """With identity shared caches keep no answer, a 304 neither."""
    answer = known.ask("owner", "GET", address)
    assert answer.headers["cache-control"] == "private, no-cache"
    if tag := answer.headers.get("etag"):
        path = address.format_map(known.things)
        again = known.clients["owner"].get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")


def test_a_refused_picture_is_a_picture(known: Known) -> None:
    """An `<img>` is told by a picture, with the challenge beside it."""
    answer = known.ask("nobody", "GET", "/charts/{chart}.png")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["www-authenticate"] == 'Bearer realm="plotkiln"'
    assert answer.headers["cache-control"] == "no-store"
    assert "401" in answer.text


def test_refusals_are_kept_with_who_and_why(known: Known) -> None:
    """The log has a line for each refusal, which names who was refused, and shows no token."""
    assert known.ask("other", "GET", "/styles").status_code == 403
    assert known.ask("nobody", "GET", "/styles").status_code == 401
    lines = map(msgspec.json.decode, known.kiln.log.read_bytes().splitlines())
    refused = [
        one for one in lines if one["logger"] == "plotkiln.refusals" and one["path"] == "/styles"
    ]
    assert [one["principal"] for one in refused[-2:]] == ["user:bob", "nobody"]
    assert refused[-2]["reason"] == "This needs the scope styles:read."
    shown = known.clients["other"].headers["authorization"].removeprefix("Bearer ")
    assert shown not in known.kiln.log.read_text()
