"""The service worker: the stored picture at once, the newest behind it, nothing mixed up."""

import json

import httpx
import pytest
from playwright.sync_api import Page, expect

from browser.apps import UpdatedKiln, open_app
from browser.recorder import Recorder
from browser.workers import (
    count,
    draw,
    listen,
    spec,
    stop_workers,
    stored,
    told,
    wait_for_news,
)
from servers import Consul, wait_until
from styled_kilns import StyledKiln

_STYLE = {"title": {"color": "#B00020"}}


def _put(consul: Consul, kiln: StyledKiln, name: str, style: object) -> None:
    key = f"{kiln.settings['PLOTKILN_STYLES_PREFIX']}/{name}"
    consul.put(key, json.dumps(style).encode())
    kiln.wait_for("fresh", style=name, version=consul.version(key))


def test_a_stored_picture_is_answered_at_once_and_confirmed_by_304(app: Page) -> None:
    """The second answer is the first one's bytes, and the server is asked by a conditional GET."""
    listen(app)
    first = draw(app, spec("Once"))
    assert first["headers"]["plotkiln-from"] == "drawn"
    asked: list[tuple[str, str, int]] = []
    app.context.on("response", lambda one: asked.append((one.request.method, one.url, one.status)))
    second = draw(app, spec("Once"))
    assert second["headers"]["plotkiln-from"] == "stored"
    assert second["digest"] == first["digest"]
    assert second["headers"]["etag"] == first["headers"]["etag"]
    key = second["headers"]["plotkiln-key"]
    wait_for_news(app, "unchanged", key)
    address = first["headers"]["content-location"]
    assert any(
        method == "GET" and url.endswith(address) and status == 304 for method, url, status in asked
    )


def test_an_unchanged_style_draws_nothing(page: Page, own_kiln: StyledKiln) -> None:
    """Asking again ten times is answered from the store, and the server renders once."""
    open_app(page, own_kiln.url)
    listen(page)
    before = count(own_kiln, "drawn")
    answers = [draw(page, spec("Again")) for _ in range(10)]
    wait_for_news(page, "unchanged", answers[0]["headers"]["plotkiln-key"])
    assert count(own_kiln, "drawn") == before + 1
    assert count(own_kiln, "not_modified") >= 1
    assert not told(page, "replaced")


def test_two_charts_never_share_a_picture(app: Page) -> None:
    """Charts that differ in one number, one letter or the format have pictures of their own."""
    specs = [spec("A"), spec("B"), spec("A", y=[1, 3, 2.5]), spec("A", kind="bar")]
    first = [draw(app, one) for one in specs] + [draw(app, specs[0], "image/svg+xml")]
    again = [draw(app, one) for one in specs] + [draw(app, specs[0], "image/svg+xml")]
    assert len({answer["headers"]["plotkiln-key"] for answer in first}) == len(first)
    assert len({answer["digest"] for answer in first}) == len(first)
    assert [one["digest"] for one in again] == [one["digest"] for one in first]
    assert all(one["headers"]["plotkiln-from"] == "stored" for one in again)
    for answer in first:
        source = f"/pictures/{answer['headers']['plotkiln-key']}"
        kind = app.evaluate("async (at) => (await fetch(at)).headers.get('Content-Type')", source)
        assert kind == answer["headers"]["content-type"]


def test_the_order_of_members_makes_no_other_chart(app: Page) -> None:
    """A spec whose members come in another order is the same spec, as it is for the server."""
    first = draw(app, {"y": [1, 2], "title": "Order"})
    second = draw(app, {"title": "Order", "y": [1, 2]})
    assert second["headers"]["plotkiln-from"] == "stored"
    assert second["headers"]["plotkiln-key"] == first["headers"]["plotkiln-key"]


def test_a_changed_style_replaces_the_pictures_drawn_in_it(
    page: Page, own_kiln: StyledKiln, consul: Consul
) -> None:
    """The chart in the changed style is replaced and told; the other keeps its picture."""
    _put(consul, own_kiln, "loud", _STYLE)
    open_app(page, own_kiln.url)
    listen(page)
    loud, calm = spec("Loud", style="loud"), spec("Calm")
    before = {name: draw(page, of) for name, of in {"loud": loud, "calm": calm}.items()}
    _put(consul, own_kiln, "loud", {"title": {"color": "#00B020", "fontsize": 30}})
    stale = draw(page, loud)
    assert stale["digest"] == before["loud"]["digest"]
    news = wait_for_news(page, "replaced", before["loud"]["headers"]["plotkiln-key"])
    assert news["style"].startswith("loud@")
    assert news["style"] != before["loud"]["headers"]["plotkiln-style"]
    now = draw(page, loud)
    assert now["headers"]["etag"] == news["etag"] != before["loud"]["headers"]["etag"]
    assert now["digest"] != before["loud"]["digest"]
    assert draw(page, calm)["digest"] == before["calm"]["digest"]
    wait_for_news(page, "unchanged", before["calm"]["headers"]["plotkiln-key"])
    assert len(told(page, "replaced")) == 1


