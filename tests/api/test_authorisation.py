"""Who may what: every operation by everything that can be shown, against a table made by hand."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from credentials import Credential, credentials
from ears import listening
from issuers import Issuer
from kilns import Kiln
from plotkiln.identity import Scope
from plotkiln.spec import encode_spec

pytestmark = pytest.mark.anyio

SPEC = b'{"y": [1, 2]}'
NOWHERE = "a" * 26

#: Instead of a scope: whoever is known.
KNOWN = "known"

#: No session takes part there: it would be its last.
LAST = ("POST", "/sign-out")

#: Requests under way at once.
_AT_ONCE = 16


class Row(msgspec.Struct, frozen=True):
    """One operation: what it needs, a request for it, and what whoever may ask is answered."""

    scope: str | None
    address: str
    #: Shows that the operation ran: it found no such thing, or no precondition.
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


#: Written by hand: what the code says of itself must agree.
TABLE: Mapping[tuple[str, str], Row] = {
    ("POST", "/plot"): Row("render", "/plot", 200, SPEC),
    ("GET", "/plot/{encoded}.{format}"): Row("render", f"/plot/{encode_spec(SPEC)}.png", 200),
    ("POST", "/charts"): Row("render", "/charts", 201, SPEC),
    ("GET", "/charts/{id}.{format}"): Row("render", f"/charts/{NOWHERE}.png", 404),
    ("GET", "/charts/{id}"): Row("render", f"/charts/{NOWHERE}", 404),
    ("POST", "/jobs"): Row("jobs", "/jobs", 400, b"{"),
    ("GET", "/jobs"): Row("jobs", "/jobs", 200),
    ("GET", "/jobs/{id}"): Row("jobs", f"/jobs/{NOWHERE}", 404),
    ("GET", "/jobs/{id}/result"): Row("jobs", f"/jobs/{NOWHERE}/result", 404),
    ("DELETE", "/jobs/{id}"): Row("jobs", f"/jobs/{NOWHERE}", 404),
    ("POST", "/jobs/{id}/retry"): Row("jobs", f"/jobs/{NOWHERE}/retry", 404),
    ("GET", "/styles"): Row("styles:read", "/styles", 200),
    ("GET", "/styles/{name}"): Row("styles:read", "/styles/default", 200),
    ("PUT", "/styles/{name}"): Row("styles:write", "/styles/mine", 428, b"{}"),
    ("DELETE", "/styles/{name}"): Row("styles:write", "/styles/mine", 428),
    ("GET", "/styles/{name}/history"): Row("styles:read", "/styles/default/history", 200),
    ("POST", "/styles/{name}/rollback"): Row(
        "styles:write", "/styles/default/rollback", 428, b'{"version": 1}'
    ),
    ("POST", "/styles/{name}/publish"): Row(
        "styles:write", "/styles/default/publish", 428, b'{"draft": 1}'
    ),
    ("POST", "/styles/{name}/preview"): Row("styles:read", "/styles/default/preview", 400, b"{"),
    ("GET", "/templates"): Row("render", "/templates", 200),
    ("GET", "/templates/{name}"): Row("render", "/templates/nothing", 404),
    ("GET", "/artifacts/{name}"): Row("render", "/artifacts/nothing.png", 404),
    ("POST", "/events"): Row("events", "/events", 400, b"{"),
    ("OPTIONS", "/events"): Row(None, "/events", 200),
    ("GET", "/events"): Row("admin", "/events", 200),
    ("GET", "/events/{number}"): Row("admin", "/events/999", 404),
    ("POST", "/events/{number}/replay"): Row("admin", "/events/999/replay", 404),
    ("POST", "/broker/{namespace}/{name}"): Row("events", "/broker/default/default", 400, b"{"),
    ("OPTIONS", "/broker/{namespace}/{name}"): Row(None, "/broker/default/default", 200),
    ("GET", "/session"): Row(None, "/session", 200),
    ("GET", "/sign-in"): Row(None, "/sign-in", 404),
    ("GET", "/sign-in/callback"): Row(None, "/sign-in/callback?state=a&code=b", 404),
    ("POST", "/sign-out"): Row(None, "/sign-out", 200),
    ("POST", "/live/tickets"): Row(KNOWN, "/live/tickets", 200),
    ("POST", "/addresses"): Row("render", "/addresses", 400, b"{"),
    ("GET", "/schemas/spec"): Row(None, "/schemas/spec", 200),
    ("GET", "/schemas/style"): Row(None, "/schemas/style", 200),
    ("GET", "/schemas/rules"): Row(None, "/schemas/rules", 200),
    ("GET", "/health/live"): Row(None, "/health/live", 200),
    ("GET", "/health/ready"): Row(None, "/health/ready", 200),
    ("GET", "/metrics"): Row("admin", "/metrics", 200),
    ("GET", "/account"): Row("render", "/account", 200),
    ("GET", "/hits/"): Row(None, "/hits/", 200),
    ("GET", "/hits/{subject}.png"): Row(None, "/hits/matrix.png", 200),
    ("GET", "/hits/{subject}"): Row(None, "/hits/matrix", 200),
    ("GET", "/counters/{subject}"): Row(None, "/counters/matrix", 200),
    ("GET", "/live"): Row(None, "/live", 426),
    ("GET", "/live/address"): Row(None, "/live/address", 200),
}

#: What is no operation of its own, yet asks for more, or is there beside them.
BESIDE: Mapping[tuple[str, str], Row] = {
    ("GET", "verbose health"): Row("admin", "/health/ready?verbose", 200),
    ("GET", "the description"): Row(None, "/openapi.json", 200),
    ("GET", "the reference"): Row(None, "/docs", 200),
    ("GET", "the web app"): Row(None, "/", 200),
    ("HEAD", "a picture"): Row("render", f"/plot/{encode_spec(SPEC)}.png", 200),
    ("HEAD", "the metrics"): Row("admin", "/metrics", 200),
    ("GET", "a style of then"): Row("styles:read", "/styles/default?version=999", 404),
    ("POST", "a job instead"): Row(
        "render", "/plot", 400, b"{", {"Prefer": "respond-async", "Accept": "application/json"}
    ),
}

#: What their handlers ask for by themselves: of a socket's handshake, and of some requests.
HANDSHAKE, VERBOSE = ("GET", "/live"), ("GET", "/health/ready")
BY_THEMSELVES = {HANDSHAKE: KNOWN, VERBOSE: BESIDE["GET", "verbose health"].scope}

#: What names whoever has it, and where something else may be shown.
NAMING = {"token", "key", "session"}
SCHEMES: Mapping[tuple[str, str], set[str]] = {
    ("GET", "/plot/{encoded}.{format}"): NAMING | {"signed"},
    ("GET", "/charts/{id}.{format}"): NAMING | {"signed"},
    ("GET", "/charts/{id}"): NAMING | {"signed"},
    ("GET", "/artifacts/{name}"): NAMING | {"signed"},
    ("POST", "/events"): {"token", "key"},
    ("POST", "/broker/{namespace}/{name}"): {"token", "key"},
    HANDSHAKE: NAMING | {"ticket"},
}


#: What one can listen to, and what that needs.
TOPICS: Mapping[str, str] = {
    "": KNOWN,
    "jobs": "jobs",
    f"jobs/{NOWHERE}": "jobs",
    "styles": "styles:read",
    "styles/default": "styles:read",
    "artifacts": "render",
    "artifacts/hits.png": "render",
}


@pytest.fixture(scope="module")
def shown(issuer: Issuer, guarded_kiln: Kiln) -> list[Credential]:
    """Return everything that can be shown."""
    return credentials(issuer, guarded_kiln)


@pytest.fixture
async def asking(guarded_kiln: Kiln) -> AsyncIterator[httpx.AsyncClient]:
    """Return what asks much at once."""
    limits = httpx.Limits(max_connections=_AT_ONCE)
    url, timeout = guarded_kiln.url, httpx.Timeout(60, pool=None)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=timeout) as client:
        yield client


def described(kiln: Kiln) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the operations of the served description."""
    paths = httpx.get(f"{kiln.url}/openapi.json").json()["paths"]
    return {
        (method.upper(), path): operation
        for path, operations in paths.items()
        for method, operation in operations.items()
    }


