import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from plotkiln.templates.distributions import installed, package_root
from plotkiln.templates.files import MOST_FILES, TooManyFilesError, code_digest, files_below
from plotkiln.templates.sources import Source, TemplateSources, shipped_source
from templated import SPEEDOMETER, write_files


def folder_source(sources: TemplateSources) -> Source:
    """Return the folder among the sources."""
    return sources.current()[0]


def install(site: Path, name: str, files: dict[str, str], entry_points: str) -> None:
    """Lay out an installed distribution, as pip does."""
    write_files(site, files)
    write_files(site / f"{name}-1.0.dist-info", {"entry_points.txt": entry_points, "METADATA": ""})


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on sys.path."""
    place = tmp_path / "site"
    place.mkdir()
    monkeypatch.syspath_prepend(str(place))
    importlib.invalidate_caches()
    return place


def test_templates_are_the_files_at_the_top(tmp_path: Path) -> None:
    """Files of Python in the folder are loaded; those with an underscore or deeper are helpers."""
    write_files(
        tmp_path,
        {"b.py": "", "a.py": "", "_help.py": "", "deep/c.py": "", "notes.txt": "", ".d.py": ""},
    )
    source = folder_source(TemplateSources(tmp_path))
    assert source.targets == ("a.py", "b.py")
    assert (source.kind, source.name, source.fault) == ("folder", tmp_path.name, "")


@pytest.mark.parametrize("name", ["a.py", "_help.py", "deep/c.py", "logo.svg"])
def test_every_file_is_code(tmp_path: Path, name: str) -> None:
    """A change of any file that a template may use changes the key, and the code's digest."""
    write_files(tmp_path, dict.fromkeys(["a.py", "_help.py", "deep/c.py", "logo.svg"], "one"))
    sources = TemplateSources(tmp_path, every=0)
    before = folder_source(sources)
    (tmp_path / name).write_text("two")
    after = folder_source(sources)
    assert after.code != before.code
    assert after.key != before.key


def test_what_python_leaves_behind_is_no_code(tmp_path: Path) -> None:
    """Caches and hidden files change nothing."""
    write_files(tmp_path, {"a.py": ""})
    before = code_digest(tmp_path)
    write_files(tmp_path, {"__pycache__/a.cpython-311.pyc": "x", ".a.py.swp": "x"})
    assert code_digest(tmp_path) == before


def test_a_renamed_file_is_a_change(tmp_path: Path) -> None:
    """Names count, and where one file ends and the next begins."""
    write_files(tmp_path, {"a.py": "xy", "b.py": ""})
    before = code_digest(tmp_path)
    write_files(tmp_path, {"a.py": "x", "b.py": "y"})
    assert code_digest(tmp_path) != before


def test_the_folder_is_looked_at_once_a_second(tmp_path: Path) -> None:
    """Within a second nothing is looked at; then a change is seen."""
    now = [100.0]
    write_files(tmp_path, {"a.py": "one"})
    sources = TemplateSources(tmp_path, every=1.0, clock=lambda: now[0])
    first = sources.current()
    (tmp_path / "a.py").write_text("other")
    now[0] += 0.9
    assert sources.current() is first
    now[0] += 0.2
    assert sources.current()[0].code != first[0].code


def test_an_edit_that_keeps_size_and_time_is_seen(tmp_path: Path) -> None:
    """A file that is replaced by one of the same size and time of change is another file."""
    write_files(tmp_path, {"a.py": "one"})
    sources = TemplateSources(tmp_path, every=0)
    before = sources.current()[0]
    times = (tmp_path / "a.py").stat()
    (tmp_path / "new").write_text("two")
    os.utime(tmp_path / "new", ns=(times.st_atime_ns, times.st_mtime_ns))
    (tmp_path / "new").rename(tmp_path / "a.py")
    assert sources.current()[0].code != before.code