def test_a_chart_that_the_server_forgot_is_drawn_anew(
    page: Page, own_kiln: StyledKiln, recorder: Recorder
) -> None:
    """Where the chart's address is gone, the spec is posted again, and its picture has one."""
    recorder.allow("404")
    open_app(page, own_kiln.url)
    listen(page)
    first = draw(page, spec("Forgotten"))
    own_kiln.stop()
    for file in own_kiln.data.glob("*.sqlite*"):
        file.unlink()
    own_kiln.start()
    draw(page, spec("Forgotten"))
    wait_for_news(page, "unchanged", first["headers"]["plotkiln-key"])
    assert count(own_kiln, "not_modified") == 0


def test_errors_and_other_answers_are_not_stored(app: Page, recorder: Recorder) -> None:
    """A refused spec is refused again, with its faults, and leaves nothing behind."""
    recorder.allow("400")
    before = stored(app)
    for _ in range(2):
        answer = draw(app, {"y": [1], "kind": "lin"})
        assert answer["status"] == 400
        assert answer["problem"]["errors"][0]["path"] == "kind"
    assert stored(app) == before


def test_what_is_not_a_picture_is_the_networks(app: Page, recorder: Recorder) -> None:
    """The reference, the API and other methods come from the server, marked by no worker."""
    recorder.allow("favicon.ico")
    for path in ("/docs", "/styles", "/openapi.json", "/health/ready"):
        headers = app.evaluate("async (at) => Object.fromEntries((await fetch(at)).headers)", path)
        assert "x-request-id" in headers
        assert "plotkiln-from" not in headers
    app.goto("/docs")
    assert "plotkiln" in app.title()
    assert app.locator("#app").count() == 0


def test_a_stopped_worker_starts_again_with_what_it_stored(app: Page) -> None:
    """The browser ends idle workers: nothing that matters is kept in memory only."""
    first = draw(app, spec("Cold"))
    stop_workers(app)
    second = draw(app, spec("Cold"))
    assert second["headers"]["plotkiln-from"] == "stored"
    assert second["digest"] == first["digest"]


_FILL = """
async ([pictures, checked]) => {
  const cache = await caches.open("pictures");
  for (let i = 0; i < pictures; i += 1) {
    const headers = { "Content-Type": "image/png", "Plotkiln-Checked": `${checked}` };
    await cache.put(`/pictures/${"0".repeat(60)}${i}`, new Response("x", { headers }));
  }
}
"""


_KEEP = "caches.open('gallery').then((one) => one.put('/pictures/k', new Response('x')))"


def test_recent_pictures_are_bounded_in_number(page: Page, kiln: StyledKiln) -> None:
    """Beyond two hundred, those go first that nobody asked for the longest; kept ones stay."""
    open_app(page, kiln.url)
    page.evaluate(
        "() => caches.open('gallery').then((one) => one.put('/pictures/k', new Response('x')))"
    )
    page.evaluate(_FILL, [230, page.evaluate("Date.now()")])
    key = draw(page, spec("Newest"))["headers"]["plotkiln-key"]
    left = stored(page)
    assert len(left) == 200
    assert left[-1] == key
    assert left[0].endswith("031")
    assert stored(page, "gallery") == ["k"]


def test_recent_pictures_are_bounded_in_age(page: Page, kiln: StyledKiln) -> None:
    """What nobody confirmed for thirty days goes at the next occasion."""
    open_app(page, kiln.url)
    page.evaluate(_FILL, [5, page.evaluate("Date.now() - 31 * 24 * 3600 * 1000")])
    key = draw(page, spec("Young"))["headers"]["plotkiln-key"]
    assert stored(page) == [key]


_FILL_WITH_NOISE = """
async (pictures) => {
  const cache = await caches.open("pictures");
  const headers = { "Content-Type": "image/png", "Plotkiln-Checked": `${Date.now()}` };
  for (let i = 0; i < pictures; i += 1) {
    const noise = crypto.getRandomValues(new Uint8Array(60_000));
    await cache.put(`/pictures/${"0".repeat(60)}${i}`, new Response(noise, { headers }));
  }
  return (await navigator.storage.estimate()).usage;
}
"""


