"""Looks of the past, on every store: what is pinned stays what it was."""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotkiln.errors import NotFoundError, RuleError, StoreUnavailable
from plotkiln.style.builtin import builtin_look
from plotkiln.style.documents import parse_stored
from plotkiln.style.history import Retention
from plotkiln.style.live import LiveStyles
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.pins import PinnedLooks, parse_pin
from plotkiln.style.resolution import resolve
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul, eventually
from style_stores import EmbeddedOpener, Opener

pytestmark = pytest.mark.anyio

DIGEST = secrets.token_hex(32)


def colored(color: str, extends: str | None = None) -> bytes:
    """Return a style whose title has a colour."""
    base = {"extends": extends} if extends else {}
    return msgspec.json.encode({**base, "title": {"color": color}})


def sized(size: int) -> bytes:
    """Return a style whose font has a size."""
    return msgspec.json.encode({"font": {"size": size}})


class NoLooks:
    """Knows nothing of today: whatever is asked for must be read."""

    def look(self, name: str = "default") -> Look:
        """Raise `NotFoundError`."""
        raise NotFoundError(name)


async def put(store: StyleStore, name: str, data: bytes) -> int:
    """Write a document over whatever is there; return its version."""
    stored = await store.read(name)
    return (await store.write(name, data, expected=stored.version if stored else 0)).version


async def remove(store: StyleStore, name: str) -> int:
    """Remove a document; return the version of that."""
    stored = await store.read(name)
    assert stored is not None
    await store.delete(name, expected=stored.version)
    return (await store.history(name, limit=1))[0].version


async def today(store: StyleStore, name: str) -> Look:
    """Return the look as a process that has just read everything has it."""
    documents = (await store.list()).documents.values()
    known = {
        one.name: KnownStyle(
            name=one.name,
            version=one.version,
            style=parse_stored(one.data).style,
            state="fresh",
        )
        for one in documents
    }
    return resolve(name, known)


@asynccontextmanager
async def _pinned(opener: Opener) -> AsyncIterator[tuple[StyleStore, PinnedLooks]]:
    async with opener() as store:
        yield store, PinnedLooks(store, NoLooks())


@pytest.fixture
async def store(opener: Opener) -> AsyncIterator[StyleStore]:
    """Open the store under test."""
    async with opener() as styles:
        yield styles


@pytest.fixture
def pins(store: StyleStore) -> PinnedLooks:
    """Read looks of the past from it."""
    return PinnedLooks(store, NoLooks())


@pytest.mark.parametrize(
    "text",
    [
        *[
            "a@",
            "@1",
            "a@b",
            "a@-1",
            "a@1@2",
            "a@ 1",
            "a@1\n",
            "a b@1",
            "a@sha256:",
            "a@sha256:ABC",
        ],
        *[f"a@sha256:{DIGEST.upper()}0", "a@99999999999999999999"],
    ],
)
def test_what_is_no_pin_is_unknown(text: str) -> None:
    """A pin is a style's name, an at sign, and a version or a digest."""
    with pytest.raises(NotFoundError, match="name@version"):
        parse_pin(text)


def test_pins_are_written_as_they_are_read() -> None:
    """A pin's text is what it was read from."""
    for text in ("a@42", f"with-dash_1.0@sha256:{DIGEST}"):
        assert str(parse_pin(text)) == text


async def test_every_document_of_the_chain_is_of_then(store: StyleStore, pins: PinnedLooks) -> None:
    """A pin reads each link of the chain as of its version, also links that are gone or new."""
    await put(store, "default", sized(9))
    await put(store, "base", colored("#111111", extends="default"))
    seen = []
    for act in (
        put(store, "report", b'{"extends": "base"}'),
        put(store, "base", colored("#444444", extends="default")),
        put(store, "default", sized(10)),
        put(store, "report", colored("#333333")),
        put(store, "report", b'{"extends": "default"}'),
        remove(store, "default"),
        put(store, "default", sized(11)),
    ):
        version = await act
        seen.append((version, await today(store, "report")))
    await put(store, "unrelated", sized(12))
    await remove(store, "report")
    for version, look in seen:
        pinned = await pins.look(f"report@{version}")
        assert (pinned.style, pinned.digest) == (look.style, look.digest)
        assert (pinned.name, pinned.version, pinned.state) == ("report", version, "fresh")
        named = await pins.look(f"report@sha256:{look.digest}")
        assert named.style == look.style
    assert len({look.digest for _, look in seen}) == len(seen)


