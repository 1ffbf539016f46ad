import asyncio
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from event_sinks import Answer, EventSink
from kilns import Kiln
from plotkiln.artifacts import Artifact, SqliteArtifacts, StoredRendering, open_renderings
from plotkiln.counter.counting import NEW_HIT
from plotkiln.state import Database
from programs import program
from servers import free_port, wait_until

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


@pytest.fixture(scope="module")
def sink() -> Iterator[EventSink]:
    """Take what the homepage says."""
    with EventSink() as opened:
        yield opened


@pytest.fixture(scope="module")
def homepage(tmp_path_factory: pytest.TempPathFactory, sink: EventSink) -> Iterator[Kiln]:
    """Start a homepage."""
    with program("homepage", tmp_path_factory.mktemp("homepage"), K_SINK=sink.url) as running:
        yield running


@pytest.fixture
def client(homepage: Kiln) -> Iterator[httpx.Client]:
    """Look at the pages, as a browser does."""
    with httpx.Client(base_url=homepage.url, headers=FIREFOX, timeout=20) as opened:
        yield opened


class Hits:
    """The hits that a sink took since this was made."""

    def __init__(self, sink: EventSink) -> None:
        self._sink = sink
        self._before = len(sink.taken)

    @property
    def subjects(self) -> list[str | None]:
        """What was counted, in the order of arrival."""
        return [taken.event.subject for taken in self._sink.taken[self._before :]]


class Images(HTMLParser):
    """The attributes of each `<img>`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect one tag."""
        if tag == "img":
            self.found.append(dict(attrs))


def settled(client: httpx.Client, hits: Hits, subject: str) -> list[str | None]:
    """Return what was counted before a last hit of `subject`, which arrives after them."""
    client.get(f"/hits/{subject}")
    wait_until(lambda: subject in hits.subjects)
    return [other for other in hits.subjects if other != subject]


def draw(data: Path, name: str, *, number: int, kept: bool = True) -> bytes:
    """Record a picture as the renderer does; return its bytes."""
    picture = BytesIO()
    Image.new("RGB", (280, 64), (number % 256, 0, 0)).save(picture, "PNG")
    digest = f"{number:064x}"
    artifact = Artifact(
        name=name,
        digest=digest,
        generation=1,
        number=number,
        style_digest="0" * 64,
        media_type="image/png",
        owner="anonymous",
        style="default@1",
    )

    async def record() -> None:
        async with Database(data / "state.sqlite") as database:
            artifacts = SqliteArtifacts(database)
            await artifacts.open()
            await artifacts.put(artifact)
        if kept:
            renderings = open_renderings((data / "renderings").as_uri())
            await renderings.put(digest, "png", StoredRendering(picture.getvalue()))

    asyncio.run(record())
    return picture.getvalue()


