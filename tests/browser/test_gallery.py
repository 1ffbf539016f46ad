"""The gallery: what is kept, found, renamed, copied, taken away and brought back."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.apps import assert_accessible, open_app, take_screenshots, wait_for
from browser.recorder import Recorder
from browser.workers import gallery_file, spec, stored
from servers import Consul, wait_until
from styled_kilns import StyledKiln

CHARTS = (
    spec("Profit by quarter", subtitle="in thousand"),
    spec("Visitors", kind="bar", y=[3, 1, 2]),
    spec("Response times", kind="area", y=[9, 7, 8]),
)


def card(page: Page, name: str) -> Locator:
    """Return the card of a chart."""
    return page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name=name, exact=True)
    )


def bring(page: Page, *charts: dict[str, Any], text: str | None = None) -> None:
    """Import a gallery file."""
    content = gallery_file(*charts) if text is None else text
    with page.expect_file_chooser() as chooser:
        page.get_by_role("main").get_by_role("button", name="Import").click()
    chooser.value.set_files(
        {"name": "gallery.json", "mimeType": "application/json", "buffer": content.encode()}
    )


@pytest.fixture
def gallery(app: Page) -> Page:
    """Return a page that shows a gallery of three drawn charts."""
    app.get_by_role("link", name="Gallery").click()
    app.get_by_role("heading", name="Nothing kept yet").wait_for()
    bring(app, *CHARTS)
    for chart in CHARTS:
        assert_shows_picture(app, chart["title"])
    return app


def assert_shows_picture(page: Page, name: str) -> None:
    """Wait until a card shows a picture that the browser could decode."""
    picture = card(page, name).get_by_role("img")
    expect(picture).to_have_js_property("complete", value=True, timeout=20_000)
    expect(picture).not_to_have_js_property("naturalWidth", value=0)


def undo(page: Page, said: str) -> None:
    """Undo what a notice says."""
    page.get_by_role("status").locator("p", has_text=said).get_by_role(
        "button", name="Undo"
    ).click()


def test_an_empty_gallery_says_how_to_begin(app: Page) -> None:
    """A first visit finds the way to the first chart, and to a file of another device."""
    app.get_by_role("link", name="Gallery").click()
    expect(app.get_by_role("link", name="Make a chart")).to_have_attribute("href", "#/")
    expect(app.get_by_role("button", name="Import a gallery file")).to_be_visible()
    assert_accessible(app)
    take_screenshots(app, "gallery-empty")


def test_cards_show_pictures_and_are_accessible(gallery: Page) -> None:
    """Imported charts are drawn by themselves; the pictures are kept where none is evicted."""
    expect(gallery.get_by_text("3 charts", exact=True)).to_be_visible()
    assert len(stored(gallery, "gallery")) == 3
    assert_accessible(gallery)
    take_screenshots(gallery, "gallery", full_page=True)


def test_search_finds_names_titles_columns_and_kinds(gallery: Page) -> None:
    """Each word narrows it; nothing found says so and offers all."""
    search = gallery.get_by_role("searchbox", name="Search")
    for query, found in {
        "visitors": ["Visitors"],
        "BAR": ["Visitors"],
        "profit by": ["Profit by quarter"],
        "profit": [chart["title"] for chart in CHARTS],
    }.items():
        search.fill(query)
        expect(gallery.get_by_role("heading", level=2)).to_have_count(len(found))
        for name in found:
            expect(card(gallery, name)).to_be_visible()
    search.fill("nowhere")
    gallery.get_by_text("No chart here matches “nowhere”.").wait_for()
    gallery.get_by_role("button", name="Show all").click()
    expect(gallery.get_by_role("heading", level=2)).to_have_count(3)


def test_a_chart_is_renamed_in_place(gallery: Page) -> None:
    """Enter takes the new name, Escape the old one; it lasts."""
    field = gallery.get_by_role("textbox", name="New name")
    card(gallery, "Visitors").get_by_role("button", name="Rename").click()
    field.fill("Guests")
    field.press("Enter")
    expect(card(gallery, "Guests")).to_be_visible()
    card(gallery, "Guests").get_by_role("button", name="Rename").click()
    field.fill("Nobody")
    field.press("Escape")
    gallery.reload()
    expect(card(gallery, "Guests")).to_be_visible()
    expect(gallery.get_by_role("heading", level=2)).to_have_count(3)


def test_a_deleted_chart_comes_back_whole(gallery: Page) -> None:
    """Nothing asks; undo brings chart and picture back."""
    card(gallery, "Visitors").get_by_role("button", name="Delete").click()
    expect(card(gallery, "Visitors")).to_have_count(0)
    wait_until(lambda: len(stored(gallery, "gallery")) == 2)
    undo(gallery, "Deleted “Visitors”.")
    assert_shows_picture(gallery, "Visitors")
    gallery.reload()
    assert_shows_picture(gallery, "Visitors")
    assert len(stored(gallery, "gallery")) == 3


def test_a_copy_has_a_life_of_its_own(gallery: Page) -> None:
    """Deleting the original leaves the copy its picture."""
    card(gallery, "Visitors").get_by_role("button", name="Duplicate").click()
    assert_shows_picture(gallery, "Visitors (copy)")
    original = gallery.get_by_role("heading", name="Visitors", exact=True)
    gallery.get_by_role("listitem").filter(has=original).get_by_role(
        "button", name="Delete"
    ).click()
    expect(original).to_have_count(0)
    gallery.reload()
    assert_shows_picture(gallery, "Visitors (copy)")


@pytest.mark.parametrize(
    ("ending", "begin"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_a_chart_is_exported_again(
    page: Page, own_kiln: StyledKiln, consul: Consul, ending: str, begin: bytes
) -> None:
    """Each format is drawn as the style is now, and saved under the chart's name."""
    open_app(page, f"{own_kiln.url}/#/gallery")
    bring(page, spec("Visitors"))
    assert_shows_picture(page, "Visitors")
    before = _download(page, ending)
    assert before.startswith(begin)
    own_kiln.restyle(consul, b'{"title": {"color": "#00B020"}}')
    after = _download(page, ending)
    assert after.startswith(begin)
    assert after != before


