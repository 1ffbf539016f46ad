from datetime import timedelta
from pathlib import Path

import pytest

from plotkiln.artifacts import Renderings, StoredRendering, open_renderings
from plotkiln.errors import SettingsError, StoreUnavailable

pytestmark = pytest.mark.anyio

DIGEST = "ab" * 32


@pytest.fixture(params=["memory", "folder"])
def renderings(request: pytest.FixtureRequest, tmp_path: Path) -> Renderings:
    """Open each kind of store in turn."""
    url = "memory://" if request.param == "memory" else (tmp_path / "renderings").as_uri()
    return open_renderings(url)


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
