"""What is known of templates: found out once, kept by content."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from plotkiln.errors import NotFoundError, RuleError
from plotkiln.identity import ANONYMOUS
from plotkiln.service import TemplateService
from plotkiln.spec.templated import NotYetKnownError
from plotkiln.templates.sources import TemplateSources
from plotkiln.workers import Admission, Pool, PoolSize, branches, installed_fonts
from plotkiln.workers.process import ZygoteProcess
from templated import SPEEDOMETER, write_files

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[Pool]:
    """Return render processes that start at the first need."""
    (tmp_path / "cache").mkdir()
    pool = Pool(
        lambda: ZygoteProcess.start(installed_fonts(), tmp_path / "cache", worker_memory=0),
        size=PoolSize(workers=1, idle=None),
        admission=Admission(places=4, memory_reserve=0),
    )
    yield pool
    pool.retire()


def service(pool: Pool, folder: Path | None, keep: Path) -> TemplateService:
    """Return what a process that has just started knows."""
    return TemplateService(TemplateSources(folder, every=0), pool, keep=keep)


def no_pool() -> Pool:
    """Return a pool that cannot start anything."""

    def start() -> ZygoteProcess:
        raise AssertionError("nobody may start a zygote here")

    return Pool(start, size=PoolSize(), admission=Admission(places=1, memory_reserve=0))


def written(folder: Path) -> list[Path]:
    """Return what lies in a folder."""
    return list(folder.iterdir())


async def test_shipped_templates_are_known_at_once(tmp_path: Path) -> None:
    """Without templates of others no process is started, and nothing is written."""
    known = service(no_pool(), None, tmp_path / "kept.json")
    assert (await known.get(ANONYMOUS, "odometer")).size == (280, 64)
    use = await known.use("odometer")
    assert not use.foreign
    assert written(tmp_path) == []
    with pytest.raises(NotFoundError, match="did you mean odometer"):
        await known.get(ANONYMOUS, "odometr")
    with pytest.raises(RuleError) as caught:
        await known.use("odometr")
    assert caught.value.faults[0].path == "template"


async def test_a_description_outlives_the_process(pool: Pool, tmp_path: Path) -> None:
    """What one process has found out the next one knows, as long as the code is the same."""
    folder, keep = write_files(tmp_path / "own", {"a.py": SPEEDOMETER}), tmp_path / "kept.json"
    first = service(pool, folder, keep)
    with pytest.raises(NotYetKnownError):
        first.find("speedometer")
    listed = await first.list(ANONYMOUS)
    second = service(no_pool(), folder, keep)
    assert await second.list(ANONYMOUS) == listed
    write_files(folder, {"a.py": f"{SPEEDOMETER}\n# changed\n"})
    with pytest.raises(NotYetKnownError):
        second.find("speedometer")


async def test_the_code_decides_the_key(pool: Pool, tmp_path: Path) -> None:
    """A change of the code is another key, and the change back is the first one."""
    folder = write_files(tmp_path / "own", {"a.py": SPEEDOMETER})
    known = service(pool, folder, tmp_path / "kept.json")
    first = await known.use("speedometer")
    write_files(folder, {"a.py": f"{SPEEDOMETER}\n# changed\n"})
    assert (await known.use("speedometer")).key != first.key
    write_files(folder, {"a.py": SPEEDOMETER})
    assert await known.use("speedometer") == first


async def test_what_hangs_hangs_once(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that was given up is not loaded again until it changes, in no process."""
    monkeypatch.setattr(branches, "_LOADED_WITHIN", 1.0)
    files = {"hangs.py": "while True: pass\n", "a.py": SPEEDOMETER}
    folder, keep = write_files(tmp_path / "own", files), tmp_path / "kept.json"
    (broken,) = (await service(pool, folder, keep).list(ANONYMOUS)).broken
    assert broken.fatal
    second = service(no_pool(), folder, keep)
    assert second.load().skip == {"hangs.py": "it did not load within 1 s"}
    write_files(folder, {"hangs.py": "x = 1\n"})
    assert second.load().skip == {}


async def test_a_full_disk_costs_only_time(
    pool: Pool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where descriptions cannot be kept, they are known all the same, and the log says so."""
    folder = write_files(tmp_path / "own", {"a.py": SPEEDOMETER})
    known = service(pool, folder, tmp_path / "no" / "such" / "folder.json")
    with caplog.at_level(logging.WARNING):
        assert "speedometer" in [one.name for one in (await known.list(ANONYMOUS)).templates]
    assert "No such file or directory" in caplog.text
    known.find("speedometer")
