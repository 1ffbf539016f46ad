"""From the bench into the gallery and back; and the picture on the bench stays the newest."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from browser.apps import open_app, wait_for
from browser.charting import SALES, give, picture
from browser.recorder import Recorder
from browser.slow_charts import refuse_sockets
from browser.test_gallery import assert_shows_picture, card, undo
from browser.test_offline import NO_NETWORK
from browser.workers import count
from servers import Consul
from styled_kilns import StyledKiln

OTHER = "city,people\nRome,3\nOslo,1\nBern,2\n"


@pytest.fixture
def bench(app: Page) -> Page:
    """Return a page with a chart on the bench."""
    give(app)
    return app


def keep(page: Page, said: str) -> None:
    """Keep the chart in work, and wait until a notice says so."""
    page.get_by_role("main").get_by_role("button", name="Keep").click()
    page.get_by_role("status").get_by_text(said).wait_for()


def test_a_kept_chart_opens_as_it_was_left(bench: Page) -> None:
    """Data, title and picture come back; the gallery needs no server for its picture."""
    bench.get_by_label("Title", exact=True).first.fill("Sales")
    expect(picture(bench)).to_have_attribute("alt", re.compile("^Sales"))
    keep(bench, "Kept “Sales” in the gallery.")
    bench.get_by_role("link", name="Gallery").click()
    assert_shows_picture(bench, "Sales")
    address, context = bench.url, bench.context
    bench.close()
    page = context.new_page()
    page.goto(address)
    card(page, "Sales").get_by_role("button", name="Open Sales").click()
    expect(page.get_by_label("Title", exact=True).first).to_have_value("Sales")
    expect(picture(page)).to_be_visible()
    draft = wait_for(page, _DRAFT)
    assert draft["source"]["text"] == SALES


def test_keeping_again_updates_and_can_be_undone(bench: Page) -> None:
    """The open chart is updated, also after a reload; undo brings the last one back."""
    title = bench.get_by_label("Title", exact=True).first
    title.fill("Sales")
    keep(bench, "Kept “Sales” in the gallery.")
    bench.reload()
    title.fill("Sales, mended")
    expect(picture(bench)).to_have_attribute("alt", re.compile("^Sales, mended"))
    keep(bench, "Updated “Sales, mended” in the gallery.")
    undo(bench, "Updated “Sales, mended”")
    bench.get_by_role("link", name="Gallery").click()
    assert_shows_picture(bench, "Sales")
    expect(bench.get_by_role("listitem")).to_have_count(1)


def test_another_chart_overwrites_none(bench: Page) -> None:
    """Other data under another title is a new chart, though the last one is still open."""
    keep(bench, "in the gallery.")
    bench.get_by_role("button", name="Clear").click()
    give(bench, OTHER)
    keep(bench, "Kept “people”")
    bench.get_by_role("link", name="Gallery").click()
    expect(bench.get_by_role("main").get_by_role("listitem")).to_have_count(2)


def test_the_shown_picture_follows_its_style(
    page: Page, own_kiln: StyledKiln, consul: Consul
) -> None:
    """Within seconds of a change in Consul the picture on screen is the new one; one render."""
    open_app(page, own_kiln.url)
    give(page)
    before = picture(page).get_attribute("data-etag") or ""
    drawn = count(own_kiln, "drawn")
    key = f"{own_kiln.settings['PLOTKILN_STYLES_PREFIX']}/default"
    consul.put(key, b'{"title": {"color": "#B00020"}, "axes": {"grid": false}}')
    expect(picture(page)).not_to_have_attribute("data-etag", before, timeout=40_000)
    expect(page.get_by_role("main")).to_contain_text(f"default@{consul.version(key)}")
    assert count(own_kiln, "drawn") == drawn + 1


def test_a_restyle_while_the_page_was_closed_shows(
    page: Page, own_kiln: StyledKiln, consul: Consul
) -> None:
    """The stored picture gives way though its successor is answered before it is on screen."""
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or "") if "/plot" in one.url else None)
    open_app(page, own_kiln.url)
    give(page)
    before = picture(page).get_attribute("data-etag") or ""
    address = page.url
    page.goto("about:blank")
    style = own_kiln.restyle(consul, b'{"axes": {"grid": false}}')
    answer = httpx.post(f"{own_kiln.url}/plot", json=json.loads(sent[-1]))
    after = answer.headers["etag"]
    assert after != before
    page.goto(address)
    expect(picture(page)).to_have_attribute("data-etag", after)
    expect(page.get_by_role("main")).to_contain_text(f"The style changed: now {style}")


_COUNT_WISHES = """
() => {
  window.wishes = 0;
  const { postMessage } = ServiceWorker.prototype;
  ServiceWorker.prototype.postMessage = function (...sent) {
    window.wishes += 1;
    return postMessage.apply(this, sent);
  };
}
"""


@pytest.mark.parametrize(
    ("sockets", "looks"),
    # every four seconds; every twelve from when live news tell of new styles
    [("refused", range(14, 17)), ("open", range(5, 17))],
)
def test_the_shown_picture_is_asked_for_only_while_somebody_is_there(
    page: Page, kiln: StyledKiln, sockets: str, looks: range
) -> None:
    """After two minutes without a sign of life nothing is asked; a sign begins it again."""
    if sockets == "refused":
        refuse_sockets(page)
    page.clock.install()
    open_app(page, kiln.url)
    give(page)
    page.evaluate(_COUNT_WISHES)
    page.mouse.move(10, 10)
    page.clock.run_for(60_000)
    assert page.evaluate("window.wishes") in looks
    page.clock.run_for(70_000)
    seen = page.evaluate("window.wishes")
    page.clock.run_for(600_000)
    assert page.evaluate("window.wishes") == seen
    page.mouse.move(20, 20)
    page.clock.run_for(8_000)
    assert page.evaluate("window.wishes") > seen


def test_a_chart_drawn_offline_waits_and_comes(bench: Page, recorder: Recorder) -> None:
    """Offline the last picture stays, the new chart waits; with the network it is on screen."""
    recorder.allow(NO_NETWORK)
    before = picture(bench).get_attribute("data-etag") or ""
    bench.context.set_offline(True)
    bench.get_by_label("Title", exact=True).first.fill("Offline")
    expect(bench.get_by_role("main").get_by_role("alert")).to_contain_text("network")
    keep(bench, "Kept “Offline” in the gallery.")
    bench.context.set_offline(False)
    expect(picture(bench)).not_to_have_attribute("data-etag", before, timeout=40_000)
    bench.get_by_role("link", name="Gallery").click()
    assert_shows_picture(bench, "Offline")


def test_a_picture_that_cannot_be_drawn_anew_says_so(
    page: Page, own_kiln: StyledKiln, consul: Consul, recorder: Recorder
) -> None:
    """When its style is gone, the last picture stays, and a notice says once why it is the last."""
    recorder.allow("422|404")
    key = f"{own_kiln.settings['PLOTKILN_STYLES_PREFIX']}/brief"
    consul.put(key, b'{"title": {"color": "#B00020"}}')
    own_kiln.wait_for("fresh", style="brief", version=consul.version(key))
    open_app(page, own_kiln.url)
    give(page)
    page.get_by_role("main").get_by_label("Style").first.select_option("brief")
    expect(page.get_by_role("main")).to_contain_text(f"brief@{consul.version(key)}")
    consul.delete(key)
    page.get_by_role("status").get_by_text("This is the last picture.").wait_for()
    expect(picture(page)).to_be_visible()


_DRAFT = """new Promise((done) => {
    indexedDB.open("plotkiln").onsuccess = ({ target }) => {
        const read = target.result.transaction("drafts").objectStore("drafts").getAll();
        read.onsuccess = () => { target.result.close(); done(read.result[0]); };
    };
})"""
