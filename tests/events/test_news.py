"""One contract of news, in memory and through Redis, and what is Redis' own."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import require
from plotkiln.errors import StoreUnavailable
from plotkiln.events import news_hub
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import from_json
from plotkiln.events.news import JOB_CHANGED, Heard, Item, Listener, Missed, News, wants
from plotkiln.events.news_backlog import Backlog
from plotkiln.events.news_hub import Hub, Listening
from plotkiln.events.news_memory import MemoryNews
from plotkiln.events.news_redis import RedisNews
from plotkiln.identity import ANONYMOUS, Principal, Scope
from plotkiln.state.redis import open_redis
from redis_servers import RedisServer
from servers import eventually, free_port

pytestmark = pytest.mark.anyio

ANN = Principal("ann", frozenset({Scope.JOBS}))
BOB = Principal("bob", frozenset({Scope.JOBS}))
ROOT = Principal("root", frozenset({Scope.ADMIN}))

#: Opens one process's news with a window, counting into what is given.
Open = Callable[..., AbstractAsyncContextManager[News]]


def item(number: int, *, topic: str = "styles/default", owner: str | None = None) -> Item:
    """Return news that have a number."""
    event = CloudEvent(id=str(number), source="/test", type="test", subject=topic)
    return Item(topic=topic, owner=owner, event=event)


def change(number: int, job: str = "a", *, owner: str | None = None) -> Item:
    """Return news of a job."""
    event = CloudEvent(id=str(number), source="/jobs", type=JOB_CHANGED, subject=job)
    return Item(topic=f"jobs/{job}", owner=owner, event=event)


@asynccontextmanager
async def redis_news(
    url: str, *, window: int = 1000, counts: Counter[tuple[str, str]] | None = None
) -> AsyncIterator[RedisNews]:
    """Open the news of one process."""
    counted = Counter[tuple[str, str]]() if counts is None else counts

    def count(name: str, outcome: str) -> None:
        counted[name, outcome] += 1

    async with open_redis(url) as redis, RedisNews(redis, window=window, count=count) as news:
        yield news


@pytest.fixture(params=["memory", "redis"])
def opened(request: pytest.FixtureRequest) -> Open:
    """Return what opens one implementation."""

    @asynccontextmanager
    async def in_memory(*, window: int = 1000) -> AsyncIterator[News]:
        yield MemoryNews(window=window, count=lambda *_: None)

    @asynccontextmanager
    async def in_redis(*, window: int = 1000) -> AsyncIterator[News]:
        async with redis_news(url, window=window) as news:
            yield news

    if request.param == "memory":
        return in_memory
    url = request.getfixturevalue("redis_url")
    return in_redis


async def hear(listener: Listener, *, within: float = 10.0) -> Heard:
    """Return the next news."""
    async with asyncio.timeout(within):
        heard = await listener.hear()
    assert isinstance(heard, Heard)
    return heard


async def numbers(listener: Listener, count: int) -> list[str]:
    """Return the ids of the next news."""
    return [(await hear(listener)).item.event.id for _ in range(count)]


async def test_all_who_listen_hear_in_order(opened: Open) -> None:
    """Each listener of a topic, or of its kind, hears what is told of it, in order."""
    async with opened() as news:
        one = news.listen({"styles"}, principal=ANN)
        other = news.listen({"styles/default", "jobs"}, principal=BOB)
        async with one as everything, other as default:
            for number, topic in enumerate(["styles/dark", "styles/default", "artifacts/a.png"]):
                news.tell(item(number, topic=topic))
            news.tell(item(3))
            assert await numbers(everything, 3) == ["0", "1", "3"]
            assert await numbers(default, 2) == ["1", "3"]


async def test_news_arrive_as_they_were_told(opened: Open) -> None:
    """Topic, owner and event come through, bytes and extensions included."""
    event = CloudEvent(
        id="1", source="/é", type="t", extensions={"n": 1, "b": True}, data=b"\x00\xff"
    )
    told = Item(topic="jobs/a", owner="ann", event=event)
    async with opened() as news, news.listen({"jobs"}, principal=ANN) as listener:
        news.tell(told)
        assert (await hear(listener)).item == told


async def test_news_of_somebody_else_are_not_heard(opened: Open) -> None:
    """What has an owner reaches nobody else; what has none reaches all; so when resumed."""
    async with opened() as news, news.listen({"jobs"}, principal=ANN) as ann:
        start = ann.position
        news.tell(item(1, topic="jobs/a", owner="bob"))
        news.tell(item(2, topic="jobs/b", owner="ann"))
        news.tell(item(3, topic="jobs/c"))
        assert await numbers(ann, 2) == ["2", "3"]
        async with news.listen({"jobs"}, principal=BOB, after=start) as bob:
            assert bob.resumed
            assert await numbers(bob, 2) == ["1", "3"]


async def test_news_of_nobody_in_particular_reach_all_and_an_admin_hears_all(opened: Open) -> None:
    """What was anybody's before there was identity is heard by all; an admin hears of all."""
    async with opened() as news, news.listen({"jobs"}, principal=ROOT) as root:
        start = root.position
        news.tell(item(1, topic="jobs/a", owner=ANONYMOUS.name))
        news.tell(item(2, topic="jobs/b", owner="ann"))
        assert await numbers(root, 2) == ["1", "2"]
        async with news.listen({"jobs"}, principal=ROOT, after=start) as again:
            assert await numbers(again, 2) == ["1", "2"]
        async with news.listen({"jobs"}, principal=BOB, after=start) as bob:
            news.tell(item(3, topic="jobs/c"))
            assert await numbers(bob, 2) == ["1", "3"]


