"""Wording, axes, legend and annotations of a chart, refined in the form."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.charting import SALES, current_spec, give, picture, section, wait_for_spec
from browser.recorder import Recorder
from styled_kilns import StyledKiln


@pytest.fixture
def bench(app: Page) -> Page:
    """Return the chart view with a drawn line chart of two series."""
    give(app)
    return app


def fold(refine: Locator, axis: str) -> None:
    """Unfold an axis, or fold it again."""
    refine.locator("summary", has_text=axis).click()


def test_titles_are_drawn_and_taken_back_in_one_step(bench: Page) -> None:
    """A title reaches the spec as it is typed; undo takes all of it away at once."""
    before = picture(bench).get_attribute("data-etag")
    bench.get_by_label("Title", exact=True).press_sequentially("Sales, by region")
    expect(picture(bench)).not_to_have_attribute("data-etag", before or "")
    assert current_spec(bench)["title"] == "Sales, by region"
    bench.get_by_role("button", name="Undo").click()
    expect(bench.get_by_label("Title", exact=True)).to_have_value("")
    wait_for_spec(bench, {"title": None})


def test_an_axis_is_described(bench: Page) -> None:
    """Label, scale, limits, number format and suffix of an axis are what the form says."""
    refine = section(bench, "Refine")
    refine.get_by_label("Y axis label").fill("Units")
    fold(refine, "Y axis")
    axis = refine.locator("details[open]")
    axis.get_by_label("Scale").select_option("Logarithmic")
    axis.get_by_label("From").fill("1")
    axis.get_by_label("To", exact=True).fill("1,5")
    axis.get_by_label("To", exact=True).fill("100")
    axis.get_by_label("Numbers", exact=True).select_option("1,234.6")
    axis.get_by_label("After numbers").fill(" k")
    axis.get_by_label("Grid lines").select_option("Hidden")
    axis.get_by_label("Greatest value first").check()
    expected = {
        "label": "Units",
        "type": "log",
        "limits": [1, 100],
        "format": ",.1f",
        "suffix": " k",
        "grid": False,
        "reverse": True,
    }
    assert current_spec(bench)["axes"]["y"] == expected


def test_a_format_of_ones_own_shows_an_example(bench: Page, recorder: Recorder) -> None:
    """What is typed as a format is shown at a number, or said to be none."""
    recorder.allow("status of 422")
    refine = section(bench, "Refine")
    fold(refine, "Y axis")
    refine.get_by_label("Numbers", exact=True).select_option("Own format…")
    own = refine.get_by_label("Own format", exact=True)
    own.fill("+,.3f")
    expect(own).to_have_accessible_description(
        "Python’s format language. 1234.56 becomes +1,234.560."
    )
    own.fill("+,.3z")
    expect(own).to_have_attribute("aria-invalid", "true")


def test_what_is_no_number_stays_marked_and_is_not_sent(bench: Page) -> None:
    """A limit that is no number stays as it was typed, with the reason, and changes nothing."""
    refine = section(bench, "Refine")
    fold(refine, "Y axis")
    low = refine.get_by_role("textbox", name="From")
    low.fill("ten")
    expect(low).to_have_attribute("aria-invalid", "true")
    expect(low).to_have_accessible_description(re.compile("This is not a number"))
    assert "axes" not in current_spec(bench)


def test_a_fault_is_told_at_its_field(bench: Page, recorder: Recorder) -> None:
    """The server's fault stands at the field that it is about, unfolded, until it is mended."""
    recorder.allow("status of 422")
    refine = section(bench, "Refine")
    fold(refine, "X axis")
    refine.get_by_role("textbox", name="From").fill("2026-05")
    refine.get_by_role("textbox", name="To", exact=True).fill("2026-01")
    fold(refine, "X axis")
    low = refine.get_by_role("textbox", name="From")
    expect(low).to_have_accessible_description(re.compile("the first must be less"))
    expect(low).to_be_visible()
    low.fill("2025-12")
    expect(low).not_to_have_attribute("aria-invalid", "true")


