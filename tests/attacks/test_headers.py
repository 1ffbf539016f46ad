"""Headers that lie: whose page asks, by which name, and what is written into an answer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from kilns import Kiln
from wires import request, sent

SPEC = b'{"y": [1, 2]}'
EVIL = "https://evil.example"

#: Requests that change something.
WRITES = [
    ("POST", "/plot", SPEC),
    ("POST", "/charts", SPEC),
    ("POST", "/jobs", SPEC),
    ("POST", "/events", b'{"specversion":"1.0","id":"1","source":"/a","type":"b"}'),
    ("POST", "/broker/default/default", b"{}"),
    ("PUT", "/styles/evil", b"{}"),
    ("DELETE", "/styles/evil", b""),
    ("POST", "/styles/evil/rollback", b"{}"),
    ("POST", "/styles/evil/preview", b"{}"),
    ("DELETE", "/jobs/" + "a" * 26, b""),
]

#: What a browser says of a page that is none of ours.
FOREIGN = [
    (f"Origin: {EVIL}",),
    (f"Origin: {EVIL}", "Sec-Fetch-Site: cross-site"),
    ("Origin: http://localhost.evil.example", "Sec-Fetch-Site: cross-site"),
    ("Origin: null",),
    ("Origin: null", "Sec-Fetch-Site: cross-site"),
    ("Sec-Fetch-Site: same-site",),
    ("Origin: file://",),
    ("Origin: http://localhost:1",),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_foreign_pages_change_nothing(
    kiln: Kiln, method: str, path: str, body: bytes, tried: Callable[[int], None]
) -> None:
    """What a page of another site sends is 403, whatever it is: no identity is asked for here."""
    tried(len(FOREIGN))
    for said in FOREIGN:
        reply = sent(kiln.port, request(method, path, *said, body=body))
        assert (reply.status, msgspec.json.decode(reply.body)["type"]) == (403, "/docs#forbidden")


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (request("PUT", "/styles/counted", f"Origin: {EVIL}"), "foreign page"),
        (request("GET", "/styles/counted", host="evil.example"), "foreign name"),
    ],
)
def test_what_foreign_pages_try_is_kept(kiln: Kiln, head: bytes, reason: str) -> None:
    """What is refused to pages of other sites is logged and counted, with its reason."""
    before = refused(kiln, reason)
    reply = sent(kiln.port, head)
    assert refused(kiln, reason) == before + 1
    assert reply.headers["cache-control"] == "no-store"
    told = msgspec.json.decode(reply.body)
    logged = [line for line in kiln.log.read_text().splitlines() if told["request_id"] in line]
    assert any("refused" in line and told["detail"] in line for line in logged)


def refused(kiln: Kiln, reason: str) -> float:
    """Return how often somebody was refused for this."""
    text = sent(kiln.port, request("GET", "/metrics")).body.decode()
    counter = f'plotkiln_access_refused_total{{reason="{reason}"}}'
    counted = re.search(f"^{counter} (.*)", text, re.MULTILINE)
    return float(counted[1]) if counted else 0.0


@pytest.mark.parametrize(
    "said", [(), ("Sec-Fetch-Site: same-origin", f"Origin: {EVIL}"), ("Sec-Fetch-Site: none",)]
)
def test_own_pages_and_programs_may(kiln: Kiln, said: tuple[str, ...]) -> None:
    """Who is no browser may, and a page of ours behind a gateway that renames the host."""
    head = request("POST", "/plot", "Content-Type: application/json", *said, body=SPEC)
    assert sent(kiln.port, head).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "localhost@evil.example",
        "evil.example#localhost",
        "10.0.0.1",
        "[::ffff:10.0.0.1]",
        "0.0.0.0",  # noqa: S104 -- a name that is asked for
        "a b",
    ],
)
@pytest.mark.parametrize("path", ["/styles", "/jobs", "/hits/", "/charts/" + "a" * 26, "/metrics"])
def test_no_other_name_leads_here(kiln: Kiln, host: str, path: str) -> None:
    """A server on loopback answers to names of this machine alone: none else is ours."""
    assert sent(kiln.port, request("GET", path, host=host)).status in {400, 421}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:80", "app.localhost"])
def test_names_of_this_machine_lead_here(kiln: Kiln, host: str) -> None:
    """Names of loopback are known, whatever the port."""
    assert sent(kiln.port, request("GET", "/styles", host=host)).status == 200


#: Headers that some servers believe.
BELIEVED = [
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Prefix: /evil",
    "X-Original-URL: /metrics",
    "X-Rewrite-URL: /metrics",
    "X-HTTP-Method-Override: DELETE",
    "Forwarded: host=evil.example;proto=https",
    "X-Host: evil.example",
    "X-Forwarded-For: 127.0.0.1",
]


@pytest.mark.parametrize("path", ["/", "/hits/", "/docs", "/openapi.json", "/styles"])
def test_no_unkeyed_header_changes_an_answer(
    kiln: Kiln, path: str, tried: Callable[[int], None]
) -> None:
    """Nothing that no cache has in its key is taken for granted, or written into an answer."""
    tried(len(BELIEVED))
    plain = sent(kiln.port, request("GET", path))
    for header in BELIEVED:
        told = sent(kiln.port, request("GET", path, header))
        assert b"evil" not in told.body, header
        assert (told.status, told.headers.get("location")) == (
            plain.status,
            plain.headers.get("location"),
        )
        if path not in {"/styles", "/hits/"}:  # they tell versions, and ids of visits
            assert plain.body == told.body, header


def test_addresses_in_answers_hold_no_host(kiln: Kiln) -> None:
    """Links are paths: whatever host was asked for, none can be planted."""
    reply = sent(kiln.port, request("POST", "/charts", body=SPEC, host="app.localhost"))
    assert reply.status == 201
    assert reply.headers["location"].startswith("/charts/")
    assert b"localhost" not in reply.body


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Request-Id", "a\tb"),
        ("X-Request-Id", '"} {"forged": "line'),
        ("X-Request-Id", "a" * 65),
        ("X-Request-Id", "é"),
        ("Prefer", "respond-async; evil=\x7f"),
        ("Origin", "https://evil.example/\x80"),
    ],
)
def test_nothing_is_written_back_as_it_came(kiln: Kiln, name: str, value: str) -> None:
    """What could forge a header or a line of a log is dropped."""
    reply = sent(kiln.port, request("GET", "/health/live", f"{name}: {value}"))
    assert reply.status in {200, 400}
    assert value not in reply.headers.values()


@pytest.mark.parametrize("key", ["é", "\x7f", "a" * 256, '""', "a\tb"])
def test_an_idempotency_key_is_plain(kiln: Kiln, key: str) -> None:
    """A key that cannot be printed, or has no end, is refused."""
    post = request("POST", "/plot", "Prefer: respond-async", f"Idempotency-Key: {key}", body=SPEC)
    assert sent(kiln.port, post).status == 400


@pytest.mark.parametrize(
    "header", ["ce-evil: a%0d%0aX-Evil: 1", "ce-subject: %0d%0aSet-Cookie:%20a=1", "ce-é: 1"]
)
def test_attributes_of_events_become_no_headers(kiln: Kiln, header: str) -> None:
    """What an event's attributes hold once they are decoded is never a line of its own."""
    attributes = ["ce-specversion: 1.0", "ce-id: 1", "ce-source: /a", "ce-type: plotkiln.new_hit"]
    reply = sent(kiln.port, request("POST", "/events", *attributes, header))
    assert reply.status in {200, 204, 400, 422}
    assert not {"x-evil", "set-cookie"} & set(reply.headers)