async def test_topics_change_while_listening(opened: Open) -> None:
    """Who wants other topics hears of these from then on, and no more of the former."""
    async with opened() as news, news.listen({"styles"}, principal=ANN) as listener:
        news.tell(item(1))
        assert await numbers(listener, 1) == ["1"]
        listener.want({"jobs"})
        news.tell(item(2))
        news.tell(item(3, topic="jobs/a"))
        assert await numbers(listener, 1) == ["3"]


async def test_who_was_cut_off_resumes_without_a_gap(opened: Open) -> None:
    """From behind a sequence come what was told meanwhile and what is told then, each once."""
    async with opened() as news:
        async with news.listen({"styles"}, principal=ANN) as listener:
            news.tell(item(0))
            first = await hear(listener)
        async with news.listen({"styles"}, principal=BOB) as other:
            for start in range(1, 300, 100):
                for number in range(start, min(start + 100, 300)):
                    news.tell(item(number))
                await numbers(other, min(100, 300 - start))
        async with news.listen({"styles"}, principal=ANN, after=first.sequence) as listener:
            assert listener.resumed
            for number in range(300, 400):
                news.tell(item(number))
            assert await numbers(listener, 399) == [str(number) for number in range(1, 400)]


async def test_a_quiet_listener_resumes_from_its_position(opened: Open) -> None:
    """Who heard nothing for long, since nothing was for it, missed nothing."""
    async with opened(window=100) as news:
        async with (
            news.listen({"jobs"}, principal=ANN) as quiet,
            news.listen({"styles"}, principal=ANN) as busy,
        ):
            for start in range(0, 500, 100):
                for number in range(start, start + 100):
                    news.tell(item(number))
                await numbers(busy, 100)
            position = quiet.position
        async with news.listen({"jobs"}, principal=ANN, after=position) as again:
            assert again.resumed


async def test_past_the_window_is_said_to_be_lost(opened: Open) -> None:
    """Who asks for what is kept no more is not resumed, is told so first, and hears what comes."""
    async with opened(window=100) as news, news.listen({"styles"}, principal=ANN) as other:
        start = other.position
        for step in range(5):
            for number in range(step * 100, step * 100 + 100):
                news.tell(item(number))
            await numbers(other, 100)
        async with news.listen({"styles", "jobs"}, principal=ANN, after=start) as listener:
            assert not listener.resumed
            assert await listener.hear() == Missed(count=None, topics=("jobs", "styles"))
            news.tell(item(1000))
            assert await numbers(listener, 1) == ["1000"]


@pytest.mark.parametrize("after", ["", "0", "x-y", "1.2", "999999999999999-0000000000", "é"])
async def test_a_sequence_of_somebody_else_resumes_nothing(opened: Open, after: str) -> None:
    """What is no sequence of these news is answered as one that is not kept."""
    async with opened() as news, news.listen({"jobs"}, principal=ANN, after=after) as listener:
        assert not listener.resumed
        assert await listener.hear() == Missed(count=None, topics=("jobs",))


