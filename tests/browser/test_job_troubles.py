"""Jobs whose news or pictures do not come through at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, WebSocket, expect

from browser.apps import open_app
from browser.benches import etag, picture, preview
from browser.recorder import Recorder
from browser.slow_charts import (
    SlowKiln,
    bench_job,
    hide,
    job,
    order,
    refuse_sockets,
    settled,
    slow_kiln,
    submit,
)
from browser.slow_charts import slow as titled
from servers import Consul, wait_until

_RESULTS = re.compile(r"/jobs/[^/]+/result$")


@pytest.fixture(scope="module")
def slow(
    built_app: Path, consul: Consul, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SlowKiln]:
    """Run a server that all tests of this file share."""
    with slow_kiln(tmp_path_factory.mktemp("troubles"), consul) as running:
        yield running


def _noted(page: Page) -> list[WebSocket]:
    """Return the sockets that a page opens from now on, as it opens them."""
    sockets: list[WebSocket] = []

    def note(socket: WebSocket) -> None:
        sockets.append(socket)

    page.on("websocket", note)
    return sockets


def _is_open(page: Page, sockets: list[WebSocket]) -> bool:
    """Say whether one of them is open, once the page has told of all."""
    page.evaluate("0")
    return not all(one.is_closed() for one in sockets)


def test_a_picture_that_broke_off_comes_when_the_server_is_there(
    page: Page, slow: SlowKiln, recorder: Recorder
) -> None:
    """The job is done and its picture did not come: the stage says so, and fetches it again."""
    recorder.allow("ERR_FAILED|Failed to fetch|status of 503")
    open_app(page, slow.url)
    asked: list[Route] = []

    def broken(route: Route) -> None:
        asked.append(route)
        route.abort()

    page.context.route(_RESULTS, broken)
    order(page, "Broken off", 2)
    unfetched = preview(page).get_by_role("region", name="The picture could not be fetched.")
    expect(unfetched.get_by_role("button", name="Try again")).to_be_visible()
    page.context.unroute(_RESULTS)
    assert etag(page).strip('"') == job(slow, "Broken off")["digest"]
    expect(unfetched).to_have_count(0)
    assert asked


def test_a_picture_is_fetched_again_on_demand(
    page: Page, slow: SlowKiln, recorder: Recorder
) -> None:
    """A busy server is asked again when it said, or when somebody wants it."""
    recorder.allow("status of 503")
    open_app(page, slow.url)
    busy = {"status": 503, "headers": {"Retry-After": "600"}}
    page.context.route(_RESULTS, lambda route: route.fulfill(**busy))
    order(page, "Busy", 2)
    again = preview(page).get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(picture(page)).to_have_count(0)
    page.context.unroute(_RESULTS)
    again.click()
    assert etag(page).strip('"') == job(slow, "Busy")["digest"]


def test_a_style_that_changed_meanwhile_shows_at_once(page: Page, slow: SlowKiln) -> None:
    """The picture is compared with today's style when it comes, also while nobody looks."""
    page.context.grant_permissions(["notifications"])
    open_app(page, slow.url)
    order(page, "Outdated", 4)
    bench_job(page).get_by_role("button", name="Tell me").click()
    expect(bench_job(page)).to_contain_text("You will be told")
    style = {"figure": {"facecolor": "#FFF4E6"}}
    httpx.put(f"{slow.url}/styles/default", json=style, headers={"If-None-Match": "*"})
    hide(page)
    etag(page)
    expect(preview(page)).to_contain_text("until the picture in today’s style is drawn")


def test_a_server_that_was_lost_is_found_while_nobody_looks(
    page: Page, built_app: Path, consul: Consul, tmp_path: Path, recorder: Recorder
) -> None:
    """Whoever wants to be told is, though the server went away and came back behind their back."""
    recorder.allow("ERR_CONNECTION_REFUSED|Failed to fetch|status of 503|error occurred when")
    page.context.grant_permissions(["notifications"])
    with slow_kiln(tmp_path / "lost", consul) as kiln:
        open_app(page, kiln.url)
        order(page, "Lost and found", 6)
        bench_job(page).get_by_role("button", name="Tell me").click()
        expect(bench_job(page)).to_contain_text("You will be told")
        hide(page)
        kiln.stop()
        expect(page.get_by_text("Offline: what is stored here works")).to_be_visible()
        kiln.start()
        assert etag(page).strip('"') == job(kiln, "Lost and found")["digest"]


def test_without_sockets_the_list_is_kept_up_to_date(page: Page, slow: SlowKiln) -> None:
    """What others submit is listed though nothing was under way."""
    refuse_sockets(page)
    open_app(page, f"{slow.url}/#/jobs")
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    submit(slow, titled("By others", 1))
    expect(page.get_by_role("listitem").filter(has_text="By others")).to_be_visible()
    settled(slow, "By others", "succeeded")


def test_of_many_jobs_each_end_is_heard(page: Page, slow: SlowKiln) -> None:
    """More are under way than are watched one by one, and the badge counts them all the same."""
    open_app(page, f"{slow.url}/#/jobs")
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    many = [submit(slow, titled(f"One of many {place}", 90)) for place in range(33)]
    views = page.get_by_role("navigation", name="Views")
    expect(views.get_by_role("link", name="Jobs")).to_contain_text("33 under way")
    views.get_by_role("link", name="Settings").click()
    for one in many:
        httpx.delete(f"{slow.url}/jobs/{one['id']}", timeout=30).raise_for_status()
    expect(views.get_by_role("link", name="Jobs")).not_to_contain_text("under way")


def test_the_clock_stands_while_nobody_is_there(page: Page, slow: SlowKiln) -> None:
    """After two minutes without a sign of life the page hears nothing, and counts on nothing."""
    page.clock.install()
    open_app(page, slow.url)
    sockets = _noted(page)
    order(page, "Unwatched", 20)
    panel = bench_job(page)
    expect(panel).to_contain_text(re.compile(r"\d s so far"))
    wait_until(lambda: _is_open(page, sockets))
    page.clock.fast_forward(125_000)
    page.clock.run_for(3_000)
    wait_until(lambda: not _is_open(page, sockets))
    expect(panel).to_contain_text("so far")
    expect(panel).not_to_contain_text("min")
    page.mouse.move(200, 200)
    expect(panel).to_contain_text("2 min")
    panel.get_by_role("button", name="Cancel").click()