def _download(page: Page, ending: str) -> bytes:
    """Download the chart `Visitors`."""
    button = page.get_by_role("button", name=f"Download Visitors as {ending.upper()}")
    if not button.is_visible():
        card(page, "Visitors").get_by_label("Download", exact=True).click()
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == f"visitors.{ending}"
    return Path(download.value.path()).read_bytes()


def test_the_whole_gallery_moves_in_one_file(gallery: Page) -> None:
    """What one device exports, an empty one imports: names, order, drafts; twice adds nothing."""
    with gallery.expect_download() as download:
        gallery.get_by_role("button", name="Export all").click()
    text = Path(download.value.path()).read_text()
    assert len(json.loads(text)["charts"]) == 3
    for chart in CHARTS:
        card(gallery, chart["title"]).get_by_role("button", name="Delete").click()
        expect(card(gallery, chart["title"])).to_have_count(0)
    bring(gallery, text=text)
    gallery.get_by_text("Imported 3 charts.").wait_for()
    for chart in CHARTS:
        assert_shows_picture(gallery, chart["title"])
    bring(gallery, text=text)
    gallery.get_by_text("Every chart of this file is here already.").wait_for()
    expect(gallery.get_by_role("heading", level=2)).to_have_count(3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"plotkiln": "gall', "This file is damaged or no JSON."),
        ('{"y": [1, 2]}', "This is no gallery file."),
        ('{"plotkiln": "gallery", "version": 9, "charts": []}', "A newer version wrote this file."),
    ],
)
def test_a_broken_file_changes_nothing(gallery: Page, text: str, said: str) -> None:
    """A file that is none of ours is refused in words."""
    bring(gallery, text=text)
    gallery.get_by_text(said).wait_for()
    expect(gallery.get_by_role("heading", level=2)).to_have_count(3)


