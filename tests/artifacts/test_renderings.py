import asyncio
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from plotkiln.artifacts import JobInput, Renderings, StoredRendering, open_renderings
from plotkiln.artifacts.objects import Objects
from plotkiln.errors import SettingsError, StoreUnavailable
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.looks import Look
from s3_servers import S3Server
from servers import wait_until

pytestmark = pytest.mark.anyio

DIGEST = "ab" * 32

#: Members of an input.
INPUT: dict[str, Any] = {
    "spec": b'{"y": [1]}',
    "look": Look(name="default", version=0, state="builtin", style=BUILTIN, digest="cd" * 32),
    "format": "png",
    "spec_digest": "ef" * 32,
}

#: Writes pictures into a folder until it is killed.
PROGRAM = """
import asyncio
import sys
from plotkiln.artifacts import StoredRendering, open_renderings

async def main():
    renderings = open_renderings("{url}")
    number = 0
    while True:
        digest = f"ab{{sys.argv[1]}}{{number:061x}}"
        await renderings.put(digest, "png", StoredRendering(bytes(8 << 20)), create=number % 2 > 0)
        number += 1

asyncio.run(main())
"""


@pytest.fixture
def renderings(objects: Objects) -> Renderings:
    """Open each kind of store in turn."""
    return Renderings(objects)


async def test_what_was_put_is_got(renderings: Renderings) -> None:
    """A rendering comes back with its bytes and its warnings, under its digest and format."""
    stored = StoredRendering(b"picture", ("no font has U+1F600", "3 points were dropped"))
    await renderings.put(DIGEST, "png", stored)
    assert await renderings.get(DIGEST, "png") == stored
    assert await renderings.get(DIGEST, "svg") is None
    assert await renderings.get("cd" * 32, "png") is None


async def test_a_rendering_without_warnings_has_none(renderings: Renderings) -> None:
    """Warnings are optional."""
    await renderings.put(DIGEST, "pdf", StoredRendering(b"picture"))
    assert await renderings.get(DIGEST, "pdf") == StoredRendering(b"picture", ())


async def test_the_sweep_keeps_what_fits(renderings: Renderings) -> None:
    """A sweep within the bounds removes nothing; past the size the oldest go first."""
    for number in range(4):
        await renderings.put(f"{number:064x}", "png", StoredRendering(bytes(100)))
    assert await renderings.sweep(max_age=timedelta(days=1), max_size=400) == 0
    assert await renderings.sweep(max_age=timedelta(days=1), max_size=250) == 2
    left = [await renderings.get(f"{number:064x}", "png") for number in range(4)]
    assert [found is not None for found in left] == [False, False, True, True]


async def test_the_sweep_removes_the_aged(renderings: Renderings) -> None:
    """What is older than the most age goes, warnings included."""
    await renderings.put(DIGEST, "png", StoredRendering(b"picture", ("a warning",)))
    assert await renderings.sweep(max_age=timedelta(0), max_size=1 << 30) == 2
    assert await renderings.get(DIGEST, "png") is None


async def test_one_of_many_creates(renderings: Renderings) -> None:
    """Of twenty who put the same at once one writes; to the others it is there, and it is whole."""
    stored = StoredRendering(bytes(200_000), ("a warning",))
    wrote = await asyncio.gather(
        *(renderings.put(DIGEST, "png", stored, create=True) for _ in range(20))
    )
    assert sorted(wrote) == [False] * 19 + [True]
    assert await renderings.get(DIGEST, "png") == stored
    assert await renderings.put(DIGEST, "png", stored) is True


async def test_what_is_torn_is_mended(renderings: Renderings) -> None:
    """An empty object is no rendering, and whoever creates it once more writes it anew."""
    stored = StoredRendering(b"picture")
    await renderings.put(DIGEST, "png", StoredRendering(b""))
    assert await renderings.get(DIGEST, "png") is None
    await renderings.put(DIGEST, "png", stored, create=True)
    assert await renderings.get(DIGEST, "png") == stored
    await renderings.put(DIGEST, "png", StoredRendering(b"pict"))
    await renderings.put(DIGEST, "png", stored, create=True)
    assert await renderings.get(DIGEST, "png") == stored


async def test_the_large_is_created_as_one(renderings: Renderings) -> None:
    """A picture of more than a part's size is created on the same condition."""
    stored = StoredRendering(bytes(12 << 20))
    first = await renderings.put(DIGEST, "png", stored, create=True)
    again = await renderings.put(DIGEST, "png", stored, create=True)
    assert (first, again) == (True, False)


async def test_a_sweep_without_bounds_removes_nothing(renderings: Renderings) -> None:
    """Without a bound on age the size alone counts, and the other way round."""
    await renderings.put(DIGEST, "png", StoredRendering(bytes(100)))
    assert await renderings.sweep(max_age=None, max_size=None) == 0
    assert await renderings.sweep(max_age=None, max_size=100) == 0
    assert await renderings.sweep(max_age=timedelta(days=1), max_size=None) == 0
    assert await renderings.sweep(max_age=None, max_size=99) == 1


