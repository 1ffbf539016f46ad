"""The chart view as a test looks at it: its sections, its parts, its picture."""

from playwright.sync_api import Locator, Page, expect

__all__ = [
    "SALES",
    "etag",
    "part",
    "paste",
    "picture",
    "preview",
    "section",
    "wait_for_another",
]

SALES = "Month,North,South\nJan,12,9\nFeb,15,8\nMar,11,14"

_PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const how = { clipboardData, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def paste(page: Page, text: str) -> None:
    """Paste a text while nothing is being written, once there is something to paste into."""
    expect(preview(page)).to_be_visible()
    page.evaluate(_PASTE, text)


def picture(page: Page, within: str = "Preview") -> Locator:
    """Return the picture of the preview."""
    return preview(page, within).get_by_role("img")


def preview(page: Page, name: str = "Preview") -> Locator:
    """Return the part of the page that shows the picture."""
    return page.get_by_role("region", name=name)


def section(page: Page, name: str) -> Locator:
    """Return one of the five sections."""
    return page.get_by_role("region", name=name, exact=True)


def part(page: Page, name: str) -> Locator:
    """Return a part that columns play."""
    return section(page, "Columns").get_by_role("group", name=name, exact=True)


def etag(page: Page) -> str:
    """Wait for a picture and return its ETag."""
    expect(picture(page)).to_have_js_property("complete", value=True)
    return picture(page).get_attribute("data-etag") or ""


def wait_for_another(page: Page, before: str) -> str:
    """Wait until the picture is another one than that of an ETag; return its own."""
    expect(picture(page)).not_to_have_attribute("data-etag", before)
    return etag(page)