async def test_a_slow_listener_loses_the_oldest_and_is_told(opened: Open) -> None:
    """Of more than may wait the newest stay; how many were lost, of what, comes before them."""
    async with (
        opened() as news,
        news.listen({"styles"}, principal=ANN) as slow,
        news.listen({"styles"}, principal=ANN) as fast,
    ):
        for start in range(0, 300, 100):
            for number in range(start, start + 100):
                news.tell(item(number, topic=f"styles/{number % 2}"))
            await numbers(fast, 100)
        assert await slow.hear() == Missed(count=44, topics=("styles/0", "styles/1"))
        assert await numbers(slow, 256) == [str(number) for number in range(44, 300)]


async def test_many_lost_topics_are_told_by_kind(opened: Open) -> None:
    """Where more were lost than one would list, their kinds are named."""
    async with (
        opened() as news,
        news.listen({"jobs"}, principal=ANN) as slow,
        news.listen({"jobs"}, principal=ANN) as fast,
    ):
        for start in range(0, 500, 100):
            for number in range(start, start + 100):
                news.tell(item(number, topic=f"jobs/{number}"))
            await numbers(fast, 100)
        assert await slow.hear() == Missed(count=244, topics=("jobs",))


async def test_only_the_newest_change_of_a_job_waits(opened: Open) -> None:
    """A slow listener gets the last of many changes of a job, and each job's."""
    async with (
        opened() as news,
        news.listen({"jobs"}, principal=ANN) as slow,
        news.listen({"jobs"}, principal=ANN) as fast,
    ):
        start = slow.position
        for number in range(500):
            news.tell(change(number, "ab"[number % 2]))
            if not number % 50:
                await hear(fast)
        news.tell(item(500, topic="jobs/a"))
        while (await hear(fast)).item.event.id != "500":
            pass
        assert await numbers(slow, 3) == ["498", "499", "500"]
        async with news.listen({"jobs"}, principal=ANN, after=start) as late:
            assert await numbers(late, 3) == ["498", "499", "500"]


async def test_an_event_told_twice_is_heard_once(opened: Open) -> None:
    """What several processes say of one change is one event."""
    async with opened() as news, news.listen({"styles"}, principal=ANN) as listener:
        start = listener.position
        for number in (1, 1, 2, 1):
            news.tell(item(number))
        assert await numbers(listener, 2) == ["1", "2"]
        news.tell(item(3))
        assert await numbers(listener, 1) == ["3"]
        async with news.listen({"styles"}, principal=ANN, after=start) as late:
            assert sorted(await numbers(late, 3)) == ["1", "2", "3"]


