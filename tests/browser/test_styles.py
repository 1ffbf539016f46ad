"""The style editor on a real Consul: form, JSON, pictures, conflicts, faults, history."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.charting import give
from browser.recorder import Recorder
from servers import Consul
from styled_kilns import StyledKiln

BASE = {"palette": ["#0B7285", "#E8590C"], "title": {"color": "#333333", "fontsize": 16}}
PREFIX = "browser/styles-view/styles"

_OPEN_ALL = """
() => document.querySelectorAll("details.styles-section").forEach((one) => { one.open = true; })
"""

#: Chromium logs every refusal as an error.
REFUSED = r"status of 4\d\d"


@pytest.fixture(scope="module")
def styled(
    built_app: Path, consul: Consul, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StyledKiln]:
    """Start a server whose styles these tests change, each one of its own."""
    data = tmp_path_factory.mktemp("styles-view")
    with StyledKiln(data, consul, PLOTKILN_STYLES_PREFIX=PREFIX) as running:
        yield running


class Store:
    """The style store as others see it."""

    def __init__(self, url: str, consul: Consul) -> None:
        self._url = url
        self._consul = consul

    def create(self, name: str, document: Any = BASE, why: str = "") -> str:
        """Store a new style; return its version."""
        answer = httpx.put(
            f"{self._url}/styles/{name}",
            params={"why": why},
            json=document,
            headers={"If-None-Match": "*"},
        )
        assert answer.status_code == 201, answer.text
        return answer.headers["etag"].strip('"')

    def replace(self, name: str, document: Any, why: str = "") -> str:
        """Write over whatever is stored; return the new version."""
        tag = httpx.get(f"{self._url}/styles/{name}").headers["etag"]
        answer = httpx.put(
            f"{self._url}/styles/{name}",
            params={"why": why},
            json=document,
            headers={"If-Match": tag},
        )
        assert answer.status_code == 204, answer.text
        return answer.headers["etag"].strip('"')

    def read(self, name: str) -> Any:
        """Return the stored document; None where there is none."""
        answer = httpx.get(f"{self._url}/styles/{name}")
        return None if answer.status_code == 404 else answer.json()

    def put_raw(self, name: str, text: str) -> None:
        """Write a text as `consul kv put` does, whatever it says."""
        self._consul.put(f"{PREFIX}/{name}", text.encode())


@pytest.fixture
def store(styled: StyledKiln, consul: Consul) -> Store:
    """Return the style store."""
    return Store(styled.url, consul)


class Desk:
    """One style on the desk."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url

    def open(self, name: str) -> None:
        """Show a style."""
        self.page.goto(f"{self._url}/#/styles/{name}")
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    @property
    def json(self) -> Locator:
        """The JSON editor."""
        return self.page.get_by_role("textbox", name="The style as JSON")

    def write(self, text: str) -> None:
        """Replace the text in the JSON editor by what a keyboard would send."""
        self.json.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def section(self, name: str) -> Locator:
        """Open and return one section of the form."""
        heading = self.page.get_by_role("heading", name=name, level=2, exact=True)
        section = self.page.locator("details").filter(has=heading)
        if section.get_attribute("open") is None:
            heading.click()
        return section

    def field(self, section: str, member: str) -> Locator:
        """Return one field of the form."""
        return self.section(section).get_by_label(f"{section}, {member}", exact=True)

    def button(self, name: str) -> Locator:
        """Return one button."""
        return self.page.get_by_role("button", name=name, exact=True)

    def save(self, why: str = "") -> None:
        """Save, with a reason."""
        if why:
            self.page.get_by_label("Why? (for the history)").fill(why)
        self.button("Save").click()

    def after(self, name: str) -> Locator:
        """Return the picture as edited."""
        return self.page.get_by_role("img", name=f"Your chart in the style {name} as you edit it")


@pytest.fixture
def desk(page: Page, styled: StyledKiln, recorder: Recorder) -> Desk:
    """Return the editor on a page of its own."""
    recorder.allow(REFUSED)
    return Desk(page, styled.url)


def test_the_list_tells_of_every_style(page: Page, styled: StyledKiln, store: Store) -> None:
    """A style is listed with its state, its version, what it extends, and its fault in words."""
    store.create("list-base")
    version = store.create("list-heir", {"extends": "list-base"})
    store.put_raw("list-heir", '{"titel": {}, "palette": ["reed"]}')
    page.goto(f"{styled.url}/#/styles")
    row = page.get_by_role("article").filter(has=page.get_by_role("link", name="list-heir"))
    expect(row).to_contain_text("broken, last good version serves")
    expect(row).to_contain_text(f"version {version}")
    expect(row).to_contain_text("Extends list-base")
    expect(row).to_contain_text("no colour")
    assert_accessible(page)
    take_screenshots(page, "styles-list")


