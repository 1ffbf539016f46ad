import threading
import time
from pathlib import Path

import pytest

import plotkiln
from kilns import Kiln
from patients import Sheet, patient, patient_kiln
from plotkiln.client import Job, Unfinished
from plotkiln.errors import GoneError, NotFoundError, RuleError, SettledError


def test_a_job_is_submitted_followed_and_fetched(client: plotkiln.Client) -> None:
    """A job is accepted at once, tells how far it is, and has its picture in the end."""
    job = client.jobs.submit(patient(1.5, "followed"), format="svg")
    assert (job.kind, job.format, job.style) == ("patient", "svg", "default@0")
    told: list[Job] = []
    ended = client.jobs.wait(job, progress=told.append)
    assert (ended.state, ended.over, ended.fraction) == ("succeeded", True, 1.0)
    assert [one.version for one in told] == sorted({one.version for one in told})
    picture = client.jobs.result(job.id)
    assert ended.result
    assert (picture.format, picture.job) == ("svg", job.id)
    assert (picture.digest, len(picture.data)) == (ended.result.digest, ended.result.size)
    assert client.jobs.get(job.id) == ended


def test_jobs_are_shown_in_notebooks(client: plotkiln.Client) -> None:
    """A job is one line of HTML: what it is, how far, whatever its title."""
    running = client.jobs.submit(patient(20.0, "shown"))
    assert "<progress" in running._repr_html_()
    cancelled = client.jobs.cancel(running)
    assert "<progress" not in cancelled._repr_html_()
    assert "cancelled" in cancelled._repr_html_()
    titled = client.jobs.submit(y=[1, 2], title="a < b")
    assert "<strong>a &lt; b</strong>" in titled._repr_html_()


def test_a_submission_that_is_sent_twice_is_one_job(client: plotkiln.Client) -> None:
    """A key names the submission; the same with another spec is refused."""
    job = client.jobs.submit(patient(0.1, "once"), idempotency_key="a key")
    assert client.jobs.submit(patient(0.1, "once"), idempotency_key="a key").id == job.id
    with pytest.raises(RuleError):
        client.jobs.submit(patient(0.1, "twice"), idempotency_key="a key")
    with pytest.raises(RuleError, match="secondz"):
        client.jobs.submit(template="patient", params={"secondz": 1})


def test_jobs_are_listed(client: plotkiln.Client) -> None:
    """Jobs come newest first, of the states that are asked for, page by page."""
    ids = [client.jobs.wait(client.jobs.submit(y=[number])).id for number in range(3)]
    page = client.jobs.list(state="succeeded", limit=2)
    assert [job.id for job in page.jobs] == [ids[2], ids[1]]
    older = client.jobs.list(state=["succeeded", "failed"], limit=1, before=page.before)
    assert [job.id for job in older.jobs] == [ids[0]]
    assert client.jobs.list(state="expired").jobs == ()


def test_jobs_are_cancelled_and_tried_again(client: plotkiln.Client) -> None:
    """A cancelled job has no result, and may be submitted anew; one that succeeded may not."""
    job = client.jobs.submit(patient(30.0, "again"))
    assert client.jobs.cancel(job).state == "cancelled"
    assert client.jobs.cancel(job.id).state == "cancelled"
    with pytest.raises(GoneError, match="cancelled"):
        client.jobs.result(job)
    again = client.jobs.retry(job)
    assert again.retry_of == job.id
    client.jobs.cancel(again)
    done = client.jobs.wait(client.jobs.submit(y=[1, 2, 3]))
    with pytest.raises(SettledError):
        client.jobs.retry(done)
    with pytest.raises(NotFoundError):
        client.jobs.get("a" * 26)
    with pytest.raises(NotFoundError):
        client.jobs.wait("../health/live")


def test_waiting_has_an_end(client: plotkiln.Client) -> None:
    """When the time is over the job is handed over, and goes on."""
    job = client.jobs.submit(patient(20.0, "patience"))
    began = time.monotonic()
    with pytest.raises(Unfinished, match=r"has not ended after 1\.5 s") as caught:
        client.jobs.wait(job, timeout=1.5)
    assert 1.4 <= time.monotonic() - began < 4
    assert caught.value.job.id == job.id
    assert not client.jobs.cancel(job).result


def test_why_a_job_failed(tmp_path: Path) -> None:
    """A job that failed raises what it failed by, as a picture drawn at once would."""
    settings = {"PLOTKILN_JOB_BUDGET": "1", "PLOTKILN_JOB_ATTEMPTS": "1"}
    with patient_kiln(tmp_path, **settings) as kiln, plotkiln.Client(kiln.url) as client:
        job = client.jobs.wait(client.jobs.submit(patient(30.0)))
        assert job.state == "failed"
        assert job.problem
        with pytest.raises(plotkiln.errors.DeadlineExceeded) as caught:
            client.jobs.result(job)
        assert str(caught.value) == job.problem.detail
        assert job.problem.detail in job._repr_html_().replace("&#x27;", "'")


def test_a_restart_is_outlived(tmp_path: Path) -> None:
    """Who follows a job follows it through a restart of its server."""
    sheet = Sheet(tmp_path / "sheet", 60.0)
    with patient_kiln(tmp_path, PLOTKILN_JOB_LEASE="2") as kiln:
        with plotkiln.Client(kiln.url) as client:
            job = client.jobs.submit(sheet.spec())
            ended: list[Job] = []
            thread = threading.Thread(target=lambda: ended.append(client.jobs.wait(job)))
            thread.start()
            _until_begun(client, job, sheet)
            kiln.stop()
            sheet.tell(0.0)
            kiln.start()
            thread.join(60)
        assert [one.state for one in ended] == ["succeeded"]


def _until_begun(client: plotkiln.Client, job: Job, sheet: Sheet) -> None:
    """Wait until a worker draws a job."""
    from servers import wait_until

    wait_until(lambda: client.jobs.get(job).state == "running" and sheet.pid is not None, 30)


def test_many_threads_share_a_client(kiln: Kiln) -> None:
    """One client serves several threads at once."""
    with plotkiln.Client(kiln.url) as client:
        found: list[str] = []
        threads = [
            threading.Thread(target=lambda n=n: found.append(client.render(y=[n]).digest))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 8