async def test_what_happens_again_is_heard_again(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event of long ago that comes once more has happened once more: a version was restored."""
    monkeypatch.setattr(news_hub, "_RECOGNISED_FOR", 0.05)
    async with opened() as news, news.listen({"styles"}, principal=ANN) as listener:
        news.tell(item(1))
        assert await numbers(listener, 1) == ["1"]
        await asyncio.sleep(0.1)
        news.tell(item(1))
        assert await numbers(listener, 1) == ["1"]


async def test_one_document_serves_all_listeners(opened: Open) -> None:
    """The JSON is written once, is a valid event, and says its sequence."""
    async with (
        opened() as news,
        news.listen({"styles"}, principal=ANN) as one,
        news.listen({"styles"}, principal=BOB) as other,
    ):
        news.tell(item(1))
        first, second = await hear(one), await hear(other)
        assert first.document is second.document
        event = from_json(first.document.encode())
        assert event.extensions == {"sequence": first.sequence}
        assert event == msgspec.structs.replace(
            first.item.event, extensions={"sequence": first.sequence}
        )


async def test_sequences_order_as_text(opened: Open) -> None:
    """Later news have greater sequences, also those of a later process."""
    seen: list[str] = []
    for _ in range(2):
        await asyncio.sleep(0.002)  # an epoch is a millisecond
        async with opened() as news, news.listen({"styles"}, principal=ANN) as listener:
            for number in range(20):
                news.tell(item(number + len(seen)))
            seen += [(await hear(listener)).sequence for _ in range(20)]
    assert seen == sorted(set(seen))


async def test_another_process_resumes(redis_url: str) -> None:
    """Who was connected to one process goes on with another, which reads the same stream."""
    async with redis_news(redis_url) as one, redis_news(redis_url) as other:
        async with one.listen({"styles"}, principal=ANN) as listener:
            other.tell(item(1))
            heard = await hear(listener)
        one.tell(item(2))
        async with other.listen({"styles"}, principal=ANN, after=heard.sequence) as listener:
            other.tell(item(3))
            assert await numbers(listener, 2) == ["2", "3"]
            assert listener.resumed


async def test_nobody_reads_while_nobody_listens(redis_url: str) -> None:
    """The reader ends a moment after the last listener, and begins anew with the next."""
    async with redis_news(redis_url) as news:
        for number in range(2):
            async with news.listen({"styles"}, principal=ANN) as listener:
                news.tell(item(number))
                assert await numbers(listener, 1) == [str(number)]
            await eventually(lambda: news._reader is None or news._reader.done(), 10)


async def test_the_stream_is_bounded(redis_server: RedisServer, redis_url: str) -> None:
    """Redis keeps little more than the window."""
    async with redis_news(redis_url, window=100) as news:
        for number in range(1000):
            news.tell(item(number))
        await eventually(lambda: news._writer is not None and news._writer.done())
    assert 100 <= int(redis_server.command("XLEN", "plotkiln:news")[1:-2]) <= 250


async def test_a_reader_that_is_overtaken_says_so(
    redis_server: RedisServer, redis_url: str
) -> None:
    """Where the stream passes more by than it keeps before it was read, listeners are told."""
    flood = "for i = 1, 500 do redis.call('XADD', KEYS[1], 'MAXLEN', 100, '*', 'a', i) end"
    async with redis_news(redis_url) as news, news.listen({"styles"}, principal=ANN) as listener:
        redis_server.command("EVAL", flood, "1", "plotkiln:news")
        news.tell(item(1))
        async with asyncio.timeout(10):
            assert await listener.hear() == Missed(count=None, topics=("styles",))
        assert await numbers(listener, 1) == ["1"]


async def test_few_rights_suffice(redis_server: RedisServer, redis_url: str) -> None:
    """A user of Redis that may do what docs/live.md names, and nothing else, tells and hears."""
    rights = ["+xadd", "+xread", "+xrange", "+xrevrange", "+client"]
    redis_server.command(
        *("ACL", "SETUSER", "few", "reset", "on", ">secret"), "~plotkiln:news", *rights
    )
    url = redis_url.replace("//", "//few:secret@")
    async with redis_news(url) as news, news.listen({"styles"}, principal=ANN) as listener:
        start = listener.position
        news.tell(item(1))
        assert await numbers(listener, 1) == ["1"]
        async with news.listen({"styles"}, principal=ANN, after=start) as late:
            assert await numbers(late, 1) == ["1"]
    redis_server.command("ACL", "DELUSER", "few")


async def test_what_is_no_news_is_passed_over(redis_server: RedisServer, redis_url: str) -> None:
    """An entry that nobody can read holds up none of those behind it."""
    async with redis_news(redis_url) as news, news.listen({"styles"}, principal=ANN) as listener:
        redis_server.command("XADD", "plotkiln:news", "*", "topic", "styles", "event", "?")
        redis_server.command("XADD", "plotkiln:news", "*", "a", "b")
        news.tell(item(1))
        assert await numbers(listener, 1) == ["1"]


async def test_a_redis_that_is_away_fails_who_listens_and_not_who_tells() -> None:
    """Telling goes on, bounded, and counts what is lost; listening says that there are no news."""
    counts: Counter[tuple[str, str]] = Counter()
    async with redis_news(f"redis://127.0.0.1:{free_port()}/0", counts=counts) as news:
        for number in range(2000):
            news.tell(item(number))
        with pytest.raises(StoreUnavailable):
            async with news.listen({"styles"}, principal=ANN):
                pass
    assert counts["news", "told"] == 0
    assert counts["news", "lost"] >= 2000 - 1024 - 64


@pytest.fixture
def mortal_redis() -> RedisServer:
    """Return a Redis to kill, that forgets all then."""
    require(RedisServer.binary(), "redis-server")
    return RedisServer()


async def test_news_of_an_outage_are_told_after_it(mortal_redis: RedisServer) -> None:
    """Who listens while Redis restarts empty is told of a loss, and hears what waited."""
    with mortal_redis as server:
        async with (
            redis_news(server.url) as news,
            news.listen({"styles"}, principal=ANN) as listener,
        ):
            news.tell(item(1))
            heard = await hear(listener)
            server.kill()
            news.tell(item(2))
            await asyncio.sleep(0.3)  # a few attempts fail
            server.start()
            async with asyncio.timeout(30):
                missed = await listener.hear()
            assert missed == Missed(count=None, topics=("styles",))
            news.tell(item(3))
            got = [await hear(listener)]
            while got[-1].item.event.id != "3":
                got.append(await hear(listener))
            again = news.listen({"styles"}, principal=ANN, after=heard.sequence)
            async with again as late:
                assert not late.resumed


async def test_regression_nobody_new_listens_during_an_outage(mortal_redis: RedisServer) -> None:
    """While Redis is away listening fails also where others listen; these go on after it."""
    with mortal_redis as server:
        async with (
            redis_news(server.url) as news,
            news.listen({"styles"}, principal=ANN) as listener,
        ):
            server.kill()
            await eventually(lambda: not news._reading.is_set(), 10)
            with pytest.raises(StoreUnavailable):
                async with news.listen({"styles"}, principal=BOB):
                    pass
            server.start()
            await eventually(news._reading.is_set, 30)
            async with news.listen({"styles"}, principal=BOB) as late:
                news.tell(item(1))
                assert await numbers(late, 1) == ["1"]
            assert isinstance(await listener.hear(), Missed)


async def test_a_restart_that_loses_nothing_is_no_loss(
    tmp_path: Path,
) -> None:
    """Where Redis keeps its stream, listeners go on as if nothing had been."""
    require(RedisServer.binary(), "redis-server")
    with RedisServer(tmp_path, appendonly="yes", appendfsync="always") as server:
        async with (
            redis_news(server.url) as news,
            news.listen({"styles"}, principal=ANN) as listener,
        ):
            news.tell(item(1))
            assert await numbers(listener, 1) == ["1"]
            server.kill()
            news.tell(item(2))
            server.start()
            news.tell(item(3))
            assert await numbers(listener, 2) == ["2", "3"]


async def test_many_changes_of_a_job_take_little_of_the_window() -> None:
    """In memory only the newest change of a job is kept, so that the window reaches further."""
    news = MemoryNews(window=10, count=lambda *_: None)
    async with news.listen({"jobs"}, principal=ANN) as listener:
        start = listener.position
    news.tell(item(0, topic="jobs/b"))
    for number in range(1, 100):
        news.tell(change(number))
    async with news.listen({"jobs"}, principal=ANN, after=start) as listener:
        assert listener.resumed
        assert await numbers(listener, 2) == ["0", "99"]


async def test_a_url_with_less_patience_hears_all_the_same(redis_url: str) -> None:
    """The reader waits for news no longer than its client waits for answers."""
    async with (
        redis_news(f"{redis_url}?socket_timeout=0.4") as news,
        news.listen({"styles"}, principal=ANN) as listener,
    ):
        await asyncio.sleep(0.6)  # longer than one answer may take
        news.tell(item(1))
        assert await numbers(listener, 1) == ["1"]


async def test_who_catches_up_loses_nothing_meanwhile(opened: Open) -> None:
    """More than may wait for a listener, told before it has read the past, is no loss."""
    async with opened() as news, news.listen({"styles"}, principal=ANN) as other:
        start = other.position
        news.tell(item(0))
        await numbers(other, 1)
        async with news.listen({"styles"}, principal=ANN, after=start) as late:
            for begin in range(1, 601, 100):
                for number in range(begin, begin + 100):
                    news.tell(item(number))
                await numbers(other, 100)
            assert await numbers(late, 601) == [str(number) for number in range(601)]


async def test_who_catches_up_too_slowly_is_told_of_a_loss(opened: Open) -> None:
    """Where the window passes somebody who has not caught up, that is said, and now goes on."""
    async with opened(window=100) as news, news.listen({"styles"}, principal=ANN) as other:
        start = other.position
        for number in range(50):
            news.tell(item(number))
        await numbers(other, 50)
        async with news.listen({"styles"}, principal=ANN, after=start) as late:
            assert await numbers(late, 1) == ["0"]
            for begin in range(50, 350, 100):
                for number in range(begin, begin + 100):
                    news.tell(item(number))
                await numbers(other, 100)
            assert await late.hear() == Missed(count=None, topics=("styles",))
            assert late.position == other.position
            assert not late.resumed
            news.tell(item(350))
            assert await numbers(late, 1) == ["350"]


async def test_regression_who_resumes_holds_no_past_of_its_own(opened: Open) -> None:
    """Many that resume and do not read share what they would read, and keep nothing each."""
    async with opened() as news, news.listen({"styles"}, principal=ANN) as other:
        start = other.position
        for begin in range(0, 1000, 100):
            for number in range(begin, begin + 100):
                news.tell(item(number))
            await numbers(other, 100)
        async with AsyncExitStack() as stack:
            again = [news.listen({"styles"}, principal=ANN, after=start) for _ in range(20)]
            late = [await stack.enter_async_context(one) for one in again]
            first = await asyncio.gather(*(hear(one) for one in late))
            assert len({id(heard) for heard in first}) == 1
            assert all(isinstance(one, Listening) and not one._backlog for one in late)


async def test_regression_the_past_is_read_once_for_all(
    redis_server: RedisServer, redis_url: str
) -> None:
    """However many resume at once, what they missed is read from Redis once."""
    async with redis_news(redis_url) as news, news.listen({"styles"}, principal=ANN) as other:
        start = other.position
        for begin in range(0, 1000, 100):
            for number in range(begin, begin + 100):
                news.tell(item(number, topic="styles/a"))
            await numbers(other, 100)
        before = _ranges(redis_server)
        async with AsyncExitStack() as stack:
            again = [news.listen({"jobs"}, principal=ANN, after=start) for _ in range(50)]
            await asyncio.gather(*(stack.enter_async_context(one) for one in again))
        assert _ranges(redis_server) - before <= 50 + 20


def _ranges(server: RedisServer) -> int:
    """Return how often the server was asked for a range."""
    told = re.search(rb"cmdstat_xrange:calls=(\d+)", server.command("INFO", "commandstats"))
    return int(told[1]) if told else 0


async def test_regression_a_loss_has_a_place() -> None:
    """Who is told of a loss while news wait can resume from there: its place is never empty."""
    hub = Hub("100")
    listening = Listening(hub, {"styles"}, ANN)
    hub.join(listening)
    hub.offer(Heard(sequence="101", item=item(1)))
    hub.position = "050"  # the stream was lost, and began anew
    hub.miss()
    hub.offer(Heard(sequence="051", item=item(2)))
    assert await listening.hear() == Missed(count=None, topics=("styles",))
    assert listening.position == "050"
    assert (await hear(listening)).sequence == "051"


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=60))
def test_a_backlog_keeps_the_newest_in_order(told: list[tuple[str, bool]]) -> None:
    """Whatever is put in, what comes out is ordered, bounded, and has the last of each job."""
    backlog: Backlog[Item] = Backlog(lambda one: one, capacity=10)
    put = [change(number, job) if once else item(number) for number, (job, once) in enumerate(told)]
    lost = [one for one in map(backlog.put, put) if one is not None]
    out = []
    while (entry := backlog.take()) is not None:
        out.append(entry)
    ids = [int(one.event.id) for one in out]
    assert ids == sorted(ids)
    assert len(out) <= 10
    last = {one.event.subject: one for one in put if one.event.type == JOB_CHANGED}
    assert all(one in out or one in lost for one in last.values())
    assert put == [] or out[-1] == put[-1]


def test_a_kind_wants_all_of_it() -> None:
    """A topic is wanted by itself and by its kind, and by no other's beginning."""
    assert wants({"jobs"}, "jobs/a")
    assert wants({"jobs/a"}, "jobs/a")
    assert not wants({"jobs/a"}, "jobs/ab")
    assert not wants({"job"}, "jobs/a")