def test_form_and_json_are_one_document(desk: Desk, store: Store) -> None:
    """What is edited in one shows in the other, and unknown members and spelling survive."""
    store.create("one")
    desk.open("one")
    colour = desk.field("Title", "colour")
    expect(colour).to_have_value("#333333")
    desk.write('{\n  "title":   {"color": "#333333"},\n  "palette": ["tan"]\n}')
    colour.fill("#222222")
    expect(desk.json).to_contain_text('"title":   {"color": "#222222"},')
    desk.field("Watermark", "rotation").fill("45")
    expect(desk.json).to_contain_text('"rotation": 45')
    desk.write('{"title": {"color": "teal"}}')
    expect(colour).to_have_value("teal")
    desk.button("Title, colour: Use the inherited value").click()
    expect(colour).to_have_value("")
    expect(colour).to_have_attribute("placeholder", "#222222")


def test_the_palette_is_edited_in_its_order(desk: Desk, store: Store) -> None:
    """Colours are added, moved and removed, by the keyboard, and undone."""
    store.create("ordered", {"palette": ["#111111", "#222222", "#333333"]})
    desk.open("ordered")
    desk.button("Colour 3: Move up").press("Enter")
    desk.button("Colour 1: Remove").press("Enter")
    desk.button("Add a colour").press("Enter")
    desk.page.get_by_label("Colour 3", exact=True).fill("tan")
    expect(desk.json).to_contain_text('["#333333", "#222222", "tan"]')
    desk.button("Undo").click()
    desk.button("Undo").click()
    expect(desk.json).to_contain_text('["#333333", "#222222"]')
    desk.page.keyboard.press("Control+Shift+Z")
    expect(desk.json).to_contain_text('["#333333", "#222222", "#222222"]')


def test_keys_in_the_editor_are_text(desk: Desk, store: Store) -> None:
    """Digits and letters that are shortcuts elsewhere are written, and Control+S saves."""
    store.create("typed")
    desk.open("typed")
    desk.json.click()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.type('{"font": {"size": 12')
    expect(desk.json).to_have_text('{"font": {"size": 12}}')
    desk.page.keyboard.press("Control+s")
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.read("typed") == {"font": {"size": 12}}


def test_the_chart_in_work_is_shown(desk: Desk, store: Store, styled: StyledKiln) -> None:
    """Before and after show the chart that is on the bench, also after a reload."""
    store.create("worked")
    desk.page.goto(styled.url)
    give(desk.page)
    desk.open("worked")
    expect(desk.page.get_by_text("Your chart from the bench.")).to_be_visible()
    expect(desk.after("worked")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_text("Your chart from the bench.")).to_be_visible()
    expect(desk.after("worked")).to_be_visible()


def test_broken_json_rests_the_form(desk: Desk, store: Store) -> None:
    """While the JSON cannot be read the form says so and nothing can be saved."""
    store.create("resting")
    desk.open("resting")
    desk.write('{"title": {"color": ')
    expect(desk.page.get_by_text("The JSON cannot be read, so the form rests.")).to_be_visible()
    expect(desk.field("Title", "colour")).to_be_disabled()
    expect(desk.button("Save")).to_be_disabled()
    desk.page.keyboard.press("Control+z")
    expect(desk.field("Title", "colour")).to_be_enabled()


def test_the_preview_follows_the_edit(desk: Desk, store: Store) -> None:
    """The picture as edited changes while the one as stored stays; a fault leaves it, in words."""
    store.create("seen")
    desk.open("seen")
    before = desk.page.get_by_role("img", name="Your chart in the style seen as it is stored")
    expect(before).to_be_visible()
    expect(desk.after("seen")).to_be_visible()
    stored, edited = before.get_attribute("src"), desk.after("seen").get_attribute("src")
    desk.field("Sheet", "background").fill("#FFEEDD")
    expect(desk.after("seen")).not_to_have_attribute("src", edited or "")
    assert before.get_attribute("src") == stored
    drawn = desk.after("seen").get_attribute("src")
    desk.field("Sheet", "background").fill("reed")
    fault = desk.page.get_by_role("region", name="Before and after").get_by_text("is no colour")
    expect(fault).to_be_visible()
    expect(desk.after("seen")).to_have_attribute("src", drawn or "")
    expect(desk.field("Sheet", "background")).to_have_attribute("aria-invalid", "true")


