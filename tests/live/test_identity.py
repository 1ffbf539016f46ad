"""Who listens: known at the handshake, heard of what they may hear, and let go in time."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ears import Ear, listening, subscribe
from plotkiln.api.access import SESSION
from plotkiln.api.draining import Draining
from plotkiln.cli.server import address, create_server
from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Item
from plotkiln.events.news_memory import MemoryNews
from plotkiln.identity import Principal, Scope
from plotkiln.identity.api_keys import ApiKeys
from plotkiln.identity.grants import Grants
from plotkiln.identity.records_sqlite import SqliteRecords
from plotkiln.identity.sessions import Sessions
from plotkiln.identity.signatures import Signatures
from plotkiln.live import sessions as socket_sessions
from plotkiln.live.channel import LiveChannel
from plotkiln.live.routes import attach_live
from plotkiln.service import Metrics
from plotkiln.service.credentials import IdentityService
from plotkiln.service.identities import Shown
from plotkiln.service.limits import Limits, RequestRates
from plotkiln.state import Database

pytestmark = pytest.mark.anyio

ANN = Principal("user:ann", frozenset({Scope.JOBS}))
BOB = Principal("user:bob", frozenset({Scope.JOBS, Scope.RENDER}))
ROOT = Principal("user:root", frozenset({Scope.ADMIN}))


class Guarded(msgspec.Struct):
    """A server that asks who listens."""

    url: str
    identities: IdentityService
    sessions: Sessions
    keys: ApiKeys
    news: MemoryNews

    async def signed_in(self, who: Principal, *, age: float = 600) -> dict[str, Any]:
        """Sign somebody in, and return the options of a socket of theirs."""
        secret, _ = await self.sessions.create(who, age=age)
        return {"additional_headers": {"Cookie": f"{SESSION}={secret}"}}

    async def ticket_of(self, shown: Shown) -> str:
        """Return a ticket of who shows this."""
        who = await self.identities.principal(shown)
        return (await self.sessions.issue_ticket(who))[0]

    def socket(self, ticket: str) -> str:
        """Return the address of a socket that a ticket opens."""
        return f"{self.url.replace('http', 'ws', 1)}/live?topic=jobs&ticket={ticket}"

    def tell(self, topic: str, *, owner: str | None = None) -> str:
        """Tell news, and return the event's id."""
        event = CloudEvent(id=f"{topic} of {owner}", source="/t", type="test")
        self.news.tell(Item(topic=topic, owner=owner, event=event))
        return event.id


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[Guarded]:
    """Serve a channel alone, by the server of `plotkiln serve`."""
    metrics = Metrics()
    news = MemoryNews(window=1000, count=metrics.count)
    async with Database(tmp_path / "state.sqlite") as database:
        records = SqliteRecords(database)
        await records.open()
        sessions, keys = Sessions(records), ApiKeys(records)
        identities = IdentityService(keys, sessions, Signatures({}), grants=Grants())
        app = Starlette()
        app.state.draining = Draining()
        app.state.identities = identities
        app.state.limits = Limits(RequestRates(1), metrics)
        attach_live(app, LiveChannel(news, metrics, most=64))
        async with _served(app) as url:
            yield Guarded(url, identities, sessions, keys, news)


@asynccontextmanager
async def _served(app: Starlette) -> AsyncIterator[str]:
    server = create_server(app, drain=20, draining=app.state.draining, sockets=True)
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield address(listener)
    finally:
        server.should_exit = True
        await serving


async def refused(kiln: Guarded, *topics: str, **options: Any) -> InvalidStatus:
    """Return by what a handshake is refused."""
    with pytest.raises(InvalidStatus) as found:
        async with listening(kiln.url, *topics, **options):
            pass
    return found.value


async def closed(ear: Ear) -> tuple[int, str]:
    """Return code and reason of a socket's end, whatever comes before."""
    try:
        async with asyncio.timeout(60):
            while True:
                await ear.hear(within=30)
    except ConnectionClosed as error:
        frame = error.rcvd
    assert frame is not None
    return frame.code, frame.reason


async def test_whoever_is_not_known_opens_no_socket(guarded: Guarded) -> None:
    """Without a session, and with one that is none, the handshake is 401, and says how to ask."""
    guessed = {"additional_headers": {"Cookie": f"{SESSION}=guessed"}}
    for options in ({}, guessed):
        answer = (await refused(guarded, "jobs", **options)).response
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="plotkiln"')
        assert answer.headers["Cache-Control"] == "no-store"


async def test_topics_need_their_scopes(guarded: Guarded) -> None:
    """A topic without its scope is 403 at the handshake, and refused by name in a socket."""
    ann = await guarded.signed_in(ANN)
    answer = (await refused(guarded, "jobs", "styles/a", **ann)).response
    assert answer.status_code == 403
    assert 'scope="styles:read"' in answer.headers["WWW-Authenticate"]
    async with listening(guarded.url, "jobs", **ann) as ear:
        await ear.hear()
        await ear.say(subscribe("jobs", "artifacts"))
        told = await ear.hear()
        assert told["type"] == "plotkiln.live.refused"
        assert "artifacts: this needs the scope render" in told["data"]["detail"]
        event = guarded.tell("jobs/a", owner=ANN.name)
        assert (await ear.hear())["id"] == event


