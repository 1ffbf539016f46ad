"""Which pages may open a socket, as a browser sees it: its policy, its `Origin`, another host."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from browser.recorder import Recorder
from ears import channel
from kilns import Kiln
from listeners import Listener, Quiet
from redis_servers import RedisServer
from servers import free_port

#: Opens a socket, and returns the type of its first event, or `error`.
_LISTEN = """address => new Promise(resolve => {
  const socket = new WebSocket(address, ["cloudevents.json"]);
  socket.onmessage = message => { resolve(JSON.parse(message.data).type); socket.close(); };
  socket.onerror = error => resolve(error.type);
})"""

#: Follows a job, as a page does where its sockets fail.
_POLL = """address => fetch(address, {headers: {Prefer: "wait=1", "If-None-Match": '"1"'}})
  .then(answer => answer.status, () => "refused")"""

_WELCOME = "plotkiln.live.welcome"


def listen(page: Page, address: str) -> Any:
    """Return what a page gets that opens a socket."""
    return page.evaluate(_LISTEN, address)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[str]:
    """Serve a page of somebody else's, by another name of this machine."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("<title>hello</title>")
    handler = partial(FolderHandler, directory=str(tmp_path / "site"))
    with Listener(handler) as listener:
        yield f"http://localhost:{listener.port}/"


class FolderHandler(Quiet, SimpleHTTPRequestHandler):
    """Serves a folder."""


def test_pages_of_the_host_listen_and_those_of_others_do_not(
    built_app: Path, context: BrowserContext, recorder: Recorder, stranger: str, tmp_path: Path
) -> None:
    """The app's policy lets it open this host's socket; another host's page is refused."""
    with Kiln(tmp_path / "kiln") as kiln:
        address = f"ws://127.0.0.1:{kiln.port}/live?topic=styles"
        page = context.new_page()
        page.goto(f"{kiln.url}/")
        assert listen(page, address) == _WELCOME
        recorder.allow("response code: 403|favicon")
        page.goto(stranger)
        assert listen(page, address) == "error"
    assert any("response code: 403" in error for error in recorder.errors)


def test_a_channel_elsewhere_is_open_to_pages_that_it_names(
    built_app: Path,
    context: BrowserContext,
    recorder: Recorder,
    redis_server: RedisServer,
    tmp_path: Path,
) -> None:
    """With the channel's address on one side and the page's origin on the other both meet."""
    kiln = Kiln(tmp_path / "kiln", PLOTKILN_REDIS_URL=redis_server.url)
    live = channel(tmp_path / "live", redis_server, PLOTKILN_LIVE_ORIGINS=kiln.url)
    elsewhere = kiln.settings["PLOTKILN_LIVE_URL"] = f"ws://localhost:{live.port}/live"
    with live, kiln:
        page = context.new_page()
        page.goto(f"{kiln.url}/")
        told = page.evaluate("fetch('/live/address').then(answer => answer.json())")
        assert told == {"url": elsewhere}
        assert listen(page, f"{elsewhere}?topic=styles") == _WELCOME
        recorder.allow(r"violates .* Content Security Policy|status of 404 .*/jobs/")
        assert listen(page, f"ws://localhost:{free_port()}/live") == "error"
        assert page.evaluate(_POLL, f"http://localhost:{live.port}/jobs/{'a' * 26}") == 404