def test_a_missing_folder_is_a_fault_and_heals(tmp_path: Path) -> None:
    """A folder that is not there is told, and found once it is."""
    sources = TemplateSources(tmp_path / "later", every=0)
    assert folder_source(sources).fault == "there is no such folder"
    write_files(tmp_path / "later", {"a.py": ""})
    assert folder_source(sources).targets == ("a.py",)


def test_a_folder_of_everything_is_refused(tmp_path: Path) -> None:
    """A folder with far too many files is a fault, not a long wait."""
    for number in range(MOST_FILES + 1):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(TooManyFilesError):
        list(files_below(tmp_path))
    source = folder_source(TemplateSources(tmp_path))
    assert "more than 2000 files" in source.fault
    assert source.targets == ()


def test_entry_points_are_found_without_importing(site: Path) -> None:
    """A distribution's entry points in the group are a source; no code of it runs."""
    install(
        site,
        "acme_charts",
        {"acme_charts/__init__.py": "raise SystemExit", "acme_charts/speed.py": SPEEDOMETER},
        "[console_scripts]\nacme = acme:main\n\n[plotkiln.templates]\n"
        "# ours\nspeed = acme_charts.speed\ndial = acme_charts.speed:speedometer [extra]\n",
    )
    found = {source.name: source for source in TemplateSources(None).current()}
    source = found["acme_charts"]
    assert source.kind == "package"
    assert source.targets == ("acme_charts.speed", "acme_charts.speed:speedometer")
    assert source.root == str(site / "acme_charts")
    assert "acme_charts" not in sys.modules


def test_the_key_follows_what_is_installed(site: Path, tmp_path: Path) -> None:
    """Templates of others may import anything: what is installed is part of their key."""
    write_files(tmp_path / "own", {"a.py": ""})
    sources = TemplateSources(tmp_path / "own")
    before = {source.kind: source for source in sources.current()}
    install(site, "numbers_lib", {"numbers_lib.py": ""}, "")
    after = {source.kind: source for source in sources.refresh()}
    assert after["folder"].key != before["folder"].key
    assert after["folder"].code == before["folder"].code
    assert after["shipped"] == before["shipped"]


def test_the_root_of_a_package(site: Path) -> None:
    """A package's root is its outermost folder with an __init__.py; a module's is its file."""
    write_files(
        site,
        {
            "single.py": "",
            "whole/__init__.py": "",
            "whole/sub/__init__.py": "",
            "space/part/__init__.py": "",
            "space/alone.py": "",
        },
    )
    assert package_root("single") == site / "single.py"
    assert package_root("whole.sub:thing") == site / "whole"
    assert package_root("space.part.templates") == site / "space" / "part"
    assert package_root("space.alone") == site / "space" / "alone.py"
    assert package_root("nobody.knows") is None


def test_a_package_that_is_gone_is_a_fault(site: Path) -> None:
    """Entry points without code are a source with a fault."""
    install(site, "ghost", {}, "[plotkiln.templates]\nghost = ghost_package.templates\n")
    source = next(source for source in TemplateSources(None).current() if source.name == "ghost")
    assert source.fault == "nothing that is installed holds ghost_package.templates"


def test_installed_names_are_those_of_the_folders() -> None:
    """What is installed is known by the names of the .dist-info folders."""
    names = {name.partition("-")[0].lower() for name in installed().distributions}
    assert {"matplotlib", "numpy", "plotkiln"} <= names


def test_shipped_templates_come_last() -> None:
    """Those that come with plotkiln are always there, after all others."""
    assert TemplateSources(None).current()[-1] == shipped_source()


def test_nothing_heavy_is_imported() -> None:
    """Finding templates imports neither Matplotlib nor numpy nor importlib.metadata."""
    program = (
        "import sys; from plotkiln.templates.sources import TemplateSources;"
        "TemplateSources(None).current();"
        "print([n for n in ('matplotlib', 'numpy', 'PIL', 'importlib.metadata')"
        " if n in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert shown.stdout.strip() == b"[]"
