"""The frame around the views: addresses, titles, focus, and keys."""

import pytest
from playwright.sync_api import Page, expect

from browser.apps import open_app
from browser.benches import section
from styled_kilns import StyledKiln


def test_each_view_names_the_page(app: Page) -> None:
    """The title says which view it is, in the language of the moment."""
    expect(app).to_have_title("Chart · plotkiln")
    app.get_by_role("link", name="Settings").click()
    expect(app).to_have_title("Settings · plotkiln")
    app.get_by_text("中文", exact=True).click()
    expect(app).to_have_title("设置 · plotkiln")


def test_the_focus_follows_to_another_view(app: Page) -> None:
    """The first page leaves the focus alone; each later view takes it, or a part of it does."""
    expect(app.locator("body")).to_be_focused()
    app.get_by_role("link", name="Gallery").click()
    expect(app.get_by_role("main")).to_be_focused()
    app.go_back()
    expect(app).to_have_title("Chart · plotkiln")
    expect(app.get_by_role("main")).to_be_focused()


def test_a_switch_within_a_view_keeps_the_focus(app: Page) -> None:
    """A filter of the events is an address, too, and whoever chose it stays on it."""
    app.get_by_role("link", name="Events").click()
    filtered = app.get_by_role("main").get_by_role("link", name="Failed")
    filtered.press("Enter")
    expect(filtered).to_have_attribute("aria-current", "true")
    expect(filtered).to_be_focused()


def test_regression_broken_escapes_in_an_address(page: Page, kiln: StyledKiln) -> None:
    """An address that cannot be read shows the list."""
    open_app(page, f"{kiln.url}/#/styles/%E0%A4%A")
    expect(page.get_by_role("heading", name="Styles", level=1)).to_be_visible()


def test_single_keys_rest_behind_a_dialog(app: Page) -> None:
    """What a dialog covers is not left, nor changed, by a key."""
    app.keyboard.press("?")
    dialog = app.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    app.keyboard.press("2")
    app.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(app).to_have_title("Chart · plotkiln")
    app.keyboard.press("2")
    expect(app).to_have_title("Gallery · plotkiln")


def test_single_keys_are_turned_off(app: Page) -> None:
    """WCAG 2.1.4: they rest, now and after a reload, and leave the list of keys."""
    app.get_by_role("link", name="Settings").click()
    switch = app.get_by_role("checkbox", name="Single keys act")
    switch.click()
    app.reload()
    expect(switch).not_to_be_checked()
    app.keyboard.press("2")
    app.get_by_role("button", name="Keyboard shortcuts").click()
    dialog = app.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_text("Go to Gallery")).to_have_count(0)
    expect(app).to_have_title("Settings · plotkiln")
    app.keyboard.press("Escape")
    switch.click()
    app.keyboard.press("2")
    expect(app).to_have_title("Gallery · plotkiln")


@pytest.mark.parametrize("redo", ["Control+Shift+Z", "Control+Y"])
def test_both_keys_redo(sales: Page, redo: str) -> None:
    """Windows and the others have keys of their own for it."""
    area = section(sales, "Kind").get_by_role("button", name="Area", exact=True)
    area.click()
    sales.keyboard.press("Control+z")
    expect(area).to_have_attribute("aria-pressed", "false")
    sales.keyboard.press(redo)
    expect(area).to_have_attribute("aria-pressed", "true")
