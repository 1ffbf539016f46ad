import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import msgspec
import obstore
import pytest
from obstore.store import LocalStore, MemoryStore

from plotkiln.artifacts import Artifact, Published, Renderings, open_published
from plotkiln.artifacts.objects import Objects
from plotkiln.artifacts.published import PUBLISHED, ConditionalKeys
from plotkiln.artifacts.published_folder import PublicFolder
from plotkiln.errors import SettingsError, StoreUnavailable
from s3_servers import S3Server

pytestmark = pytest.mark.anyio

HITS = Artifact(
    name="hits.png",
    digest="0" * 64,
    style_digest="1" * 64,
    media_type="image/png",
    owner="anonymous",
    version=1,
)


class Public(NamedTuple):
    """One kind of store, and what a visitor gets from it."""

    open: Callable[[], Published]
    get: Callable[[str], bytes | None]


@pytest.fixture(params=["memory", "folder", "s3"])
def public(request: pytest.FixtureRequest, tmp_path: Path) -> Public:
    """Open each kind of store in turn."""
    if request.param == "folder":
        return Public(lambda: PublicFolder(tmp_path), lambda name: file_bytes(tmp_path / name))
    if request.param == "memory":
        store = MemoryStore()
    else:
        server: S3Server = request.getfixturevalue("s3")
        bucket = f"public-{uuid4()}"
        server.bucket(bucket)
        store = server.store(bucket)
    return Public(lambda: ConditionalKeys(store), lambda name: object_bytes(store, name))


def file_bytes(path: Path) -> bytes | None:
    """Return what a web server would show of a folder."""
    return path.read_bytes() if path.exists() else None


def object_bytes(store: MemoryStore, name: str) -> bytes | None:
    """Return what a bucket shows."""
    try:
        return bytes(obstore.get(store, PUBLISHED + name).bytes())
    except FileNotFoundError:
        return None


def hits(number: int, *, generation: int = 0, version: int | None = None) -> tuple[Artifact, bytes]:
    """Return a recorded picture of a number, and its bytes."""
    recorded = number if version is None else version
    artifact = msgspec.structs.replace(HITS, generation=generation, number=number, version=recorded)
    return artifact, b"picture %d.%d.%d" % (generation, number, recorded)


async def test_a_picture_is_shown_under_its_name(public: Public) -> None:
    """What was published is there, in whole, and replaced by what comes later."""
    assert public.get("hits.png") is None
    assert await public.open().publish(*hits(1))
    assert public.get("hits.png") == hits(1)[1]
    assert await public.open().publish(*hits(2))
    assert public.get("hits.png") == hits(2)[1]


async def test_what_is_removed_is_shown_no_more(public: Public) -> None:
    """A removed key is gone, and whatever is published next begins anew."""
    await public.open().remove("hits.png")
    assert await public.open().publish(*hits(5))
    for _ in range(2):
        await public.open().remove("hits.png")
        assert public.get("hits.png") is None
    assert await public.open().publish(*hits(4))
    assert public.get("hits.png") == hits(4)[1]


@pytest.mark.parametrize(
    ("shown", "late"),
    [
        (hits(5), hits(5)),
        (hits(5), hits(4)),
        (hits(1, generation=1, version=9), hits(7, version=8)),
        (hits(5, version=3), hits(5, version=2)),
    ],
)
async def test_what_comes_late_is_not_shown(
    public: Public, shown: tuple[Artifact, bytes], late: tuple[Artifact, bytes]
) -> None:
    """An older generation, an older number, an older look: none replaces what is shown."""
    assert await public.open().publish(*shown)
    assert not await public.open().publish(*late)
    assert public.get("hits.png") == shown[1]


async def test_the_same_number_in_another_look_is_shown(public: Public) -> None:
    """A picture of the same number that was recorded later replaces the other."""
    await public.open().publish(*hits(5, version=2))
    assert await public.open().publish(*hits(5, version=3))
    assert public.get("hits.png") == hits(5, version=3)[1]


