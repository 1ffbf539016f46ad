"""Every view with much in it, in both languages and both themes: nobody is shut out."""

import json
import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from browser.apps import assert_accessible, open_app, wait_for
from browser.recorder import Recorder
from browser.workers import gallery_file, spec
from styled_kilns import StyledKiln

STYLE = "for-everybody"

_TICKS = ("major.size", "minor.size", "major.pad", "minor.pad")

#: Long enough to scroll in the editor.
LONG = {
    "palette": ["#0B7285", "#E8590C", "#5F3DC4", "#2B8A3E"],
    "font": {"family": ["DejaVu Sans", "sans-serif"], "size": 12},
    "title": {"color": "#333333", "fontsize": 16},
    "axes": {"edgecolor": "#888888", "linewidth": 1, "grid": True, "grid_alpha": 0.6},
    "legend": {"fontsize": 10, "facecolor": "#ffffff", "edgecolor": "#888888"},
    "lines": {"linewidth": 2, "markersize": 6},
    "ticks": {"color": "#888888", "labelcolor": "#555555", "labelsize": 10, "length": 4},
    "watermark": {"x": 0.5, "y": 0.5, "fontsize": 40, "color": "gray", "alpha": 0.2},
    "rc": {f"{axis}tick.{member}": 4 for axis in "xy" for member in _TICKS},
}

TABLE = "Month,North,South\nJan,12,9\nFeb,15,8\nMar,11,oops\n"

#: Whatever folds is opened, so that axe sees it.
_OPEN_ALL = """() => {
    document.querySelectorAll("main details").forEach((one) => { one.open = true; });
}"""

#: Pictures are decoded, and nothing moves any more that axe would measure half-way.
_CALM = """[...document.querySelectorAll("main img")].every((one) => one.complete)
    && document.querySelector("main h1") !== null
    && document.getAnimations().length === 0"""

_SCROLLS = """(editor) => {
    const { scrollHeight, clientHeight } = editor.closest(".cm-scroller");
    return scrollHeight > clientHeight;
}"""

Visit = Callable[[Page], None]


@pytest.fixture(scope="module")
def furnished(kiln: StyledKiln) -> StyledKiln:
    """Return the server with a long style that was changed once, and an event that failed."""
    event = {"specversion": "1.0", "id": "axe", "source": "/test", "subject": "No Counter"}
    with kiln.client() as client:
        stored = client.put(
            f"/styles/{STYLE}", json={"title": LONG["title"]}, headers={"If-None-Match": "*"}
        )
        assert stored.status_code == 201, stored.text
        changed = client.put(
            f"/styles/{STYLE}",
            params={"why": "Longer"},
            json=LONG,
            headers={"If-Match": stored.headers["etag"]},
        )
        assert changed.status_code == 204, changed.text
        _send(client, {**event, "type": "plotkiln.new_hit"})
    return kiln


def _send(client: httpx.Client, event: dict[str, str]) -> None:
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = client.post("/broker/default/default", content=json.dumps(event), headers=headers)
    assert answer.status_code == 202, answer.text


def chart(page: Page) -> None:
    """Fill the chart view: data whose cells do not all fit, every section open."""
    page.locator("textarea.data-text").fill(TABLE)
    page.locator("textarea.data-text").blur()
    expect(page.locator("img[data-etag]")).to_be_visible()
    expect(page.locator("main .section-body:visible")).to_have_count(5)


def gallery(page: Page) -> None:
    """Bring two charts into the gallery, one that cannot be drawn."""
    content = gallery_file(spec("Profit"), spec("Visitors", kind="bar", style="nowhere"))
    page.locator(".gallery input[type=file]").set_input_files(
        {"name": "gallery.json", "mimeType": "application/json", "buffer": content.encode()}
    )
    expect(page.get_by_role("heading", level=2)).to_have_count(2)
    expect(page.get_by_role("main")).to_contain_text("nowhere")
    expect(page.get_by_role("main").get_by_role("img")).not_to_have_count(0)


def styles(page: Page) -> None:
    """See the long style in the list."""
    expect(page.get_by_role("link", name=STYLE)).to_be_visible()


def desk(page: Page) -> None:
    """See the long style as form and JSON, with both pictures."""
    expect(page.get_by_role("heading", name=STYLE, level=1)).to_be_visible()
    editor = page.get_by_role("textbox", name="JSON")
    expect(editor).to_be_visible()
    assert editor.evaluate(_SCROLLS)
    expect(page.get_by_role("img")).to_have_count(2)


def history(page: Page) -> None:
    """See the versions of the long style."""
    page.get_by_role("tab").last.click()
    expect(page.get_by_text("Longer")).to_be_visible()


def events(page: Page) -> None:
    """See the event that failed."""
    expect(page.get_by_text("No Counter").first).to_be_visible()


def settings(page: Page) -> None:
    """See the choice of the language."""
    expect(page.get_by_role("radio", name="English")).to_be_attached()


#: What an address shows, in the order of the visits; None stays where the visit before led.
VIEWS: tuple[tuple[str | None, Visit], ...] = (
    ("#/", chart),
    ("#/gallery", gallery),
    ("#/styles", styles),
    (f"#/styles/{STYLE}", desk),
    (None, history),
    ("#/events", events),
    ("#/settings", settings),
)


@pytest.fixture
def visitor(
    page: Page, furnished: StyledKiln, recorder: Recorder, language: str, theme: str
) -> Page:
    """Return a page of somebody who chose a language and a theme."""
    recorder.allow("422")
    open_app(page, furnished.url)
    chosen = {"plotkiln.language": language, "plotkiln.theme": theme}
    page.evaluate("(chosen) => void Object.assign(localStorage, chosen)", chosen)
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    expect(page.locator("html")).to_have_attribute("lang", {"en": "en", "zh": "zh-CN"}[language])
    return page


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_view_is_accessible(visitor: Page, furnished: StyledKiln) -> None:
    """Nothing that axe knows is wrong in any view, and each names itself in the title."""
    titles = set()
    for address, visit in VIEWS:
        if address is not None:
            visitor.goto(f"{furnished.url}/{address}")
        visit(visitor)
        visitor.evaluate(_OPEN_ALL)
        wait_for(visitor, _CALM)
        assert_accessible(visitor)
        titles.add(visitor.title())
    assert len(titles) == 5
    assert all(re.fullmatch(r".+ · plotkiln", title) for title in titles)