def test_faults_stand_in_their_place(desk: Desk, store: Store) -> None:
    """The editor marks what the schema and the server refuse, and lists it for the keyboard."""
    store.create("faulty")
    desk.open("faulty")
    desk.write('{\n  "titel": {},\n  "title": {"color": "reed", "fontsize": 9000}\n}')
    marked = desk.json.locator(".cm-lintRange-error")
    expect(marked).to_have_text(['"titel"', '"reed"', "9000"])
    expect(desk.page.get_by_text("3 faults", exact=True)).to_be_visible()
    desk.json.click()
    desk.page.keyboard.press("Control+Shift+M")
    listed = desk.page.get_by_role("listbox").get_by_role("option")
    expect(listed).to_have_count(3)
    expect(listed.filter(has_text="is no colour")).to_be_visible()


def test_members_and_values_are_completed(desk: Desk, store: Store) -> None:
    """Completion offers members that are not there yet, listed values, colours and styles."""
    store.create("completed-base")
    store.create("completed")
    desk.open("completed")
    offered = desk.page.get_by_role("listbox").get_by_role("option")
    desk.write('{"title": {"loc": "left", }}')
    for _ in range(2):
        desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("Control+Space")
    expect(offered).to_have_text(["color", "fontsize", "fontweight"])
    desk.page.keyboard.press("Escape")
    desk.write('{"legend": {"frameon": }}')
    for _ in range(2):
        desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("Control+Space")
    expect(offered).to_have_text(["false", "true"])
    desk.page.keyboard.press("Escape")
    desk.write('{"palette": ["rebec"]}')
    for _ in range(3):
        desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("Control+Space")
    expect(offered).to_have_text(["rebeccapurple"])
    offered.click()
    expect(desk.json).to_have_text('{"palette": ["rebeccapurple"]}')
    desk.write('{"extends": ""}')
    for _ in range(2):
        desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("Control+Space")
    expect(offered.filter(has_text="completed-base")).to_be_visible()


def test_the_stored_side_is_the_newest_version(
    desk: Desk, store: Store, styled: StyledKiln, consul: Consul
) -> None:
    """It is drawn anew after a save, and after a write elsewhere while something is edited."""
    store.create("newest")
    open_app(desk.page, styled.url)
    desk.open("newest")
    before = desk.page.get_by_role("img", name="Your chart in the style newest as it is stored")
    expect(before).to_be_visible()
    first = before.get_attribute("src") or ""
    desk.field("Sheet", "background").fill("#FFEEDD")
    desk.save()
    expect(before).not_to_have_attribute("src", first)
    second = before.get_attribute("src") or ""
    desk.field("Sheet", "background").fill("#DDEEFF")
    style = styled.restyle(consul, b'{"figure": {"facecolor": "#EEFFDD"}}', "newest")
    expect(before).not_to_have_attribute("src", second)
    expect(desk.page.get_by_role("region", name="Before and after")).to_contain_text(style)
    expect(desk.field("Sheet", "background")).to_have_value("#DDEEFF")


def test_a_saved_style_has_its_reason(desk: Desk, store: Store) -> None:
    """Saving writes the document with the reason, and the history tells it."""
    store.create("saved")
    desk.open("saved")
    desk.field("Title", "colour").fill("#222222")
    expect(desk.page.get_by_text("1 change, not saved")).to_be_visible()
    desk.save("Prints better")
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.read("saved") == {**BASE, "title": {"color": "#222222", "fontsize": 16}}
    desk.page.get_by_role("tab", name="History").click()
    entry = desk.page.get_by_role("listitem").filter(has_text="Prints better")
    expect(entry).to_contain_text("Title, colour #333333")
    expect(entry).to_contain_text("#222222")
    expect(entry).to_contain_text("current")


def test_a_new_style_begins_as_an_extension(desk: Desk, store: Store) -> None:
    """A new style is stored by its first save, not before."""
    store.create("origin")
    desk.page.goto(f"{desk._url}/#/styles")
    desk.button("New style").click()
    dialog = desk.page.get_by_role("dialog", name="New style")
    dialog.get_by_label("Name").fill("origin")
    dialog.get_by_label("Style", exact=True).select_option("origin")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is a style origin already")
    dialog.get_by_label("Name").fill("fresh")
    dialog.get_by_role("button", name="Create").click()
    expect(desk.page.get_by_role("heading", name="fresh", level=1)).to_be_visible()
    expect(desk.json).to_contain_text('"extends": "origin"')
    assert store.read("fresh") is None
    desk.save()
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.read("fresh") == {"extends": "origin"}


