import base64
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import plotkiln
from patients import patient, patient_kiln
from plotkiln.client import Job, Picture, Unfinished
from plotkiln.errors import (
    InputError,
    RuleError,
    SchemaError,
    UnavailableError,
)
from plotkiln.spec.models import Format
from servers import wait_until


@pytest.fixture(scope="module")
def patient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[plotkiln.Client]:
    """Open a client of a server with the budget that servers have by default."""
    with (
        patient_kiln(tmp_path_factory.mktemp("budget"), PLOTKILN_BUDGET="20") as kiln,
        plotkiln.Client(kiln.url) as client,
    ):
        client.render(patient(0.0))  # the template is loaded
        yield client


def test_a_spec_becomes_a_picture(client: plotkiln.Client) -> None:
    """All that the headers say of a picture is with it."""
    picture = client.render({"y": [1, 3, 2], "title": "First"})
    assert Image.open(BytesIO(picture.data)).size == (1200, 720)
    assert (picture.format, picture.media_type) == ("png", "image/png")
    assert (picture.style, picture.style_state) == ("default@0", "builtin")
    assert len(picture.digest) == 64
    assert (picture.warnings, picture.source, picture.job) == ((), "drawn", None)
    assert {"build", "draw", "encode"} <= picture.timing.keys()
    again = client.render({"y": [1, 3, 2], "title": "First"})
    assert (again.data, again.digest) == (picture.data, picture.digest)
    assert again.source in {"memory", "store"}


@pytest.mark.parametrize("format", ["png", "svg", "pdf", "webp", "jpeg"])
def test_formats(client: plotkiln.Client, tmp_path: Path, format: Format) -> None:  # noqa: A002
    """A picture comes in the format that is asked for, and is saved under its ending alone."""
    picture = client.render(y=[1, 3, 2], format=format)
    assert picture.format == format
    path = picture.save(tmp_path / f"chart.{format}")
    assert path.read_bytes() == picture.data
    with pytest.raises(InputError, match="ask for format="):
        picture.save(tmp_path / ("chart.png" if format == "pdf" else "chart.PDF"))
    with pytest.raises(InputError, match="No such file"):
        picture.save(tmp_path / "nowhere" / f"chart.{format}")


def test_the_spec_s_own_format_counts(client: plotkiln.Client) -> None:
    """Where the call names no format the spec's does; where neither does it is PNG."""
    assert client.render({"y": [1], "format": "svg"}).format == "svg"
    assert client.render({"y": [1], "format": "svg"}, format="pdf").format == "pdf"
    assert client.render('{"y": [1], "format": "webp"}').format == "webp"


def test_arrays_and_records_are_drawn(client: plotkiln.Client) -> None:
    """Numpy's arrays, gaps among them, and records give the picture that plain lists give."""
    days = np.array(["2026-03-01", "2026-03-02", "2026-03-03"], dtype="datetime64[ns]")
    drawn = client.render(x=days, y=np.array([1.0, np.nan, 3.0]), title="Days")
    days_written = [f"2026-03-0{day}T00:00:00" for day in (1, 2, 3)]
    assert drawn.digest == client.render(x=days_written, y=[1, None, 3], title="Days").digest
    records = [{"month": "Jan", "sold": np.int64(4)}, {"month": "Feb", "sold": np.int64(7)}]
    columns = {"month": ["Jan", "Feb"], "sold": [4, 7]}
    drawn = client.render(records, kind="bar", style="default")
    same = client.render(data=columns, kind="bar")
    assert _pixels(drawn) == _pixels(same)


def test_warnings_come_in_words(client: plotkiln.Client) -> None:
    """A warning is what the server wrote, its characters and all."""
    picture = client.render(y=[1, 2], title="\U000e0fff € %")
    assert picture.warnings == ("no installed font has U+E0FFF \U000e0fff: a box stands for it",)


def test_faults_have_their_paths(client: plotkiln.Client) -> None:
    """Refusals are errors of plotkiln's, with every fault and its path."""
    with pytest.raises(SchemaError) as schema:
        client.render({"kind": "lin", "titel": "x", "y": [1]})
    assert {fault.path for fault in schema.value.faults} == {"kind", "titel"}
    with pytest.raises(RuleError) as rules:
        client.render({"x": [1, 2], "y": [1]})
    assert rules.value.faults
    with pytest.raises(RuleError, match="nobody"):
        client.render({"y": [1]}, style="nobody")
    with pytest.raises(InputError):
        client.render("{")


def test_notebooks_show_pictures(client: plotkiln.Client) -> None:
    """Each format has the representation that notebooks ask for, and only that."""
    png, svg = client.render(y=[1, 2]), client.render(y=[1, 2], format="svg")
    assert png._repr_png_() == png.data
    assert (png._repr_svg_(), png._repr_jpeg_(), png._repr_pdf_()) == (None, None, None)
    markup = svg._repr_svg_()
    assert markup is not None
    assert ET.fromstring(markup.encode()).tag.endswith("svg")  # noqa: S314 -- our own
    assert svg._repr_png_() is None
    bundle = png._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]) == png.data
    assert bundle["text/plain"] == repr(png)
    assert repr(png).startswith("<Picture png, ")
    assert set(png._repr_mimebundle_(exclude={"image/png"})) == {"text/plain"}
    assert svg._repr_mimebundle_(include={"image/svg+xml"}) == {"image/svg+xml": markup}


