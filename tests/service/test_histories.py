"""Going back, on the use case itself: any documents, any versions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotkiln.errors import NotFoundError, RuleError
from plotkiln.identity import Principal
from plotkiln.service.histories import HistoryService
from plotkiln.service.styles import StyleService
from plotkiln.style.history import equal_documents
from plotkiln.style.live import LiveStyles
from style_stores import EmbeddedOpener

pytestmark = pytest.mark.anyio

ADA = Principal("ada")

COLORS = st.sampled_from(["#111111", "#222222", "tan"])
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.fixed_dictionaries({}, optional={"color": COLORS}),
        "palette": st.lists(COLORS, min_size=1, max_size=3),
        "rc": st.just({"axes.titlepad": 3}),
        "unknown": st.integers(),
    },
)


@asynccontextmanager
async def services(opener: EmbeddedOpener) -> AsyncIterator[tuple[StyleService, HistoryService]]:
    """Serve the styles of one store."""
    async with opener() as store, LiveStyles(store, snapshot=None) as live:
        yield StyleService(store, live), HistoryService(store, live)


def spelt(document: object, spaces: int) -> bytes:
    """Return a document as JSON, indented or not, with a line feed at its end or not."""
    data = msgspec.json.encode(document)
    if spaces == 0:
        return data
    return msgspec.json.format(data, indent=spaces) + b"\n"


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    written=st.lists(st.tuples(DOCUMENTS, st.integers(0, 2)), min_size=1, max_size=5),
    data=st.data(),
)
def test_rolling_back_yields_the_bytes_of_then(
    tmp_path_factory: pytest.TempPathFactory,
    written: list[tuple[dict[str, object], int]],
    data: st.DataObject,
) -> None:
    """To whatever version one goes back, its document comes back byte for byte; twice, too."""

    async def run() -> None:
        opener = EmbeddedOpener(tmp_path_factory.mktemp("back"))
        async with services(opener) as (styles, histories):
            seen: dict[int, bytes] = {}
            for document, spaces in written:
                # as Consul's UI would: members that plotkiln does not know are in some
                await opener.change("a", spelt(document, spaces))
                stored = await styles.get(ADA, "a")
                seen[stored.version] = stored.data
                await histories._store.observe(await histories._store.list())
            for _ in range(2):
                wanted = data.draw(st.sampled_from(sorted(seen)))
                newest = await styles.version(ADA, "a")
                await histories.rollback(ADA, "a", wanted, expected=newest)
                stored = await styles.get(ADA, "a")
                # what says the same already stays as it is spelt
                same = equal_documents(seen[newest], seen[wanted])
                assert stored.data == seen[newest if same else wanted]
                seen[stored.version] = stored.data

    asyncio.run(run())


async def test_a_broken_version_is_not_brought_back(tmp_path: Path) -> None:
    """What could not be drawn then is refused with its faults."""
    opener = EmbeddedOpener(tmp_path)
    async with services(opener) as (styles, histories):
        await opener.change("a", b'{"title": {"color": 7}}')
        broken = await styles.version(ADA, "a")
        with pytest.raises(RuleError, match=r"title\.color"):
            await histories.rollback(ADA, "a", broken, expected=broken)


async def test_going_back_makes_no_circle(tmp_path: Path) -> None:
    """An old document whose base extends the style by now is refused."""
    async with services(EmbeddedOpener(tmp_path)) as (styles, histories):
        await styles.put(ADA, "base", b"{}", expected=0)
        old = (await styles.put(ADA, "a", b'{"extends": "base"}', expected=0)).version
        new = (await styles.put(ADA, "a", b"{}", expected=old)).version
        base = await styles.version(ADA, "base")
        await styles.put(ADA, "base", b'{"extends": "a"}', expected=base)
        with pytest.raises(RuleError, match="circle"):
            await histories.rollback(ADA, "a", old, expected=new)


async def test_the_first_observed_change_tells_no_difference(tmp_path: Path) -> None:
    """Nobody knows what was before an edit that was the first to be seen."""
    opener = EmbeddedOpener(tmp_path)
    async with services(opener) as (_, histories):
        await opener.change("a", b"{}")
        await histories._store.observe(await histories._store.list())
        (change,) = (await histories.page(ADA, "a")).changes
        assert (change.kind, change.who) == ("observed", "")
        assert list(change.differences) == ["what it said before is not known"]


async def test_a_removal_has_no_document(tmp_path: Path) -> None:
    """The version of a removal names no document, and says why."""
    async with services(EmbeddedOpener(tmp_path)) as (styles, histories):
        stored = await styles.put(ADA, "a", b"{}", expected=0)
        await styles.delete(ADA, "a", expected=stored.version)
        newest = (await histories.page(ADA, "a")).changes[0]
        with pytest.raises(NotFoundError, match="removed it"):
            await histories.document(ADA, "a", int(newest.version))
