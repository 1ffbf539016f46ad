"""Whose work a browser shows and sends, where the server does not say at once who is signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.benches import SALES, etag, paste, preview, section
from browser.recorder import Recorder
from browser.signing import REMAINS, end_session, opened, sign_in, signed_out_line
from conftest import require
from issuers import Issuer
from kilns import Kiln
from people import guarded_kiln
from servers import wait_until
from styled_kilns import StyledKiln

#: In Ada's chart alone.
ADAS = "What Ada draws"

HELD = "The server has not said yet who is signed in."


@pytest.fixture(scope="module")
def guarded(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server at which people sign in."""
    require(Issuer.is_installed(), "the OpenID provider", mend="make test")
    data = tmp_path_factory.mktemp("whose")
    with Issuer() as issuer, guarded_kiln(issuer, data, PLOTKILN_WORKERS="1") as kiln:
        yield kiln


@pytest.fixture(autouse=True)
def refusals(recorder: Recorder) -> None:
    """Browsers log what these tests have refused, and what the provider's pages lack."""
    recorder.allow(r"status of 40[13]")
    recorder.allow(r"status of 503 .*/(session|plot)")
    recorder.allow("HTTP Authentication failed")
    recorder.allow("ERR_INTERNET_DISCONNECTED")
    recorder.allow(r"/favicon\.ico")
    recorder.allow("ERR_NAME_NOT_RESOLVED")


def test_what_one_left_is_held_back_until_it_is_known_who_came(
    context: BrowserContext, guarded: Kiln
) -> None:
    """A server that cannot read the session lets nobody see Ada's work; Bob's own stays then."""
    leave_work(context, guarded)
    page = open_app(context.new_page(), guarded.url)
    signed_out_line(page)
    context.route("**/session", cannot_tell)
    come_as_bob(page)
    expect(page.locator(".banner")).to_contain_text(HELD)
    assert_accessible(page)
    take_screenshots(page, "held-back")
    page.get_by_role("link", name="Gallery").click()
    expect(page.get_by_role("main")).to_be_empty()
    assert ADAS not in page.content()
    context.unroute("**/session")
    # the server is asked again by itself, and the page begins anew as Bob's
    page.get_by_role("heading", name="Nothing kept yet").wait_for()
    expect(page.locator(".banner")).to_have_count(0)
    assert page.evaluate(REMAINS)["storage"]["plotkiln.owner"] == "user:bob"
    page.get_by_role("link", name="Chart", exact=True).click()
    paste(page, SALES)
    etag(page)
    page.reload()
    expect(section(page, "Data")).to_contain_text("North")


def test_a_server_that_hangs_holds_back_no_more_than_the_work(
    context: BrowserContext, guarded: Kiln
) -> None:
    """Navigation stands at once, a line says what is waited for, and the work follows."""
    leave_work(context, guarded)
    context.route("**/session", lambda _route: None)
    page = context.new_page()
    page.goto(guarded.url)
    expect(page.get_by_role("navigation", name="Views")).to_be_visible(timeout=4_000)
    expect(page.locator(".banner")).to_contain_text(HELD)
    expect(page.get_by_role("main")).to_be_empty()
    context.unroute("**/session")
    signed_out_line(page)
    expect(title(page)).to_have_value(ADAS)


def test_without_a_network_there_is_nothing_to_wait_for(
    context: BrowserContext, guarded: Kiln
) -> None:
    """Where no server answers at all, what is here is shown."""
    page = opened(context, guarded)
    paste(page, SALES)
    etag(page)
    context.set_offline(True)
    page.reload()
    expect(section(page, "Data")).to_contain_text("North")
    expect(page.locator(".banner")).not_to_contain_text(HELD)


def test_what_waits_is_sent_for_its_owner_alone(context: BrowserContext, guarded: Kiln) -> None:
    """Ada's queue is neither drawn nor stored as Bob's, however fast it is drained."""
    page = opened(context, guarded)
    paste(page, SALES)
    etag(page)
    context.set_offline(True)
    title(page).fill(ADAS)
    expect(preview(page)).to_contain_text("waits")
    wait_until(lambda: page.evaluate(REMAINS)["records"]["queue"] == 1, 60)
    context.clear_cookies()
    sent: list[str] = []
    context.on("request", lambda one: sent.append(one.post_data or ""))
    context.route("**/session", cannot_tell)
    context.set_offline(False)
    come_as_bob(page)
    expect(page.locator(".banner")).to_contain_text(HELD)
    context.unroute("**/session")
    with page.expect_response("**/session"):
        # as Background Sync does, whatever the pages know
        page.evaluate("navigator.serviceWorker.controller.postMessage({ type: 'drain' })")
    expect(page.locator(".banner")).to_have_count(0)
    expect(section(page, "Data").get_by_label("Paste a table")).to_have_value("")
    assert page.evaluate(REMAINS)["records"]["queue"] == 0
    assert not [body for body in sent if ADAS in body]


