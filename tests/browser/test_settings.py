"""The settings: language, theme, storage, version."""

import pytest
from playwright.sync_api import Page, expect

import plotkiln
from browser.apps import UpdatedKiln, assert_accessible, open_app, take_screenshots
from browser.recorder import Recorder
from browser.workers import draw, spec, stored
from styled_kilns import StyledKiln


@pytest.fixture
def settings(app: Page) -> Page:
    """Return a page that shows the settings."""
    app.get_by_role("link", name="Settings").click()
    app.get_by_role("heading", name="Settings", level=1).wait_for()
    return app


def test_the_language_changes_everything_at_once(settings: Page) -> None:
    """Each language is offered in its own name; the choice lasts."""
    settings.get_by_text("中文", exact=True).click()
    expect(settings.get_by_role("heading", level=1)).to_have_text("设置")
    expect(settings.get_by_role("link", name="图库")).to_be_visible()
    settings.reload()
    expect(settings.get_by_role("heading", level=1)).to_have_text("设置")
    assert settings.evaluate("document.documentElement.lang") == "zh-CN"
    assert_accessible(settings)
    take_screenshots(settings, "settings-zh")
    settings.get_by_text("English", exact=True).click()
    expect(settings.get_by_role("heading", level=1)).to_have_text("Settings")


def test_the_theme_is_chosen_by_keyboard(settings: Page) -> None:
    """Arrow keys go through the choices; dark is dark at once and after a reload."""
    settings.get_by_role("radio", name="As the system").focus()
    settings.keyboard.press("ArrowRight")
    settings.keyboard.press("ArrowRight")
    expect(settings.get_by_role("radio", name="Dark")).to_be_checked()
    settings.reload()
    assert settings.evaluate("document.documentElement.dataset.theme") == "dark"
    assert_accessible(settings)
    take_screenshots(settings, "settings-dark")


def test_the_settings_are_accessible(settings: Page) -> None:
    """Nothing that axe knows is wrong."""
    assert_accessible(settings)
    take_screenshots(settings, "settings")


def test_recent_pictures_are_counted_and_emptied(app: Page) -> None:
    """Emptying takes what can be drawn again, and says so; the next drawing stores anew."""
    draw(app, spec("One"))
    draw(app, spec("Two"))
    app.get_by_role("link", name="Settings").click()
    recent = app.get_by_role("definition").filter(has=app.get_by_role("button", name="Empty"))
    expect(recent).to_contain_text("2")
    app.get_by_role("button", name="Empty the store of recent pictures").click()
    app.get_by_text("Removed 2 recent pictures. Each is drawn again when you open it.").wait_for()
    expect(recent).to_contain_text("0")
    assert stored(app) == []
    draw(app, spec("One"))
    assert len(stored(app)) == 1


def test_the_version_is_the_packages(settings: Page) -> None:
    """The page and the package that serves it have one version; the newest is said to be it."""
    expect(settings.get_by_text(plotkiln.__version__)).to_be_visible()
    settings.get_by_role("button", name="Look for an update").click()
    settings.get_by_text("This is the newest version.").wait_for()


def test_an_update_is_found_on_request(page: Page, updated_kiln: UpdatedKiln) -> None:
    """A newer build is found, and offered to be loaded."""
    open_app(page, f"{updated_kiln.url}/#/settings")
    updated_kiln.release()
    page.get_by_role("button", name="Look for an update").click()
    page.get_by_role("main").get_by_role("button", name="Reload").click()
    page.get_by_role("button", name="Look for an update").wait_for()


def test_a_server_that_is_away_is_named(
    page: Page, own_kiln: StyledKiln, recorder: Recorder
) -> None:
    """Whether the server answers is what requests show, not what the network card says."""
    recorder.allow("ERR_CONNECTION_REFUSED|Failed to update|error occurred when fetching")
    open_app(page, f"{own_kiln.url}/#/settings")
    own_kiln.stop()
    page.get_by_role("button", name="Look for an update").click()
    page.get_by_text("The server cannot be reached. Try again when you are online.").wait_for()


def test_shortcuts_and_reference_are_at_hand(settings: Page) -> None:
    """The list of keys opens here, too."""
    expect(settings.get_by_role("link", name="HTTP reference")).to_have_attribute("href", "/docs")
    settings.get_by_role("button", name="Keyboard shortcuts").click()
    expect(settings.get_by_role("dialog")).to_contain_text("Go to Gallery")