async def test_many_publish_at_once(public: Public) -> None:
    """Of pictures published at the same time, in any order, the last stays."""
    numbers = [7, 3, 9, 1, 4, 8, 2, 6, 5]
    await asyncio.gather(*(public.open().publish(*hits(number)) for number in numbers))
    assert public.get("hits.png") == hits(9)[1]


async def test_names_do_not_touch_each_other(public: Public) -> None:
    """Each name has an order of its own."""
    other = msgspec.structs.replace(HITS, name="other.png")
    await public.open().publish(*hits(9))
    assert await public.open().publish(other, b"other")
    assert public.get("hits.png") == hits(9)[1]


async def test_visitors_are_told_to_ask_again(s3: S3Server) -> None:
    """A bucket serves a picture with its media type, and caches must ask for the newest."""
    s3.bucket("headers")
    store = s3.store("headers")
    await ConditionalKeys(store).publish(*hits(3))
    address = obstore.sign(store, "GET", "published/hits.png", timedelta(minutes=1))
    headers, body = s3.request("GET", address.removeprefix(f"{s3.url}/"))
    assert body == hits(3)[1]
    assert headers["content-type"] == "image/png"
    assert headers["cache-control"] == "no-cache"


async def test_a_replacement_that_was_cut_off_is_done_again(tmp_path: Path) -> None:
    """A folder whose note is ahead of its picture takes that picture, and none before it."""
    public = PublicFolder(tmp_path)
    await public.publish(*hits(1))
    await public.publish(*hits(2))
    (tmp_path / "hits.png").write_bytes(hits(1)[1])  # as a crash leaves it
    assert not await public.publish(*hits(1))
    assert await public.publish(*hits(2))
    assert (tmp_path / "hits.png").read_bytes() == hits(2)[1]
    (tmp_path / "hits.png").unlink()
    assert await public.publish(*hits(2))


async def test_a_folder_holds_whole_pictures_that_all_may_read(tmp_path: Path) -> None:
    """Whoever reads while pictures are replaced sees a whole one, never an older one after it."""
    public, seen, over = PublicFolder(tmp_path), [0], threading.Event()
    await public.publish(HITS, b"0" * 100_000)

    def watch() -> None:
        while not over.is_set():
            data = (tmp_path / "hits.png").read_bytes()
            assert len(data) == 100_000
            seen.append(int(data[:1]))

    watching = asyncio.create_task(asyncio.to_thread(watch))
    for number in range(1, 10):
        await public.publish(hits(number)[0], b"%d" % number * 100_000)
    over.set()
    await watching
    assert seen == sorted(seen)
    assert (tmp_path / "hits.png").stat().st_mode & 0o777 == 0o644
    assert visible(tmp_path) == ["hits.png"]


def visible(folder: Path) -> list[str]:
    """Return what lies in a folder for others."""
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


async def test_a_sweep_leaves_what_is_published(tmp_path: Path) -> None:
    """Renderings are swept, the pictures that the public sees stay."""
    await open_published(tmp_path.as_uri()).publish(*hits(1))
    renderings = Renderings(Objects(LocalStore(tmp_path)))
    assert await renderings.sweep(max_age=timedelta(0), max_size=0) == 0
    assert (tmp_path / "published/hits.png").exists()


async def test_a_store_that_fails_says_so(s3: S3Server, tmp_path: Path) -> None:
    """A picture that cannot be published is a store that is away."""
    with pytest.raises(StoreUnavailable):
        await ConditionalKeys(s3.store("no-such-bucket")).publish(*hits(1))
    (tmp_path / "file").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreUnavailable):
        await PublicFolder(tmp_path / "file").publish(*hits(1))


async def test_a_store_without_conditions_is_refused(tmp_path: Path) -> None:
    """A store that cannot write on condition does not publish at all."""
    unfit = ConditionalKeys(LocalStore(tmp_path))
    with pytest.raises(SettingsError, match="conditional"):
        await unfit.publish(*hits(1))


@pytest.mark.parametrize("url", ["nonsense", "file:relative"])
def test_an_unusable_url_is_a_setting_error(url: str) -> None:
    """A URL that names no store is refused with the setting's name."""
    with pytest.raises(SettingsError, match="PLOTKILN_ARTIFACTS_URL"):
        open_published(url)
