"""`plotkiln jobs` against a real server."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

import plotkiln
from kilns import Kiln
from patients import patient, patient_kiln
from plotkiln.cli.exits import Exit
from plotkiln.cli.job_progress import job_line
from plotkiln.client import Job, JobProgress
from servers import wait_until

EXAMPLES = Path(__file__).parents[2] / "examples"


class Shell:
    """Runs commands on one server."""

    def __init__(self, kiln: Kiln, folder: Path) -> None:
        self._kiln = kiln
        self.folder = folder

    def environment(self, **changes: str) -> dict[str, str]:
        """Return what a command sees."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {**kept, "PLOTKILN_URL": self._kiln.url, **changes}

    def run(
        self, *arguments: str, given: Any = "", **changes: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one act on jobs; a mapping is given to it as JSON."""
        text = given if isinstance(given, str) else msgspec.json.encode(given).decode()
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(**changes),
            cwd=self.folder,
            input=text,
            capture_output=True,
            check=False,
            text=True,
        )

    def command(self, *arguments: str) -> list[str]:
        """Return the command of one act."""
        return [sys.executable, "-m", "plotkiln", "jobs", *arguments]

    def done(self, *arguments: str, given: Any = "") -> str:
        """Run one act that must succeed; return what it printed."""
        finished = self.run(*arguments, given=given)
        assert finished.returncode == Exit.OK, finished.stderr
        assert finished.stderr == ""
        return finished.stdout

    def json(self, *arguments: str, given: Any = "") -> Any:
        """Run one act that must succeed; return what it printed, decoded."""
        return msgspec.json.decode(self.done(*arguments, "--json", given=given))


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that has a template which takes as long as it is told."""
    with patient_kiln(tmp_path_factory.mktemp("jobs"), PLOTKILN_JOB_ATTEMPTS="1") as kiln:
        yield kiln


@pytest.fixture
def shell(kiln: Kiln, tmp_path: Path) -> Shell:
    """Work in a folder of its own."""
    return Shell(kiln, tmp_path)


def test_a_job_is_submitted_and_fetched(shell: Shell) -> None:
    """A job goes from its spec to its picture, in one command or in several."""
    job = shell.json("submit", "-", given=patient(1.0, "one"))
    assert job["state"] == "queued"
    assert shell.done("wait", job["id"], "-o", "one.png").startswith(f"{job['id']} succeeded 100%")
    assert (shell.folder / "one.png").read_bytes().startswith(b"\x89PNG")
    shell.done("result", job["id"], "-o", "again.png")
    assert (shell.folder / "again.png").read_bytes() == (shell.folder / "one.png").read_bytes()
    shown = shell.done("submit", "-", "-o", "two.svg", given=patient(0.5, "two"))
    assert "patient svg default@0" in shown
    assert (shell.folder / "two.svg").read_text().startswith("<?xml")
    assert shell.json("show", job["id"])["result"]["media_type"] == "image/png"


def test_no_file_holds_another_format_than_it_names(shell: Shell) -> None:
    """What would write PNG into a file that ends in .pdf is refused, and says how to go on."""
    job = shell.json("submit", "-", "--wait", given={"y": [1, 2]})
    for act in ("result", "wait"):
        refused = shell.run(act, job["id"], "-o", "r.pdf")
        assert refused.returncode == Exit.INPUT
        assert "r.pdf would hold png: let its name end in .png" in refused.stderr
    listed = shell.json("list", "--limit", "1")
    asked = shell.run("submit", "-", "--format", "png", "-o", "x.SVG", given={"y": [3, 4]})
    assert (asked.returncode, "--format svg" in asked.stderr) == (Exit.INPUT, True)
    assert shell.json("list", "--limit", "1") == listed, "nothing was submitted"
    shell.done("submit", "-", "--format", "jpeg", "-o", "x.jpg", given={"y": [1, 2]})
    shell.done("result", job["id"], "-o", "picture")
    assert sorted(path.name for path in shell.folder.iterdir()) == ["picture", "x.jpg"]


def test_the_picture_may_have_standard_output(shell: Shell) -> None:
    """With `-o -` the picture alone is there, and with --json the job on standard error."""
    shown = shell.run("submit", str(EXAMPLES / "classic.json"), "-f", "svg", "-o", "-", "--json")
    assert shown.stdout.startswith("<?xml")
    assert msgspec.json.decode(shown.stderr)["state"] == "succeeded"


def test_tables_and_keys(shell: Shell) -> None:
    """A CSV table has its members beside it; a key makes one job of two submissions."""
    table = [str(EXAMPLES / "sales.csv"), "--set", "kind=bar", "--set", "stack=true"]
    given = [*table, "--style", "default", "--idempotency-key", "k1"]
    first = shell.json("submit", *given)
    assert (first["kind"], first["format"]) == ("bar", "png")
    assert shell.json("submit", *given)["id"] == first["id"]
    other = shell.run("submit", "-", "--idempotency-key", "k1", given={"y": [1]})
    assert other.returncode == Exit.INPUT
    assert shell.run("submit", "-", "--set", "kind=bar", given={"y": [1]}).returncode == Exit.INPUT


def test_jobs_are_listed(shell: Shell) -> None:
    """Jobs come newest first, by state, page by page."""
    ids = [shell.json("submit", "-", "--wait", given={"y": [n]})["id"] for n in range(3)]
    lines = shell.done("list", "--limit", "2", "--state", "succeeded").splitlines()
    assert [line.split()[0] for line in lines[:2]] == [ids[2], ids[1]]
    assert lines[2].startswith("older: --before ")
    before = lines[2].split()[-1]
    older = shell.json("list", "--limit", "1", "--before", before, "--state", "succeeded")
    assert [job["id"] for job in older["jobs"]] == [ids[0]]
    assert shell.json("list", "--state", "expired", "--state", "failed") == {"jobs": []}
    assert shell.run("list", "--state", "lost").returncode == Exit.USAGE


def test_jobs_are_cancelled_and_tried_again(shell: Shell) -> None:
    """Several are cancelled at once, whether or not one of them exists."""
    ids = [shell.json("submit", "-", given=patient(60.0, mark))["id"] for mark in "ab"]
    mixed = shell.run("cancel", ids[0], "a" * 26, ids[1], "--json")
    assert mixed.returncode == Exit.NOT_FOUND
    assert [job["state"] for job in msgspec.json.decode(mixed.stdout)] == ["cancelled"] * 2
    again = shell.json("retry", ids[0])
    assert again["retry_of"] == ids[0]
    assert " cancelled " in shell.done("cancel", again["id"])
    lost = shell.run("wait", ids[1], "-o", "lost.png")
    assert lost.returncode == Exit.NOT_FOUND
    assert "is cancelled: it has no result" in lost.stderr
    assert not (shell.folder / "lost.png").exists()


def test_exit_codes_say_what_happened(shell: Shell, kiln: Kiln) -> None:
    """A bad spec, a job that failed, one that goes on, none, and no server are told apart."""
    bad = shell.run("submit", "-", given={"template": "patient", "params": {"secondz": 1}})
    assert (bad.returncode, "params.secondz: " in bad.stderr) == (Exit.INPUT, True)
    late = shell.run("submit", "-", "--timeout", "0.5", "--wait", given=patient(60.0, "late"))
    assert late.returncode == Exit.UNAVAILABLE
    with plotkiln.Client(kiln.url) as client:
        (job,) = client.jobs.list(limit=1).jobs
        assert not job.over, "it goes on"
        assert shell.run("result", job.id, "-o", "x.png").returncode == Exit.UNAVAILABLE
        client.jobs.cancel(job)
        failing = {"template": "patient", "params": {"sheet": str(shell.folder / "no sheet")}}
        failed = shell.run("submit", "-", "--wait", "--json", given=failing)
    assert failed.returncode == Exit.INPUT
    assert msgspec.json.decode(failed.stdout)["state"] == "failed"
    assert "no sheet" in failed.stderr
    assert shell.run("show", "a" * 26).returncode == Exit.NOT_FOUND
    away = shell.run("list", PLOTKILN_URL="http://127.0.0.1:1")
    assert (away.returncode, "no server answers" in away.stderr) == (Exit.UNAVAILABLE, True)
    assert shell.run("list", PLOTKILN_URL="nowhere").returncode == Exit.USAGE


def test_the_server_is_found(shell: Shell, kiln: Kiln) -> None:
    """--server wins over PLOTKILN_URL, and that over HOST and PORT."""
    nowhere = "http://127.0.0.1:1"
    named = shell.run("list", "--server", f"{kiln.url}/", PLOTKILN_URL=nowhere)
    assert named.returncode == Exit.OK
    assert shell.run("list", PLOTKILN_URL="", PORT=str(kiln.port)).returncode == Exit.OK
    assert shell.run("list", PORT=str(kiln.port), PLOTKILN_URL=nowhere).returncode != Exit.OK


def test_a_terminal_shows_progress(shell: Shell) -> None:
    """On a terminal one line follows the job: bar, percent, stage, seconds."""
    (shell.folder / "spec.json").write_bytes(msgspec.json.encode(patient(2.0, "bar")))
    code, shown = _on_a_terminal(shell, "submit", "spec.json", "-o", "bar.png")
    assert code == Exit.OK
    assert re.search(r"█+░+ +\d+%  Waiting  \d s", shown), shown
    assert "\x1b[32msucceeded" in shown


def test_an_interrupt_leaves_the_job(shell: Shell, kiln: Kiln) -> None:
    """Ctrl-C ends the wait, not the job, and says how to go on."""
    (shell.folder / "spec.json").write_bytes(msgspec.json.encode(patient(60.0, "left")))
    with plotkiln.Client(kiln.url) as client:
        waiting = subprocess.Popen(
            shell.command("submit", "spec.json", "--wait"),
            env=shell.environment(),
            cwd=shell.folder,
            stderr=subprocess.PIPE,
            text=True,
        )

        def running() -> bool:
            return any(job.kind == "patient" for job in client.jobs.list(state="running").jobs)

        wait_until(running, 30)
        (job,) = client.jobs.list(state="running").jobs
        waiting.send_signal(signal.SIGINT)
        _, told = waiting.communicate(timeout=20)
        assert waiting.returncode == 130
        assert f"plotkiln jobs wait {job.id}" in told
        assert not client.jobs.get(job).over
        client.jobs.cancel(job)


def test_the_line_of_a_job() -> None:
    """The bar is as long as what is done; a further attempt is told."""
    created = datetime.now(UTC) - timedelta(seconds=9)
    job = Job(
        id="a", state="queued", format="png", style="default@0", digest="d", created=created,
        expires=created, attempts=5, version=1,
    )  # fmt: skip
    assert job_line(job) == f"{'-' * 20}   0%  queued  9 s"
    told = JobProgress(fraction=0.25, stage="draw")
    running = msgspec.structs.replace(job, state="running", attempt=2, progress=told)
    assert job_line(running) == f"{'#' * 5}{'-' * 15}  25%  draw  9 s  attempt 2 of 5"
    assert job_line(msgspec.structs.replace(running, state="succeeded"), "█░").startswith("█" * 20)


def _on_a_terminal(shell: Shell, *arguments: str) -> tuple[int, str]:
    """Run one act on a terminal of its own; return its exit code and all that it showed."""
    ours, its = pty.openpty()
    process = subprocess.Popen(
        shell.command(*arguments),
        env=shell.environment(LANG="C.UTF-8", TERM="xterm"),
        cwd=shell.folder,
        stdin=its,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass  # EIO: nobody has the other end any more
    os.close(ours)
    return process.wait(20), shown.decode()
