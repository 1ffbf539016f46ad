"""The chart view: data in, columns to their parts, the picture always in sight."""

import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import CDPSession, Page, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.benches import (
    SALES,
    etag,
    part,
    paste,
    picture,
    preview,
    section,
    wait_for_another,
)
from browser.conftest import OpenProfile
from plotkiln.spec.kinds import KINDS
from styled_kilns import StyledKiln

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(set(ROOT.glob("examples/*.json")) - {ROOT / "examples" / "style.json"})

#: What a spreadsheet in German pastes.
GERMAN = "Datum\tUmsatz\tAnteil\n31.01.2026\t1.234,50 €\t12,5 %\n28.02.2026\t980,00 €\t9 %"

BYTES = """async () => {
    const answer = await fetch(document.querySelector(".preview-picture").src);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


def test_the_form_knows_every_kind_as_the_server_does() -> None:
    """The kinds that the form offers take and need what the server's do."""
    written = json.loads((ROOT / "pwa/src/client/charts/kinds.json").read_text())
    members = ("takes", "needs", "family", "alone", "stacks", "lies")
    declared = {
        kind: {name: getattr(rule, name) for name in members} for kind, rule in KINDS.items()
    }
    assert written == json.loads(json.dumps(declared))


def test_a_first_visit_invites_and_one_click_draws(app: Page) -> None:
    """Without data there are samples; a click on one draws it as the kind that it suggests."""
    expect(preview(app)).to_contain_text("Your chart appears here")
    assert_accessible(app)
    take_screenshots(app, "chart-empty")
    app.get_by_role("button", name="Prices of a share").click()
    expect(picture(app)).to_have_attribute("alt", "Candlestick chart: Close by Date")
    suggested = section(app, "Kind").get_by_role("button", name="Candlestick suggested")
    expect(suggested).to_have_attribute("aria-pressed", "true")
    section(app, "Export").get_by_role("button", name="Download PNG").wait_for()
    assert_accessible(app)
    take_screenshots(app, "chart-sample", full_page=True)


def test_pasted_marks_and_dates_are_found_and_shown(app: Page) -> None:
    """Decimal commas, currencies, percent signs and days of a German table are read as meant."""
    paste(app, GERMAN)
    data = section(app, "Data")
    expect(data).to_contain_text("2 rows, 3 columns")
    types = {"Datum": "date", "Umsatz": "number", "Anteil": "number"}
    for name, kind in types.items():
        expect(data.get_by_label(f"Type of {name}")).to_have_value(kind)
    expect(data.get_by_role("row").nth(1)).to_have_text("2026-01-311,234.512.5")
    etag(app)


def test_a_wrong_reading_can_be_corrected(app: Page) -> None:
    """The order of day and month, and a column's type, can be chosen otherwise."""
    paste(app, "When,Code\n1/2/2026,10\n3/4/2026,20")
    data = section(app, "Data")
    first = data.get_by_role("cell").first
    expect(first).to_have_text("2026-01-02")
    data.get_by_text("How it is read").click()
    data.get_by_label("Dates").select_option("day.month.year")
    expect(first).to_have_text("2026-02-01")
    data.get_by_label("Type of Code").select_option("text")
    expect(data.get_by_role("cell").nth(1)).to_have_attribute("data-type", "text")
    app.keyboard.press("Control+z")
    expect(data.get_by_label("Type of Code")).to_have_value("number")


def test_cells_that_do_not_fit_are_counted_and_named(app: Page) -> None:
    """A cell of a number column that is none is a gap, and said with its place."""
    paste(
        app,
        "Day,Seen\n"
        + "\n".join(f"2026-03-0{day},{day}" for day in range(1, 9))
        + "\n2026-03-09,many",
    )
    expect(section(app, "Data")).to_contain_text(
        "1 cell of “Seen” is no number and left out: “many” in row 9"
    )
    etag(app)


def test_what_is_no_table_says_why(app: Page) -> None:
    """Broken JSON stays in the editor, with what is wrong about it."""
    paste(app, '{"month": ["Jan"')
    expect(section(app, "Data").get_by_role("alert")).to_contain_text("This is no valid JSON")
    expect(app.get_by_label("Paste a table")).to_have_value('{"month": ["Jan"')


