"""Which pages may open a socket, as a browser sees it: its policy, its `Origin`, another host."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

from ears import channel
from kilns import Kiln
from redis_servers import RedisServer
from servers import free_port

#: Opens a socket, and returns its first event, or how it ended.
_LISTEN = """address => new Promise(resolve => {
  const socket = new WebSocket(address, ["cloudevents.json"]);
  socket.onmessage = message => { resolve(JSON.parse(message.data).type); socket.close(); };
  socket.onclose = closed => resolve(closed.code);
})"""

#: Follows a job, as a page does where its sockets fail.
_POLL = """address => fetch(address, {headers: {Prefer: "wait=1", "If-None-Match": '"1"'}})
  .then(answer => answer.status, () => "refused")"""

_WELCOME = "plotkiln.live.welcome"


def listen(page: Page, address: str) -> Any:
    """Return what a page gets that opens a socket."""
    return page.evaluate(_LISTEN, address)


def test_pages_of_the_host_listen_and_those_of_others_do_not(
    built_app: Path, context: BrowserContext, tmp_path: Path
) -> None:
    """The app's policy lets it open this host's socket; another host's page is refused."""
    with Kiln(tmp_path / "kiln") as kiln, Kiln(tmp_path / "other") as other:
        page = context.new_page()
        page.goto(f"{kiln.url}/")
        assert listen(page, f"ws://127.0.0.1:{kiln.port}/live?topic=styles") == _WELCOME
        assert listen(page, f"ws://127.0.0.1:{other.port}/live?topic=styles") == 1006
        # a page without a policy of its own, of a host that is this server by another name
        stranger = context.new_page()
        stranger.route("http://stranger.localhost/", lambda route: route.fulfill(body="hello"))
        stranger.goto("http://stranger.localhost/")
        assert listen(stranger, f"ws://127.0.0.1:{kiln.port}/live?topic=styles") == 1006


def test_a_channel_elsewhere_is_open_to_pages_that_it_names(
    built_app: Path, context: BrowserContext, redis_server: RedisServer, tmp_path: Path
) -> None:
    """With the channel's address on one side and the page's origin on the other both meet."""
    port = free_port()
    with channel(tmp_path / "live", redis_server) as live:
        elsewhere = f"ws://localhost:{live.port}/live"
        kiln = Kiln(
            tmp_path / "kiln", PLOTKILN_LIVE_URL=elsewhere, PLOTKILN_REDIS_URL=redis_server.url
        )
        live.stop()
        live.settings["PLOTKILN_LIVE_ORIGINS"] = kiln.url
        live.start()
        with kiln:
            page = context.new_page()
            page.goto(f"{kiln.url}/")
            told = page.evaluate("fetch('/live/address').then(answer => answer.json())")
            assert told == {"url": elsewhere}
            assert listen(page, f"{elsewhere}?topic=styles") == _WELCOME
            assert listen(page, f"ws://localhost:{port}/live") == 1006  # the policy names one host
            assert page.evaluate(_POLL, f"http://localhost:{live.port}/jobs/{'a' * 26}") == 404