def test_a_lost_race_overwrites_nothing(desk: Desk, store: Store) -> None:
    """Who saves second sees both versions, and merges by member."""
    store.create("raced")
    desk.open("raced")
    desk.field("Title", "colour").fill("#222222")
    theirs = {**BASE, "title": {"color": "#333333", "fontsize": 24}}
    version = store.replace("raced", theirs, "Larger")
    desk.save()
    dialog = desk.page.get_by_role("dialog", name="Two versions of this style")
    expect(dialog).to_contain_text(f"Version {version} was saved after you began.")
    expect(dialog).to_contain_text("Larger")
    expect(dialog).to_contain_text("Title, size 16")
    expect(dialog).to_contain_text("Title, colour #333333")
    assert_accessible(desk.page)
    take_screenshots(desk.page, "styles-conflict")
    assert store.read("raced") == theirs
    dialog.get_by_role("button", name="Merge both").click()
    expect(desk.json).to_contain_text('"fontsize": 24')
    expect(desk.json).to_contain_text('"color": "#222222"')
    desk.save()
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.read("raced") == {**BASE, "title": {"color": "#222222", "fontsize": 24}}


@pytest.mark.parametrize(("choice", "wins"), [("Take theirs", 0), ("Save mine over theirs", 1)])
def test_one_of_two_versions_is_chosen(desk: Desk, store: Store, choice: str, wins: int) -> None:
    """Theirs is taken, with mine one step back; mine goes over theirs when I say so."""
    name = f"chosen-{wins}"
    store.create(name)
    desk.open(name)
    desk.field("Title", "colour").fill("#222222")
    store.replace(name, {**BASE, "title": {"color": "#555555", "fontsize": 16}})
    desk.save()
    dialog = desk.page.get_by_role("dialog", name="Two versions of this style")
    expect(dialog).to_contain_text("You both changed these.")
    dialog.get_by_role("button", name=choice).click()
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    colour = ("#555555", "#222222")[wins]
    expect(desk.field("Title", "colour")).to_have_value(colour)
    assert store.read(name)["title"]["color"] == colour
    if not wins:
        desk.button("Undo").click()
        expect(desk.field("Title", "colour")).to_have_value("#222222")


def test_edits_elsewhere_show_while_editing(desk: Desk, store: Store) -> None:
    """`consul kv put` shows by itself where nothing is edited, else in a note; the edits stay."""
    store.create("watched")
    desk.open("watched")
    store.put_raw("watched", json.dumps({"title": {"color": "#444444"}}))
    expect(desk.field("Title", "colour")).to_have_value("#444444", timeout=40_000)
    desk.field("Title", "colour").fill("#222222")
    store.put_raw("watched", json.dumps({"title": {"color": "#444444"}, "font": {"size": 9}}))
    note = desk.page.get_by_role("status").filter(has_text="while you were editing")
    expect(note).to_be_visible(timeout=40_000)
    expect(desk.field("Title", "colour")).to_have_value("#222222")
    note.get_by_role("button", name="Compare").click()
    dialog = desk.page.get_by_role("dialog", name="Two versions of this style")
    expect(dialog).to_contain_text("Text, size added 9")
    dialog.get_by_role("button", name="Merge both").click()
    expect(desk.json).to_contain_text('"size": 9')
    expect(desk.json).to_contain_text("#222222")


def test_a_style_removed_elsewhere_can_be_saved_anew(
    desk: Desk, store: Store, consul: Consul
) -> None:
    """What somebody else removed stays on the desk, and saving creates it again."""
    store.create("gone")
    desk.open("gone")
    desk.field("Title", "colour").fill("#222222")
    consul.delete(f"{PREFIX}/gone")
    note = desk.page.get_by_role("status").filter(has_text="Somebody removed this style")
    expect(note).to_be_visible(timeout=40_000)
    assert store.read("gone") is None
    desk.save()
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.read("gone")["title"]["color"] == "#222222"


