"""Live styles over a real Consul that is well, and documents that are not."""

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from plotkiln.errors import NotFoundError, StyleBrokenError
from plotkiln.state import Database
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.live import LiveStyles
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.embedded import EmbeddedStyles
from servers import Consul, eventually

pytestmark = pytest.mark.anyio

RED, GREEN = b'{"title": {"color": "#FF0000"}}', b'{"title": {"color": "#00FF00"}}'
BROKEN = b'{"title": {"color": 7}}'


@pytest.fixture
def prefix() -> str:
    """Return a prefix that no other test uses."""
    return f"test/{secrets.token_hex(8)}/styles"


@asynccontextmanager
async def following(
    agent: Consul, prefix: str, *, strict: bool = False
) -> AsyncIterator[LiveStyles]:
    """Follow the styles below `prefix`, settled."""
    config = ConsulConfig(address=agent.url, wait=5)
    async with (
        ConsulStyles(config, prefix=prefix) as store,
        LiveStyles(store, snapshot=None, strict=strict, cold_timeout=10) as live,
    ):
        await live.settled()
        yield live


@pytest.fixture
async def live(consul: Consul, prefix: str) -> AsyncIterator[LiveStyles]:
    """Follow an empty prefix."""
    async with following(consul, prefix) as styles:
        yield styles


def color(live: LiveStyles, name: str = "default") -> str | None:
    """Return the colour of the title, None while nobody knows the style."""
    try:
        title = live.look(name).style.title
    except NotFoundError:
        return None
    assert title is not None
    return title.color


def faulty(live: LiveStyles, name: str) -> str | None:
    """Return the fault of a known style."""
    known = live.known().get(name)
    return known.fault if known else None


async def test_without_styles_the_builtin_serves(live: LiveStyles) -> None:
    """An empty store gives `default` the built-in look, and knows no other name."""
    look = live.look()
    assert (look.name, look.version, look.state, look.style) == ("default", 0, "builtin", BUILTIN)
    assert live.reachable
    assert live.fault is None
    assert live.known() == {}
    with pytest.raises(NotFoundError):
        live.look("corporate")


