"""Without a network: what is stored opens, what is new waits, nothing is lost."""

import re
from collections.abc import Sequence

from playwright.sync_api import Page, Route, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.recorder import Recorder
from browser.test_gallery import assert_shows_picture, bring, card
from browser.workers import count, draw, listen, spec, stop_workers, wait_for_news
from servers import wait_until
from styled_kilns import StyledKiln

NO_NETWORK = "ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|503|Failed to fetch"


def test_a_page_opened_offline_shows_the_gallery(app: Page, recorder: Recorder) -> None:
    """The app starts without any network, with a cold worker: pictures, names, and a word on it."""
    recorder.allow(NO_NETWORK)
    app.get_by_role("link", name="Gallery").click()
    bring(app, spec("Kept"), spec("Kept too", kind="bar"))
    assert_shows_picture(app, "Kept")
    assert_shows_picture(app, "Kept too")
    address, context = app.url, app.context
    app.close()
    context.set_offline(True)
    page = context.new_page()
    stop_workers(page)
    page.goto(address)
    assert_shows_picture(page, "Kept")
    assert_shows_picture(page, "Kept too")
    expect(page.get_by_role("status").first).to_contain_text("Offline")
    assert_accessible(page)
    take_screenshots(page, "gallery-offline")
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    page.get_by_role("link", name="Chart", exact=True).click()
    expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()


def test_a_page_loaded_past_the_worker_shows_the_gallery(app: Page) -> None:
    """A hard reload leaves the page without a worker: it reads the stored pictures itself."""
    app.get_by_role("link", name="Gallery").click()
    bring(app, spec("Kept"))
    assert_shows_picture(app, "Kept")
    app.add_init_script("delete Navigator.prototype.serviceWorker")
    app.reload()
    assert_shows_picture(app, "Kept")
    shown = app.get_by_role("listitem").get_by_role("img")
    expect(shown).to_have_attribute("src", re.compile("^blob:"))


def test_a_stored_chart_is_answered_offline(app: Page, recorder: Recorder) -> None:
    """Offline, a chart that was drawn before comes from the store, and the page hears why."""
    recorder.allow(NO_NETWORK)
    before = draw(app, spec("Stored"))
    app.context.set_offline(True)
    listen(app)
    again = draw(app, spec("Stored"))
    assert again["digest"] == before["digest"]
    wait_for_news(app, "unreachable", before["headers"]["plotkiln-key"])
    expect(app.get_by_role("status").first).to_contain_text("Offline")


def test_a_new_chart_is_a_typed_error_offline(app: Page, recorder: Recorder) -> None:
    """Without a network and a stored picture the answer is a problem that says so."""
    recorder.allow(NO_NETWORK)
    app.context.set_offline(True)
    answer = draw(app, spec("Never seen"))
    assert answer["status"] == 503
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert answer["problem"]["type"] == "/docs#offline"


def test_the_queue_is_drawn_when_the_network_returns(app: Page, recorder: Recorder) -> None:
    """Charts that came while offline wait, survive a reload, and are drawn by themselves."""
    recorder.allow(NO_NETWORK)
    app.get_by_role("link", name="Gallery").click()
    app.context.set_offline(True)
    bring(app, spec("Waits"), spec("Waits, too"))
    expect(card(app, "Waits, too")).to_contain_text("Waits for the network")
    take_screenshots(app, "gallery-queued")
    app.reload()
    expect(card(app, "Waits, too")).to_contain_text("Waits for the network")
    app.context.set_offline(False)
    assert_shows_picture(app, "Waits, too")
    expect(app.get_by_text("Waits for the network")).to_have_count(0)


def test_the_queue_is_drawn_when_the_server_returns(
    page: Page, own_kiln: StyledKiln, recorder: Recorder
) -> None:
    """The browser has its network all along; that the server is away and back is seen by asking."""
    recorder.allow(NO_NETWORK)
    open_app(page, f"{own_kiln.url}/#/gallery")
    own_kiln.stop()
    bring(page, spec("Waits"))
    expect(card(page, "Waits")).to_contain_text("Waits for the network")
    page.reload()
    expect(card(page, "Waits")).to_contain_text("Waits for the network")
    own_kiln.start()
    assert_shows_picture(page, "Waits")
    assert count(own_kiln, "drawn") == 1