def test_a_full_disk_makes_room_among_recent_pictures(page: Page, kiln: StyledKiln) -> None:
    """When the browser's quota is reached, the older half goes, and the new picture is stored."""
    open_app(page, kiln.url)
    used = page.evaluate(_FILL_WITH_NOISE, 40)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": kiln.url, "quotaSize": used + 1_000})
    answer = draw(page, spec("Fits", size={"width": 1600, "height": 1000}))
    assert answer["status"] == 200
    left = stored(page)
    assert left[-1] == answer["headers"]["plotkiln-key"]
    assert len(left) == 21
    assert left[0].endswith("020")


def test_the_first_visit_draws_without_a_worker(page: Page, kiln: StyledKiln) -> None:
    """A page that no worker controls yet gets its pictures from the server."""
    page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto(kiln.url)
    answer = draw(page, spec("First"))
    assert answer["status"] == 200
    assert "plotkiln-key" not in answer["headers"]


@pytest.fixture
def updated(page: Page, updated_kiln: UpdatedKiln) -> Page:
    """Return a page of the app for which a newer build is stored and waits."""
    open_app(page, updated_kiln.url)
    draw(page, spec("Before"))
    updated_kiln.release()
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    page.get_by_text("A new version is ready.").wait_for()
    return page


def test_an_update_waits_until_it_is_wanted(updated: Page) -> None:
    """The new version is offered; the old one works on, and reloads nothing by itself."""
    updated.evaluate("window.same = true")
    assert draw(updated, spec("Before"))["headers"]["plotkiln-from"] == "stored"
    assert updated.evaluate(
        "navigator.serviceWorker.ready.then((one) => Boolean(one.waiting) && window.same)"
    )


def test_an_update_takes_over_with_one_reload(updated: Page) -> None:
    """Asked for, it takes over and loads the page once; pictures outlive it, the old shell not."""
    loads: list[str] = []
    updated.on("load", lambda _: loads.append(updated.url))
    with updated.expect_event("load"):
        updated.get_by_role("status").get_by_role("button", name="Reload").click()
    updated.get_by_role("navigation").wait_for()
    assert updated.get_by_text("A new version is ready.").count() == 0
    assert draw(updated, spec("Before"))["headers"]["plotkiln-from"] == "stored"
    names = updated.evaluate("caches.keys()")
    assert len([name for name in names if name.startswith("shell-")]) == 1
    assert len(loads) == 1


_SHARE = """
() => {
  const data = new FormData();
  data.set("file", new File(["month;profit\\n1;2"], "profit.csv", { type: "text/csv" }));
  return fetch("/share", { method: "POST", body: data }).then(({ url }) => url);
}
"""


def test_a_shared_file_becomes_the_charts_data(app: Page, kiln: StyledKiln) -> None:
    """What another app shares is answered with the app, and lies on its bench."""
    assert app.evaluate(_SHARE) == f"{kiln.url}/?shared"
    app.goto("/?shared")
    expect(app.get_by_role("main")).to_contain_text("profit")
    expect(app.locator("img[data-etag]")).to_be_visible()


_ASK = """
() => {
  const y = Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 1009);
  window.abort = new AbortController();
  window.asked = fetch("/plot", {
    method: "POST",
    body: JSON.stringify({ kind: "scatter", y }),
    headers: {
      "Content-Type": "application/json",
      Accept: "application/pdf",
      "Plotkiln-Ask": "this",
    },
    signal: window.abort.signal,
  }).then(() => "drawn", ({ name }) => name);
}
"""
_GIVE_UP = """
() => {
  window.abort.abort();
  navigator.serviceWorker.controller.postMessage({ type: "give up", ask: "this" });
  return window.asked;
}
"""


def test_a_drawing_that_is_given_up_stores_nothing(page: Page, own_kiln: StyledKiln) -> None:
    """The worker gives it up with the page: the server stops drawing, and no half is stored."""
    open_app(page, own_kiln.url)
    page.evaluate(_ASK)
    wait_until(
        lambda: "plotkiln_renders_in_flight 1.0" in httpx.get(f"{own_kiln.url}/metrics").text
    )
    assert page.evaluate(_GIVE_UP) == "AbortError"
    wait_until(lambda: '"path":"/plot","status":499' in own_kiln.log.read_text())
    assert stored(page) == []
