"""The preview: what is drawn, what is said about it, and what happens when it cannot be."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from browser.apps import WIDTHS, assert_accessible, open_app, take_screenshots
from browser.benches import (
    SALES,
    etag,
    paste,
    picture,
    preview,
    section,
    wait_for_another,
)
from browser.recorder import Recorder
from servers import Consul
from styled_kilns import StyledKiln


def test_undo_and_redo_go_back_and_forth(sales: Page) -> None:
    """Every change can be undone and done again, by keys and by buttons."""
    first = etag(sales)
    section(sales, "Kind").get_by_role("button", name="Line", exact=True).click()
    second = wait_for_another(sales, first)
    sales.keyboard.press("Control+z")
    expect(picture(sales)).to_have_attribute("data-etag", first)
    sales.keyboard.press("Control+Shift+z")
    expect(picture(sales)).to_have_attribute("data-etag", second)
    preview(sales).get_by_role("button", name="Undo").click()
    expect(picture(sales)).to_have_attribute("data-etag", first)


def test_the_work_is_taken_up_after_a_reload(sales: Page) -> None:
    """Data and settings are there again when the page is loaded anew."""
    section(sales, "Kind").get_by_role("button", name="Line", exact=True).click()
    shown = wait_for_another(sales, etag(sales))
    sales.reload()
    expect(picture(sales)).to_have_attribute("data-etag", shown)
    expect(section(sales, "Data")).to_contain_text("3 rows, 3 columns")


def test_each_tab_has_a_draft_of_its_own(sales: Page) -> None:
    """A second tab begins with the last draft; from then on neither overwrites the other's."""
    shown = etag(sales)
    other = sales.context.new_page()
    other.goto(sales.url)
    assert etag(other) == shown
    section(other, "Kind").get_by_role("button", name="Line", exact=True).click()
    line = wait_for_another(other, shown)
    section(sales, "Kind").get_by_role("button", name="Area", exact=True).click()
    area = wait_for_another(sales, shown)
    other.reload()
    expect(picture(other)).to_have_attribute("data-etag", line)
    sales.reload()
    expect(picture(sales)).to_have_attribute("data-etag", area)
    other.close()
    third = sales.context.new_page()
    third.goto(sales.url)
    expect(picture(third)).to_have_attribute("data-etag", area)


def test_a_copy_of_a_tab_has_a_draft_of_its_own(sales: Page) -> None:
    """What the browser copies of a tab's session makes no two tabs of one draft."""
    shown = etag(sales)
    with sales.expect_popup() as opened:
        sales.evaluate("void window.open(location.href)")
    other = opened.value
    assert etag(other) == shown
    section(other, "Kind").get_by_role("button", name="Line", exact=True).click()
    wait_for_another(other, shown)
    sales.reload()
    expect(picture(sales)).to_have_attribute("data-etag", shown)


def test_a_fault_is_said_over_the_last_picture(app: Page, recorder: Recorder) -> None:
    """What the server refuses is told in words and place; the last picture stays, greyed."""
    recorder.allow("status of 422")
    paste(app, "Part,Points\nFrame,3\nFrame,4\nBrakes,5\nSaddle,6")
    shown = etag(app)
    section(app, "Kind").get_by_role("button", name="Radar").click()
    alert = preview(app).get_by_role("alert")
    expect(alert).to_contain_text("This cannot be drawn yet")
    expect(alert).to_contain_text('Part, row 2: "Frame" comes twice')
    expect(picture(app)).to_have_attribute("data-etag", shown)
    expect(picture(app)).to_have_class(re.compile("outdated"))
    assert_accessible(app)
    take_screenshots(app, "chart-fault")
    app.keyboard.press("Control+z")
    expect(alert).to_be_empty()


def test_a_long_drawing_says_so_and_can_be_cancelled(sales: Page) -> None:
    """After a second it is told what happens; cancelling leaves the last picture."""
    shown = etag(sales)

    def hold(_route: Route) -> None:
        """Never answer."""

    sales.context.route("**/plot", hold)
    section(sales, "Kind").get_by_role("button", name="Line", exact=True).click()
    status = preview(sales).get_by_role("status").filter(has_text="Drawing")
    expect(status).to_contain_text(re.compile(r"Drawing 9 values: \d s"))
    take_screenshots(sales, "chart-slow")
    preview(sales).get_by_role("button", name="Cancel").click()
    expect(preview(sales)).to_contain_text("Drawing was cancelled.")
    expect(picture(sales)).to_have_attribute("data-etag", shown)
    sales.context.unroute("**/plot")
    preview(sales).get_by_role("button", name="Draw again").click()
    wait_for_another(sales, shown)


