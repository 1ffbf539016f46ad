"""`plotkiln live` as its clients see it: a real process, a real Redis, sockets of a library."""

import asyncio
import json
import os
import signal
import time
from itertools import count
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from conftest import require
from ears import FRIEND, channel, listening, subscribe
from kilns import Kiln, children
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import from_json
from plotkiln.events.news import JOB_CHANGED, Item
from plotkiln.events.news_redis import RedisNews
from plotkiln.identity import ANONYMOUS
from redis_servers import RedisServer
from servers import Consul, eventually

pytestmark = pytest.mark.anyio

_NUMBERS = count(1)


def item(topic: str, *, owner: str | None = None, kind: str = "plotkiln.style.changed") -> Item:
    """Return news that were never told before."""
    event = CloudEvent(
        id=f"{os.getpid()}-{next(_NUMBERS)}",
        source="/test",
        type=kind,
        subject=topic.partition("/")[2],
        datacontenttype="application/json",
        data=json.dumps({"topic": topic}).encode(),
    )
    return Item(topic=topic, owner=owner, event=event)


async def test_a_welcome_comes_first_then_what_is_listened_to(
    live_kiln: Kiln, news: RedisNews
) -> None:
    """The subprotocol is CloudEvents'; each frame is one event, with its place in the sequence."""
    async with listening(live_kiln.url, "styles", "jobs/a") as ear:
        assert ear.socket.subprotocol == "cloudevents.json"
        assert ear.socket.response is not None
        assert "Sec-WebSocket-Extensions" not in ear.socket.response.headers
        welcome = await ear.hear()
        assert welcome["type"] == "plotkiln.live.welcome"
        assert welcome["data"] == {
            "sequence": welcome["sequence"],
            "resumed": False,
            "heartbeat": 20,
        }
        told = [item("styles/default"), item("jobs/b"), item("jobs/a"), item("styles/dark")]
        for one in told:
            news.tell(one)
        heard = [await ear.hear() for _ in range(3)]
    assert [event["id"] for event in heard] == [told[n].event.id for n in (0, 2, 3)]
    sequences = [event["sequence"] for event in (welcome, *heard)]
    assert sequences == sorted(set(sequences))
    first = from_json(json.dumps(heard[0]).encode())
    assert first.extensions == {"sequence": sequences[1]}
    assert json.loads(first.data or b"") == {"topic": "styles/default"}


async def test_without_identity_all_is_heard(live_kiln: Kiln, news: RedisNews) -> None:
    """Where nobody has to say who they are, what belonged to somebody is everybody's."""
    async with listening(live_kiln.url, "jobs") as ear:
        await ear.hear()
        told = [item("jobs/a", owner="user:ann"), item("jobs/b", owner=ANONYMOUS.name)]
        for one in told:
            news.tell(one)
        assert [(await ear.hear())["id"] for _ in told] == [one.event.id for one in told]


async def test_topics_are_changed_by_an_event(live_kiln: Kiln, news: RedisNews) -> None:
    """A subscription replaces the topics, and is confirmed; a bad one changes nothing."""
    async with listening(live_kiln.url) as ear:
        await ear.hear()
        await ear.say(subscribe("styles", "artifacts/hits.png"))
        confirmed = await ear.hear()
        assert confirmed["type"] == "plotkiln.live.subscribed"
        assert confirmed["data"] == {"topics": ["artifacts/hits.png", "styles"]}
        await ear.say(subscribe("jobs", "nonsense"))
        refused = await ear.hear()
        assert refused["type"] == "plotkiln.live.refused"
        assert "topics[1]" in refused["data"]["detail"]
        await ear.socket.send(b"\x00")
        assert "binary" in (await ear.hear())["data"]["detail"]
        told = [item("jobs/a"), item("artifacts/hits.png"), item("styles/a")]
        for one in told:
            news.tell(one)
        assert [(await ear.hear())["id"] for _ in "12"] == [one.event.id for one in told[1:]]


async def test_who_was_cut_off_resumes(live_kiln: Kiln, news: RedisNews) -> None:
    """After a sequence come all news since, without a gap; of a job only what it is like now."""
    async with listening(live_kiln.url, "styles") as ear:
        start = (await ear.hear())["sequence"]
    told = [item(f"styles/{n}") for n in range(300)]
    changes = [item("jobs/a", kind=JOB_CHANGED) for _ in range(3)]
    for one in (*changes, *told):
        news.tell(one)
    async with listening(live_kiln.url, "styles", "jobs", after=start) as ear:
        welcome = await ear.hear()
        assert welcome["data"]["resumed"]
        assert welcome["data"]["sequence"] == start
        heard = [await ear.hear() for _ in range(301)]
    assert [event["id"] for event in heard] == [one.event.id for one in (changes[-1], *told)]


