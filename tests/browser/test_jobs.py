"""Charts that take long: they become jobs by themselves, and their pictures come."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from browser.apps import open_app, wait_for
from browser.benches import SALES, etag, paste, picture, preview, section
from browser.recorder import Recorder
from browser.slow_charts import (
    SlowKiln,
    bench_job,
    job,
    order,
    refuse_sockets,
    settled,
    slow_kiln,
    submit,
)
from browser.slow_charts import slow as titled
from servers import Consul


@pytest.fixture(scope="module")
def slow(
    built_app: Path, consul: Consul, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SlowKiln]:
    """Run a server that all tests of this file share."""
    with slow_kiln(tmp_path_factory.mktemp("jobs"), consul) as running:
        yield running


@pytest.fixture
def bench(page: Page, slow: SlowKiln) -> Page:
    """Return the chart view of that server."""
    return open_app(page, slow.url)


def badge(page: Page, count: str) -> None:
    """Wait until the link to the jobs says how many are under way."""
    link = page.get_by_role("navigation", name="Views").get_by_role("link", name="Jobs")
    expect(link).to_have_text(re.compile(rf"^Jobs\s*{count}"))


def test_a_slow_chart_becomes_a_job_and_shows_its_picture(bench: Page, slow: SlowKiln) -> None:
    """Stage, share and time are told while it is drawn; then the picture is like any other."""
    order(bench, "By itself", 6)
    panel = bench_job(bench)
    expect(panel).to_contain_text("Being drawn")
    expect(panel).to_contain_text(re.compile(r"Resampling\s*\d+%"))
    expect(panel).to_contain_text(re.compile(r"[23] s so far"))
    badge(bench, "1 under way")
    early = float(panel.get_by_role("progressbar").get_attribute("value") or 0)
    assert 0 < early < 1
    shown = etag(bench)
    expect(panel).to_have_count(0)
    badge(bench, "$")
    assert shown.strip('"') == job(slow, "By itself")["digest"]
    expect(preview(bench)).to_contain_text(re.compile("default@0.*built in"))
    bench.reload()
    expect(picture(bench)).to_have_attribute("data-etag", shown)
    expect(preview(bench)).to_contain_text("from this device")


def test_a_job_is_cancelled_and_drawn_again(bench: Page, slow: SlowKiln) -> None:
    """Cancelling stops it on the server; the way back is there."""
    order(bench, "Unwanted", 20)
    bench_job(bench).get_by_role("button", name="Cancel").click()
    gone = preview(bench).get_by_role("region", name="Cancelled")
    expect(gone).to_contain_text("The job was cancelled.")
    settled(slow, "Unwanted", "cancelled")
    badge(bench, "$")
    gone.get_by_role("button", name="Draw again").click()
    expect(bench_job(bench)).to_be_visible()
    bench_job(bench).get_by_role("button", name="Cancel").click()
    expect(gone).to_be_visible()


def test_a_job_that_fails_says_why_and_is_tried_again(bench: Page, slow: SlowKiln) -> None:
    """The reason stands on the stage, also after a reload, and another try is one click."""
    order(bench, "Doomed", 2.5, fails=True)
    failed = preview(bench).get_by_role("region", name="Failed")
    expect(failed).to_contain_text("it was told to fail")
    expect(failed.locator(".jobs-reason")).to_have_css("overflow-wrap", "anywhere")
    bench.reload()
    expect(failed).to_contain_text("it was told to fail")
    assert job(slow, "Doomed")["state"] == "failed"
    failed.get_by_role("button", name="Try again").click()
    expect(bench_job(bench)).to_be_visible()
    expect(failed).to_contain_text("it was told to fail")
    listed = httpx.get(f"{slow.url}/jobs").json()["jobs"]
    assert [one["state"] for one in listed if one.get("title") == "Doomed"] == ["failed"] * 2


def test_a_reload_in_the_middle_waits_on(bench: Page, slow: SlowKiln) -> None:
    """The job's id is kept with the draft: no other is made, and its picture comes."""
    order(bench, "Reloaded", 7)
    expect(bench_job(bench)).to_be_visible()
    bench.reload()
    expect(bench_job(bench)).to_contain_text("Being drawn")
    shown = etag(bench)
    assert job(slow, "Reloaded")["digest"] == shown.strip('"')


def test_a_job_goes_on_while_another_view_is_open(bench: Page, slow: SlowKiln) -> None:
    """The view can be left; back on it, the stage shows how far the job is."""
    order(bench, "Left alone", 6)
    bench_job(bench).get_by_role("link", name="All jobs").click()
    row = bench.get_by_role("listitem").filter(has_text="Left alone")
    expect(row.get_by_role("progressbar")).to_be_visible()
    bench.get_by_role("link", name="Chart", exact=True).click()
    expect(bench_job(bench)).to_be_visible()
    assert etag(bench).strip('"') == job(slow, "Left alone")["digest"]


def test_the_end_is_told_in_another_view(bench: Page) -> None:
    """Whoever left the chart hears of its end, and is led to its picture."""
    order(bench, "Told elsewhere", 4)
    expect(bench_job(bench)).to_be_visible()
    bench.get_by_role("link", name="Settings").click()
    notice = bench.locator(".notice").filter(has_text="“Told elsewhere” is done.")
    notice.get_by_role("button", name="Open").click()
    expect(bench.get_by_role("img", name="The picture of “Told elsewhere”")).to_be_visible()