async def test_nobody_takes_all_sockets(guarded: Guarded) -> None:
    """Past an eighth of them one principal is 429, until one is closed; others are let in."""
    ann = await guarded.signed_in(ANN)
    async with AsyncExitStack() as stack:
        for _ in range(7):
            await (await stack.enter_async_context(listening(guarded.url, "jobs", **ann))).hear()
        async with listening(guarded.url, "jobs", **ann) as last:
            await last.hear()
            answer = (await refused(guarded, "jobs", **ann)).response
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
            assert msgspec.json.decode(answer.body)["reason"] == "sockets"
            async with listening(guarded.url, "jobs", **await guarded.signed_in(BOB)) as bob:
                await bob.hear()
        async with listening(guarded.url, "jobs", **ann) as again:
            await again.hear()


async def test_handshakes_have_a_rate(guarded: Guarded) -> None:
    """Who opens sockets more often than they may ask is 429."""
    ann = await guarded.signed_in(ANN)
    for _ in range(20):
        async with listening(guarded.url, "jobs", **ann) as ear:
            await ear.hear()
    answer = (await refused(guarded, "jobs", **ann)).response
    assert (answer.status_code, msgspec.json.decode(answer.body)["reason"]) == (429, "rate")
    async with listening(guarded.url, "jobs", **await guarded.signed_in(BOB)) as bob:
        await bob.hear()


async def test_each_hears_of_their_own(guarded: Guarded) -> None:
    """A job's news reach its owner and who administers, nobody's reach all."""
    heard: dict[str, list[str]] = {}
    async with (
        listening(guarded.url, "jobs", **await guarded.signed_in(ANN)) as ann,
        listening(guarded.url, "jobs", **await guarded.signed_in(BOB)) as bob,
        listening(guarded.url, "jobs", **await guarded.signed_in(ROOT)) as root,
    ):
        ears = {"ann": ann, "bob": bob, "root": root}
        for ear in ears.values():
            await ear.hear()
        first = guarded.tell("jobs/a", owner=ANN.name)
        second = guarded.tell("jobs/b", owner=BOB.name)
        last = guarded.tell("jobs/c", owner="anonymous")
        for name, ear in ears.items():
            heard[name] = [(await ear.hear())["id"]]
            while heard[name][-1] != last:
                heard[name].append((await ear.hear())["id"])
    assert heard == {"ann": [first, last], "bob": [second, last], "root": [first, second, last]}


async def test_a_socket_ends_with_the_session(guarded: Guarded) -> None:
    """When the session expires the socket is closed with a code of its own, and not before."""
    begun = time.monotonic()
    async with listening(guarded.url, "jobs", **await guarded.signed_in(ANN, age=4)) as ear:
        code, reason = await closed(ear)
    assert time.monotonic() - begun > 3
    assert (code, reason) == (4401, "expired: say anew who you are")


async def test_a_socket_of_who_signed_out_ends(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the next sign of life it is seen that a session was ended."""
    monkeypatch.setattr(socket_sessions, "HEARTBEAT", 0.1)
    async with listening(guarded.url, "jobs", **await guarded.signed_in(ANN)) as ear:
        assert (await ear.hear_until("plotkiln.live.heartbeat"))[-1]["data"] == {}
        await guarded.sessions.revoke(ANN.name)
        assert (await closed(ear))[0] == 4401


async def test_a_ticket_opens_one_socket(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket in the address is good once; its socket lives on, until the session ends."""
    monkeypatch.setattr(socket_sessions, "HEARTBEAT", 0.1)
    secret, _ = await guarded.sessions.create(ANN, age=6)
    url = guarded.socket(await guarded.ticket_of(Shown(session=secret)))
    async with connect(url, proxy=None) as opened:
        ear = Ear(opened)
        await ear.hear_until("plotkiln.live.heartbeat")
        with pytest.raises(InvalidStatus) as again:
            await connect(url, proxy=None)
        assert again.value.response.status_code == 401
        assert (await closed(ear))[0] == 4401


async def test_a_ticket_s_socket_ends_with_the_session(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the next sign of life it is seen that the session is over that made the ticket."""
    monkeypatch.setattr(socket_sessions, "HEARTBEAT", 0.1)
    secret, _ = await guarded.sessions.create(ANN, age=600)
    ticket = await guarded.ticket_of(Shown(session=secret))
    async with connect(guarded.socket(ticket), proxy=None) as opened:
        ear = Ear(opened)
        await ear.hear_until("plotkiln.live.heartbeat")
        await guarded.sessions.end(secret)
        assert (await closed(ear))[0] == 4401


@pytest.mark.parametrize("further", ["", "&ticket=", "&ticket=nonsense", "by ticket"])
async def test_a_key_s_socket_ends_with_the_key(
    further: str, guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the key itself opened it, a ticket beside it or not, or a ticket that it made."""
    monkeypatch.setattr(socket_sessions, "HEARTBEAT", 0.1)
    key = (await guarded.keys.create("ci", frozenset({Scope.JOBS}))).secret
    url, options = f"{guarded.socket('')}", {"Authorization": f"Bearer {key}"}
    if further == "by ticket":
        url, options = guarded.socket(await guarded.ticket_of(Shown(token=key))), {}
    else:
        url = url.replace("&ticket=", further)
    async with connect(url, additional_headers=options, proxy=None) as opened:
        ear = Ear(opened)
        await ear.hear_until("plotkiln.live.heartbeat")
        await guarded.keys.revoke("ci")
        assert (await closed(ear))[0] == 4401
