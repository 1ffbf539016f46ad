"""Backups of what one machine keeps, made while it is in use."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from kilns import Kiln
from servers import Consul


def backup(folder: Path, **settings: str) -> dict[str, Any]:
    """Make a backup; return what it says of itself."""
    command = [sys.executable, "-m", "plotkiln", "backup", str(folder), "--json"]
    done = subprocess.run(command, env=settings, capture_output=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def post(client: httpx.Client, number: int) -> str:
    """Store a chart; return its id."""
    answer = client.post("/charts", json={"y": [number, 1, 2], "title": f"Chart {number}"})
    return str(answer.raise_for_status().json()["id"])


def test_a_backup_serves_what_was_kept(tmp_path: Path) -> None:
    """A server on the backup has the charts, styles, jobs and pictures of that moment."""
    style = {"title": {"color": "#123456"}}
    with Kiln(tmp_path / "data") as kiln, kiln.client() as client, ThreadPoolExecutor(1) as writer:
        client.put("/styles/kept", json=style, headers={"If-None-Match": "*"}).raise_for_status()
        job = client.post("/jobs", json={"y": [3, 1, 2]}).raise_for_status().json()["id"]
        assert client.get(f"/jobs/{job}", headers={"Prefer": "wait=30"}).json()["state"]
        chart = post(client, 0)
        before = client.get(f"/charts/{chart}.png").raise_for_status()
        writing = writer.submit(lambda: [post(client, number) for number in range(1, 40)])
        first = backup(tmp_path / "copy", PLOTKILN_DATA=str(kiln.data))
        later = writing.result()[-1]
        second = backup(tmp_path / "copy", PLOTKILN_DATA=str(kiln.data))
    assert first["databases"] == [
        "counters.sqlite",
        "events.sqlite",
        "jobs.sqlite",
        "state.sqlite",
        "styles.sqlite",
    ]
    assert first["files"] > 0
    assert second["files"] == 0  # charts alone came, and those are in a database
    with Kiln(tmp_path / "copy") as copy, copy.client() as client:
        assert client.get("/styles/kept").json() == style
        assert client.get(f"/jobs/{job}").json()["state"] == "succeeded"
        assert client.get(f"/charts/{later}").status_code == 200
        after = client.get(f"/charts/{chart}.png")
        assert after.content == before.content
        assert "desc=store" in after.headers["server-timing"]


def test_styles_in_consul_are_saved_as_an_archive(tmp_path: Path, consul: Consul) -> None:
    """What Consul keeps comes along as a document that `styles import` takes."""
    prefix = f"backup-{tmp_path.name}"
    told = {
        "CONSUL_HTTP_ADDR": consul.url,
        "PLOTKILN_STYLES_PREFIX": prefix,
        "PLOTKILN_DATA": str(tmp_path / "data"),
    }
    with Kiln(tmp_path / "data", command=None, **told) as kiln, kiln.client() as client:
        client.put("/styles/kept", json={"title": {"fontsize": 20}}, headers={"If-None-Match": "*"})
        made = backup(tmp_path / "copy", **told)
    assert "kept" in Path(made["styles"]).read_text()


@pytest.mark.parametrize("folder", ["data/copy", "link"])
def test_a_backup_does_not_go_into_what_it_copies(tmp_path: Path, folder: str) -> None:
    """It would grow by itself each time, or take the place of what a server has open."""
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")
    command = [sys.executable, "-m", "plotkiln", "backup", str(tmp_path / folder)]
    done = subprocess.run(
        command, env={"PLOTKILN_DATA": str(tmp_path / "data")}, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"take another" in done.stderr
