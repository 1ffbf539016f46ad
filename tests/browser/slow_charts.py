"""Charts that take as long as a test tells them, on a server that soon loses patience."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, expect

from browser.benches import paste
from servers import Consul, wait_until
from styled_kilns import StyledKiln

__all__ = [
    "SlowKiln",
    "bench_job",
    "hide",
    "job",
    "order",
    "refuse_sockets",
    "settled",
    "show",
    "slow",
    "slow_kiln",
    "submit",
]

_TEMPLATE = '''\
"""A chart that takes as long as it is told."""

import time

from plotkiln.templates import progress, template


@template("slow", title="Slow chart", size=(480, 300))
def slow(figure, *, seconds: float, title: str = "", fails: bool = False):
    """Draw a line after some seconds."""
    begun = time.monotonic()
    while (spent := time.monotonic() - begun) < seconds:
        progress(spent / seconds, "Resampling")
        time.sleep(0.05)
    if fails:
        raise ValueError("it was told to fail")
    figure.add_subplot(title=title).plot([1, 3, 2])
'''

#: What stands over the stage while a job draws the chart.
_ON_STAGE = "This takes longer: it is a job now"

_VISIBILITY = """(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class SlowKiln(StyledKiln):
    """A kiln that makes jobs of what takes longer than a second."""

    def __init__(self, folder: Path, consul: Consul, **settings: str) -> None:
        templates = folder / "templates"
        templates.mkdir(parents=True)
        (templates / "slow.py").write_text(_TEMPLATE)
        super().__init__(
            folder / "data",
            consul,
            PLOTKILN_TEMPLATES=str(templates),
            PLOTKILN_BUDGET="1",
            PLOTKILN_JOB_WORKERS="2",
            PLOTKILN_WORKERS="3",
            **settings,
        )


@contextmanager
def slow_kiln(folder: Path, consul: Consul, **settings: str) -> Iterator[SlowKiln]:
    """Run a kiln whose styles lie in a folder of their own."""
    prefix = f"browser/{folder.name}/styles"
    with SlowKiln(folder, consul, PLOTKILN_STYLES_PREFIX=prefix, **settings) as running:
        yield running


def slow(title: str, seconds: float, **params: Any) -> dict[str, Any]:
    """Return a spec whose drawing takes some seconds."""
    return {"template": "slow", "params": {"seconds": seconds, "title": title, **params}}


def order(page: Page, title: str, seconds: float, **params: Any) -> None:
    """Put a slow chart on the bench."""
    paste(page, json.dumps(slow(title, seconds, **params)))


def bench_job(page: Page) -> Locator:
    """Return what stands over the stage while a job draws the chart."""
    return page.get_by_role("region", name=_ON_STAGE)


def submit(kiln: StyledKiln, spec: dict[str, Any]) -> dict[str, Any]:
    """Submit a job past the app; return it."""
    answer = httpx.post(f"{kiln.url}/jobs", json=spec, timeout=30)
    answer.raise_for_status()
    accepted: dict[str, Any] = answer.json()
    return accepted


def job(kiln: StyledKiln, title: str) -> dict[str, Any]:
    """Return the one job of a title, as soon as there is one; more than one fails."""
    found: list[dict[str, Any]] = []

    def there() -> bool:
        listed = httpx.get(f"{kiln.url}/jobs", params={"limit": 200}, timeout=30).json()["jobs"]
        found[:] = [one for one in listed if one.get("title") == title]
        return bool(found)

    wait_until(there)
    assert len(found) == 1, found
    return found[0]


def settled(kiln: StyledKiln, title: str, state: str) -> dict[str, Any]:
    """Wait until the job of a title is in a state; return it."""
    wait_until(lambda: job(kiln, title)["state"] == state)
    return job(kiln, title)


def hide(page: Page) -> None:
    """Let another tab cover the page; Playwright itself keeps every page visible."""
    page.evaluate(_VISIBILITY, "hidden")


def show(page: Page) -> None:
    """Let the page be looked at again."""
    page.evaluate(_VISIBILITY, "visible")
    expect(page.locator("main")).to_be_visible()


def refuse_sockets(page: Page) -> None:
    """Let no WebSocket through, as some proxies do."""
    page.route_web_socket("**/live*", lambda socket: socket.close())