async def test_the_sweep_leaves_inputs_alone(renderings: Renderings) -> None:
    """What a job is drawn from is not the renderings' to remove, however old or large."""
    await renderings.inputs.put(DIGEST, JobInput(**INPUT))
    assert await renderings.sweep(max_age=timedelta(0), max_size=0) == 0
    assert await renderings.inputs.get(DIGEST) == JobInput(**INPUT)


async def test_a_bucket_tells_what_it_holds(bucket: Objects, s3: S3Server) -> None:
    """A presigned address shows the picture with its type, and lets caches keep it."""
    renderings = Renderings(bucket)
    await renderings.put(DIGEST, "svg", StoredRendering(b"<svg/>"), create=True)
    address = await renderings.address(DIGEST, "svg", lifetime=timedelta(minutes=5))
    assert address is not None
    assert address.startswith(f"{s3.url}/")
    assert f"/some/prefix/ab/{DIGEST}.svg?" in address
    async with httpx.AsyncClient() as client:
        answer = await client.get(address)
    assert (answer.status_code, answer.content) == (200, b"<svg/>")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    query = parse_qs(urlsplit(address).query)
    assert query["X-Amz-Expires"] == ["300"]


async def test_only_buckets_have_addresses(tmp_path: Path) -> None:
    """Memory and folders sign nothing."""
    for url in ("memory://", tmp_path.as_uri()):
        found = open_renderings(url)
        assert await found.address(DIGEST, "png", lifetime=timedelta(minutes=5)) is None


async def test_a_bucket_that_is_away_says_so(bucket_url: str) -> None:
    """A bucket that nobody has is a store that is away, whatever is asked of it."""
    renderings = open_renderings(bucket_url.replace("kept-", "lost-"))
    with pytest.raises(StoreUnavailable):
        await renderings.put(DIGEST, "png", StoredRendering(b"picture"), create=True)
    with pytest.raises(StoreUnavailable):
        await renderings.sweep(max_age=timedelta(0), max_size=0)


async def test_a_write_that_is_cut_off_leaves_no_picture(tmp_path: Path) -> None:
    """Whenever a process is killed that writes to a folder, every picture there is whole.

    What it leaves of a picture goes with a sweep, once nobody can be writing it any more.
    """
    await asyncio.to_thread(_kill_writers, tmp_path)
    digests = [file.stem for file in pictures_in(tmp_path)]
    renderings = open_renderings(tmp_path.as_uri())
    found = [await renderings.get(digest, "png") for digest in digests]
    assert {len(picture.data) for picture in found if picture} == {8 << 20}
    (tmp_path / "ab" / f"{DIGEST}.png#1").write_bytes(b"pict")
    assert await renderings.sweep(max_age=timedelta(0), max_size=0) == len(found)
    assert (tmp_path / "ab" / f"{DIGEST}.png#1").exists()
    os.utime(tmp_path / "ab" / f"{DIGEST}.png#1", (0, 0))
    assert await renderings.sweep(max_age=timedelta(0), max_size=0) == 1
    assert not (tmp_path / "ab" / f"{DIGEST}.png#1").exists()


def pictures_in(folder: Path) -> list[Path]:
    """Return what a web server would take for pictures."""
    return list(folder.rglob("*.png"))


def _kill_writers(folder: Path) -> None:
    """Kill five processes while they write, each after some more pictures."""
    program = PROGRAM.format(url=folder.as_uri())
    for number in range(5):
        process = subprocess.Popen([sys.executable, "-c", program, str(number)])
        wait_until(lambda: len(pictures_in(folder)) >= 3 * (number + 1), 30)  # noqa: B023 -- now
        process.kill()
        process.wait()


async def test_pictures_lie_in_the_folder_as_they_are(tmp_path: Path) -> None:
    """A folder holds plain picture files, so that anything can serve them."""
    await open_renderings(tmp_path.as_uri()).put(DIGEST, "png", StoredRendering(b"picture"))
    assert (tmp_path / "ab" / f"{DIGEST}.png").read_bytes() == b"picture"


async def test_a_store_that_fails_says_so(tmp_path: Path) -> None:
    """A picture that cannot be written is a store that is away."""
    renderings = open_renderings(tmp_path.as_uri())
    (tmp_path / "ab").write_bytes(b"a file where a folder should be")
    with pytest.raises(StoreUnavailable):
        await renderings.put(DIGEST, "png", StoredRendering(b"picture"))


@pytest.mark.parametrize("url", ["nonsense", "ftp://host/folder", "file:relative"])
def test_an_unusable_url_is_a_setting_error(url: str) -> None:
    """A URL that names no store is refused with the setting's name."""
    with pytest.raises(SettingsError, match="PLOTKILN_ARTIFACTS_URL"):
        open_renderings(url)