async def test_what_is_kept_no_more_is_said_to_be_dropped(live_kiln: Kiln) -> None:
    """Who asks for what nobody knows is welcome, not resumed, and told to look itself."""
    async with listening(
        live_kiln.url, "jobs", "styles", after="000000000000001-0000000000"
    ) as ear:
        assert not (await ear.hear())["data"]["resumed"]
        dropped = await ear.hear()
        assert dropped["type"] == "plotkiln.live.dropped"
        assert dropped["data"] == {"count": None, "topics": ["jobs", "styles"]}


@pytest.mark.parametrize("origin", [None, FRIEND, "http://{host}", "https://{host}"])
async def test_pages_of_the_host_and_of_friends_may_listen(
    live_kiln: Kiln, origin: str | None
) -> None:
    """So may who is no browser."""
    given = origin and origin.format(host=f"127.0.0.1:{live_kiln.port}")
    async with listening(live_kiln.url, "styles", origin=given) as ear:
        assert (await ear.hear())["type"] == "plotkiln.live.welcome"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_pages_of_others_are_refused(live_kiln: Kiln, origin: str) -> None:
    """Another page gets 403 before the upgrade, and hears nothing."""
    with pytest.raises(InvalidStatus) as raised:
        async with listening(live_kiln.url, "styles", origin=origin):
            pass
    response = raised.value.response
    assert response.status_code == 403
    assert response.headers["Content-Type"] == "application/problem+json"
    assert "PLOTKILN_LIVE_ORIGINS" in json.loads(response.body or b"")["detail"]


async def test_topics_that_are_none_are_refused(live_kiln: Kiln) -> None:
    """What cannot be listened to is 400, with its place."""
    with pytest.raises(InvalidStatus) as raised:
        async with listening(live_kiln.url, "styles", "charts"):
            pass
    assert raised.value.response.status_code == 400
    assert json.loads(raised.value.response.body or b"")["errors"][0]["path"] == "topic[1]"


async def test_another_subprotocol_is_refused(live_kiln: Kiln) -> None:
    """Who speaks only other formats is told which one is spoken here; who names none may listen."""
    with pytest.raises(InvalidStatus) as raised:
        async with listening(live_kiln.url, "styles", subprotocols=["cloudevents.avro"]):
            pass
    assert raised.value.response.status_code == 400
    async with listening(live_kiln.url, "styles", subprotocols=None) as ear:
        assert ear.socket.subprotocol is None
        assert (await ear.hear())["type"] == "plotkiln.live.welcome"


async def test_a_socket_elsewhere_is_refused(live_kiln: Kiln) -> None:
    """There is one address for sockets."""
    with pytest.raises(InvalidStatus):
        async with listening(f"{live_kiln.url}/jobs", "styles"):
            pass


async def test_a_message_that_is_too_long_ends_the_socket(live_kiln: Kiln) -> None:
    """More than 64 KiB close it with 1009, in one frame or in several."""
    for message in ("x" * 70_000, ["x" * 40_000] * 2):
        async with listening(live_kiln.url, "styles") as ear:
            await ear.hear()
            await ear.socket.send(message)
            with pytest.raises(ConnectionClosed) as raised:
                await ear.hear()
            assert raised.value.rcvd is not None
            assert raised.value.rcvd.code == 1009


def test_a_plain_request_is_told_to_upgrade(live_kiln: Kiln) -> None:
    """Without an upgrade there is nothing: 426, with what to upgrade to."""
    with live_kiln.client() as client:
        answer = client.get("/live")
        assert answer.status_code == 426
        assert answer.headers["Upgrade"] == "websocket"
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert client.get("/live/address").json() == {"url": "/live"}
        assert client.post("/live").status_code == 405


async def test_sockets_and_events_are_counted(live_kiln: Kiln, news: RedisNews) -> None:
    """The metrics say how many are open, and what was sent."""

    def metric(name: str) -> float:
        text = httpx.get(f"{live_kiln.url}/metrics").text
        lines = (line.rpartition(" ") for line in text.splitlines())
        return next((float(value) for key, _, value in lines if key == name), 0.0)

    await eventually(lambda: metric("plotkiln_live_sockets") == 0)
    sent = metric('plotkiln_live_events_total{outcome="sent"}')
    async with listening(live_kiln.url, "styles") as ear, listening(live_kiln.url, "styles") as two:
        news.tell(item("styles/a"))
        assert [(await one.hear_until("plotkiln.style.changed"))[-1] for one in (ear, two)]
        assert metric("plotkiln_live_sockets") == 2
        assert metric('plotkiln_live_events_total{outcome="sent"}') == sent + 2
    await eventually(lambda: metric("plotkiln_live_sockets") == 0)


def test_the_process_draws_nothing(live_kiln: Kiln) -> None:
    """It has no children, and nothing of Matplotlib, NumPy or the render room is loaded."""
    assert children(live_kiln.pid) == []
    maps = Path(f"/proc/{live_kiln.pid}/maps").read_text()
    assert "matplotlib" not in maps
    assert "numpy" not in maps


