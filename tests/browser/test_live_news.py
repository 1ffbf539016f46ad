"""Live news in the app: when its socket is open, and what it brings."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, WebSocket, expect

from browser.apps import open_app
from browser.benches import SALES, etag, paste, picture, preview, wait_for_another
from browser.recorder import Recorder
from browser.slow_charts import SlowKiln, bench_job, hide, order, show, slow_kiln
from servers import Consul, wait_until


class Listening:
    """The sockets that a page opens, and what came over them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.all: list[WebSocket] = []
        self.types: list[str] = []
        page.on("websocket", self._note)

    def open(self) -> list[WebSocket]:
        """Return those that are open now."""
        self.page.evaluate("0")
        return [one for one in self.all if not one.is_closed()]

    def heard(self, kind: str) -> bool:
        """Say whether an event of a type came."""
        self.page.evaluate("0")
        return kind in self.types

    def _note(self, socket: WebSocket) -> None:
        self.all.append(socket)
        socket.on("framereceived", lambda frame: self.types.append(json.loads(frame)["type"]))


@pytest.fixture
def patient(built_app: Path, consul: Consul, tmp_path: Path) -> Iterator[SlowKiln]:
    """Run a server of the test's own."""
    with slow_kiln(tmp_path / tmp_path.name, consul) as running:
        yield running


@pytest.fixture
def listening(page: Page, patient: SlowKiln) -> Listening:
    """Return what the chart view listens to."""
    open_app(page, patient.url)
    return Listening(page)


def test_a_restyle_shows_at_once(page: Page, listening: Listening, patient: SlowKiln) -> None:
    """The news of a changed style come over the socket, and the picture follows."""
    paste(page, SALES)
    before = etag(page)
    wait_until(lambda: listening.heard("plotkiln.live.welcome"))
    style = {"palette": ["#880000", "#008800"]}
    httpx.put(f"{patient.url}/styles/default", json=style, headers={"If-None-Match": "*"})
    wait_until(lambda: listening.heard("plotkiln.style.changed"))
    wait_for_another(page, before)
    expect(preview(page)).to_contain_text(re.compile(r"The style changed: now default@\d+"))


def test_a_restyle_of_a_slow_chart_comes_by_a_job(page: Page, patient: SlowKiln) -> None:
    """The former picture stays and says what it is; the new one follows when it is drawn."""
    open_app(page, patient.url)
    order(page, "Restyled", 4)
    before = etag(page)
    style = {"figure": {"facecolor": "#FFF4E6"}}
    httpx.put(f"{patient.url}/styles/default", json=style, headers={"If-None-Match": "*"})
    page.mouse.move(200, 300)
    expect(preview(page)).to_contain_text("until the picture in today’s style is drawn")
    expect(picture(page)).to_have_attribute("data-etag", before)
    wait_for_another(page, before)
    expect(preview(page)).to_contain_text(re.compile(r"The style changed: now default@\d+"))


def test_there_is_no_socket_without_something_to_wait_for(page: Page, listening: Listening) -> None:
    """An empty bench, and views that wait for nothing, open none; a picture does."""
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    page.get_by_role("link", name="Chart", exact=True).click()
    assert listening.all == []
    paste(page, SALES)
    etag(page)
    wait_until(lambda: len(listening.open()) == 1)
    page.get_by_role("link", name="Settings").click()
    wait_until(lambda: listening.open() == [])


def test_a_hidden_page_closes_its_socket(page: Page, listening: Listening) -> None:
    """Hidden it listens no more; shown again it goes on after the last event."""
    paste(page, SALES)
    etag(page)
    wait_until(lambda: listening.heard("plotkiln.live.welcome"))
    hide(page)
    wait_until(lambda: listening.open() == [])
    show(page)
    wait_until(lambda: len(listening.open()) == 1)
    assert "after=" in listening.open()[0].url


def test_a_job_brings_its_news_by_one_socket(page: Page, listening: Listening) -> None:
    """Progress and end come as events, over the socket that is there."""
    paste(page, SALES)
    etag(page)
    wait_until(lambda: len(listening.open()) == 1)
    order(page, "By news", 3)
    expect(bench_job(page)).to_be_visible()
    wait_until(lambda: listening.heard("plotkiln.job.finished"))
    expect(bench_job(page)).to_have_count(0)
    assert "plotkiln.job.changed" in listening.types
    assert len(listening.all) == 1


def test_a_server_that_restarts_is_found_again(
    page: Page, listening: Listening, patient: SlowKiln, recorder: Recorder
) -> None:
    """The socket breaks with the server; when that is back, job and page go on."""
    recorder.allow("ERR_CONNECTION_REFUSED|error occurred when fetching")
    order(page, "Outlives it", 8)
    expect(bench_job(page)).to_contain_text("Being drawn")
    patient.stop()
    patient.start()
    assert etag(page)
    assert len(listening.all) >= 2
