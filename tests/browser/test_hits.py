"""The counted page in a browser: whoever reloads it sees the number go up."""

import base64

import pytest
from playwright.sync_api import Page, expect

from browser.apps import assert_accessible, take_screenshots
from odometers import OdometerReader
from servers import wait_until
from styled_kilns import StyledKiln
from visitors import learn

#: What the browser shows of a picture, pixel by pixel, as PNG.
_SHOWN = """image => {
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1];
}"""

WORDS = {
    "en-GB": ("Visits to this site", "The number of visits on an odometer"),
    "zh-CN": ("本站访问量", "里程表上的访问次数"),
}

languages = [
    pytest.param(locale, marks=pytest.mark.browser_context_args(locale=locale)) for locale in WORDS
]


def number_shown(page: Page, reader: OdometerReader) -> int | None:
    """Return the number in the page's picture, None where it is drawn by hand or not there."""
    image = page.get_by_role("img")
    expect(image).to_have_js_property("complete", True)
    if not image.evaluate("image => image.naturalWidth"):
        return None
    return reader.read(base64.b64decode(image.evaluate(_SHOWN)))


def test_the_number_goes_up_with_each_reload(page: Page, own_kiln: StyledKiln) -> None:
    """The first view shows a zero, later ones what was counted: never less than before."""
    reader = learn(own_kiln, ["default"])
    page.goto(f"{own_kiln.url}/hits/")
    expect(page.get_by_role("heading", name="Visits to this site")).to_be_visible()
    assert (page.get_by_role("img").get_attribute("src") or "").startswith("data:image/svg+xml")
    seen: list[int | None] = [None]

    def reloaded() -> bool:
        page.reload()
        seen.append(number_shown(page, reader))
        return len(set(seen)) > 4

    wait_until(reloaded, 60, every=0.2)
    numbers = [number or 0 for number in seen]
    assert numbers == sorted(numbers)
    take_screenshots(page, "hits")
    views = str(len(seen))
    with own_kiln.client() as client:
        wait_until(lambda: client.get("/artifacts/hits.png").headers["plotkiln-number"] == views)
    page.reload()
    assert number_shown(page, reader) == len(seen)


@pytest.mark.parametrize("language", languages)
def test_the_page_is_accessible(page: Page, kiln: StyledKiln, language: str) -> None:
    """Nothing that axe knows is wrong, in both languages, and with what folds open."""
    page.goto(f"{kiln.url}/hits/")
    title, alternative = WORDS[language]
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=alternative, exact=True)).to_be_visible()
    page.locator("summary").press("Enter")
    expect(page.get_by_role("link")).to_have_attribute("href", "/counters/home")
    assert_accessible(page)
    take_screenshots(page, f"hits-{language}")