def test_a_broken_document_shows_both_texts(desk: Desk, store: Store) -> None:
    """A document broken in Consul is shown with its fault beside its last good version."""
    version = store.create("broken")
    store.put_raw("broken", '{"title": {"color": "reed"}}')
    desk.open("broken")
    note = desk.page.get_by_role("region", name="The stored document is broken")
    expect(note).to_contain_text("is no colour")
    expect(note).to_contain_text(f"Last good: version {version}")
    expect(note).to_contain_text("#0B7285")
    expect(desk.json).to_contain_text('"reed"')
    assert_accessible(desk.page)
    take_screenshots(desk.page, "styles-broken")
    note.get_by_role("button", name="Edit the last good version").click()
    expect(desk.json).to_contain_text("#0B7285")
    desk.save("Mended")
    expect(note).to_be_hidden()
    assert store.read("broken") == BASE


def test_a_document_that_is_no_json_can_be_mended(desk: Desk, store: Store) -> None:
    """Text that is no JSON at all is shown as it is, and mended by hand."""
    store.create("torn")
    store.put_raw("torn", '{"title": {"color": "#222222"')
    desk.open("torn")
    expect(desk.json).to_have_text('{"title": {"color": "#222222"')
    desk.write('{"title": {"color": "#222222"}}')
    desk.save()
    expect(desk.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.read("torn") == {"title": {"color": "#222222"}}


def test_history_rolls_back_and_forward(desk: Desk, store: Store) -> None:
    """An old version is looked at, brought back, and the way back is undone."""
    first = store.create("rolled", why="The first")
    changed = {**BASE, "palette": ["tan"]}
    store.replace("rolled", changed, "Warmer")
    desk.open("rolled")
    desk.page.get_by_role("tab", name="History").click()
    expect(desk.page.get_by_text("“Warmer”")).to_be_visible()
    desk.button(f"Look at version {first}").click()
    old = desk.page.get_by_role("dialog", name=f"Your chart as of version {first}")
    expect(old.get_by_role("img")).to_be_visible()
    old.get_by_role("button", name="Close").click()
    assert_accessible(desk.page)
    take_screenshots(desk.page, "styles-history")
    desk.button(f"Roll back to version {first}").click()
    notice = desk.page.get_by_text(f"Rolled back to version {first}.")
    expect(notice).to_be_visible()
    assert store.read("rolled") == BASE
    desk.page.get_by_role("paragraph").filter(has=notice).get_by_role("button", name="Undo").click()
    expect(desk.page.get_by_text("The roll-back is undone.")).to_be_visible()
    assert store.read("rolled") == changed


def test_a_long_history_is_read_by_pages(desk: Desk, store: Store) -> None:
    """Older entries are there on demand."""
    store.create("long", why="The very first")
    for size in range(1, 24):
        store.replace("long", {"font": {"size": size}})
    desk.open("long")
    desk.page.get_by_role("tab", name="History").click()
    expect(desk.page.get_by_text("current")).to_be_visible()
    expect(desk.page.get_by_text("The very first")).to_be_hidden()
    desk.button("Show older").click()
    expect(desk.page.get_by_text("The very first")).to_be_visible()
    expect(desk.button("Show older")).to_be_hidden()


def test_a_draft_is_saved_and_published(desk: Desk, store: Store) -> None:
    """A draft changes nothing until it is published, and is gone then."""
    store.create("house")
    desk.open("house")
    desk.field("Title", "colour").fill("#222222")
    desk.button("Save as draft").click()
    expect(desk.page.get_by_role("heading", name="house.draft", level=1)).to_be_visible()
    assert store.read("house") == BASE
    expect(desk.page.get_by_text("Before house@")).to_be_visible()
    desk.button("Publish").click()
    expect(desk.page.get_by_role("heading", name="house", level=1, exact=True)).to_be_visible()
    assert store.read("house")["title"]["color"] == "#222222"
    assert store.read("house.draft") is None


def test_unsaved_edits_survive_leaving(desk: Desk, store: Store) -> None:
    """Edits stay when the view, or the page, is left, without a question; discarding is undone."""
    store.create("left")
    desk.open("left")
    desk.field("Title", "colour").fill("#222222")
    desk.page.get_by_role("link", name="Gallery").click()
    desk.page.get_by_role("link", name="Styles", exact=True).click()
    row = desk.page.get_by_role("article").filter(has_text="left")
    expect(row).to_contain_text("unsaved edits")
    desk.page.reload()
    row.get_by_role("link").click()
    expect(desk.field("Title", "colour")).to_have_value("#222222")
    desk.page.get_by_label("More").click()
    desk.button("Discard edits").click()
    expect(desk.field("Title", "colour")).to_have_value("#333333")
    notice = desk.page.get_by_role("paragraph").filter(has_text="Your edits are discarded.")
    notice.get_by_role("button", name="Undo").click()
    expect(desk.field("Title", "colour")).to_have_value("#222222")


def test_a_removed_style_comes_back(desk: Desk, store: Store) -> None:
    """Removing asks nothing and is undone."""
    store.create("removed")
    desk.open("removed")
    desk.page.get_by_label("More").click()
    desk.button("Remove").click()
    notice = desk.page.get_by_role("paragraph").filter(has_text="removed is removed.")
    expect(notice).to_be_visible()
    assert store.read("removed") is None
    notice.get_by_role("button", name="Undo").click()
    expect(desk.page.get_by_role("heading", name="removed", level=1)).to_be_visible()
    assert store.read("removed") == BASE


def test_eyes_and_contrast_are_hinted_at(desk: Desk, store: Store) -> None:
    """Colours alike to some eyes are named, and text that can hardly be read."""
    store.create("eyes", {"palette": ["#A07828", "#7C8A20"], "title": {"color": "#BBBBBB"}})
    desk.open("eyes")
    palette = desk.section("Colours of the series")
    expect(palette.get_by_text("alike: 1 and 2").first).to_be_visible()
    expect(desk.section("Title").get_by_text("Contrast 1.9 on its background")).to_be_visible()


def test_the_built_in_style_is_known(desk: Desk, styled: StyledKiln) -> None:
    """What the form shows as inherited is what the server says of the built-in style."""
    served = httpx.get(f"{styled.url}/styles/default").json()
    desk.open("default")
    desk.write("{}")
    desk.page.evaluate(_OPEN_ALL)
    for member, (section, name) in _SHOWN.items():
        shown = desk.page.get_by_label(member, exact=True).get_attribute("placeholder")
        assert shown == str(served[section][name]).removesuffix(".0"), member
    assert desk.section("Colours of the series").get_by_text("inherited").is_visible()


#: What the form calls members, for which it shows the built-in value.
_SHOWN = {
    "Title, size": ("title", "fontsize"),
    "Title, colour": ("title", "color"),
    "Text, size": ("font", "size"),
    "Text, colour": ("font", "color"),
    "Sheet, dots per inch": ("figure", "dpi"),
    "Sheet, background": ("figure", "facecolor"),
    "Axes, background": ("axes", "facecolor"),
    "Axes, label colour": ("axes", "labelcolor"),
    "Axes, label size": ("axes", "labelsize"),
    "Axes, edge colour": ("axes", "edgecolor"),
    "Axes, line width": ("axes", "linewidth"),
    "Grid, colour": ("axes", "grid_color"),
    "Grid, width": ("axes", "grid_linewidth"),
    "Grid, opacity": ("axes", "grid_alpha"),
    "Legend, size": ("legend", "fontsize"),
    "Legend, background": ("legend", "facecolor"),
    "Legend, edge colour": ("legend", "edgecolor"),
    "Legend, label colour": ("legend", "labelcolor"),
    "Lines, line width": ("lines", "linewidth"),
    "Lines, marker size": ("lines", "markersize"),
    "Ticks, colour": ("ticks", "color"),
    "Ticks, label colour": ("ticks", "labelcolor"),
    "Ticks, label size": ("ticks", "labelsize"),
    "Ticks, length": ("ticks", "length"),
    "Ticks, width": ("ticks", "width"),
    "Watermark, from the left": ("watermark", "x"),
    "Watermark, from the bottom": ("watermark", "y"),
    "Watermark, size": ("watermark", "fontsize"),
    "Watermark, colour": ("watermark", "color"),
    "Watermark, opacity": ("watermark", "alpha"),
    "Watermark, rotation": ("watermark", "rotation"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_desk_is_for_everybody(
    desk: Desk, store: Store, styled: StyledKiln, language: str
) -> None:
    """The editor has no fault that axe finds, in any language and width."""
    name = f"everybody-{language}"
    store.create(name)
    desk.page.add_init_script(f"localStorage.setItem('plotkiln.language', '{language}')")
    desk.open(name)
    label = {"en": "The style as JSON", "zh": "JSON 形式的样式"}[language]
    expect(desk.page.get_by_role("textbox", name=label)).to_be_visible()
    expect(desk.page.get_by_role("img")).to_have_count(2)
    desk.page.evaluate(_OPEN_ALL)
    assert_accessible(desk.page)
    take_screenshots(desk.page, f"styles-{language}", full_page=True)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    expect(desk.page.get_by_role("tab")).to_have_count(3)
    assert_accessible(desk.page)
