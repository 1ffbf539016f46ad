"""Charts drawn by templates, chosen beside the kinds and filled in by a form of their schema."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.apps import assert_accessible, open_app
from browser.charting import current_spec, give, picture, section, wait_for_spec
from browser.recorder import Recorder
from servers import Consul
from styled_kilns import StyledKiln

_GAUGE = '''\
"""A template with parameters of every shape."""

from typing import Annotated, Literal

from matplotlib.figure import Figure
from msgspec import Meta, Struct

from plotkiln.templates import template


class Zone(Struct, frozen=True):
    """A part of the scale."""

    #: Where it ends.
    end: float
    color: str = "green"


class Frame(Struct, frozen=True):
    """What is around it."""

    width: int = 1
    shown: bool = True


@template("gauge", title="Gauge")
def gauge(
    figure: Figure,
    *,
    #: What the needle shows.
    value: Annotated[float, Meta(ge=0, le=100)],
    unit: Literal["km", "mi"] = "km",
    steps: list[int] = [0, 50, 100],
    names: list[str] = [],
    zones: list[Zone] = [],
    frame: Frame = Frame(),
    shares: dict[str, float] = {},
    is_bold: bool = False,
) -> None:
    """Show one value."""
    figure.add_subplot().barh(["value"], [value])
'''


@pytest.fixture
def bench(app: Page) -> Page:
    """Return the chart view with a drawn table of dates and numbers."""
    give(app)
    return app


@pytest.fixture
def templated(page: Page, consul: Consul, tmp_path: Path) -> Iterator[Page]:
    """Return the app of a server that has a template of its own, and a broken one."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "gauge.py").write_text(_GAUGE)
    (folder / "torn.py").write_text("def (:\n")
    settings = {"PLOTKILN_TEMPLATES": str(folder), "PLOTKILN_STYLES_PREFIX": "browser/form/styles"}
    with StyledKiln(tmp_path / "kiln", consul, **settings) as kiln:
        yield open_app(page, kiln.url)


def test_a_template_takes_its_columns(bench: Page) -> None:
    """What it needs is taken from the table, and drawn without another click."""
    before = picture(bench).get_attribute("data-etag")
    bench.get_by_role("button", name="Annotated time series").click()
    expect(picture(bench)).not_to_have_attribute("data-etag", before or "")
    times = ["2026-01", "2026-02", "2026-03", "2026-04"]
    spec = current_spec(bench)
    assert spec["template"] == "annotated-time-series"
    assert spec["params"] == {"times": times, "values": [12, 15, 11, 18]}
    bench.get_by_label("Values").last.select_option("South")
    wait_for_spec(bench, {"params": {"times": times, "values": [9, 8, 14, 13]}})


def test_parameters_follow_the_data(bench: Page) -> None:
    """Edited data is drawn anew; what was written by hand stays."""
    bench.get_by_role("button", name="Annotated time series").click()
    form = section(bench, "Kind")
    form.get_by_label("Unit").fill(" k")
    bench.get_by_label("Paste a table").fill("month,North\n2026-01,1\n2026-02,2\n")
    params = {"unit": " k", "times": ["2026-01", "2026-02"], "values": [1, 2]}
    wait_for_spec(bench, {"params": params})


def test_rows_are_added_and_removed(bench: Page, recorder: Recorder) -> None:
    """A list of objects is rows; faults stand at the cell that they are about."""
    recorder.allow("status of 422")
    bench.get_by_role("button", name="Annotated time series").click()
    form = section(bench, "Kind")
    form.get_by_role("button", name="Add to Events").click()
    event = form.get_by_role("group", name="Events 1", exact=True)
    expect(event.get_by_label("Time")).to_be_focused()
    event.get_by_label("Time").fill("soon")
    event.get_by_label("Label").fill("Outage")
    not_a_time = re.compile("is not a time")
    expect(event.get_by_label("Time")).to_have_accessible_description(not_a_time)
    event.get_by_label("Time").fill("2026-02")
    expect(event.get_by_label("Time")).not_to_have_attribute("aria-invalid", "true")
    assert current_spec(bench)["params"]["events"] == [{"time": "2026-02", "label": "Outage"}]
    form.get_by_role("button", name="Remove Events 1").click()
    assert "events" not in current_spec(bench)["params"]
    bench.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(event.get_by_label("Label")).to_have_value("Outage")


