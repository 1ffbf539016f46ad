"""How the files of the web app are served, by a small app built for it."""

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from plotkiln.api.errors import answer_error, answer_http_error
from plotkiln.api.guards import guarding
from plotkiln.api.webapp import app_routes
from plotkiln.errors import PlotkilnError
from plotkiln.service import Metrics

pytestmark = pytest.mark.anyio

FILES = {
    "index.html": b"<!doctype html><head><title>kiln</title></head>" + b"<p>" * 500,
    "sw.js": b"self.skipWaiting();",
    "manifest.webmanifest": b'{"name": "kiln"}',
    "icons/kiln-192.png": b"\x89PNG icon",
    "assets/main-C0ffee12.js": b"export const kiln = 1;" * 50,
    "assets/main-C0ffee12.css": b"body { margin: 0 }",
    ".vite/manifest.json": b"{}",
}

SCRIPT = "/assets/main-C0ffee12.js"

KEPT = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder as a build would leave it, beside a file that is none of its."""
    built = tmp_path / "app"
    for name, data in FILES.items():
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_bytes(data)
    (tmp_path / "secret.txt").write_text("secret")
    return built


@asynccontextmanager
async def served(folder: Path, *, identities: object = None) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a server of this folder, that accepts no coding unless it is told."""
    app = Starlette(
        routes=app_routes(folder),
        middleware=guarding(Metrics()),
        exception_handlers={PlotkilnError: answer_error, HTTPException: answer_http_error},
    )
    app.state.identities = identities
    transport = httpx.ASGITransport(app)
    headers = {"Accept-Encoding": "identity"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://kiln", headers=headers
    ) as client:
        yield client


@pytest.mark.parametrize(
    ("address", "name", "media_type", "cache"),
    [
        ("/", "index.html", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "index.html", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/icons/kiln-192.png", "icons/kiln-192.png", "image/png", "no-cache"),
        (SCRIPT, SCRIPT[1:], "text/javascript; charset=utf-8", KEPT),
    ],
)
async def test_built_files_are_served(
    folder: Path, address: str, name: str, media_type: str, cache: str
) -> None:
    """Each file has its media type, and is kept for ever only where its name holds a hash."""
    async with served(folder) as client:
        answer = await client.get(address)
        again = await client.get(address, headers={"If-None-Match": answer.headers["etag"]})
        head = await client.head(address)
    assert (answer.status_code, answer.content) == (200, FILES[name])
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (media_type, cache)
    assert (again.status_code, again.content) == (304, b"")
    assert head.status_code == 200
    for header in ("etag", "cache-control", "content-security-policy"):
        assert again.headers[header] == head.headers[header] == answer.headers[header]


async def test_text_is_compressed_where_that_is_taken(folder: Path) -> None:
    """Each coding is a representation with an entity tag of its own; pictures have one."""
    async with served(folder) as client:
        plain = await client.get(SCRIPT)
        coded = await client.get(SCRIPT, headers={"Accept-Encoding": "br, gzip"})
        refused = await client.get("/", headers={"Accept-Encoding": "gzip;q=0, *"})
        icon = await client.get("/icons/kiln-192.png", headers={"Accept-Encoding": "gzip"})
        crossed = await client.get(SCRIPT, headers={"If-None-Match": coded.headers["etag"]})
    assert coded.headers["content-encoding"] == "gzip"
    assert coded.content == plain.content
    assert int(coded.headers["content-length"]) == len(gzip.compress(plain.content, 9, mtime=0))
    assert coded.headers["etag"] != plain.headers["etag"]
    assert crossed.status_code == 200
    for answer in (plain, coded, refused):
        assert answer.headers["vary"] == "Accept-Encoding"
    assert not {"content-encoding"} & {*refused.headers, *icon.headers}
    assert "vary" not in icon.headers


async def test_the_document_is_guarded(folder: Path) -> None:
    """The policy lets run and load what comes from here, and nothing inline."""
    async with served(folder) as client:
        answers = [await client.get(path) for path in ("/", "/sw.js", SCRIPT)]
    document = answers[0].headers
    policies = {answer.headers["content-security-policy"] for answer in answers}
    assert len(policies) == 1
    (policy,) = policies
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    assert document["referrer-policy"] == document["cross-origin-opener-policy"] == "same-origin"
    assert document["x-content-type-options"] == "nosniff"


async def test_the_document_says_that_people_sign_in(folder: Path) -> None:
    """The app learns without a request that it is to ask who is signed in; its tag differs."""
    async with served(folder) as client:
        plain = await client.get("/")
    async with served(folder, identities=object()) as client:
        told = await client.get("/", headers={"If-None-Match": plain.headers["ETag"]})
        script = await client.get(SCRIPT)
    assert told.status_code == 200
    assert b'<meta name="plotkiln-identity"' not in plain.content
    assert b'<meta name="plotkiln-identity" content="asked"></head>' in told.content
    assert script.content == FILES["assets/main-C0ffee12.js"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/main.js",
        "/assets/",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets//etc/passwd",
        "/.vite/manifest.json",
        "/icons/",
        "/secret.txt",
    ],
)
async def test_nothing_else_is_served(folder: Path, path: str) -> None:
    """What was not built into the folder is 404, however it is spelled."""
    async with served(folder) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_file_that_has_gone_is_missing(folder: Path) -> None:
    """A file that another build removed under a running server is 404."""
    async with served(folder) as client:
        (folder / "sw.js").unlink()
        answer = await client.get("/sw.js")
    assert answer.status_code == 404
    assert "restart" in answer.json()["detail"]


async def test_a_checkout_without_a_build_says_so(tmp_path: Path) -> None:
    """Where nothing was built, `/` is 503 and names the command."""
    async with served(tmp_path / "app") as client:
        answer = await client.get("/")
        other = await client.get("/assets/main.js")
    assert (answer.status_code, other.status_code) == (503, 404)
    assert "make app" in answer.text


async def test_a_share_without_a_worker_opens_the_app(folder: Path) -> None:
    """What is shared before the service worker runs leads to the app."""
    async with served(folder) as client:
        answer = await client.post("/share", content=b"x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
