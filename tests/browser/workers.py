"""The service worker seen from a page: what it answers, what it tells, what it stores."""

import json
import re
from typing import Any

import httpx
from playwright.sync_api import Page

from servers import wait_until
from styled_kilns import StyledKiln

__all__ = [
    "count",
    "draw",
    "gallery_file",
    "listen",
    "spec",
    "stop_workers",
    "stored",
    "told",
    "wait_for_news",
]

_DRAW = """
async ([spec, accept]) => {
  const answer = await fetch("/plot", {
    method: "POST",
    body: JSON.stringify(spec),
    headers: { "Content-Type": "application/json", Accept: accept },
  });
  const hash = await crypto.subtle.digest("SHA-256", await answer.clone().arrayBuffer());
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    digest: [...new Uint8Array(hash)].map((byte) => byte.toString(16)).join(""),
    problem: answer.ok ? null : await answer.json(),
  };
}
"""

_LISTEN = """
() => {
  window.told = [];
  navigator.serviceWorker.addEventListener("message", ({ data }) => window.told.push(data));
}
"""


def spec(title: str, **members: Any) -> dict[str, Any]:
    """Return a small spec."""
    return {"y": [1, 3, 2], "title": title, "size": {"width": 320, "height": 200}, **members}


def draw(page: Page, of: dict[str, Any], accept: str = "image/png") -> dict[str, Any]:
    """Post a spec from the page: status, headers, digest of the bytes, and the problem if any."""
    answer: dict[str, Any] = page.evaluate(_DRAW, [of, accept])
    return answer


def listen(page: Page) -> None:
    """Write down what the worker tells from now on."""
    page.evaluate(_LISTEN)


def told(page: Page, kind: str) -> list[dict[str, Any]]:
    """Return the news of one kind that came since `listen`."""
    news: list[dict[str, Any]] = page.evaluate("window.told")
    return [one for one in news if one["type"] == kind]


def wait_for_news(page: Page, kind: str, key: str) -> dict[str, Any]:
    """Wait until the worker tells this of a picture."""
    wait_until(lambda: any(one["key"] == key for one in told(page, kind)))
    return next(one for one in told(page, kind) if one["key"] == key)


def stored(page: Page, cache: str = "pictures") -> list[str]:
    """Return the keys of stored pictures, the oldest first."""
    paths: list[str] = page.evaluate(
        "async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)", cache
    )
    return [path.rsplit("/", 1)[1] for path in paths]


def stop_workers(page: Page) -> None:
    """End every service worker, as the browser does with idle ones: the next event starts anew."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    devtools.detach()


def count(kiln: StyledKiln, source: str) -> int:
    """Return how many pictures came `drawn`, `not_modified` or from another source."""
    metrics = httpx.get(f"{kiln.url}/metrics").text
    found = re.search(rf'plotkiln_pictures_total{{source="{source}"}} (\d+)', metrics)
    return int(found[1]) if found else 0


def gallery_file(*charts: dict[str, Any]) -> str:
    """Return a file that the gallery imports: each chart is a spec that has a title."""
    return json.dumps(
        {"plotkiln": "gallery", "version": 1, "charts": [_chart(one) for one in charts]}
    )


def _chart(of: dict[str, Any]) -> dict[str, Any]:
    source = {"text": "", "separator": None, "decimal": None, "dates": None, "header": None}
    return {
        "id": of["title"],
        "name": of["title"],
        "draft": {
            "source": {**source, "types": {}},
            "kind": of.get("kind", "line"),
            "roles": {"y": ["profit"]},
            "series": {},
            "refinement": {"title": of["title"]},
            "template": None,
            "pasted": of,
        },
        "spec": of,
        "format": "png",
        "created": 1,
        "changed": 1,
    }
