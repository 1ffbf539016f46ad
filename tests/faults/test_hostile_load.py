"""Specs that mean harm, too many at once, and stores that fail: refused with a reason, or drawn."""

import re
import resource
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from kilns import Kiln
from load import Load, Report, summary

pytestmark = pytest.mark.fault

SMALL = {"y": [1, 3, 2], "size": {"width": 320, "height": 240}}


def hostile_specs() -> Iterator[dict[str, Any]]:
    """Yield specs that would hang, bloat or crash a careless renderer."""
    for title in (
        "$\\frac{" * 150 + "1" + "}{2}" * 150 + "$",
        "$" + "\\sqrt{" * 160 + "x" + "}" * 160 + "$",
        "$" + "x^{" * 240 + "}" * 240 + "$",
        "$\\left(" * 90 + "$",
        "$" + "\\overline{\\underline{" * 40 + "x" + "}}" * 40 + "$",
        "\ufdfa" * 900,
        "\n" * 900,
    ):
        yield {**SMALL, "title": title}
    yield {"y": [1, 2], "size": {"width": 5000, "height": 5000}}
    yield {"y": [1, 2], "size": {"width": 24_000_000, "height": 1}}
    yield {"y": [1e308, -1e308], "x": [-1e308, 1e308]}
    yield {"y": [5e-324, 1e-320], "axes": {"y": {"type": "log"}}}
    yield {"y": [1, 2], "x": ["0001-01-01", "9999-12-31"]}
    yield {"series": [{"y": [number, 1], "name": "n" * 900} for number in range(200)]}
    yield {"kind": "bar", "x": [f"c{number}" * 90 for number in range(1000)], "y": [1] * 1000}
    yield {"y": [number * 7919 % 1000 for number in range(400_000)], "kind": "scatter"}


def big_spec(number: int) -> dict[str, Any]:
    """Return a large picture of many points, different for each number."""
    y = [(number + value) * 7919 % 1000 for value in range(30_000)]
    return {"y": y, "size": {"width": 4500, "height": 4500}, "title": f"Big {number}"}


def judged(answers: list[httpx.Response]) -> Counter[int]:
    """Count statuses; check that whoever is turned away is told when to come again."""
    for answer in answers:
        status = answer.status_code
        assert status in {200, 202, 503} or 400 <= status < 500, answer.text
        if status in {429, 503}:
            assert int(answer.headers["retry-after"]) > 0
    return Counter(answer.status_code for answer in answers)


def test_hostile_specs_end_in_a_picture_or_a_reason(tmp_path: Path, report: Report) -> None:
    """Bombs, giants and crowds get 200, 202, 4xx, or are told when to come; then all is well."""
    with (
        Kiln(
            tmp_path,
            PLOTKILN_WORKERS="2",
            PLOTKILN_QUEUE="4",
            PLOTKILN_BUDGET="4",
            PLOTKILN_WORKER_MEMORY="160",
        ) as kiln,
        kiln.client() as client,
        ThreadPoolExecutor(8) as threads,
    ):

        def post(spec: dict[str, Any]) -> httpx.Response:
            return client.post("/plot", json=spec)

        one_by_one = judged([post(spec) for spec in hostile_specs()])
        crowd = judged(list(threads.map(post, [big_spec(number) for number in range(8)])))
        overflow = judged(
            list(threads.map(post, [{**SMALL, "title": f"{number}"} for number in range(40)]))
        )
        assert post({**SMALL, "title": "after all"}).status_code == 200
    report(
        "hostile specs; queue 4, budget 4 s, 160 MiB a worker",
        {
            "one_by_one": dict(one_by_one),
            "eight_big_at_once": dict(crowd),
            "forty_small_by_eight_clients": dict(overflow),
        },
    )
    assert crowd[429] + overflow[429]
    assert set(overflow) <= {200, 429}
    assert overflow[200]


def a_file_in_place(kiln: Kiln) -> None:
    """Put a file where the folder of renderings was."""
    (kiln.data / "renderings").rename(kiln.data / "moved")
    (kiln.data / "renderings").write_bytes(b"")


def no_folder(kiln: Kiln) -> None:
    """Remove the folder of renderings."""
    (kiln.data / "renderings").rename(kiln.data / "moved")


def a_full_disk(kiln: Kiln) -> None:
    """Refuse every byte that the web process would write to a file, as a full disk does."""
    resource.prlimit(kiln.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def nothing_left(kiln: Kiln) -> None:
    """Remove the whole data folder."""
    kiln.data.rename(kiln.data.with_name("removed"))
    shutil.rmtree(kiln.data.with_name("removed"), ignore_errors=True)


@pytest.mark.parametrize("fail", [a_file_in_place, no_folder, a_full_disk, nothing_left])
def test_a_failing_byte_store_loses_no_picture(
    fail: Callable[[Kiln], None], tmp_path: Path, report: Report
) -> None:
    """Whatever becomes of the folder under load, pictures come, new ones and old ones."""
    with Kiln(tmp_path / "kiln", PLOTKILN_WORKERS="2", PLOTKILN_RECENT_SIZE="0") as kiln:
        with Load(kiln.url) as load:
            load.more(15)
            fail(kiln)
            load.more(40)
        answers = load.answers
        with kiln.client() as client:
            assert client.get("/health/ready").status_code == 200
            text = client.get("/metrics").text
            failures = re.search(r'store_failures_total\{store="renderings"\} [1-9]', text)
    counted = summary(answers, told_in_metrics=bool(failures))
    report(f"byte store fails under load: {fail.__name__}", counted)
    assert not counted["failed"], counted["faults"]