def test_a_kind_leaves_the_template(bench: Page) -> None:
    """Choosing a kind, or going back, draws by columns again; undo returns to the template."""
    bench.get_by_role("button", name="Annotated time series").click()
    bench.get_by_role("button", name="Bar", exact=True).click()
    wait_for_spec(bench, {"template": None, "kind": "bar"})
    bench.get_by_role("button", name="Undo").click()
    wait_for_spec(bench, {"template": "annotated-time-series"})
    bench.get_by_role("button", name="Back to the kinds of chart").click()
    wait_for_spec(bench, {"template": None, "kind": "line"})


def test_the_whole_table_is_taken(app: Page, recorder: Recorder) -> None:
    """A template that takes a table gets it; names of columns are offered for its texts."""
    recorder.allow("status of 4")
    give(app, "day,city,rides\n2026-01,Oslo,3\n2026-02,Oslo,4\n2026-01,Graz,5\n2026-02,Graz,6\n")
    app.get_by_role("button", name="Small multiples").click()
    form = section(app, "Kind")
    for label, column in (("X", "day"), ("Y", "rides"), ("Panel", "city")):
        form.get_by_role("combobox", name=label, exact=True).fill(column)
    form.get_by_label("Order").select_option("name")
    form.get_by_label("Highlight", exact=True).fill("Graz")
    params = current_spec(app)["params"]
    assert params["data"]["rides"] == [3, 4, 5, 6]
    assert {
        "x": "day",
        "panel": "city",
        "order": "name",
        "highlight": ["Graz"],
    }.items() <= params.items()
    expect(picture(app)).not_to_have_class("outdated")


def test_every_shape_has_a_control(templated: Page, recorder: Recorder) -> None:
    """Numbers with bounds, choices, lists, rows, objects, JSON and flags become parameters."""
    recorder.allow("status of 4")
    templated.get_by_role("button", name="Gauge").click()
    form = section(templated, "Kind")
    value = form.get_by_role("textbox", name="Value")
    expect(value).to_have_accessible_description("What the needle shows. 0 to 100")
    value.fill("120")
    expect(value).to_have_attribute("aria-invalid", "true")
    value.fill("42,5")
    form.get_by_label("Unit").select_option("mi")
    form.get_by_label("Steps").fill("0\n40\n80")
    form.get_by_label("Names").fill("007\n\nlow")
    form.get_by_role("button", name="Add to Zones").click()
    form.get_by_label("End").fill("40")
    form.get_by_role("group", name="Frame").get_by_label("Width").fill("3")
    form.get_by_role("group", name="Frame").get_by_label("Shown").uncheck()
    form.get_by_label("Shares").fill('{"a": 0.5}')
    form.get_by_label("Is bold").check()
    expected = {
        "value": 42.5,
        "unit": "mi",
        "steps": [0, 40, 80],
        "names": ["007", "", "low"],
        "zones": [{"end": 40}],
        "frame": {"width": 3, "shown": False},
        "shares": {"a": 0.5},
        "is_bold": True,
    }
    assert current_spec(templated)["params"] == expected
    expect(picture(templated)).to_be_visible()
    form.get_by_label("Steps").fill("0\nfar")
    expect(form.get_by_label("Steps")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Shares").fill("{")
    expect(form.get_by_label("Shares")).to_have_accessible_description(
        re.compile("This is not JSON")
    )


def test_a_broken_template_is_listed_with_its_reason(templated: Page) -> None:
    """What could not be loaded is named, with file and line."""
    templated.get_by_text("One template cannot be loaded").click()
    kind = section(templated, "Kind")
    expect(kind.get_by_role("listitem").filter(has_text="torn.py")).to_contain_text("line 1")


def test_the_form_can_be_reached(templated: Page, recorder: Recorder) -> None:
    """Axe finds nothing in a form with every shape of parameter."""
    recorder.allow("status of 4")
    templated.get_by_role("button", name="Gauge").click()
    templated.get_by_role("button", name="Add to Zones").click()
    assert_accessible(templated)