def test_the_table_has_every_operation_and_no_other(guarded_kiln: Kiln) -> None:
    """What is served is in the table, and what is in the table is served."""
    assert described(guarded_kiln).keys() == TABLE.keys()


def test_the_description_says_what_the_table_says(guarded_kiln: Kiln) -> None:
    """Each operation's security names the scope that it needs, and its answers the refusals."""
    operations = described(guarded_kiln)
    for key, row in TABLE.items():
        security = operations[key]["security"]
        needed = BY_THEMSELVES.get(key, row.scope)
        scopes = [needed] if needed not in {None, KNOWN} else []
        shown = dict.fromkeys(SCHEMES.get(key, NAMING), scopes) if needed else {}
        assert {name: named for one in security for name, named in one.items()} == shown, key
        assert ({} in security) == (key == VERBOSE), key
        refusals = {"401", "403"} & operations[key]["responses"].keys()
        assert refusals == {"401", "403"} if needed else "401" not in refusals, key


def test_templates_are_named_to_those_who_may_draw(
    guarded_kiln: Kiln, shown: list[Credential]
) -> None:
    """The description is open, and has the templates' parameters for who could ask for them."""
    with guarded_kiln.client() as client:
        found = {one.name: _names_templates(client, one) for one in shown}
    assert found == {one.name: _may(one.scopes or frozenset(), Scope.RENDER) for one in shown}


def _names_templates(client: httpx.Client, one: Credential) -> bool:
    answer = client.get("/openapi.json", headers=one.headers)
    return "Params.odometer" in answer.json()["components"]["schemas"]


