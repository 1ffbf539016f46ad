"""SVG that is opened by itself, in a real browser."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from playwright.sync_api import Page

from browser.recorder import Recorder
from listeners import Listener, Quiet
from styled_kilns import StyledKiln

#: A picture that would say that it ran, in two ways.
_SCRIPTED = b"""<svg xmlns="http://www.w3.org/2000/svg" onload="document.documentElement.id='ran'">
<script>document.documentElement.id = "ran"</script><rect width="9" height="9"/></svg>"""


@pytest.fixture
def scripted(kiln: StyledKiln) -> Iterator[str]:
    """Serve such a picture under the very policy that ours come with."""
    answer = httpx.post(f"{kiln.url}/plot", json={"y": [1, 2], "format": "svg"}, timeout=60)
    policy = answer.headers["content-security-policy"]

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/svg+xml")
            if self.path == "/guarded.svg":
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(_SCRIPTED)

    with Listener(Handler) as listener:
        yield listener.url


def test_script_in_a_picture_never_runs(page: Page, recorder: Recorder, scripted: str) -> None:
    """Under the policy of our pictures no script in one runs; without, it would."""
    recorder.allow("Blocked script execution")
    page.goto(f"{scripted}/bare.svg")
    assert page.locator(":root").get_attribute("id") == "ran"
    page.goto(f"{scripted}/guarded.svg")
    assert page.locator(":root").get_attribute("id") is None


def test_a_picture_keeps_its_colours(page: Page, kiln: StyledKiln) -> None:
    """Opened by itself, an SVG is drawn in its colours: its style attributes count."""
    spec = {"y": [1, 3, 2], "format": "svg"}
    answer = httpx.post(f"{kiln.url}/charts", content=json.dumps(spec), timeout=60)
    page.goto(kiln.url + answer.json()["url"])
    fills = page.locator("path[style*='fill: #ffffff']")
    assert fills.count()
    assert fills.first.evaluate("path => getComputedStyle(path).fill") == "rgb(255, 255, 255)"
