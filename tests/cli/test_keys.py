"""`plotkiln keys` as a script and as a person see it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kilns import Kiln


def plotkiln(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a server's folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", *arguments],
        env={**kept, "PLOTKILN_DATA": str(data), "PLOTKILN_IDENTITY": "1", **settings},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


def told(done: subprocess.CompletedProcess[str]) -> Any:
    """Return what was printed as JSON."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_key_from_its_making_to_its_end(tmp_path: Path) -> None:
    """Made, used at a server, listed with its use, rotated, and revoked: at once, by both keys."""
    with Kiln(tmp_path, PLOTKILN_IDENTITY="1") as kiln, kiln.client() as client:

        def status(key: str) -> int:
            return client.get("/jobs", headers={"Authorization": f"Bearer {key}"}).status_code

        made = plotkiln(tmp_path, "keys", "create", "ci", "--scopes", "render,jobs")
        first = made.stdout.strip()
        assert made.stdout == f"{first}\n"
        assert first not in made.stderr
        assert "not shown again" in made.stderr
        assert status(first) == 200

        (listed,) = told(plotkiln(tmp_path, "keys", "list", "--json"))
        assert listed["name"] == "ci"
        assert listed["scopes"] == ["jobs", "render"]
        assert listed["last_used"] == listed["created"][:10]
        assert "key" not in listed

        rotated = told(plotkiln(tmp_path, "keys", "rotate", "ci", "--overlap", "1h", "--json"))
        assert (status(first), status(rotated["key"])) == (200, 200)
        people = plotkiln(tmp_path, "keys", "list").stdout.splitlines()
        assert [line.split("  ")[0] for line in people] == ["ci", "ci"]
        assert "until" in people[0]
        assert "for good" in people[1]

        assert told(plotkiln(tmp_path, "keys", "revoke", "ci", "--json"))["revoked"] == 2
        assert (status(first), status(rotated["key"])) == (401, 401)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["create", "ci", "--scopes", "draw"], 3, "scopes are render, jobs"),
        (["create", "ci", "--scopes", ","], 3, "scopes are render, jobs"),
        (["create", "C I", "--scopes", "render"], 3, "a name is of a-z"),
        (["create", "ci", "--scopes", "render", "--expires", "1w"], 2, "such as 90d"),
        (["create", "ci", "--scopes", "render", "--expires", "0s"], 2, "over before it is used"),
        (["revoke", "ci"], 6, "no key ci"),
        (["rotate", "ci"], 6, "no key ci"),
    ],
)
def test_mistakes(arguments: list[str], code: int, said: str, tmp_path: Path) -> None:
    """What is wrong is told, with an exit code of its own, and nothing is made."""
    done = plotkiln(tmp_path, "keys", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert done.stdout == ""


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    """A second key of a name is made by rotation alone."""
    assert plotkiln(tmp_path, "keys", "create", "ci", "--scopes", "render").returncode == 0
    again = plotkiln(tmp_path, "keys", "create", "ci", "--scopes", "admin")
    assert again.returncode == 5
    assert "rotate it" in again.stderr


def test_keys_for_servers_that_ask_nobody(tmp_path: Path) -> None:
    """Where servers ask nobody who they are, that is told, and the key is made."""
    done = plotkiln(tmp_path, "keys", "create", "ci", "--scopes", "render", PLOTKILN_IDENTITY="0")
    assert done.returncode == 0
    assert "PLOTKILN_IDENTITY=1" in done.stderr