@pytest.mark.parametrize("table", [TABLE, BESIDE], ids=["operations", "beside"])
async def test_the_matrix(
    table: Mapping[tuple[str, str], Row],
    shown: list[Credential],
    asking: httpx.AsyncClient,
    count: Any,
) -> None:
    """Each operation is answered to whom it should be, and refused to everybody else."""
    cells = [
        (key, row, one)
        for key, row in table.items()
        for one in shown
        if not (key == LAST and one.name.startswith("session"))
    ]
    # the client looks through all that wait whenever one is answered: so none wait there
    places = asyncio.Semaphore(_AT_ONCE)

    async def ask(method: str, row: Row, one: Credential) -> httpx.Response:
        async with places:
            return await _ask(asking, method, row, one)

    answers = await asyncio.gather(*(ask(key[0], row, one) for key, row, one in cells))
    wrong = [
        f"{key[0]} {key[1]} by {one.name}: {answer.status_code}, not {_expected(row, one)}"
        for (key, row, one), answer in zip(cells, answers, strict=True)
        if not _is_right(row, one, answer)
    ]
    assert not wrong
    for (_, row, one), _ in zip(cells, answers, strict=True):
        count("matrix", str(_expected(row, one)))


async def test_a_ticket_is_as_nothing(
    shown: list[Credential], asking: httpx.AsyncClient, count: Any
) -> None:
    """Whoever shows a ticket, be it of one who may everything, is nobody to every operation."""
    (admin,) = (one for one in shown if one.name == "key with admin")
    made = await asking.post("/live/tickets", headers=admin.headers)
    ticket, nobody = made.json()["ticket"], Credential("none", {})
    rows = [(key, row) for table in (TABLE, BESIDE) for key, row in table.items()]
    for key, row in rows:
        address = f"{row.address}{'&' if '?' in row.address else '?'}ticket={ticket}"
        answer = await _ask(asking, key[0], msgspec.structs.replace(row, address=address), nobody)
        assert _is_right(row, nobody, answer), (key, answer.status_code)
        count("tickets", str(answer.status_code))


@pytest.mark.parametrize("topic", TOPICS)
async def test_the_matrix_of_sockets(
    topic: str, shown: list[Credential], guarded_kiln: Kiln, count: Any
) -> None:
    """A handshake is refused as any other request is; what is heard needs its scope."""
    statuses = await asyncio.gather(*(_opened(guarded_kiln, topic, one) for one in shown))
    found = {one.name: status for one, status in zip(shown, statuses, strict=True)}
    row = Row(TOPICS[topic], "", 101)
    assert found == {one.name: _expected(row, one) for one in shown}
    for status in statuses:
        count("sockets", str(status))


async def _opened(kiln: Kiln, topic: str, one: Credential) -> int:
    topics = [topic] if topic else []
    try:
        async with listening(
            kiln.url, *topics, additional_headers=one.headers, open_timeout=60
        ) as ear:
            assert (await ear.hear(within=60))["type"] == "plotkiln.live.welcome"
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_a_socket_ends_with_the_token(guarded_kiln: Kiln, issuer: Issuer) -> None:
    """When a token expires, what it opened is closed."""
    token = issuer.mint(scope="jobs", exp=int(time.time()) + 2)
    headers = {"Authorization": f"Bearer {token}"}
    async with listening(
        guarded_kiln.url, "jobs", additional_headers=headers, open_timeout=60
    ) as ear:
        with pytest.raises(ConnectionClosed) as closed:
            await ear.hear_until("none that comes", within=60)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def _ask(client: httpx.AsyncClient, method: str, row: Row, one: Credential) -> httpx.Response:
    headers = {"Content-Type": "application/json", **row.headers, **one.headers}
    return await client.request(method, row.address, content=row.body, headers=headers)


def _expected(row: Row, one: Credential) -> int:
    if row.scope is None:
        return row.status
    if one.scopes is None:
        return 401
    if row.scope == KNOWN:
        return row.status
    return row.status if _may(one.scopes, Scope(row.scope)) else 403


def _may(scopes: frozenset[Scope], scope: Scope) -> bool:
    """Say by the rules of the documentation whether these scopes let one do what needs that one."""
    implied = {Scope.ADMIN: set(Scope), Scope.STYLES_WRITE: {Scope.STYLES_READ}}
    return scope in scopes.union(*(implied.get(one, set()) for one in scopes))


def _is_right(row: Row, one: Credential, answer: httpx.Response) -> bool:
    """Say whether an answer is the expected one, and a refusal such as it should be."""
    expected = _expected(row, one)
    if answer.status_code != expected:
        return False
    if expected not in {401, 403}:
        return "www-authenticate" not in answer.headers
    challenge = answer.headers.get("www-authenticate", "")
    reason = {401: 'error="invalid_token"', 403: f'scope="{row.scope}"'}[expected]
    invalid = expected == 403 or one.name not in {"none", "basic"}
    told = reason in challenge if invalid else "error=" not in challenge
    kept = answer.headers["cache-control"] == "no-store"
    return challenge.startswith('Bearer realm="plotkiln"') and told and kept
