"""How much script a visitor waits for, by the build's manifest and by what a browser fetches."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from styled_kilns import StyledKiln

CHECK = (sys.executable, str(Path(__file__).parents[2] / "tools" / "check_app_size.py"))

#: Notes when the view's first heading enters the document; what is fetched later was not awaited.
_NOTE_FIRST_VIEW = """
new MutationObserver((_changes, observer) => {
  if (!document.querySelector("main h1, main h2")) return;
  window.firstView = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
"""

_AWAITED = """
performance.getEntriesByType("resource")
  .filter((one) => one.name.endsWith(".js") && one.responseEnd < window.firstView)
  .map((one) => new URL(one.name).pathname.slice(1))
"""


def test_the_app_keeps_its_sizes(built_app: Path) -> None:
    """First load, editor and service worker are within their bounds."""
    checked = subprocess.run(CHECK, capture_output=True, check=False, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_first_load_is_what_a_browser_fetches(
    new_context: Callable[..., BrowserContext], kiln: StyledKiln
) -> None:
    """Until the first view stands, a browser waits for the files that the check counts, no more.

    What is fetched behind it may come before it by chance, but not in every visit.
    """
    visits = [awaited(new_context().new_page(), kiln.url) for _ in range(4)]
    assert set.intersection(*visits) == set(counted("first load, en"))


def awaited(page: Page, address: str) -> set[str]:
    """Return the scripts that were there before the first view of a first visit."""
    page.add_init_script(_NOTE_FIRST_VIEW)
    page.goto(address)
    page.locator("main h1, main h2").first.wait_for()
    return set(page.evaluate(_AWAITED))


def counted(name: str) -> list[str]:
    """Return the files of a load as the check counts them."""
    told = subprocess.run([*CHECK, "--json"], capture_output=True, check=False, text=True).stdout
    loads: list[dict[str, Any]] = json.loads(told)
    files: list[str] = next(load["files"] for load in loads if load["name"] == name)
    return files