def test_broken_charts_of_a_file_are_named(gallery: Page) -> None:
    """The good ones are taken, the others named; an import is undone like all else."""
    file = json.loads(gallery_file(spec("Good"), spec("Bad")))
    del file["charts"][1]["draft"]
    bring(gallery, text=json.dumps(file))
    gallery.get_by_text("broken and were left out: Bad.").wait_for()
    assert_shows_picture(gallery, "Good")
    undo(gallery, "Imported 1 chart.")
    expect(card(gallery, "Good")).to_have_count(0)
    expect(gallery.get_by_role("heading", level=2)).to_have_count(3)


def test_a_chart_that_cannot_be_drawn_says_why(gallery: Page, recorder: Recorder) -> None:
    """It stays, marked as failed, with the server's words."""
    recorder.allow("422")
    bring(gallery, spec("Lost", style="nowhere"))
    failed = card(gallery, "Lost")
    expect(failed).to_contain_text("Not drawn:")
    expect(failed).to_contain_text("nowhere")
    gallery.reload()
    expect(failed).to_contain_text("Not drawn:")


def test_a_style_changed_since_is_said_on_its_cards_only(
    page: Page, own_kiln: StyledKiln, consul: Consul
) -> None:
    """Opened again, the gallery revalidates what is in sight, and shows the new picture."""
    key = f"{own_kiln.settings['PLOTKILN_STYLES_PREFIX']}/loud"
    consul.put(key, b'{"title": {"color": "#B00020"}}')
    own_kiln.wait_for("fresh", style="loud", version=consul.version(key))
    open_app(page, f"{own_kiln.url}/#/gallery")
    bring(page, spec("Loud", style="loud"), spec("Calm"))
    assert_shows_picture(page, "Loud")
    assert_shows_picture(page, "Calm")
    before = card(page, "Loud").get_by_role("img").get_attribute("src")
    page.get_by_role("link", name="Settings").click()
    consul.put(key, b'{"title": {"color": "#00B020"}}')
    own_kiln.wait_for("fresh", style="loud", version=consul.version(key))
    page.get_by_role("link", name="Gallery").click()
    note = f"Restyled since you kept it: now loud@{consul.version(key)}"
    expect(card(page, "Loud")).to_contain_text(note)
    expect(card(page, "Loud").get_by_role("img")).not_to_have_attribute("src", before or "")
    assert_shows_picture(page, "Loud")
    expect(card(page, "Calm")).not_to_contain_text("Restyled")
    take_screenshots(page, "gallery-restyled")


_DRAFT = """new Promise((done) => {
    indexedDB.open("plotkiln").onsuccess = ({ target }) => {
        const read = target.result.transaction("drafts").objectStore("drafts").getAll();
        read.onsuccess = () => { target.result.close(); done(read.result[0]); };
    };
})"""


def test_a_card_opens_the_chart_as_it_was_left(gallery: Page) -> None:
    """The draft comes back whole, on the bench."""
    card(gallery, "Visitors").get_by_role("button", name="Open Visitors").click()
    gallery.wait_for_url("**/#/")
    draft = wait_for(gallery, _DRAFT)
    assert draft["refinement"] == {"title": "Visitors"}
    assert draft["kind"] == "bar"
    assert draft["pasted"] == CHARTS[1]


def test_nearly_full_storage_says_what_to_do(app: Page) -> None:
    """From nine tenths on, the gallery names the ways out."""
    app.add_init_script("navigator.storage.estimate = async () => ({ usage: 95e6, quota: 100e6 })")
    app.goto("/#/gallery")
    app.reload()
    expect(app.get_by_role("alert")).to_contain_text("Storage is nearly full.")


def test_chinese_speaks_chinese(gallery: Page) -> None:
    """Every word of the gallery changes with the language."""
    gallery.evaluate("localStorage.setItem('plotkiln.language', 'zh')")
    gallery.reload()
    expect(gallery.get_by_role("heading", level=1)).to_have_text("图库")
    expect(card(gallery, "Visitors")).to_contain_text("柱状图")
    expect(card(gallery, "Visitors").get_by_role("button", name="删除")).to_be_visible()
    assert_accessible(gallery)
    take_screenshots(gallery, "gallery-zh")