async def test_a_version_that_never_was_is_unknown(store: StyleStore, pins: PinnedLooks) -> None:
    """Versions between changes, of other styles and of the future are no versions of a style."""
    first = await put(store, "a", sized(9))
    other = await put(store, "b", sized(9))
    for version in (first - 1, other, other + 1000):
        with pytest.raises(NotFoundError):
            await pins.look(f"a@{version}")
    with pytest.raises(NotFoundError, match=f"the one before is {first}"):
        await pins.look(f"a@{other}")
    with pytest.raises(NotFoundError):
        await pins.look("nobody@1")
    with pytest.raises(NotFoundError, match="among the looks"):
        await pins.look(f"a@sha256:{DIGEST}")


async def test_the_builtin_can_be_pinned(store: StyleStore, pins: PinnedLooks) -> None:
    """Version 0 of `default` is the built-in, whatever is stored; so is its content."""
    await put(store, "default", sized(9))
    assert await pins.look("default@0") == builtin_look()
    assert await pins.look(f"default@sha256:{builtin_look().digest}") == builtin_look()
    with pytest.raises(NotFoundError):
        await pins.look("other@0")


async def test_a_removal_is_no_look(store: StyleStore, pins: PinnedLooks) -> None:
    """At the version of its removal a style was not there, and `default` was the built-in."""
    await put(store, "a", sized(9))
    await put(store, "default", sized(9))
    with pytest.raises(NotFoundError):
        await pins.look(f"a@{await remove(store, 'a')}")
    assert (await pins.look(f"default@{await remove(store, 'default')}")).style == (
        builtin_look().style
    )


async def test_what_was_broken_is_the_last_good(opener: Opener) -> None:
    """A pin draws what was drawn then: while a document was broken, the good one before it."""
    async with _pinned(opener) as (store, pins):
        good = await put(store, "a", sized(9))
        await opener.change("a", b"{")
        broken = await store.read("a")
        assert broken is not None
        for _ in range(2):  # not yet entered, and entered
            fresh = PinnedLooks(store, NoLooks())
            assert (await fresh.look(f"a@{broken.version}")).digest == (
                await pins.look(f"a@{good}")
            ).digest
            await store.observe(await store.list())
        await put(store, "a", sized(10))
        assert (await pins.look(f"a@{broken.version}")).style.font is not None


async def test_a_chain_that_could_not_be_followed_is_told(opener: Opener) -> None:
    """As of a version at which styles extended each other in a circle there is no look."""
    async with _pinned(opener) as (store, pins):
        await put(store, "a", b'{"extends": "b"}')
        circle = await put(store, "b", b'{"extends": "a"}')
        await put(store, "b", sized(9))
        with pytest.raises(RuleError, match="circle"):
            await pins.look(f"a@{circle}")
        assert (await pins.look(f"a@sha256:{(await today(store, 'a')).digest}")).version > circle


async def test_history_that_is_gone_pins_nothing(opener: Opener) -> None:
    """A version whose entries were removed is unknown; it is not mistaken for another."""
    async with opener(Retention(entries=2)) as store:
        pins = PinnedLooks(store, NoLooks())
        base = await put(store, "base", sized(9))
        look = await today(store, "base")
        heir = await put(store, "heir", b'{"extends": "base"}')
        for size in (10, 11, 12):
            await put(store, "base", sized(size))
        for text in (f"base@{base}", f"heir@{heir}"):
            with pytest.raises(NotFoundError, match="reach back"):
                await pins.look(text)
        with pytest.raises(NotFoundError, match="that are kept"):
            await pins.look(f"base@sha256:{look.digest}")


async def test_todays_look_is_not_read(store: StyleStore) -> None:
    """A content that is today's is found without asking the store."""
    await put(store, "a", sized(9))
    async with LiveStyles(store, snapshot=None) as live:
        await eventually(lambda: "a" in live.known())
        pins = PinnedLooks(Closed(), live)
        look = await pins.look(f"a@sha256:{live.look('a').digest}")
        assert look.style == live.look("a").style


