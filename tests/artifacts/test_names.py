import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from plotkiln.artifacts import Artifact, ArtifactOrder, Artifacts, Cause, SqliteArtifacts, newer
from plotkiln.artifacts.names import MEDIA_TYPES, format_of
from plotkiln.artifacts.names_redis import RedisArtifacts
from plotkiln.errors import PreconditionFailed, StoreUnavailable
from plotkiln.state import Database
from plotkiln.state.redis import open_redis
from servers import free_port

pytestmark = pytest.mark.anyio

HITS = Artifact(
    name="hits.png",
    digest="0" * 64,
    number=1,
    style_digest="1" * 64,
    media_type="image/png",
    owner="anonymous",
    spec=b'{"template": "odometer"}',
    style="default@42",
    cause=Cause(rule="hits", type="plotkiln.hits", subject="home"),
)

ORDERS = some.builds(ArtifactOrder, generation=some.integers(0, 3), number=some.integers(0, 5))


@asynccontextmanager
async def embedded(folder: Path) -> AsyncIterator[Artifacts]:
    """Open the names in a file."""
    async with Database(folder / "state.sqlite") as database:
        opened = SqliteArtifacts(database)
        await opened.open()
        yield opened


@asynccontextmanager
async def shared(url: str) -> AsyncIterator[Artifacts]:
    """Open the names in Redis."""
    async with open_redis(url) as redis:
        yield RedisArtifacts(redis)


@pytest.fixture(params=["embedded", "redis"])
async def artifacts(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Artifacts]:
    """Open each kind of store in turn."""
    if request.param == "embedded":
        opening = embedded(tmp_path)
    else:
        opening = shared(request.getfixturevalue("redis_url"))
    async with opening as opened:
        yield opened


async def test_a_record_comes_back(artifacts: Artifacts) -> None:
    """A record comes back as it was stored, with its version; an unknown name has none."""
    first = await artifacts.put(HITS)
    assert first == msgspec.structs.replace(HITS, version=1)
    assert await artifacts.get("hits.png") == first
    assert await artifacts.get("hits.svg") is None


async def test_a_name_is_forgotten(artifacts: Artifacts) -> None:
    """A removed name is unknown, is not listed, and can begin anew; removing it again is fine."""
    name = msgspec.structs.replace(HITS, name="removed.png")
    await artifacts.put(await artifacts.put(name))
    for _ in range(2):
        await artifacts.remove("removed.png")
        assert await artifacts.get("removed.png") is None
        assert "removed.png" not in await artifacts.names(after="removed")
    assert (await artifacts.put(name)).version == 1


async def test_a_record_is_replaced_by_its_version(artifacts: Artifacts) -> None:
    """A write that names the stored version wins and raises it; a later one that does not fails."""
    first = await artifacts.put(HITS)
    with pytest.raises(PreconditionFailed, match="version 1, not 0"):
        await artifacts.put(HITS)
    second = await artifacts.put(msgspec.structs.replace(first, number=7))
    assert (second.version, second.number) == (2, 7)
    with pytest.raises(PreconditionFailed, match="version 2, not 1"):
        await artifacts.put(first)
    assert await artifacts.get("hits.png") == second


async def test_one_of_two_racing_writers_wins(artifacts: Artifacts) -> None:
    """Of many writers of one version exactly one changes the record."""
    results = await asyncio.gather(
        *(artifacts.put(HITS) for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(result, Artifact) for result in results) == 1
    assert sum(isinstance(result, PreconditionFailed) for result in results) == 9


async def test_names_come_in_pages(artifacts: Artifacts) -> None:
    """Every name comes once, in order, however small the pages are."""
    stored = sorted(["a.png", "B.png", "a-1.png", "a.svg", "z.pdf", "hits.png", "hits-x.png"])
    assert await artifacts.names() == []
    for name in [*stored, "a.png"]:
        found = await artifacts.get(name) or HITS
        await artifacts.put(msgspec.structs.replace(found, name=name))
    assert await artifacts.names() == stored
    paged: list[str] = []
    while page := await artifacts.names(after=paged[-1] if paged else "", limit=2):
        assert len(page) <= 2
        paged += page
    assert paged == stored


async def test_a_store_that_is_away_says_so(tmp_path: Path) -> None:
    """Nobody takes a store that does not answer for an empty one."""
    async with shared(f"redis://127.0.0.1:{free_port()}/0") as away:
        for call in (away.get("hits.png"), away.put(HITS), away.names()):
            with pytest.raises(StoreUnavailable):
                await call
    async with Database(tmp_path / "state.sqlite") as database:
        closed = SqliteArtifacts(database)
        await closed.open()
    with pytest.raises(StoreUnavailable):
        await closed.get("hits.png")


@given(some.lists(some.tuples(ORDERS, some.sampled_from("ab")), min_size=1, max_size=12))
def test_a_name_never_runs_backwards(candidates: list[tuple[ArtifactOrder, str]]) -> None:
    """Whatever the order in which pictures come, a name shows later ones only, at last the last."""
    record: Artifact | None = None
    for order, style in candidates:
        candidate = artifact_of(order, style)
        before, record = record, candidate if newer(record, candidate) else record
        assert record is not None
        assert before is None or record.order >= before.order
    assert record is not None
    assert record.order == max(order for order, _ in candidates)


@given(some.permutations([(order, "a") for order in range(6)]), some.integers(0, 3))
def test_the_order_of_arrival_does_not_matter(
    candidates: list[tuple[int, str]], again: int
) -> None:
    """Reordered and repeated pictures of one style end in the same record."""
    record: Artifact | None = None
    for number, style in [*candidates, *candidates[:again]]:
        candidate = artifact_of(ArtifactOrder(0, number), style)
        record = candidate if newer(record, candidate) else record
    assert record == artifact_of(ArtifactOrder(0, 5), "a")


def test_what_replaces_what() -> None:
    """A higher generation comes before a higher number, and that before the style."""
    shown = artifact_of(ArtifactOrder(1, 5), "a")
    assert newer(None, shown)
    assert newer(shown, artifact_of(ArtifactOrder(2, 0), "a"))
    assert newer(shown, artifact_of(ArtifactOrder(1, 6), "a"))
    assert newer(shown, artifact_of(ArtifactOrder(1, 5), "b"))
    assert not newer(shown, shown)
    assert not newer(shown, artifact_of(ArtifactOrder(1, 4), "b"))
    assert not newer(shown, artifact_of(ArtifactOrder(0, 9), "b"))


@pytest.mark.parametrize(
    "name",
    ["", "hits", ".png", "-.png", "a/b.png", "../a.png", "a b.png", "ä.png", "a.gif", "a.PNG"],
)
def test_what_no_name_can_be(name: str) -> None:
    """A name is safe in addresses, keys and files, and ends in a format."""
    assert format_of(name) is None
    assert format_of(f"{'a' * 120}.png") == "png"
    assert format_of(f"{'a' * 121}.png") is None
    assert format_of("hits.png\n") is None


def test_a_name_tells_its_format() -> None:
    """The ending is the format."""
    assert [format_of(f"Hits-1.a_b.{ending}") for ending in MEDIA_TYPES] == list(MEDIA_TYPES)


def artifact_of(order: ArtifactOrder, style: str) -> Artifact:
    """Return a picture of that order and style."""
    return msgspec.structs.replace(
        HITS, generation=order.generation, number=order.number, style_digest=style
    )