def test_what_is_refused_is_not_retried(app: Page, recorder: Recorder) -> None:
    """A queued chart that the server refuses fails once, with its reason, and leaves the queue."""
    recorder.allow(f"{NO_NETWORK}|422")
    app.get_by_role("link", name="Gallery").click()
    app.context.set_offline(True)
    bring(app, spec("Lost", style="nowhere"), spec("Fine"))
    expect(card(app, "Lost")).to_contain_text("Waits for the network")
    refused: list[str] = []
    app.context.on("response", lambda one: refused.append(one.url) if one.status == 422 else None)
    app.context.set_offline(False)
    expect(card(app, "Lost")).to_contain_text(re.compile("Not drawn:.*nowhere"))
    assert_shows_picture(app, "Fine")
    wait_until(lambda: app.evaluate(_WAITING) == 0)
    app.reload()
    assert_shows_picture(app, "Fine")
    assert len(refused) == 1


def test_the_queue_outlasts_a_busy_server(app: Page, recorder: Recorder) -> None:
    """503 is no refusal for good: the chart goes on waiting, and comes with the next try."""
    recorder.allow(NO_NETWORK)
    app.get_by_role("link", name="Gallery").click()
    busy: list[str] = []

    def refuse(route: Route) -> None:
        busy.append(route.request.url)
        route.fulfill(status=503, content_type="application/problem+json", body="{}")

    app.context.route("**/plot", refuse)
    bring(app, spec("Patient"))
    wait_in(app, busy)
    expect(card(app, "Patient")).to_contain_text("Is being drawn")
    app.context.unroute("**/plot")
    app.evaluate("dispatchEvent(new Event('focus'))")
    assert_shows_picture(app, "Patient")


def test_a_chart_that_fails_holds_up_no_other(app: Page, recorder: Recorder) -> None:
    """The oldest gets a 500 each time: it waits on, and those behind it are drawn."""
    recorder.allow(f"{NO_NETWORK}|500")
    app.get_by_role("link", name="Gallery").click()

    def refuse(route: Route) -> None:
        if "Broken" in (route.request.post_data or ""):
            route.fulfill(status=500, content_type="application/problem+json", body="{}")
        else:
            route.continue_()

    app.context.route("**/plot", refuse)
    bring(app, spec("Broken"), spec("Behind"), spec("Last"))
    assert_shows_picture(app, "Behind")
    assert_shows_picture(app, "Last")
    expect(card(app, "Broken")).to_contain_text("Is being drawn")
    app.context.unroute("**/plot")
    app.evaluate("dispatchEvent(new Event('focus'))")
    assert_shows_picture(app, "Broken")


def test_the_queue_is_drawn_without_a_page(app: Page, recorder: Recorder) -> None:
    """Background Sync draws what waits though no page is open; the next page finds it drawn."""
    recorder.allow(NO_NETWORK)
    app.get_by_role("link", name="Gallery").click()
    context, address = app.context, app.url
    context.set_offline(True)
    bring(app, spec("Waits"))
    expect(card(app, "Waits")).to_contain_text("Waits for the network")
    app.close()
    context.set_offline(False)
    drawn: list[str] = []
    context.on("response", lambda one: drawn.append(one.url) if one.ok else None)
    sync(context.new_page(), address)
    wait_in(context.pages[0], drawn)
    page = context.new_page()
    page.goto(address)
    assert_shows_picture(page, "Waits")


def wait_in(page: Page, seen: Sequence[object]) -> None:
    """Wait until the browser's events have filled a list."""

    def filled() -> bool:
        # Events are handed out while Playwright works.
        page.evaluate("1")
        return bool(seen)

    wait_until(filled)


def sync(page: Page, address: str) -> None:
    """Let the browser find that the network is back, as it does at its leisure."""
    devtools = page.context.new_cdp_session(page)
    seen: list[dict[str, str]] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda one: seen.extend(one["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    wait_in(page, seen)
    devtools.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": address.split("/#", maxsplit=1)[0],
            "registrationId": seen[0]["registrationId"],
            "tag": "drain",
            "lastChance": False,
        },
    )


_WAITING = """new Promise((done) => {
    indexedDB.open("plotkiln").onsuccess = ({ target }) => {
        const read = target.result.transaction("queue").objectStore("queue").count();
        read.onsuccess = () => { target.result.close(); done(read.result); };
    };
})"""


def test_a_download_that_needs_the_network_says_so(app: Page, recorder: Recorder) -> None:
    """Offline, the kept format is downloaded from the store; another one is explained."""
    recorder.allow(NO_NETWORK)
    app.get_by_role("link", name="Gallery").click()
    bring(app, spec("Kept"))
    assert_shows_picture(app, "Kept")
    app.context.set_offline(True)
    menu = card(app, "Kept").get_by_label("Download", exact=True)
    menu.click()
    with app.expect_download():
        app.get_by_role("button", name="Download Kept as PNG").click()
    menu.click()
    app.get_by_role("button", name="Download Kept as PDF").click()
    app.get_by_text("this format was never drawn here, and there is no network").wait_for()
