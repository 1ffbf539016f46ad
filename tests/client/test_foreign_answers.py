"""What the client makes of servers that are none of ours, and of what can never be sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

import plotkiln
from listeners import Listener, Quiet
from plotkiln.errors import InputError, MalformedError, PlotkilnError, RuleError, SettingsError

HTML = b"<html>Please log in.</html>"


@contextmanager
def answering(body: bytes, **headers: str) -> Iterator[plotkiln.Client]:
    """Open a client of a server that says the same to whatever it is asked."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 -- the library's names

    with Listener(Handler) as listener, plotkiln.Client(listener.url) as client:
        yield client


#: Everything that a client is answered, by what it asks for.
ACTS: dict[str, Callable[[plotkiln.Client], object]] = {
    "render": lambda client: client.render(y=[1]),
    "charts.store": lambda client: client.charts.store(y=[1]),
    "charts.get": lambda client: client.charts.get("a"),
    "charts.picture": lambda client: client.charts.picture("a"),
    "jobs.submit": lambda client: client.jobs.submit(y=[1]),
    "jobs.list": lambda client: client.jobs.list(),
    "jobs.get": lambda client: client.jobs.get("a"),
    "jobs.wait": lambda client: client.jobs.wait("a"),
    "jobs.cancel": lambda client: client.jobs.cancel("a"),
    "jobs.retry": lambda client: client.jobs.retry("a"),
    "jobs.result": lambda client: client.jobs.result("a"),
    "styles.list": lambda client: client.styles.list(),
    "styles.get": lambda client: client.styles.get("a"),
    "styles.look": lambda client: client.styles.look("a"),
    "styles.put": lambda client: client.styles.put("a", {}, expected=1),
    "styles.history": lambda client: client.styles.history("a"),
    "styles.rollback": lambda client: client.styles.rollback("a", 1, expected=2),
    "styles.publish": lambda client: client.styles.publish("a", draft=1, expected=2),
    "styles.preview": lambda client: client.styles.preview("a", {}, {"y": [1]}),
    "templates.list": lambda client: client.templates.list(),
    "templates.get": lambda client: client.templates.get("a"),
}


@pytest.fixture(scope="module")
def gateway() -> Iterator[plotkiln.Client]:
    """Open a client of a gateway that wants somebody to log in."""
    headers = {"Content-Type": "text/html", "ETag": '"a1b2"'}
    with answering(HTML, **headers) as client:
        yield client


@pytest.mark.parametrize("name", ACTS)
def test_a_login_page_is_no_answer(gateway: plotkiln.Client, name: str) -> None:
    """An HTML page that comes with 200 is an error of ours, which repeats what it began with."""
    with pytest.raises(PlotkilnError, match="is this a plotkiln server") as caught:
        ACTS[name](gateway)
    assert caught.value.__notes__ == [f"It began: {HTML.decode()}"]


@pytest.mark.parametrize("tag", ['"42"', 'W/"42"', 'W/"42-gzip"'])
def test_weak_tags_name_versions(tag: str) -> None:
    """A proxy that compresses weakens the tag of an answer; the version in it stays."""
    with answering(b"{}", ETag=tag) as client:
        assert client.styles.get("a").version == 42
        assert client.styles.put("a", {}, expected=41) == 42


def test_a_broken_document_is_told_as_such() -> None:
    """The members of a stored document that is no JSON are an error of ours."""
    with answering(b"\xff{", ETag='"42"') as client:
        document = client.styles.get("a")
    with pytest.raises(MalformedError, match="The style a is broken"):
        assert document.document


@pytest.mark.parametrize("key", ["bücher", "a\nb", "", " a", "x" * 256])
def test_what_cannot_name_a_submission(key: str) -> None:
    """A key that no header can hold is told to be none before anything is sent."""
    with (
        plotkiln.Client("http://127.0.0.1:1") as client,
        pytest.raises(InputError, match="idempotency_key takes"),
    ):
        client.jobs.submit(y=[1], idempotency_key=key)


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://a:99999", "http://a:b", "http://ü..", "http://a\nb"]
)
def test_addresses_that_nothing_can_be_sent_to(url: str) -> None:
    """An address that is broken behind http:// is refused like one without it."""
    with pytest.raises(SettingsError, match="no server's address"):
        plotkiln.Client(url)


@pytest.mark.parametrize("spec", [{"y": [1], "title": "\ud800"}, '{"y": [1], "title": "\ud800"}'])
def test_half_characters_are_refused(gateway: plotkiln.Client, spec: Any) -> None:
    """A text with half a surrogate pair, as broken files have it, cannot be sent."""
    with pytest.raises(RuleError, match="half a character"):
        gateway.render(spec)


@pytest.mark.anyio
async def test_closed_clients_say_so() -> None:
    """Whoever asks a client that is closed is told that."""
    client = plotkiln.Client()
    client.close()
    with pytest.raises(PlotkilnError, match="This client is closed"):
        client.render(y=[1])
    awaited = plotkiln.AsyncClient()
    await awaited.close()
    with pytest.raises(PlotkilnError, match="This client is closed"):
        await awaited.render(y=[1])