def test_the_picture_is_looked_at_closely(sales: Page) -> None:
    """Keys and buttons zoom; at 100% a pixel of the picture is one of the page."""
    fit = picture(sales).bounding_box()
    sales.keyboard.press("+")
    sales.keyboard.press("+")
    expect(preview(sales).get_by_role("button", name="200%")).to_have_attribute(
        "aria-pressed", "true"
    )
    natural = picture(sales).evaluate("(image) => image.naturalWidth")
    large = picture(sales).bounding_box()
    assert fit
    assert large
    assert large["width"] == 2 * natural > fit["width"]
    sales.keyboard.press("0")
    assert picture(sales).bounding_box() == fit


def test_a_style_that_changes_shows_in_the_picture(
    page: Page, own_kiln: StyledKiln, consul: Consul
) -> None:
    """A changed style replaces the picture on screen, and the line under it says so."""
    open_app(page, own_kiln.url)
    paste(page, SALES)
    before = etag(page)
    style = {"palette": ["#880000", "#008800"]}
    httpx.put(f"{own_kiln.url}/styles/default", json=style, headers={"If-None-Match": "*"})
    page.mouse.move(400, 400)
    wait_for_another(page, before)
    expect(preview(page)).to_contain_text(re.compile(r"The style changed: now default@\d+"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_picture_stays_in_sight(sales: Page, width: int) -> None:
    """However far one scrolls, and on every screen, the picture is to be seen."""
    sales.set_viewport_size({"width": width, "height": WIDTHS[width]})
    etag(sales)
    section(sales, "Export").get_by_role("button", name="Download PNG").scroll_into_view_if_needed()
    expect(picture(sales)).to_be_in_viewport(ratio=0.9)
    assert not sales.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_offline_a_chart_waits_and_is_drawn_when_the_network_is_back(
    sales: Page, recorder: Recorder
) -> None:
    """Without a network the last picture stays, the chart waits, and it is drawn afterwards."""
    recorder.allow("ERR_INTERNET_DISCONNECTED|status of 503|Failed to fetch")
    shown = etag(sales)
    sales.context.set_offline(True)
    section(sales, "Kind").get_by_role("button", name="Step", exact=True).click()
    expect(preview(sales).get_by_role("alert")).to_contain_text("This chart waits")
    expect(picture(sales)).to_have_attribute("data-etag", shown)
    sales.context.set_offline(False)
    wait_for_another(sales, shown)


def test_a_chart_is_kept(sales: Page) -> None:
    """A key puts the chart into the gallery."""
    section(sales, "Refine").get_by_label("Title", exact=True).fill("Sales of the quarter")
    wait_for_another(sales, etag(sales))
    sales.keyboard.press("Control+s")
    expect(sales.get_by_text("in the gallery.")).to_be_visible()
    sales.get_by_role("link", name="Gallery").click()
    expect(sales.get_by_role("heading", name="Sales of the quarter")).to_be_visible()


def test_a_style_that_is_only_remembered_says_so(
    page: Page, built_app: Path, tmp_path: Path
) -> None:
    """While Consul is away charts are drawn in the last known style, and the line names it."""
    with Consul() as consul, StyledKiln(tmp_path / "kiln", consul) as kiln:
        consul.put("plotting/styles/default", b'{"palette": ["#880000"]}')
        version = consul.version("plotting/styles/default")
        kiln.wait_for("fresh", version=version)
        open_app(page, kiln.url)
        paste(page, SALES)
        etag(page)
        consul.kill()
        kiln.wait_for("stale")
        page.mouse.move(300, 300)
        expect(preview(page)).to_contain_text(
            f"Consul is away: last known style default@{version}", timeout=20_000
        )
        expect(picture(page)).to_be_visible()