@pytest.mark.parametrize(
    "title",
    ["a\r\nX-Evil: 1", "a\nSet-Cookie: plotkiln-session=1", "\x00", "\u2028", "\U0001f600"],
)
def test_a_title_becomes_no_header(client: httpx.Client, title: str) -> None:
    """What a chart is called is in no header; what warns of its characters is encoded."""
    answer = client.post("/plot", json={"y": [1, 2], "title": title})
    assert answer.status_code in {200, 422}
    assert not {"x-evil", "set-cookie"} & set(answer.headers)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that pages of one other origin may ask, and that browsers find by https."""
    data: Path = tmp_path_factory.mktemp("shared") / "data"
    settings = {
        "PLOTKILN_CORS_ORIGINS": "https://app.example",
        "PLOTKILN_PUBLIC_URL": "https://charts.example",
    }
    with Kiln(data, command=None, **settings) as running:
        yield running


def test_one_origin_may_ask(shared: Kiln) -> None:
    """A page of an origin that is named may ask, and read what it needs; by no cookie."""
    head = request("POST", "/plot", "Origin: https://app.example", body=SPEC, host="charts.example")
    reply = sent(shared.port, head)
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (
        200,
        "https://app.example",
    )
    exposed = reply.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Retry-After", "Content-Location", "Plotkiln-Style"} <= set(exposed)
    assert "access-control-allow-credentials" not in reply.headers
    assert "Origin" in reply.headers["vary"]


@pytest.mark.parametrize("origin", [EVIL, "null", "https://app.example.evil", "http://app.example"])
def test_no_other_origin_may(shared: Kiln, origin: str) -> None:
    """Any other origin is told nothing, before and after it asks."""
    head = request("GET", "/styles", f"Origin: {origin}", host="charts.example")
    reply = sent(shared.port, head)
    assert "access-control-allow-origin" not in reply.headers
    assert "Origin" in reply.headers["vary"]
    asks = ["Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: if-match"]
    before = request("OPTIONS", "/styles/a", f"Origin: {origin}", *asks, host="charts.example")
    assert "access-control-allow-origin" not in sent(shared.port, before).headers


def test_a_page_may_ask_beforehand(shared: Kiln) -> None:
    """A preflight tells the methods and the headers that may be sent."""
    asks = [
        "Origin: https://app.example",
        "Access-Control-Request-Method: PUT",
        "Access-Control-Request-Headers: authorization, if-match, content-type",
    ]
    reply = sent(shared.port, request("OPTIONS", "/styles/a", *asks, host="charts.example"))
    assert reply.status == 200
    assert "PUT" in reply.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in reply.headers


def test_without_settings_nobody_else_may(kiln: Kiln) -> None:
    """Where no origin is named there is no word of it, and a preflight is refused."""
    reply = sent(kiln.port, request("GET", "/styles", f"Origin: {EVIL}"))
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    asks = [f"Origin: {EVIL}", "Access-Control-Request-Method: PUT"]
    assert sent(kiln.port, request("OPTIONS", "/styles/a", *asks)).status == 405


def test_browsers_come_by_https_alone(shared: Kiln, kiln: Kiln) -> None:
    """Where the public address is https, browsers are told to stay there, else not."""
    told = sent(shared.port, request("GET", "/", host="charts.example")).headers
    assert told["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in sent(kiln.port, request("GET", "/")).headers


#: Address → headers that its answer has.
GUARDED = {
    "/": {"cross-origin-opener-policy": "same-origin", "referrer-policy": "same-origin"},
    "/docs": {"cross-origin-opener-policy": "same-origin", "referrer-policy": "same-origin"},
    "/hits/": {"cross-origin-opener-policy": "same-origin"},
    "/styles": {"cross-origin-resource-policy": "same-origin"},
    "/openapi.json": {"cross-origin-resource-policy": "same-origin"},
    "/charts/" + "a" * 26 + ".png": {"cross-origin-resource-policy": "cross-origin"},
    "/nothing": {"cross-origin-resource-policy": "same-origin"},
    "/health/live": {"cross-origin-resource-policy": "same-origin"},
}


@pytest.mark.parametrize("path", GUARDED)
def test_answers_tell_browsers_what_they_may(kiln: Kiln, path: str) -> None:
    """Every answer has a policy, is what it says, and is framed by nobody."""
    headers = sent(kiln.port, request("GET", path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert GUARDED[path].items() <= headers.items()