def test_a_slow_chart_is_followed(client: plotkiln.Client) -> None:
    """What passes the server's budget becomes a job; its picture comes all the same."""
    told: list[Job] = []
    picture = client.render(patient(4.0, "slow"), progress=told.append)
    assert picture.data.startswith(b"\x89PNG")
    assert {job.id for job in told} == {picture.job}
    assert told[-1].state == "succeeded"
    fractions = [job.fraction for job in told]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) > 2
    assert picture.url
    assert client.render(patient(4.0, "slow")).job is None, "it is kept now"


def test_nobody_has_to_wait(client: plotkiln.Client) -> None:
    """Without `wait`, and when the time is over, the job is handed over, and goes on."""
    with pytest.raises(Unfinished) as handed:
        client.render(patient(5.0, "handed"), wait=False)
    assert handed.value.job.state in {"queued", "running"}
    with pytest.raises(Unfinished) as late:
        client.render(patient(5.0, "handed"), timeout=2.5)
    assert late.value.job.id == handed.value.job.id, "it joined"
    assert client.jobs.result(late.value.job).data.startswith(b"\x89PNG")


def test_a_job_that_is_not_awaited_is_cancelled_if_asked(client: plotkiln.Client) -> None:
    """With `cancel` the job ends when the time is over."""
    began = time.monotonic()
    with pytest.raises(Unfinished) as late:
        client.render(patient(30.0, "late"), timeout=4, cancel=True)
    assert time.monotonic() - began < 10
    assert client.jobs.get(late.value.job).state == "cancelled"


@pytest.mark.parametrize("timeout", [0, 0.3, 1, 2.5])
def test_time_is_up_below_the_server_s_budget(
    patient_server: plotkiln.Client, timeout: float
) -> None:
    """A chart for which the server would take its time is a job once the client's time is over."""
    spec = patient(6.0, f"within {timeout}")
    with pytest.raises(Unfinished) as late:
        patient_server.render(spec, timeout=timeout)
    assert patient_server.jobs.result(late.value.job).data.startswith(b"\x89PNG")
    with pytest.raises(Unfinished) as cancelled:
        patient_server.render(patient(60.0, f"not {timeout}"), timeout=timeout, cancel=True)
    assert patient_server.jobs.get(cancelled.value.job).state == "cancelled"


def test_what_is_there_in_time_is_no_job(patient_server: plotkiln.Client) -> None:
    """A picture that comes within the time comes as it does without one, and is there at once."""
    spec = patient(0.5, "in time")
    first = patient_server.render(spec, timeout=40)
    assert (first.job, first.source) == (None, "drawn")
    assert patient_server.render(spec, timeout=0).data == first.data
    assert patient_server.render(spec, timeout=float("inf")).job is None


def test_ctrl_c_takes_the_job_along_if_asked(client: plotkiln.Client, tmp_path: Path) -> None:
    """A program that is interrupted cancels the job that it waits for, and ends as interrupted."""
    spec = patient(60.0, "interrupted")
    program = f"import plotkiln; plotkiln.Client({client.url!r}).render({spec!r}, cancel=True)"
    with subprocess.Popen(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, text=True
    ) as waiting:

        def followed() -> list[Job]:
            running = client.jobs.list(state=["queued", "running"], limit=1).jobs
            return [job for job in running if job.attempt]

        wait_until(followed, 30)
        (job,) = followed()
        wait_until(lambda: client.jobs.get(job).progress, 30)  # it has the answer by now
        waiting.send_signal(signal.SIGINT)
        _, told = waiting.communicate(timeout=20)
    assert "KeyboardInterrupt" in told
    assert client.jobs.get(job).state == "cancelled"


def test_who_is_sent_away_is_served_later(tmp_path: Path) -> None:
    """A server whose queue is full says so, and the client comes back by itself."""
    with (
        patient_kiln(tmp_path, PLOTKILN_QUEUE="1", PLOTKILN_BUDGET="20") as kiln,
        plotkiln.Client(kiln.url) as client,
    ):
        client.render(patient(0.0))  # the template is loaded
        drawn: list[Picture] = []
        specs = [patient(1.0, mark) for mark in "abc"]
        threads = [
            threading.Thread(target=lambda spec=spec: drawn.append(client.render(spec)))
            for spec in specs
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({picture.digest for picture in drawn}) == 3
        metrics = kiln_metrics(kiln.url)
        assert 'plotkiln_renders_refused_total{reason="QueueFull"}' in metrics


def test_an_address_may_have_a_path(client: plotkiln.Client) -> None:
    """What stands behind the host is kept: gateways put servers below a path."""
    with plotkiln.Client(f"{client.url}/below/") as below:
        assert below.charts.url("abc") == f"{client.url}/below/charts/abc.png"
        with pytest.raises(plotkiln.errors.NotFoundError):
            below.render(y=[1])


def test_the_address_comes_from_the_environment(
    client: plotkiln.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PLOTKILN_URL names the server; without it, it is the one that listens by default."""
    monkeypatch.setenv("PLOTKILN_URL", client.url + "/")
    with plotkiln.Client() as other:
        assert other.url == client.url
    monkeypatch.delenv("PLOTKILN_URL")
    with plotkiln.Client() as default:
        assert default.url == "http://127.0.0.1:8080"


def test_time_is_up_for_a_silent_server(client: plotkiln.Client) -> None:
    """A server that does not answer within the time is not to be had."""
    with (
        plotkiln.Client(client.url, timeout=0.001) as hasty,
        pytest.raises(UnavailableError, match="did not answer in time"),
    ):
        hasty.render(y=list(range(50_000)))


def kiln_metrics(url: str) -> str:
    """Return what a server counts."""
    import httpx

    return httpx.get(f"{url}/metrics").text


def _pixels(picture: Picture) -> bytes:
    return Image.open(BytesIO(picture.data)).tobytes()