def test_annotations_are_added_moved_and_removed(bench: Page) -> None:
    """Each is in sight when it is added; order, places and removal are what the form says."""
    refine = section(bench, "Refine")
    refine.get_by_role("button", name="Add a line").click()
    expect(refine.get_by_role("group", name="Line 1").get_by_label("Text")).to_be_focused()
    bench.keyboard.press("Control+a")
    bench.keyboard.type("Plan")
    refine.get_by_role("button", name="Add a band").click()
    band = refine.get_by_role("group", name="Band 1")
    band.get_by_label("To", exact=True).fill("2026-04")
    band.get_by_label("Colour", exact=True).fill("#C92A2A")
    refine.get_by_role("button", name="Move Band 1 up").press("Enter")
    expect(refine.get_by_role("button", name="Move Band 1 down")).to_be_focused()
    band_and_line = [
        {"type": "band", "x": ["2026-02", "2026-04"], "text": "Period", "color": "#C92A2A"},
        {"type": "line", "y": 15, "text": "Plan"},
    ]
    assert current_spec(bench)["annotations"] == band_and_line
    refine.get_by_role("button", name="Remove Band 1").click()
    assert current_spec(bench)["annotations"] == band_and_line[1:]
    bench.get_by_role("status").get_by_role("button", name="Undo").click()
    assert current_spec(bench)["annotations"] == band_and_line


def test_an_alternative_text_is_suggested(bench: Page) -> None:
    """One click takes the text that the data gives; it is the picture's from then on."""
    bench.get_by_role("button", name="Use this text").click()
    text = bench.get_by_label("Alternative text").input_value()
    assert text.startswith("Line chart of North and South by month. From 2026-01 to 2026-04.")
    expect(picture(bench)).to_have_attribute("alt", text)
    wait_for_spec(bench, {"alt": text})


def test_only_what_the_kind_takes_is_offered(bench: Page) -> None:
    """Bars can be stacked; a pie has no axes, but a hole."""
    refine = section(bench, "Refine")
    expect(refine.get_by_label("Stacked")).to_have_count(0)
    bench.get_by_role("button", name="Bar", exact=True).click()
    refine.get_by_label("Stacked").check()
    wait_for_spec(bench, {"kind": "bar", "stack": True})
    bench.get_by_role("button", name="Pie", exact=True).click()
    expect(refine.locator("summary")).to_have_count(0)
    refine.get_by_label("Hole").fill("55")
    wait_for_spec(bench, {"kind": "pie", "hole": 0.55})


def test_what_the_data_says_of_an_axis_is_shown_and_can_be_taken_away(app: Page) -> None:
    """A lone column names its axis; clearing the field leaves the axis without a name."""
    give(app, "city,Rides per day\nOslo,12\nGraz,9\nTurin,18\n")
    label = app.get_by_label("Y axis label")
    expect(label).to_have_value("Rides per day")
    label.fill("")
    expect(label).to_have_value("")
    assert "label" not in current_spec(app).get("axes", {}).get("y", {})


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_reached(
    open_profile: Callable[..., BrowserContext],
    kiln: StyledKiln,
    language: str,
    scheme: str,
) -> None:
    """With annotations and unfolded axes, axe finds nothing in either language and theme."""
    context = open_profile(locale=language, color_scheme=scheme)
    page = open_app(context.new_page(), kiln.url)
    text = page.get_by_role("textbox").first
    text.fill(SALES)
    text.blur()
    expect(picture(page)).to_be_visible()
    refine = section(page, "Refine" if language == "en-GB" else "细调")
    for number in range(3):
        refine.get_by_role("button", name="添加" if language == "zh-CN" else "Add a").nth(
            number
        ).click()
    for summary in refine.locator("summary").all():
        summary.click()
    take_screenshots(page, f"refine-{language}-{scheme}", full_page=True)
    assert_accessible(page)
