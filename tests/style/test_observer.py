"""Changes made without plotkiln enter the history, whoever runs meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from conftest import require
from plotkiln.style.live import LiveStyles
from plotkiln.style.observer import Observer
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from servers import Consul, eventually
from style_stores import ConsulOpener, Opener

pytestmark = pytest.mark.anyio

A, B = b'{"font": {"size": 9}}', b'{"font": {"size": 10}}'


@asynccontextmanager
async def observing(opener: Opener) -> AsyncIterator[StyleStore]:
    """Watch and observe, as a server does."""
    async with (
        opener() as store,
        LiveStyles(store, snapshot=None) as live,
        Observer(store, delay=0) as observer,
    ):
        live.on_listing(observer.see)
        yield store


async def kinds(store: StyleStore, name: str) -> list[tuple[str, bool]]:
    """Return kind of each entry, and whether the style was removed, oldest first."""
    return [(entry.kind, entry.removed) for entry in reversed(await store.history(name))]


async def _until(store: StyleStore, name: str, wanted: list[tuple[str, bool]]) -> None:
    async with asyncio.timeout(20):
        while await kinds(store, name) != wanted:  # noqa: ASYNC110 -- a store sets no event
            await asyncio.sleep(0.02)


async def test_edits_enter_when_they_are_seen(opener: Opener) -> None:
    """An edit and a removal made elsewhere enter once, though two processes watch."""
    await opener_ready(opener)
    async with observing(opener) as store, observing(opener):
        await opener.change("a", A)
        await _until(store, "a", [("observed", False)])
        await opener.change("a", B)
        await _until(store, "a", [("observed", False)] * 2)
        await opener.change("a", None)
        await _until(store, "a", [("observed", False)] * 2 + [("observed", True)])


async def test_edits_enter_though_nobody_ran(opener: Opener) -> None:
    """What changed while no process watched enters when one starts."""
    async with opener() as store:
        stored = await store.write("a", A, expected=0)
        await store.write("b", A, expected=0)
    await opener.change("a", B)
    await opener.change("b", None)
    await opener.change("c", A)
    async with observing(opener) as store:
        await _until(store, "a", [("written", False), ("observed", False)])
        await _until(store, "b", [("written", False), ("observed", True)])
        await _until(store, "c", [("observed", False)])
        newest = (await store.history("a"))[0]
        assert newest.version > stored.version


async def test_what_plotkiln_writes_is_not_observed(opener: Opener) -> None:
    """A write has its entry already, also for the processes that see it from outside."""
    async with observing(opener) as one, observing(opener) as other:
        stored = await one.write("a", A, expected=0)
        stored = await other.write("a", B, expected=stored.version)
        await other.delete("a", expected=stored.version)
        await opener.change("b", A)
        await _until(one, "b", [("observed", False)])
        assert await kinds(one, "a") == [("written", False)] * 2 + [("deleted", True)]


async def opener_ready(opener: Opener) -> None:
    """Let the tables stand before somebody else writes to them."""
    async with opener():
        pass


async def test_a_token_that_only_reads_observes_nothing() -> None:
    """Without the permission to write the history is left as it is, and the styles are read."""
    require(Consul.binary(), "consul")
    with Consul(acl=True) as agent:
        rules = 'key_prefix "styles" { policy = "read" }'
        token = agent.create_token("reader", rules=rules)
        config = ConsulConfig(address=agent.url, token=token, wait=1)
        async with (
            ConsulStyles(config, prefix="styles") as store,
            LiveStyles(store, snapshot=None) as live,
            Observer(store, delay=0) as observer,
        ):
            live.on_listing(observer.see)
            agent.put("styles/a", A)
            await eventually(lambda: "a" in live.known())
            await eventually(lambda: observer._entered and "a" in observer._entered)
            assert await store.recorded() == frozenset()
            assert live.reachable


async def test_leaving_ends_the_observation(consul: Consul) -> None:
    """Nothing runs on after the context is left."""
    async with observing(ConsulOpener(consul)):
        assert any(task.get_name() == "history" for task in asyncio.all_tasks())
    assert not any(task.get_name() == "history" for task in asyncio.all_tasks())
