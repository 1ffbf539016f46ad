"""Jobs while their servers, their records and their store of bytes fail."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from conftest import require
from job_loads import (
    Attempts,
    JobLoad,
    Outcome,
    finishes,
    killed_at_random,
    killed_at_work,
    spec_of,
)
from kilns import Kiln
from load import Report, picture_fault
from moody_buckets import MoodyS3
from patients import PATIENT, Sheet
from redis_servers import RedisServer
from s3_servers import S3Server
from servers import wait_until
from templated import write_files

pytestmark = pytest.mark.fault

#: Jobs of each case; kills are a fiftieth of them, yet as many at least as one case has victims.
JOBS = int(os.environ.get("PLOTKILN_TEST_JOBS", "40"))
KILLS = max(4, JOBS // 50)

#: Seconds until a broker must have been told of each end: it delivers again what a kill cut off.
TOLD_WITHIN = 150.0

#: Share of the writes that the store of bytes refuses.
REFUSED = 0.1


def kiln(folder: Path, **settings: str) -> Kiln:
    """Return a server that finds out soon that a worker died."""
    templates = write_files(folder.parent / "templates", {"patient.py": PATIENT})
    usual = {
        "PLOTKILN_TEMPLATES": str(templates),
        "PLOTKILN_WORKERS": "1",
        "PLOTKILN_JOB_WORKERS": "2",
        "PLOTKILN_JOB_LEASE": "2",
    }
    return Kiln(folder, command=None, **{**usual, **settings})


@pytest.fixture(scope="module")
def faultless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, bytes]]:
    """Draw everything once where nothing fails."""
    with kiln(tmp_path_factory.mktemp("faultless") / "data") as calm, calm.client() as client:
        yield {number: _drawn(client.post("/plot", json=spec_of(number))) for number in range(JOBS)}


def _drawn(answer: object) -> bytes:
    status, content = answer.status_code, answer.content  # type: ignore[attr-defined]
    assert status == 200, content
    assert isinstance(content, bytes)
    return content


def judge(
    load: JobLoad, kilns: Sequence[Kiln], faultless: dict[int, bytes]
) -> tuple[dict[int, Outcome], dict[str, object]]:
    """Look at every job; return what became of them, and the counts."""
    outcomes = load.outcomes()
    ids = {one.id for one in outcomes.values()}
    wait_until(lambda: ids <= finishes(kilns).keys(), TOLD_WITHIN, every=0.5)
    attempts = Attempts(kilns)
    told = {
        "jobs": len(outcomes),
        "submissions_refused": load.refused,
        "states": dict(Counter(one.state for one in outcomes.values())),
        "attempts": sum(one.attempt for one in outcomes.values()),
        "finishes": sum(map(len, finishes(kilns).values())),
        "rendered": sum(map(len, attempts.rendered.values())),
        "rendered_again": sum(len(found) > 1 for found in attempts.rendered.values()),
        "rendered_twice": len(attempts.twice),
        "torn": sum(
            one.data is not None and one.data != faultless[number]
            for number, one in outcomes.items()
        ),
    }
    return outcomes, told


def check(
    load: JobLoad,
    outcomes: dict[int, Outcome],
    told: dict[str, object],
    faultless: dict[int, bytes],
) -> None:
    """Assert that every job ended once and whole, and that brokers were told of one end each."""
    assert set(outcomes) == set(range(JOBS))
    assert load.known() == JOBS
    assert {one.state for one in outcomes.values()} == {"succeeded"}
    assert all(one.data == faultless[number] for number, one in outcomes.items())
    assert not any(picture_fault(one.data or b"") for one in outcomes.values())
    assert told["rendered_twice"] == 0
    assert told["finishes"] == JOBS


def check_hit(told: dict[str, object]) -> None:
    """Assert that kills came in the midst of work: attempts were lost, and made up for."""
    attempts = told["attempts"]
    assert isinstance(attempts, int)
    assert attempts > JOBS


def test_a_server_that_is_killed_loses_no_job(
    tmp_path: Path, report: Report, faultless: dict[int, bytes]
) -> None:
    """On one machine, with the embedded stores and broker, SIGKILL costs attempts alone."""
    began = time.monotonic()
    with kiln(tmp_path / "data") as server:
        load = JobLoad([server], JOBS)
        with killed_at_random(load, [lambda: killed_at_work(server)], KILLS) as kills:
            load.submit()
        load.wait()
        outcomes, told = judge(load, [server], faultless)
        told |= {"killed": sum(kills.values()), "seconds": round(time.monotonic() - began)}
        report("jobs while their server is killed", told)
        check(load, outcomes, told, faultless)
        check_hit(told)


def test_a_server_that_is_stopped_gives_its_jobs_back(tmp_path: Path) -> None:
    """SIGTERM ends it in good order within its time; the next one draws what was not drawn."""
    sheet = Sheet(tmp_path / "sheet", 60)
    with kiln(tmp_path / "data", PLOTKILN_DRAIN="1", PLOTKILN_JOB_LEASE="60") as server:
        with server.client() as client:
            job = client.post("/jobs", json=sheet.spec()).json()
        wait_until(lambda: sheet.pid)
        began = time.monotonic()
        assert server.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < 10
        sheet.tell(0)
        server.start()
        with server.client() as client:
            wait_until(lambda: "ended" in client.get(f"/jobs/{job['id']}").json(), 30)
            after = client.get(f"/jobs/{job['id']}").json()
    assert (after["state"], after["attempt"]) == ("succeeded", 2)


def test_a_redis_that_is_killed_loses_no_job(
    tmp_path: Path, report: Report, faultless: dict[int, bytes]
) -> None:
    """Two servers share jobs in a Redis that syncs each write; all three are killed."""
    require(RedisServer.binary(), "redis-server")
    began = time.monotonic()
    with RedisServer(tmp_path / "redis", appendonly="yes", appendfsync="always") as redis:
        shared = {
            "PLOTKILN_REDIS_URL": redis.url,
            "PLOTKILN_ARTIFACTS_URL": (tmp_path / "renderings").as_uri(),
        }

        def restart() -> None:
            redis.kill()
            time.sleep(0.5)
            redis.start()

        with kiln(tmp_path / "one", **shared) as one, kiln(tmp_path / "two", **shared) as two:
            load = JobLoad([one, two], JOBS)
            victims = [restart, lambda: killed_at_work(one), lambda: killed_at_work(two), restart]
            with killed_at_random(load, victims, KILLS) as kills:
                load.submit()
            load.wait()
            outcomes, told = judge(load, [one, two], faultless)
            told |= {
                "killed": {"redis": kills[0] + kills[3], "servers": kills[1] + kills[2]},
                "seconds": round(time.monotonic() - began),
            }
            report("jobs while their Redis and their servers are killed", told)
            check(load, outcomes, told, faultless)
            check_hit(told)


def test_a_renderer_elsewhere_that_is_killed_loses_no_job(
    tmp_path: Path, report: Report, faultless: dict[int, bytes]
) -> None:
    """One server accepts, its broker has another render over HTTP, and that one is killed."""
    require(RedisServer.binary(), "redis-server")
    began = time.monotonic()
    with RedisServer(tmp_path / "redis", appendonly="yes") as redis:
        shared = {
            "PLOTKILN_REDIS_URL": redis.url,
            "PLOTKILN_ARTIFACTS_URL": (tmp_path / "renderings").as_uri(),
        }
        renders = kiln(tmp_path / "renders", **shared)
        elsewhere = {"PLOTKILN_SUBSCRIBERS": f"jobs={renders.url}/events"}
        accepts = kiln(tmp_path / "accepts", **shared, **elsewhere)
        renders.settings["K_SINK"] = f"{accepts.url}/broker/default/default"
        with accepts, renders:
            load = JobLoad([accepts], JOBS)
            with killed_at_random(load, [lambda: killed_at_work(renders)], KILLS) as kills:
                load.submit()
            load.wait()
            outcomes, told = judge(load, [accepts, renders], faultless)
            told |= {
                "rendered_here": sum(map(len, Attempts([accepts]).rendered.values())),
                "killed": sum(kills.values()),
                "seconds": round(time.monotonic() - began),
            }
            report("jobs while who renders them elsewhere is killed", told)
            check(load, outcomes, told, faultless)
            check_hit(told)
            assert told["rendered_here"] == 0


def test_a_bucket_that_refuses_writes_loses_no_job(
    tmp_path: Path, report: Report, faultless: dict[int, bytes]
) -> None:
    """A tenth of the writes to S3 is refused; nothing is torn, nothing drawn in vain."""
    require(S3Server.binary(), "moto_server")
    began = time.monotonic()
    with S3Server() as s3, MoodyS3(s3, share=REFUSED) as moody:
        bucket = {"PLOTKILN_ARTIFACTS_URL": s3.bucket("results"), **moody.settings()}
        with kiln(tmp_path / "data", **bucket) as server:
            load = JobLoad([server], JOBS)
            load.submit()
            load.wait()
            outcomes, told = judge(load, [server], faultless)
            told |= {
                "writes": moody.writes,
                "writes_refused": moody.refused,
                "seconds": round(time.monotonic() - began),
            }
            report("jobs while their bucket refuses a tenth of the writes", told)
            check(load, outcomes, told, faultless)
            assert moody.refused > 0