def test_a_page_is_shown_and_the_hit_is_said(client: httpx.Client, sink: EventSink) -> None:
    """Looking at a page is an event with an id, the page as its source, and the subject."""
    hits = Hits(sink)
    answer = client.get("/hits/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    wait_until(lambda: hits.subjects)
    event = sink.taken[-1].event
    assert (event.type, event.source, event.subject, event.data) == (
        NEW_HIT,
        "/hits/",
        "home",
        None,
    )
    assert event.time


def test_each_view_is_a_hit_of_its_own(client: httpx.Client, sink: EventSink) -> None:
    """Ten views are ten events with different ids."""
    hits = Hits(sink)
    for _ in range(10):
        client.get("/hits/ten")
    wait_until(lambda: hits.subjects.count("ten") == 10)
    assert len({taken.event.id for taken in sink.taken if taken.event.subject == "ten"}) == 10


def test_nobody_who_looks_is_not_counted(client: httpx.Client, sink: EventSink) -> None:
    """HEAD, a browser ahead of its reader, and a robot that names itself say no hit."""
    hits = Hits(sink)
    for path in ("/hits/", "/hits/ahead", "/hits/ahead.png"):
        client.head(path)
        client.get(path, headers={"Sec-Purpose": "prefetch;prerender"})
        client.get(path, headers={"X-Moz": "prefetch"})
        client.get(path, headers={"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    assert settled(client, hits, "after") == []


def test_a_page_ahead_of_its_reader_is_not_given(client: httpx.Client) -> None:
    """A page that is fetched before anybody looks is refused, so that the view asks for it."""
    answer = client.get("/hits/", headers={"Sec-Purpose": "prefetch"})
    assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")


def test_a_telephone_is_no_robot(client: httpx.Client, sink: EventSink) -> None:
    """CUBOT makes telephones."""
    hits = Hits(sink)
    client.get("/hits/phone", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 12; CUBOT NOTE)"})
    wait_until(lambda: "phone" in hits.subjects)


def test_before_the_first_picture_a_zero_is_shown(client: httpx.Client) -> None:
    """A page nobody looked at before shows a zero that is in the page itself."""
    (image,) = Images(client.get("/hits/new").text).found
    assert (image["width"], image["height"]) == ("280", "64")
    assert (image["src"] or "").startswith("data:image/svg+xml,")
    picture = client.get("/hits/new.png")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "<title>0000000</title>" in picture.text


def test_once_there_is_a_picture_the_page_shows_it(client: httpx.Client, homepage: Kiln) -> None:
    """The page names the picture, and the homepage serves it, with a tag."""
    data = draw(homepage.data, "hits-drawn.png", number=7)
    (image,) = Images(client.get("/hits/drawn").text).found
    assert image["src"] == "/artifacts/hits-drawn.png"
    picture = client.get(image["src"] or "")
    assert (picture.content, picture.headers["content-type"]) == (data, "image/png")
    assert picture.headers["cache-control"] == "public, no-cache"
    assert picture.headers["plotkiln-number"] == "7"
    again = client.get(image["src"] or "", headers={"If-None-Match": picture.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_one_request_counts_and_shows(
    client: httpx.Client, homepage: Kiln, sink: EventSink
) -> None:
    """The picture for pages elsewhere is that which is there, is kept by nobody, and counts."""
    data, hits = draw(homepage.data, "hits-elsewhere.png", number=8), Hits(sink)
    answer = client.get("/hits/elsewhere.png")
    assert (answer.content, answer.headers["cache-control"]) == (data, "no-store")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "etag" not in answer.headers
    wait_until(lambda: hits.subjects == ["elsewhere"])


def test_a_picture_that_was_swept_leaves_its_number(client: httpx.Client, homepage: Kiln) -> None:
    """Where the bytes are gone the number is drawn by hand, and kept by nobody."""
    draw(homepage.data, "hits-swept.png", number=1336, kept=False)
    for path in ("/hits/swept.png", "/artifacts/hits-swept.png"):
        answer = client.get(path)
        assert "<title>0001336</title>" in answer.text
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_a_picture_that_was_never_drawn_is_not_found(client: httpx.Client) -> None:
    """A name that points to nothing is 404."""
    assert client.get("/artifacts/hits-nobody.png").status_code == 404


@pytest.mark.parametrize("subject", ["Home", "..%2Fx", "a%20b", ".a", "a" * 65])
def test_what_names_no_counter_is_not_found(
    client: httpx.Client, sink: EventSink, subject: str
) -> None:
    """An address without a counter has no page, no picture, no total, and counts nothing."""
    hits = Hits(sink)
    for path in (f"/hits/{subject}", f"/hits/{subject}.png", f"/counters/{subject}"):
        assert client.get(path).status_code == 404
    assert settled(client, hits, "after") == []


def test_a_total_is_read(client: httpx.Client) -> None:
    """What nobody counted is at 0 in the first generation."""
    answer = client.get("/counters/home")
    assert answer.json() == {"subject": "home", "generation": 1, "total": 0}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-GB,zh;q=0.9", "en"),
        ("fr,zh;q=0.3", "zh-CN"),
        ("zh;q=0,en;q=0.1", "en"),
        ("zh;q=broken", "en"),
    ],
)
def test_the_page_speaks_the_language_of_its_reader(
    client: httpx.Client, accepted: str, language: str
) -> None:
    """English or Chinese, by the reader's own order."""
    answer = client.get("/hits/", headers={"Accept-Language": accepted})
    assert f'<html lang="{language}">' in answer.text
    assert ("访问量" in answer.text) == (language == "zh-CN")
    assert "Accept-Language" in answer.headers["vary"]


def test_the_page_runs_nothing_and_loads_nothing_else(client: httpx.Client) -> None:
    """The policy allows the page's own style and pictures, and the page has no script."""
    answer = client.get("/hits/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script" not in answer.text


def test_the_picture_may_be_public_elsewhere(tmp_path: Path, sink: EventSink) -> None:
    """Where pictures are published the page leads there, and its policy lets it."""
    settings = {"K_SINK": sink.url, "PLOTKILN_ARTIFACTS_PUBLIC_URL": "https://cdn.example/p/"}
    draw(tmp_path, "hits.png", number=9)
    with program("homepage", tmp_path, **settings) as running, running.client() as client:
        answer = client.get("/hits/")
    (image,) = Images(answer.text).found
    assert image["src"] == "https://cdn.example/p/hits.png"
    assert re.search(
        r"img-src [^;]*https://cdn\.example;", answer.headers["content-security-policy"]
    )


def test_a_homepage_without_a_sink_does_not_start(tmp_path: Path) -> None:
    """Whoever forgot to say where hits go is told at once."""
    with pytest.raises(RuntimeError, match="K_SINK is not set"), program("homepage", tmp_path):
        pass


def test_stores_that_are_away_hold_up_no_page(tmp_path: Path, sink: EventSink) -> None:
    """Without Redis pages are shown and hits are said; only the total is to be asked for later."""
    settings = {"K_SINK": sink.url, "PLOTKILN_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    hits = Hits(sink)
    with program("homepage", tmp_path, **settings) as running, running.client() as client:
        page, picture = client.get("/hits/"), client.get("/hits/home.png")
        total, named = client.get("/counters/home"), client.get("/artifacts/hits.png")
        wait_until(lambda: hits.subjects == ["home", "home"])
    assert Images(page.text).found[0]["src"] == "/artifacts/hits.png"
    assert (picture.status_code, "–––––––" in picture.text) == (200, True)
    assert total.status_code == named.status_code == 503
    assert "retry-after" in total.headers


def test_hits_that_wait_are_said_at_the_end(tmp_path: Path) -> None:
    """SIGTERM gives what was not said yet one more attempt; the page was never held up."""
    with EventSink(Answer(503), Answer(202)) as failing:
        with program("homepage", tmp_path, K_SINK=failing.url) as running:
            with running.client() as client:
                assert client.get("/hits/").status_code == 200
            wait_until(lambda: failing.taken)
            assert running.stop() == 0
        ids = [taken.event.id for taken in failing.taken]
    assert len(ids) == 2, "the first was refused, the second accepted"
    assert len(set(ids)) == 1