def test_who_owns_what_waits_has_it_drawn(context: BrowserContext, guarded: Kiln) -> None:
    """Ada herself, signed in again, finds drawn what she drew without a network."""
    page = opened(context, guarded)
    paste(page, SALES)
    before = etag(page)
    context.set_offline(True)
    title(page).fill(ADAS)
    expect(preview(page)).to_contain_text("waits")
    context.set_offline(False)
    expect(page.locator("img[data-etag]")).not_to_have_attribute("data-etag", before)
    wait_until(lambda: page.evaluate(REMAINS)["records"]["queue"] == 0, 60)


def test_nobody_asks_for_a_session_where_nobody_signs_in(
    context: BrowserContext, kiln: StyledKiln
) -> None:
    """Neither the page nor its worker does, whatever is drawn behind."""
    asked: list[str] = []
    context.on("request", lambda one: asked.append(one.url))
    page = open_app(context.new_page(), kiln.url)
    paste(page, SALES)
    before = etag(page)
    context.set_offline(True)
    title(page).fill("Later")
    expect(preview(page)).to_contain_text("waits")
    context.set_offline(False)
    expect(page.locator("img[data-etag]")).not_to_have_attribute("data-etag", before)
    assert not [url for url in asked if url.endswith("/session")]


def test_the_provider_ends_its_session_also_after_ours(
    context: BrowserContext, guarded: Kiln
) -> None:
    """Whoever signs out where the session has ended already does so at the provider, too."""
    page = opened(context, guarded)
    page.get_by_role("link", name="Settings").click()
    way_out = page.get_by_role("main").get_by_role("button", name="Sign out")
    way_out.wait_for()
    end_session(context, guarded)
    way_out.click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").wait_for()
    assert "/session/end" in page.url


def test_who_stays_signed_in_at_the_provider_is_told(
    context: BrowserContext, guarded: Kiln
) -> None:
    """Where the provider is told nothing, nobody leaves in the belief that it was."""
    page = opened(context, guarded)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    context.route("**/sign-out", tell_no_end)
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog", name="Signed out")
    expect(dialog).to_contain_text("The identity provider was not told")
    assert_accessible(page)
    take_screenshots(page, "provider-not-told")
    dialog.get_by_role("button", name="Understood").click()
    section(page, "Data").wait_for()
    signed_out_line(page)
    assert page.url == f"{guarded.url}/"
    assert page.evaluate(REMAINS)["storage"]["plotkiln.owner"] == ""


def test_settings_ask_anew_who_is_signed_in(context: BrowserContext, guarded: Kiln) -> None:
    """A session that ended is not shown as one that goes on; its owner can still leave."""
    page = opened(context, guarded)
    end_session(context, guarded)
    page.get_by_role("link", name="Settings").click()
    out = page.get_by_role("region", name="Signed out")
    expect(out.get_by_role("button", name="Sign out")).to_be_visible()
    signed_out_line(page)
    assert_accessible(page)


def test_the_line_comes_when_the_session_has_run_out(
    context: BrowserContext, guarded: Kiln
) -> None:
    """At the hour that the server named, without a request that is refused."""
    page = context.new_page()
    page.clock.install()
    open_app(page, guarded.url)
    sign_in(page, "ada")
    end_session(context, guarded)
    expect(page.locator(".banner")).to_have_count(0)
    page.clock.fast_forward("24:00:00")
    signed_out_line(page)


def leave_work(context: BrowserContext, kiln: Kiln) -> None:
    """Leave a chart of Ada's in work and in the gallery; her session runs out, at both ends."""
    page = opened(context, kiln)
    paste(page, SALES)
    title(page).fill(ADAS)
    etag(page)
    page.get_by_role("button", name="Keep").first.click()
    page.get_by_text("in the gallery.").wait_for()
    end_session(context, kiln)
    context.clear_cookies()
    page.close()


def come_as_bob(page: Page) -> None:
    """Sign in as Bob, by an address that any page may lead to."""
    page.goto(f"{page.url.partition('#')[0]}sign-in?next=/")
    page.locator("input[name=login]").fill("bob")
    with page.expect_response(lambda answer: "/sign-in/callback" in answer.url):
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()


def cannot_tell(route: Route) -> None:
    """Answer as a server whose store of sessions is away."""
    route.fulfill(status=503, json={"title": "Unavailable"})


def tell_no_end(route: Route) -> None:
    """End the session as a server whose provider has no address that ends its own."""
    route.fulfill(response=route.fetch(), json={"end": None})


def title(page: Page) -> Locator:
    """Return the field of the chart's title."""
    return page.get_by_label("Title", exact=True).first