async def test_a_change_in_consul_changes_the_look(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """A document put, replaced and deleted in Consul is the look, another look, and no look."""
    consul.put(f"{prefix}/default", RED)
    await eventually(lambda: color(live) == "#FF0000")
    first = live.look()
    assert (first.state, first.version) == ("fresh", consul.version(f"{prefix}/default"))

    consul.put(f"{prefix}/default", GREEN)
    await eventually(lambda: color(live) == "#00FF00")
    assert live.look().version > first.version
    assert live.look().digest != first.digest

    consul.delete(f"{prefix}/default")
    await eventually(lambda: live.look().state == "builtin")


async def test_a_deleted_style_is_unknown(live: LiveStyles, consul: Consul, prefix: str) -> None:
    """Deleting every document, the last one too, leaves nothing known."""
    for name in ("a", "b"):
        consul.put(f"{prefix}/{name}", RED)
    await eventually(lambda: len(live.known()) == 2)
    consul.delete(f"{prefix}/a")
    await eventually(lambda: color(live, "a") is None)
    assert color(live, "b") == "#FF0000"
    consul.delete(f"{prefix}/b")
    await eventually(lambda: not live.known())


async def test_a_deletion_that_lowers_the_index_is_one(consul: Consul, prefix: str) -> None:
    """A recursive deletion, after which Consul's index for the prefix is lower, is no restore."""
    config = ConsulConfig(address=consul.url, wait=0.5)  # no blocking query wakes for it
    async with (
        ConsulStyles(config, prefix=prefix) as store,
        LiveStyles(store, snapshot=None) as live,
    ):
        consul.put(f"{prefix}/a", RED)
        await eventually(lambda: color(live, "a") == "#FF0000")
        consul.delete(f"{prefix}/a")
        await eventually(lambda: color(live, "a") is None)
        consul.put(f"{prefix}/b", RED)
        await eventually(lambda: color(live, "b") == "#FF0000")
        consul.delete(prefix, below=True)
        await eventually(lambda: color(live, "b") is None)


async def test_a_broken_document_leaves_the_last_good_one(
    live: LiveStyles, consul: Consul, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The last good version serves, marked stale with the fault, until a good one is written."""
    caplog.set_level(logging.INFO, "plotkiln.style")
    consul.put(f"{prefix}/default", RED)
    await eventually(lambda: color(live) == "#FF0000")
    good = live.look()

    consul.put(f"{prefix}/default", BROKEN)
    await eventually(lambda: faulty(live, "default"))
    assert (live.look().style, live.look().version) == (good.style, good.version)
    assert live.look().state == "stale"
    assert "title.color" in (faulty(live, "default") or "")

    consul.put(f"{prefix}/default", GREEN)
    await eventually(lambda: color(live) == "#00FF00")
    assert (live.look().state, faulty(live, "default")) == ("fresh", None)
    told = [record.getMessage().split(":")[0] for record in caplog.records]
    assert told == ["new styles", "style default is stale", "style default is mended"]


async def test_a_style_that_never_was_good_is_the_builtin(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """A name whose only document is broken is known, with its fault, and draws as built-in."""
    consul.put(f"{prefix}/new", b"{")
    await eventually(lambda: faulty(live, "new"))
    look = live.look("new")
    assert (look.name, look.version, look.state, look.style) == ("new", 0, "builtin", BUILTIN)


async def test_unknown_members_are_warnings(live: LiveStyles, consul: Consul, prefix: str) -> None:
    """A stored document with unknown members serves, and says what was ignored."""
    consul.put(f"{prefix}/default", b'{"title": {"color": "#FF0000", "blink": true}}')
    await eventually(lambda: color(live) == "#FF0000")
    assert "blink" in "".join(live.look().warnings)


async def test_an_heir_follows_what_it_extends(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """A change of the extended style changes its heir; its loss leaves the heir its last look."""
    consul.put(f"{prefix}/base", RED)
    consul.put(f"{prefix}/heir", b'{"extends": "base", "font": {"size": 9}}')
    await eventually(lambda: color(live, "heir") == "#FF0000")
    consul.put(f"{prefix}/base", GREEN)
    await eventually(lambda: color(live, "heir") == "#00FF00")

    consul.delete(f"{prefix}/base")
    await eventually(lambda: faulty(live, "heir"))
    assert (color(live, "heir"), live.look("heir").state) == ("#00FF00", "stale")

    consul.put(f"{prefix}/base", RED)
    await eventually(lambda: color(live, "heir") == "#FF0000")
    assert (live.look("heir").state, faulty(live, "heir")) == ("fresh", None)


async def test_a_circle_leaves_the_last_good_looks(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """Styles that come to extend each other keep the looks they had."""
    consul.put(f"{prefix}/a", RED)
    consul.put(f"{prefix}/b", b'{"extends": "a"}')
    await eventually(lambda: color(live, "b") == "#FF0000")
    consul.put(f"{prefix}/a", b'{"extends": "b", "title": {"color": "#0000FF"}}')
    await eventually(lambda: faulty(live, "a") and faulty(live, "b"))
    assert color(live, "a") == color(live, "b") == "#FF0000"
    assert live.look("a").state == live.look("b").state == "stale"


async def test_listeners_hear_the_names_that_changed(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """A listener is called with what changed, heirs included, until it stops listening."""
    heard: list[frozenset[str]] = []
    stop = live.on_change(heard.append)
    consul.put(f"{prefix}/base", RED)
    await eventually(lambda: heard)
    consul.put(f"{prefix}/heir", b'{"extends": "base"}')
    await eventually(lambda: len(heard) == 2)
    consul.put(f"{prefix}/base", GREEN)
    await eventually(lambda: len(heard) == 3)
    assert heard == [{"base"}, {"heir"}, {"base", "heir"}]
    stop()
    consul.put(f"{prefix}/base", RED)
    await eventually(lambda: color(live, "heir") == "#FF0000")
    assert len(heard) == 3


async def test_a_wake_up_without_a_change_is_no_change(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """Keys below the prefix that are no styles wake the watch, and nobody else."""
    consul.put(f"{prefix}/default", RED)
    await eventually(lambda: color(live) == "#FF0000")
    heard: list[frozenset[str]] = []
    live.on_change(heard.append)
    before, known = live.look(), live.known()
    for other in ("deeper/default", "folder/", "not a name", ".hidden"):
        consul.put(f"{prefix}/{other.replace(' ', '%20')}", BROKEN)
    consul.put(f"{prefix}/default", RED)  # equal: Consul keeps the version
    consul.put(f"{prefix}/last", GREEN)
    await eventually(lambda: color(live, "last") == "#00FF00")
    assert live.look() == before
    assert known.keys() == {"default"}
    assert live.known().keys() == {"default", "last"}
    await eventually(lambda: heard)
    assert heard == [{"last"}]


async def test_of_many_changes_the_last_one_stands(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """However fast a style changes, the look ends as the last document."""
    for number in range(40):
        consul.put(f"{prefix}/default", b'{"title": {"color": "#%06d"}}' % number)
    await eventually(lambda: color(live) == "#000039")
    assert live.look().version == consul.version(f"{prefix}/default")


async def test_a_listener_that_fails_stops_nothing(
    live: LiveStyles, consul: Consul, prefix: str
) -> None:
    """An error in a listener is the event loop's to report; the styles go on changing."""
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, facts: reported.append(facts))

    def fail(_: frozenset[str]) -> None:
        raise LookupError("on purpose")

    live.on_change(fail)
    consul.put(f"{prefix}/default", RED)
    await eventually(lambda: color(live) == "#FF0000")
    consul.put(f"{prefix}/default", GREEN)
    await eventually(lambda: color(live) == "#00FF00")
    await eventually(lambda: len(reported) == 2)
    assert live.reachable


async def test_strict_mode_names_what_is_broken(consul: Consul, prefix: str) -> None:
    """Strict: no `default`, a broken style and its heirs are errors; unknown stays unknown."""
    consul.put(f"{prefix}/good", RED)
    consul.put(f"{prefix}/bad", BROKEN)
    consul.put(f"{prefix}/heir", b'{"extends": "bad"}')
    async with following(consul, prefix, strict=True) as live:
        assert live.look("good").state == "fresh"
        with pytest.raises(StyleBrokenError, match="default"):
            live.look()
        with pytest.raises(StyleBrokenError, match=r"title\.color"):
            live.look("bad")
        with pytest.raises(StyleBrokenError, match="heir"):
            live.look("heir")
        with pytest.raises(NotFoundError):
            live.look("nobody")
        consul.put(f"{prefix}/default", GREEN)
        await eventually(lambda: "default" in live.known())
        assert color(live) == "#00FF00"


WRITER = """
import asyncio, sys
from pathlib import Path
from plotkiln.state import Database
from plotkiln.style.stores.embedded import EmbeddedStyles

async def write():
    async with Database(Path(sys.argv[1])) as database, EmbeddedStyles(database) as styles:
        await styles.write("default", b'{"title": {"color": "#FF0000"}}', expected=0)

asyncio.run(write())
"""


async def test_another_process_reaches_a_running_one(tmp_path: Path) -> None:
    """A style that another process writes into the embedded store is this process's look."""
    path = tmp_path / "styles.db"
    async with (
        Database(path) as database,
        EmbeddedStyles(database) as store,
        LiveStyles(store, snapshot=None) as live,
    ):
        await live.settled()
        assert live.look().state == "builtin"
        writer = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, str(path))
        assert await writer.wait() == 0
        await eventually(lambda: color(live) == "#FF0000")
