"""The web app in a browser: opened, controlled by its service worker, looked at."""

import os
import shutil
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import plotkiln
from servers import Consul, wait_until
from styled_kilns import StyledKiln

__all__ = [
    "WIDTHS",
    "UpdatedKiln",
    "assert_accessible",
    "chromium",
    "open_app",
    "take_screenshots",
    "wait_for",
]

#: Width → height of the windows that the app is judged in: a desk, a small laptop, a phone.
WIDTHS = {1440: 900, 1024: 768, 390: 844}

#: The page has an active service worker, and one that controls it.
_ACTIVE = "navigator.serviceWorker.getRegistration().then((one) => Boolean(one?.active))"

_CONTROLLED = "navigator.serviceWorker.controller !== null"


def chromium() -> str | None:
    """Return the Chromium of this machine: `CHROME_PATH`, else Debian's, else Google's."""
    named = os.environ.get("CHROME_PATH", "")
    names = (named, "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, filter(None, names))), None)


def open_app(page: Page, address: str) -> Page:
    """Open the app at an address and return the page once the service worker controls it.

    A first visit is not controlled: it is loaded again, as the second visit is.
    """
    page.goto(address)
    wait_for(page, _ACTIVE)
    if not page.evaluate(_CONTROLLED):
        page.reload()
        wait_for(page, _CONTROLLED)
    return page


def wait_for(page: Page, expression: str, within: float = 40.0) -> Any:
    """Wait until a JavaScript expression, or what it promises, is true; return its value.

    `Page.wait_for_function` would compile it inside the page, which the app's policy refuses.
    """
    seen: list[Any] = []

    def shown() -> bool:
        seen[:] = [page.evaluate(expression)]
        return bool(seen[0])

    try:
        wait_until(shown, within, every=0.05)
    except TimeoutError as error:
        error.add_note(f"at {page.url}: {expression}")
        raise
    return seen[0]


def assert_accessible(page: Page, **options: Any) -> None:
    """Run axe over the page as it stands; fail with its report."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    assert not found.violations_count, f"{page.url}\n{found.generate_report()}"


def take_screenshots(page: Page, name: str, *, full_page: bool = False) -> None:
    """Keep pictures of a page in all widths, where `PLOTKILN_TEST_SCREENSHOTS` names a folder."""
    folder = os.environ.get("PLOTKILN_TEST_SCREENSHOTS")
    if folder is None:
        return
    before = page.viewport_size
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=full_page)
    if before:
        page.set_viewport_size(before)


class UpdatedKiln(StyledKiln):
    """A kiln that runs from its own copy of the package, so that a newer app can be put there."""

    def __init__(self, folder: Path, consul: Consul, **settings: str) -> None:
        package = folder / "package" / "plotkiln"
        shutil.copytree(Path(plotkiln.__file__).parent, package)
        super().__init__(folder / "data", consul, PYTHONPATH=str(package.parent), **settings)
        #: What `/` serves; read when the server starts.
        self.app = package / "api" / "static" / "app"

    def release(self) -> None:
        """Serve another build of the app, at the same address: its service worker differs."""
        with (self.app / "sw.js").open("a") as script:
            script.write("\n// another build\n")
        self.stop()
        self.start()