class Closed(ConsulStyles):
    """A store that nobody listens for."""

    def __init__(self) -> None:
        """Name an address at which nothing is."""
        super().__init__(ConsulConfig(address="http://127.0.0.1:1"), prefix="styles")


async def test_without_its_store_a_pin_is_unavailable() -> None:
    """What was never read cannot be told while the store is away."""
    with pytest.raises(StoreUnavailable):
        await PinnedLooks(Closed(), NoLooks()).look("a@1")


NAMES = ("default", "base", "report")

ACTS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.none() | st.integers(1, 4),
        st.sampled_from([None, "default", "base"]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_whatever_was_shown_can_be_shown_again(
    tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int | None, str | None]]
) -> None:
    """After any changes every look that ever was is found by its version and by its content."""

    async def run() -> None:
        opener = EmbeddedOpener(tmp_path_factory.mktemp("pins"))
        seen: dict[tuple[str, int], str | None] = {}
        async with opener() as store:
            for name, size, extends in acts:
                await _act(store, name, size, extends)
                for shown in NAMES:
                    # the first with this version: a style that loses its `default` has no new one
                    try:
                        look = await today(store, shown)
                    except RuleError:
                        seen.setdefault((shown, await _newest(store)), None)
                    except NotFoundError:
                        continue
                    else:
                        seen.setdefault((shown, look.version), look.digest)
            pins = PinnedLooks(store, NoLooks())
            for (shown, version), digest in seen.items():
                if digest is None:  # refused then, and whatever it looked like without its circle
                    continue
                assert (await pins.look(f"{shown}@{version}")).digest == digest
                assert (await pins.look(f"{shown}@sha256:{digest}")).digest == digest

    asyncio.run(run())


async def _newest(store: StyleStore) -> int:
    """Return the version of what was written last, of all that is there."""
    stored = [await store.read(name) for name in NAMES]
    return max(one.version for one in stored if one is not None)


async def _act(store: StyleStore, name: str, size: int | None, extends: str | None) -> None:
    stored = await store.read(name)
    if size is not None:
        base = {"extends": extends} if extends else {}
        await put(store, name, msgspec.json.encode({**base, "font": {"size": size}}))
    elif stored is not None:
        await store.delete(name, expected=stored.version)


async def test_a_pin_that_was_read_outlives_its_store(mortal: Consul) -> None:
    """A look that was read once is there while Consul is away; another is unavailable."""
    config = ConsulConfig(address=mortal.url, read_timeout=0.5)
    async with ConsulStyles(config, prefix="styles") as store:
        pins = PinnedLooks(store, NoLooks(), patience=1)
        old, new = await put(store, "a", sized(9)), await put(store, "a", sized(10))
        look = await pins.look(f"a@{old}")
        os.kill(mortal.pid, signal.SIGSTOP)
        await asyncio.to_thread(os.waitpid, mortal.pid, os.WUNTRACED)  # all its threads stopped
        try:
            assert await pins.look(f"a@{old}") == look
            with pytest.raises(StoreUnavailable):
                await pins.look(f"a@{new}")
        finally:
            os.kill(mortal.pid, signal.SIGCONT)


async def test_a_restored_store_brings_no_stale_pins(mortal: Consul) -> None:
    """Versions that are used again after a restore are read again."""
    config = ConsulConfig(address=mortal.url, wait=2)
    async with (
        ConsulStyles(config, prefix="styles") as store,
        LiveStyles(store, snapshot=None) as live,
    ):
        pins = PinnedLooks(store, NoLooks())
        live.on_listing(pins.see)
        await put(store, "a", sized(8))
        snapshot = mortal.save()
        mortal.put("styles/a", sized(9))
        version = mortal.version("styles/a")
        assert font_size(await pins.look(f"a@{version}")) == 9
        await eventually(lambda: live.known()["a"].version == version)
        await asyncio.to_thread(mortal.restore, snapshot)
        await eventually(lambda: live.known()["a"].version < version)
        with pytest.raises(NotFoundError):
            await pins.look(f"a@{version}")


def font_size(look: Look) -> float | None:
    """Return the size of a look's font."""
    return look.style.font.size if look.style.font else None