def test_long_polls_are_answered_there(live_kiln: Kiln) -> None:
    """A job can be asked for; nothing can be submitted, and nothing is drawn."""
    with live_kiln.client() as client:
        answer = client.get(f"/jobs/{'a' * 26}")
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert client.post("/jobs", json={"x": [1], "y": [1]}).status_code == 404
        assert client.get("/health/live").json() == {"status": "live"}
        assert client.get("/health/ready").json() == {"status": "ready"}


def test_pages_of_friends_may_follow_jobs(live_kiln: Kiln) -> None:
    """A browser asks first whether a page elsewhere may poll, and is told."""
    asked = {"Origin": FRIEND, "Access-Control-Request-Method": "GET"}
    asked["Access-Control-Request-Headers"] = "prefer, if-none-match"
    with live_kiln.client() as client:
        answer = client.options("/jobs/a", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == FRIEND
        evil = client.get("/jobs/a", headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in evil.headers


async def test_the_end_of_the_server_is_said_at_once(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    """At SIGTERM sockets are closed with 1001, and the process ends soon, with exit code 0."""
    with channel(tmp_path, redis_server) as kiln:
        async with listening(kiln.url, "styles") as ear, listening(kiln.url, "jobs"):
            await ear.hear()
            begun = time.monotonic()
            code = await asyncio.to_thread(kiln.stop, signal.SIGTERM)
            assert code == 0
            assert time.monotonic() - begun < 5
            with pytest.raises(ConnectionClosed) as raised:
                await ear.hear()
            assert raised.value.rcvd is not None
            assert raised.value.rcvd.code == 1001
        assert "defect" not in kiln.log.read_text()
        assert "Traceback" not in kiln.log.read_text()


async def test_without_redis_sockets_are_refused_for_now(tmp_path: Path) -> None:
    """While Redis is away a socket gets 503 and when to try again; once it is back, a welcome."""
    require(RedisServer.binary(), "redis-server")
    redis = RedisServer(tmp_path / "redis")
    with channel(tmp_path / "live", redis) as kiln:
        with pytest.raises(InvalidStatus) as raised:
            async with listening(kiln.url, "styles"):
                pass
        assert raised.value.response.status_code == 503
        assert int(raised.value.response.headers["Retry-After"]) > 0
        with redis:
            async with listening(kiln.url, "styles") as ear:
                assert (await ear.hear())["type"] == "plotkiln.live.welcome"


def test_it_says_what_it_needs(tmp_path: Path) -> None:
    """Without the address of Redis it does not start, and says where news are without one."""
    kiln = channel(tmp_path, RedisServer(tmp_path))
    kiln.settings.pop("PLOTKILN_REDIS_URL")
    with pytest.raises(RuntimeError, match=r"PLOTKILN_REDIS_URL.*\s.*plotkiln serve"):
        kiln.start()


async def test_a_style_edited_in_consul_is_news(
    redis_server: RedisServer, consul: Consul, tmp_path: Path
) -> None:
    """The channel sees for itself what is edited in Consul, though nobody who draws is awake."""
    prefix = f"live-{os.getpid()}/styles"
    settings = {"CONSUL_HTTP_ADDR": consul.url, "PLOTKILN_STYLES_PREFIX": prefix}
    consul.put(f"{prefix}/before", b'{"font": {"size": 8}}')
    with channel(tmp_path, redis_server, **settings) as kiln:
        async with listening(kiln.url, "styles") as ear:
            await ear.hear()
            consul.put(f"{prefix}/night", b'{"font": {"size": 9}}')
            heard = await ear.hear(within=30)
    assert (heard["type"], heard["subject"]) == ("plotkiln.style.changed", "night")


async def test_a_job_of_another_process_is_followed_here(
    live_kiln: Kiln, redis_server: RedisServer, tmp_path: Path
) -> None:
    """Who submits to one process hears of the end from another, by socket and by long poll."""
    with Kiln(tmp_path, PLOTKILN_REDIS_URL=redis_server.url) as kiln:
        async with (
            listening(live_kiln.url, "jobs") as ear,
            httpx.AsyncClient(timeout=60) as client,
        ):
            await ear.hear()
            accepted = await client.post(f"{kiln.url}/jobs", json={"x": [1, 2], "y": [2, 1]})
            where = f"{live_kiln.url}{accepted.headers['Location']}"
            polled = await client.get(where, headers={"Prefer": "wait=50"})
            assert polled.json()["state"] == "succeeded"
            ended = (await ear.hear_until("plotkiln.job.finished", within=50))[-1]
    assert ended["subject"] == accepted.json()["id"]
    assert ended["data"]["result"]["digest"] == polled.json()["result"]["digest"]
