"""The chart view as somebody uses it who refines, exports, and fills in templates."""

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from servers import wait_until

__all__ = [
    "SALES",
    "allow_clipboard",
    "clipboard_text",
    "current_spec",
    "give",
    "picture",
    "section",
    "wait_for_spec",
]

SALES = "month,North,South\n2026-01,12,9\n2026-02,15,8\n2026-03,11,14\n2026-04,18,13\n"


def give(page: Page, table: str = SALES) -> None:
    """Type a table into an empty chart, and wait for its picture."""
    text = page.get_by_label("Paste a table")
    text.fill(table)
    text.blur()
    expect(picture(page)).to_be_visible()


def picture(page: Page) -> Locator:
    """Return the picture of the chart."""
    return page.locator("img[data-etag]")


def section(page: Page, name: str) -> Locator:
    """Return one of the sections of the work."""
    return page.get_by_role("region", name=name, exact=True)


def current_spec(page: Page) -> Any:
    """Return what the chart view sends, as its dialog shows it."""
    page.get_by_role("button", name="Show JSON").click()
    dialog = page.get_by_role("dialog", name="Spec as JSON")
    text = dialog.get_by_role("textbox", name="Spec").input_value()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    return json.loads(text)


def wait_for_spec(page: Page, expected: dict[str, Any]) -> None:
    """Wait until the chart view sends these members, among others."""
    seen: list[Any] = []

    def sent() -> bool:
        seen[:] = [current_spec(page)]
        return {name: seen[0].get(name) for name in expected} == expected

    try:
        wait_until(sent, 10, every=0.1)
    except TimeoutError as error:
        error.add_note(f"the last spec: {seen[0]}")
        raise


def allow_clipboard(page: Page) -> None:
    """Let the page copy, and the test read what it copied."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])


def clipboard_text(page: Page) -> str:
    """Return the text that was copied last."""
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text