def test_what_is_changed_meanwhile_stops_the_job(bench: Page, slow: SlowKiln) -> None:
    """Nobody waits for a chart that is another by now; what was asked for as a job goes on."""
    order(bench, "Superseded", 30)
    expect(bench_job(bench)).to_be_visible()
    paste(bench, SALES)
    etag(bench)
    settled(slow, "Superseded", "cancelled")
    expect(bench_job(bench)).to_have_count(0)


def test_what_is_undone_at_once_finds_its_job(bench: Page, slow: SlowKiln) -> None:
    """A slip of a key costs nothing; what is left for good is stopped all the same."""
    order(bench, "Slipped", 60)
    expect(bench_job(bench)).to_contain_text("Being drawn")
    paste(bench, SALES)
    etag(bench)
    expect(bench_job(bench)).to_have_count(0)
    bench.keyboard.press("Control+z")
    expect(bench_job(bench)).to_contain_text(re.compile(r"[6-9] s so far"))
    assert job(slow, "Slipped")["state"] == "running"
    paste(bench, SALES)
    settled(slow, "Slipped", "cancelled")


def test_what_others_asked_for_goes_on(bench: Page, slow: SlowKiln) -> None:
    """A job that the chart joined, or whose end is told, is not stopped by a change."""
    joined = submit(slow, titled("Of another", 60))
    settled(slow, "Of another", "running")
    order(bench, "Of another", 60)
    expect(bench_job(bench)).to_be_visible()
    order(bench, "To be told", 60)
    bench_job(bench).get_by_role("button", name="Tell me when it is done: To be told").click()
    order(bench, "Left at last", 60)
    expect(bench_job(bench)).to_contain_text("Waiting")
    paste(bench, SALES)
    settled(slow, "Left at last", "cancelled")
    assert job(slow, "Of another")["state"] == "running"
    assert job(slow, "To be told")["state"] == "running"
    for one in (joined, job(slow, "To be told")):
        httpx.delete(f"{slow.url}/jobs/{one['id']}")


def test_another_tab_that_waits_keeps_the_job(bench: Page, slow: SlowKiln) -> None:
    """Two tabs wait for one job; one that turns to something else does not stop it."""
    order(bench, "Shared", 8)
    expect(bench_job(bench)).to_be_visible()
    other = bench.context.new_page()
    other.goto(bench.url)
    expect(bench_job(other)).to_be_visible()
    paste(bench, SALES)
    etag(bench)
    assert etag(other).strip('"') == job(slow, "Shared")["digest"]
    assert job(slow, "Shared")["state"] == "succeeded"


def test_a_long_drawing_is_made_a_job(page: Page, consul: Consul, tmp_path: Path) -> None:
    """After some seconds it is offered; the chart is drawn behind, whatever is changed then."""
    with slow_kiln(tmp_path / "kiln", consul) as kiln:
        kiln.stop()
        kiln.settings["PLOTKILN_BUDGET"] = "60"
        kiln.start()
        open_app(page, kiln.url)
        order(page, "Asked for", 12)
        preview(page).get_by_role("button", name="Make it a job and go on").click()
        expect(bench_job(page)).to_be_visible()
        paste(page, SALES)
        etag(page)
        assert job(kiln, "Asked for")["state"] in {"queued", "running"}
        notice = page.get_by_role("status").filter(has_text="“Asked for” is done.")
        expect(notice).to_be_visible()
        notice.get_by_role("button", name="Open").click()
        expect(page.get_by_role("img", name="The picture of “Asked for”")).to_be_visible()


def test_without_sockets_it_polls(page: Page, slow: SlowKiln) -> None:
    """Where no WebSocket comes through, long polls tell of progress and end."""
    refuse_sockets(page)
    open_app(page, slow.url)
    polls: list[str] = []
    page.on("request", lambda asked: polls.append(asked.headers.get("prefer", "")))
    order(page, "Polled", 8)
    expect(bench_job(page)).to_contain_text(re.compile(r"Resampling\s*[3-9]\d%"))
    assert etag(page).strip('"') == job(slow, "Polled")["digest"]
    assert "wait=25" in polls


def test_an_export_waits_for_its_job(bench: Page, slow: SlowKiln) -> None:
    """A format that takes long is downloaded when its job has ended."""
    order(bench, "Exported", 2.5)
    etag(bench)
    export = section(bench, "Export")
    export.get_by_role("radio", name="PDF").check()
    with bench.expect_download(timeout=30_000) as begun:
        export.get_by_role("button", name="Download PDF").click()
    assert begun.value.suggested_filename == "exported.pdf"
    listed = httpx.get(f"{slow.url}/jobs").json()["jobs"]
    assert {one["format"] for one in listed if one.get("title") == "Exported"} == {"png", "pdf"}


def test_a_kept_chart_that_takes_long_is_drawn_by_a_job(
    bench: Page, slow: SlowKiln, recorder: Recorder
) -> None:
    """Queued without a network, it becomes a job with one, and the gallery shows its picture."""
    recorder.allow("ERR_INTERNET_DISCONNECTED|status of 503|Failed to fetch")
    paste(bench, SALES)
    etag(bench)
    bench.context.set_offline(True)
    order(bench, "Kept", 3)
    expect(preview(bench).get_by_role("alert")).to_contain_text("This chart waits")
    bench.keyboard.press("Control+s")
    bench.get_by_role("link", name="Gallery").click()
    expect(bench.get_by_role("heading", name="slow")).to_be_visible()
    bench.context.set_offline(False)
    settled(slow, "Kept", "succeeded")
    bench.mouse.move(30, 30)
    image = bench.get_by_role("button", name="Open slow").get_by_role("img")
    expect(image).to_be_visible()
    wait_for(bench, "[...document.images].every((one) => one.naturalWidth > 0)")