def test_typed_values_are_drawn(app: Page) -> None:
    """A table can be typed; the editor keeps the focus while the chart is drawn."""
    editor = app.get_by_label("Paste a table")
    editor.press_sequentially("q,n\nQ1,4\nQ2,7")
    etag(app)
    expect(editor).to_be_focused()
    expect(section(app, "Data").get_by_label("Type of n")).to_have_value("number")


def test_a_dropped_file_is_drawn(app: Page) -> None:
    """A CSV file that is dropped anywhere, or chosen, becomes the data."""
    chooser = app.locator("input[type=file]").first
    chooser.set_input_files(str(ROOT / "examples" / "messwerte.csv"))
    expect(section(app, "Data")).to_contain_text("24 rows")
    etag(app)


def test_another_kind_is_drawn_and_stays_chosen(sales: Page) -> None:
    """A kind that was chosen is kept when data of another shape comes."""
    before = etag(sales)
    kinds = section(sales, "Kind")
    expect(kinds.get_by_role("button", name="Bar suggested")).to_have_attribute(
        "aria-pressed", "true"
    )
    kinds.get_by_role("button", name="Area").click()
    before = wait_for_another(sales, before)
    paste(sales, "Day,Seen\n2026-01-01,4\n2026-01-02,6")
    wait_for_another(sales, before)
    expect(kinds.get_by_role("button", name="Area")).to_have_attribute("aria-pressed", "true")


def test_every_suitable_kind_draws(app: Page) -> None:
    """Each kind that is offered first for a table draws without a fault."""
    app.get_by_role("button", name="Sales by month").click()
    shown = etag(app)
    for name in (
        "Line",
        "Scatter",
        "Step",
        "Histogram",
        "Box",
        "Violin",
        "Heatmap",
        "Pie",
        "Radar",
    ):
        section(app, "Kind").get_by_role("button", name=name, exact=True).click()
        shown = wait_for_another(app, shown)
        expect(preview(app).get_by_role("alert")).to_be_empty()


def test_columns_are_taken_out_and_put_back(sales: Page) -> None:
    """A drawn column can be taken out, and chosen again by the keyboard alone."""
    before = etag(sales)
    values = part(sales, "Values")
    values.get_by_role("button", name="Remove North").press("Enter")
    before = wait_for_another(sales, before)
    values.get_by_role("combobox").select_option("North")
    wait_for_another(sales, before)
    expect(values.get_by_role("listitem")).to_have_text([re.compile("South"), re.compile("North")])


def test_a_column_is_dragged_to_its_part(app: Page) -> None:
    """A column's chip can be dragged to the part that it is to play."""
    paste(app, "City,Month,Rain\nRome,Jan,3\nRome,Feb,5\nOslo,Jan,7\nOslo,Feb,2")
    before = etag(app)
    section(app, "Kind").get_by_role("button", name="Bar", exact=True).click()
    before = wait_for_another(app, before)
    chip = section(app, "Columns").get_by_role("listitem").filter(has_text="Month").first
    chip.drag_to(part(app, "Along the x axis"))
    before = wait_for_another(app, before)
    chip = section(app, "Columns").get_by_role("listitem").filter(has_text="City").first
    chip.drag_to(part(app, "One panel for each"))
    wait_for_another(app, before)
    expect(part(app, "One panel for each").get_by_role("combobox")).to_have_value("City")
    expect(preview(app).get_by_role("alert")).to_be_empty()


def test_a_series_has_a_name_a_kind_and_an_axis_of_its_own(sales: Page) -> None:
    """Bars and a line on two axes: options of one column."""
    before = etag(sales)
    part(sales, "Values").get_by_role("button", name="Options of South").click()
    part(sales, "Values").get_by_label("Name in the legend").fill("Rain")
    part(sales, "Values").get_by_label("Drawn as").select_option("Line")
    part(sales, "Values").get_by_label("Axis").select_option("Right")
    wait_for_another(sales, before)
    expect(preview(sales).get_by_role("alert")).to_be_empty()
    assert_accessible(sales)


