"""The web app in a real Chromium, on a real server with a real Consul."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from browser.apps import UpdatedKiln, chromium, open_app
from browser.benches import SALES, etag, paste
from browser.recorder import Recorder
from conftest import require
from plotkiln.api.webapp import APP_FOLDER
from servers import Consul
from styled_kilns import StyledKiln

OpenProfile: TypeAlias = Callable[..., BrowserContext]

#: Milliseconds that a page is waited for, in each step.
_PATIENCE = 40_000

#: Seconds until a test is given up: what runs in a page has no time limit of its own.
_LONGEST = 300

expect.set_options(timeout=_PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs a browser last.

    Playwright keeps an event loop on this thread from then on, and no asynchronous test could run.
    """
    items.sort(key=_needs_a_browser)
    for item in filter(_needs_a_browser, items):
        item.add_marker(pytest.mark.timeout(_LONGEST))


def _needs_a_browser(item: pytest.Item) -> bool:
    return "playwright" in getattr(item, "fixturenames", ())


def _recorded(context: BrowserContext, recorder: Recorder) -> BrowserContext:
    recorder.watch(context)
    context.set_default_timeout(_PATIENCE)
    return context


def _prefix() -> str:
    """Return a folder of Consul's that no other test uses."""
    return f"browser/{uuid.uuid4().hex}/styles"


@pytest.fixture(scope="session")
def built_app() -> Path:
    """Return the folder of the built web app."""
    require(APP_FOLDER.joinpath("index.html").is_file(), "the web app", mend="make app")
    return APP_FOLDER


@pytest.fixture(scope="session")
def kiln(
    built_app: Path, consul: Consul, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StyledKiln]:
    """Start one server for all tests that neither change styles nor stop it."""
    data = tmp_path_factory.mktemp("browser")
    with StyledKiln(data, consul, PLOTKILN_STYLES_PREFIX=_prefix()) as running:
        yield running


@pytest.fixture
def own_kiln(built_app: Path, consul: Consul, tmp_path: Path) -> Iterator[StyledKiln]:
    """Start a server with styles of its own for one test, which may change them and restart it."""
    with StyledKiln(tmp_path / "kiln", consul, PLOTKILN_STYLES_PREFIX=_prefix()) as running:
        yield running


@pytest.fixture
def updated_kiln(built_app: Path, consul: Consul, tmp_path: Path) -> Iterator[UpdatedKiln]:
    """Start a server for one test, that can serve a newer app."""
    with UpdatedKiln(tmp_path / "kiln", consul, PLOTKILN_STYLES_PREFIX=_prefix()) as running:
        yield running


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch this machine's Chromium, also as root and with little shared memory."""
    program = chromium()
    require(program, "chromium")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    return {**browser_type_launch_args, "executable_path": program, "args": arguments}


@pytest.fixture(scope="session")
def base_url(kiln: StyledKiln) -> str:
    """Let `page.goto("/")` lead to the kiln that all tests share."""
    return kiln.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Look through a desk's window, in English, without motion."""
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "reduced_motion": "reduce",
        "viewport": {"width": 1440, "height": 900},
    }


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """Fail the test when a page or a service worker logs an error that it does not `allow`."""
    recording = Recorder()
    yield recording
    assert not recording.unexpected(), "\n".join(recording.unexpected())


@pytest.fixture
def new_context(
    new_context: CreateContextCallback, recorder: Recorder
) -> Callable[..., BrowserContext]:
    """Return what opens contexts that are recorded."""

    def opened(**options: Any) -> BrowserContext:
        return _recorded(new_context(**options), recorder)

    return opened


@pytest.fixture
def open_profile(
    playwright: Playwright,
    browser_type_launch_args: dict[str, Any],
    browser_context_args: dict[str, Any],
    tmp_path: Path,
    recorder: Recorder,
) -> Iterator[OpenProfile]:
    """Return what opens a browser whose profile lies on disk, as an installed app needs it.

    The same `name` opened again, after it was closed, finds what it left.
    """
    with ExitStack() as closing:

        def opened(name: str = "profile", **options: Any) -> BrowserContext:
            asked = {**browser_type_launch_args, **browser_context_args, **options}
            context = playwright.chromium.launch_persistent_context(tmp_path / name, **asked)
            closing.callback(context.close)
            return _recorded(context, recorder)

        yield opened


@pytest.fixture
def app(page: Page, kiln: StyledKiln) -> Page:
    """Return a page that shows the app, controlled by its service worker."""
    return open_app(page, kiln.url)


@pytest.fixture
def sales(app: Page) -> Page:
    """Return a page whose chart view shows a small table, drawn."""
    paste(app, SALES)
    etag(app)
    return app
