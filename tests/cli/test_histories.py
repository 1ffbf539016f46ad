"""`plotkiln styles` and the past: history, diff, rollback, publish, export, import."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from plotkiln.cli.exits import Exit

RED, BLUE = '{"title": {"color": "#ff0000"}}', '{"title": {"color": "#0000ff"}}'


class Shell:
    """Runs commands on a style store of its own."""

    def __init__(self, data: Path) -> None:
        self._settings = {"PLOTKILN_DATA": str(data)}

    def run(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run one act on the styles."""
        return subprocess.run(
            [sys.executable, "-m", "plotkiln", "styles", *arguments],
            env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **self._settings},
            input=given,
            capture_output=True,
            check=False,
            text=True,
        )

    def done(self, *arguments: str, given: str = "") -> str:
        """Run one act that must succeed; return what it printed."""
        finished = self.run(*arguments, given=given)
        assert finished.returncode == Exit.OK, finished.stderr
        return finished.stdout

    def json(self, *arguments: str, given: str = "") -> Any:
        """Run one act that must succeed; return what it printed, decoded."""
        return msgspec.json.decode(self.done(*arguments, "--json", given=given))


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Begin with an empty store."""
    return Shell(tmp_path / "data")


def test_history_is_printed(shell: Shell) -> None:
    """Each change is a line with version, time, kind, author and reason, and its differences."""
    shell.done("put", "a", "-", "--why", "to begin", given=RED)
    second = shell.json("put", "a", "-", "--why", "bluer", given=BLUE)["version"]
    lines = shell.done("history", "a").splitlines()
    assert lines[0].split()[0] == second
    assert lines[0].endswith("Z written anonymous  bluer")
    assert lines[1].strip() == "title.color #ff0000 → #0000ff"
    assert lines[2].endswith("to begin")
    newest = shell.done("history", "a", "--limit", "1").splitlines()
    assert newest == [*lines[:2], f"older: --before {second}"]
    assert shell.done("history", "a", "--before", second).splitlines() == lines[2:]
    assert [change["why"] for change in shell.json("history", "a")["changes"]] == [
        "bluer",
        "to begin",
    ]
    assert shell.run("history", "nobody").returncode == Exit.NOT_FOUND
    assert shell.run("history", "a", "--limit", "0").returncode == Exit.USAGE


def test_versions_are_compared_read_and_brought_back(shell: Shell) -> None:
    """Any two versions are compared, an old one is printed, and written anew on demand."""
    first = shell.json("put", "a", "-", given=RED)["version"]
    second = shell.json("put", "a", "-", given=BLUE)["version"]
    assert shell.done("diff", "a", first).strip() == "title.color #ff0000 → #0000ff"
    assert shell.json("diff", "a", second, first) == ["title.color #0000ff → #ff0000"]
    assert shell.done("get", f"a@{first}").strip() == RED
    assert shell.json("get", f"a@{first}")["document"] == msgspec.json.decode(RED)
    third = shell.json("rollback", "a", first, "--why", "too blue")["version"]
    assert shell.done("get", "a").strip() == RED
    assert shell.json("history", "a", "--limit", "1")["changes"][0]["kind"] == "rolled-back"
    lost = shell.run("rollback", "a", second, "--if-version", second)
    assert lost.returncode == Exit.CONFLICT
    assert shell.run("rollback", "a", str(int(third) + 1)).returncode == Exit.INPUT
    for unknown in (f"a@{int(third) + 1}", f"a@sha256:{'0' * 64}", "a@x"):
        assert shell.run("get", unknown).returncode == Exit.NOT_FOUND
    assert shell.run("diff", "a", "999").returncode == Exit.NOT_FOUND


def test_a_draft_is_published(shell: Shell) -> None:
    """`publish` moves the draft; without one there is nothing to publish."""
    shell.done("put", "a", "-", given=RED)
    shell.done("put", "a.draft", "-", given=BLUE)
    assert "a is now version" in shell.done("publish", "a", "--why", "approved")
    assert shell.done("get", "a").strip() == BLUE
    assert shell.run("get", "a.draft").returncode == Exit.NOT_FOUND
    assert shell.run("publish", "a").returncode == Exit.NOT_FOUND


def test_a_store_is_moved_by_a_file(shell: Shell, tmp_path: Path) -> None:
    """An export is imported elsewhere with its history; nothing is overwritten unless asked for."""
    shell.done("put", "a", "-", "--why", "to begin", given=RED)
    shell.done("put", "a", "-", given=BLUE)
    file = str(tmp_path / "styles.json")
    shell.done("export", "-o", file)
    other = Shell(tmp_path / "other")
    assert other.json("import", file)["created"] == ["a"]
    whys = [change["why"] for change in other.json("history", "a")["changes"]]
    assert whys == ["imported", "", "to begin"]
    other.done("put", "a", "-", given=RED)
    refused = other.run("import", file)
    assert (refused.returncode, "a would be overwritten" in refused.stderr) == (Exit.CONFLICT, True)
    assert "replaced: a" in other.done("import", file, "--replace", "--why", "again")
    assert other.done("get", "a").strip() == BLUE
    assert other.done("import", "-", given=shell.done("export")).startswith("created: none")
    assert other.run("import", "-", given="{}").returncode == Exit.INPUT