def test_settings_survive_other_data_and_a_missing_column_is_named(sales: Page) -> None:
    """A column that is gone is named, with the nearest one and the way back; the title stays."""
    section(sales, "Refine").get_by_label("Title", exact=True).fill("Sales")
    wait_for_another(sales, etag(sales))
    shown = etag(sales)
    paste(sales, SALES.replace("South", "South EUR"))
    expect(preview(sales).get_by_role("alert")).to_contain_text("“South” is not in the data.")
    expect(picture(sales)).to_have_class(re.compile("outdated"))
    assert_accessible(sales)
    take_screenshots(sales, "chart-missing")
    part(sales, "Values").get_by_role("button", name="Use “South EUR”").click()
    wait_for_another(sales, shown)
    expect(section(sales, "Refine").get_by_label("Title", exact=True)).to_have_value("Sales")
    for _ in range(2):
        sales.keyboard.press("Control+z")
    expect(picture(sales)).to_have_attribute("data-etag", shown)


def test_sections_fold_and_stay_folded(sales: Page) -> None:
    """A section is folded by the keyboard, says what it holds, and stays folded."""
    heading = section(sales, "Data").get_by_role("button", name="Data")
    heading.press("Enter")
    expect(heading).to_have_attribute("aria-expanded", "false")
    expect(heading).to_contain_text("3 rows, 3 columns")
    sales.reload()
    expect(heading).to_have_attribute("aria-expanded", "false")


def test_a_template_draws_instead(sales: Page) -> None:
    """A template beside the kinds takes the place of kind and columns; a kind takes it back."""
    shown = etag(sales)
    section(sales, "Kind").get_by_role("button", name="Odometer").click()
    expect(section(sales, "Columns")).to_contain_text("The template takes its data")
    section(sales, "Kind").get_by_role("button", name="Bar suggested").click()
    expect(picture(sales)).to_have_attribute("data-etag", shown)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_pasted_spec_draws_as_it_is(example: Path, app: Page, kiln: StyledKiln) -> None:
    """Every example goes through the form, or past it, and comes out the same, pixel by pixel."""
    text = example.read_text()
    paste(app, text)
    etag(app)
    drawn = image(base64.b64decode(app.evaluate(BYTES)))
    meant = image(sent(kiln, json.loads(text)))
    assert drawn.size == meant.size
    assert ImageChops.difference(drawn, meant).getbbox() is None


def sent(kiln: StyledKiln, spec: dict[str, Any]) -> bytes:
    """Return the picture of a spec that is sent as it stands."""
    headers = {"Accept": "image/png"}
    answer = httpx.post(f"{kiln.url}/plot", json=spec, headers=headers, timeout=30)
    return answer.raise_for_status().content


def image(data: bytes) -> Image.Image:
    """Decode a picture."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def test_a_large_table_leaves_the_page_quick(app: Page) -> None:
    """100 000 rows, 4 MB, are read beside the page: it works less than a second itself."""
    rows = (f"2026-01-01T00:00:00Z,{n},{n % 97}.5,name {n % 9},{n}" for n in range(100_000))
    text = "t,a,b,c,d\n" + "\n".join(rows)
    session = app.context.new_cdp_session(app)
    # Time of the processor, not of the clock: other tests run on this machine, too.
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = worked(session)
    paste(app, text)
    expect(section(app, "Data")).to_contain_text("100,000 rows, 5 columns", timeout=30_000)
    spent = worked(session) - before
    print(f"the page worked {1000 * spent:.0f} ms")
    assert spent < 1


def worked(session: CDPSession) -> float:
    """Return the seconds that the page's own thread has worked."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def test_the_view_speaks_chinese(open_profile: OpenProfile, base_url: str) -> None:
    """In Chinese nothing of the view is left in English, and all of it can be used."""
    page = open_app(open_profile(locale="zh-CN", color_scheme="dark").new_page(), base_url)
    page.get_by_role("button", name="每月销售额").click()
    expect(picture(page, "预览")).to_have_attribute(
        "alt", re.compile("^柱状图.华北、华南、西部.按月份$")
    )
    assert_accessible(page)
    take_screenshots(page, "chart-chinese", full_page=True)
