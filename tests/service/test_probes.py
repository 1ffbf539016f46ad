import os
import secrets
from pathlib import Path

import pytest

from conftest import require
from plotkiln.artifacts import open_renderings
from plotkiln.errors import AccessDenied, StoreUnavailable
from plotkiln.identity import ANONYMOUS
from plotkiln.service.doctor import Probe, check
from plotkiln.service.probes import (
    find_database,
    find_folder,
    find_losses,
    find_memory,
    find_rendering_reads,
    find_renderings,
    find_snapshot,
    find_style_writes,
    find_styles,
    megabytes,
)
from plotkiln.service.seeds import seed
from plotkiln.state import Database
from plotkiln.state.redis import durability, open_redis
from plotkiln.style.known import remembered
from plotkiln.style.looks import StoredDocument
from plotkiln.style.snapshot import save
from redis_servers import RedisServer
from style_stores import EmbeddedOpener

pytestmark = pytest.mark.anyio


async def test_stored_styles_are_counted(tmp_path: Path) -> None:
    """A good store is ok, and an empty one too: the built-in style serves."""
    async with EmbeddedOpener(tmp_path)() as store:
        empty = await find_styles(store, strict=False)
        await seed(store, ANONYMOUS)
        full = await find_styles(store, strict=True)
    assert (empty.state, empty.detail) == ("ok", "0 stored: the built-in style serves")
    assert (full.state, full.detail) == ("ok", "5 stored")


@pytest.mark.parametrize("document", [b'{"palette": 7}', b'{"extends": "nowhere"}'])
async def test_a_broken_style_is_a_warning(tmp_path: Path, document: bytes) -> None:
    """One that cannot be read or resolved is named, with the way to mend it."""
    opener = EmbeddedOpener(tmp_path)
    async with opener() as store:
        await opener.change("house", document)
        found = await find_styles(store, strict=False)
    assert found.state == "warning"
    assert "house" in found.detail
    assert "plotkiln styles get house" in found.mend


async def test_strict_mode_needs_a_default(tmp_path: Path) -> None:
    """Without a stored `default` every render would be refused: a fault whose mend is a command."""
    async with EmbeddedOpener(tmp_path)() as store:
        found = await find_styles(store, strict=True)
    assert found.state == "fault"
    assert "plotkiln styles seed default" in found.mend


async def test_a_token_that_only_reads_is_a_warning() -> None:
    """Many processes need not write styles; the permission that is lacking is told."""

    async def denied() -> None:
        raise AccessDenied("the token needs write")

    async def permitted() -> None:
        pass

    assert (await find_style_writes(permitted)).state == "ok"
    found = await find_style_writes(denied)
    assert found.state == "warning"
    assert "needs write" in found.detail


async def test_a_snapshot_is_read(tmp_path: Path) -> None:
    """A missing one is to come, a good one is counted, a broken one is to be removed."""
    path = tmp_path / "styles.json"
    missing = await find_snapshot(path, "Consul")
    save(path, remembered([StoredDocument("house", 7, b"{}")], index=9))
    good = await find_snapshot(path, "Consul")
    path.write_bytes(b'{"index": 9, "docum')
    broken = await find_snapshot(path, "Consul")
    assert [one.state for one in (missing, good, broken)] == ["ok", "ok", "warning"]
    assert good.detail.startswith("1 styles in ")
    assert str(path) in broken.mend


async def test_the_store_of_renderings_is_tried_and_left_clean(tmp_path: Path) -> None:
    """An object is put, read and removed; no file is left."""
    place = (tmp_path / "renderings").as_uri()
    found = await find_renderings(open_renderings(place), place)
    assert found.state == "ok"
    assert [files for _, _, files in os.walk(tmp_path) if files] == []
    assert (await find_rendering_reads(open_renderings(place))).state == "ok"


async def test_renderings_that_cannot_be_kept_are_away(tmp_path: Path) -> None:
    """A store whose folder is a file raises, which makes it away."""
    (tmp_path / "renderings").mkdir()
    renderings = open_renderings((tmp_path / "renderings").as_uri())
    (tmp_path / "renderings").rmdir()
    (tmp_path / "renderings").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        await find_renderings(renderings, "file:")


async def test_the_state_database_takes_writes(tmp_path: Path) -> None:
    """A database that can be locked for writing is ok, and is not changed by that."""
    async with Database(tmp_path / "state.sqlite") as database:
        await database.script("CREATE TABLE kept (value INTEGER)")
        found = await find_database(database)
    assert found.state == "ok"
    assert "state.sqlite takes writes" in found.detail


async def test_a_folder_is_written_to_and_left_clean(tmp_path: Path) -> None:
    """The folder is made where it is missing, and no file stays in it."""
    folder = tmp_path / "data" / secrets.token_hex(4)
    found = await find_folder(folder)
    assert "free" in found.detail
    assert os.listdir(folder) == []  # noqa: PTH208 -- names are all that is wanted


async def test_a_folder_below_a_file_is_a_fault(tmp_path: Path) -> None:
    """Where no folder can be, the fault names the place."""
    (tmp_path / "file").write_bytes(b"")
    look = Probe(
        name="folder", look=lambda: find_folder(tmp_path / "file" / "data"), mend="Set another."
    )
    done = await check(look)
    assert done.state == "fault"
    assert str(tmp_path) in done.detail


@pytest.mark.parametrize(
    ("free", "state"), [(None, "ok"), (2000, "ok"), (1000, "warning"), (100, "away")]
)
async def test_memory_is_held_against_the_reserve(free: int | None, state: str) -> None:
    """Below the reserve renders are refused; below what one may take besides, that is told."""
    mebi = None if free is None else free << 20
    found = await find_memory(lambda: mebi, reserve=128 << 20, render=1024 << 20)
    assert found.state == state


@pytest.mark.parametrize(
    ("size", "text"),
    [(512, "0.5 KiB"), (36 << 10, "36 KiB"), (300 << 20, "300 MiB"), (3 << 30, "3.0 GiB")],
)
def test_bytes_are_told_in_words(size: int, text: str) -> None:
    """Sizes have the unit in which they are short."""
    assert megabytes(size) == text


async def test_what_redis_may_lose_is_a_warning(redis_url: str, tmp_path: Path) -> None:
    """A server without a log on disk is named with its mend; one that has it is well."""
    require(RedisServer.binary(), "redis-server")
    async with open_redis(redis_url) as redis:
        found = await find_losses(lambda: durability(redis))
    assert (found.state, found.mend) == ("warning", "Set appendonly to yes.")
    with RedisServer(tmp_path, appendonly="yes") as server:
        async with open_redis(server.url) as redis:
            found = await find_losses(lambda: durability(redis))
    assert (found.state, found.detail.split()[0]) == ("ok", "Redis")
    assert found.detail.endswith("logs every write; its crash may forget the last second")
