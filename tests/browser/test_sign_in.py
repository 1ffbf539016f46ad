"""Signing in and out in the web app, at the real provider, and what belongs to whom."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from browser.apps import assert_accessible, open_app, take_screenshots, wait_for
from browser.benches import SALES, etag, paste, picture, preview, section
from browser.recorder import Recorder
from browser.signing import (
    REMAINS,
    end_session,
    opened,
    sign_in,
    sign_out,
    signed_out_line,
)
from conftest import require
from issuers import Issuer
from kilns import Kiln
from people import guarded_kiln

#: Thirty-two bytes, as no server should have them.
KEYS = "first:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="

NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Start a provider."""
    require(Issuer.is_installed(), "the OpenID provider", mend="make test")
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def guarded(
    built_app: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kiln]:
    """Start a server at which people sign in, and which signs addresses."""
    data = tmp_path_factory.mktemp("guarded")
    with guarded_kiln(issuer, data, PLOTKILN_SIGNING_KEYS=KEYS, PLOTKILN_WORKERS="1") as kiln:
        yield kiln


@pytest.fixture(scope="module")
def narrow(
    built_app: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kiln]:
    """Start a server at which people draw and do nothing else, and which signs nothing."""
    data = tmp_path_factory.mktemp("narrow")
    with guarded_kiln(issuer, data, PLOTKILN_OIDC_SCOPES="render", PLOTKILN_WORKERS="1") as kiln:
        yield kiln


@pytest.fixture(autouse=True)
def refusals(recorder: Recorder) -> None:
    """Browsers log each answer of 401 and 403 as an error."""
    recorder.allow(r"status of 40[13]")
    recorder.allow("HTTP Authentication failed")
    recorder.allow("ERR_INTERNET_DISCONNECTED")
    recorder.allow(r"status of 503 .*/plot")
    # the provider has no icon, and asks for fonts that are not here
    recorder.allow(r"/favicon\.ico")
    recorder.allow("ERR_NAME_NOT_RESOLVED")


def test_the_draft_waits_for_whoever_signs_in(context: BrowserContext, guarded: Kiln) -> None:
    """What is made before signing in is there afterwards, at the same place, and is drawn."""
    page = open_app(context.new_page(), guarded.url)
    signed_out_line(page)
    paste(page, SALES)
    expect(preview(page)).to_contain_text("The chart is drawn once you are signed in.")
    assert_accessible(page)
    take_screenshots(page, "sign-in-first")
    sign_in(page, "ada")
    etag(page)
    expect(section(page, "Data")).to_contain_text("North")
    expect(page.locator(".banner")).to_have_count(0)


def test_one_comes_back_to_where_one_was(context: BrowserContext, guarded: Kiln) -> None:
    """The way through the provider ends in the view where it began."""
    page = open_app(context.new_page(), guarded.url)
    page.get_by_role("link", name="Gallery").click()
    page.get_by_role("heading", name="Nothing kept yet").wait_for()
    sign_in(page, "ada")
    assert page.url == f"{guarded.url}/#/gallery"


def test_a_session_that_ends_takes_nothing(context: BrowserContext, guarded: Kiln) -> None:
    """The last picture stays, a line says what to do, and signing in again goes on with it."""
    page = opened(context, guarded)
    paste(page, SALES)
    page.get_by_role("button", name="Keep").first.click()
    page.get_by_text("in the gallery.").wait_for()
    before = etag(page)
    end_session(context, guarded)
    # whoever comes back to the page has the picture looked after
    page.evaluate("dispatchEvent(new Event('focus'))")
    signed_out_line(page)
    title = section(page, "Refine").get_by_label("Title", exact=True).first
    title.fill("Sales of the regions")
    line = page.locator(".banner", has_text="You are signed out. Your work is still here.")
    expect(line).to_be_visible()
    expect(picture(page)).to_have_attribute("data-etag", before)
    assert_accessible(page)
    take_screenshots(page, "signed-out")
    page.get_by_role("link", name="Gallery").click()
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("main")).not_to_contain_text("Say who you are")
    page.get_by_role("link", name="Chart", exact=True).click()
    sign_in(page, "ada", known=True)
    expect(picture(page)).not_to_have_attribute("data-etag", before)
    expect(title).to_have_value("Sales of the regions")


def test_other_tabs_go_on_when_one_signs_in(context: BrowserContext, guarded: Kiln) -> None:
    """Signing in somewhere takes the line away everywhere, and draws what waited."""
    page = opened(context, guarded)
    end_session(context, guarded)
    paste(page, SALES)
    signed_out_line(page)
    other = open_app(context.new_page(), guarded.url)
    sign_in(other, "ada", known=True)
    expect(page.locator(".banner")).to_have_count(0)
    etag(page)


def test_signing_out_leaves_nothing(context: BrowserContext, guarded: Kiln) -> None:
    """Charts, drafts and pictures go, in every tab; language and appearance stay."""
    page = opened(context, guarded)
    page.evaluate("localStorage.setItem('plotkiln.theme', 'dark')")
    paste(page, SALES)
    etag(page)
    page.get_by_role("button", name="Keep").first.click()
    page.get_by_text("in the gallery.").wait_for()
    other = open_app(context.new_page(), guarded.url)
    etag(other)
    sign_out(page)
    page.goto(guarded.url)
    remains = page.evaluate(REMAINS)
    assert remains["pictures"] == []
    assert not remains["records"]["charts"]
    assert remains["storage"]["plotkiln.theme"] == "dark"
    assert "plotkiln.jobs" not in remains["storage"]
    for one in (page, other):
        signed_out_line(one)
        expect(section(one, "Data").get_by_label("Paste a table")).to_have_value("")
    sign_in(page, "bob")
    page.get_by_role("link", name="Gallery").click()
    page.get_by_role("heading", name="Nothing kept yet").wait_for()


def test_signing_out_here_alone_leads_back_to_the_start(
    context: BrowserContext, guarded: Kiln
) -> None:
    """Whoever stays signed in at the provider comes in again without a word."""
    page = opened(context, guarded)
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Sign out at the identity provider").uncheck()
    dialog.get_by_role("button", name="Sign out").click()
    signed_out_line(page)
    assert page.url == f"{guarded.url}/"
    sign_in(page, "ada", known=True)


def test_the_next_one_sees_nothing_of_the_last(context: BrowserContext, guarded: Kiln) -> None:
    """Where a session ran out and somebody else signs in, what the last one left is removed."""
    page = opened(context, guarded)
    paste(page, SALES)
    etag(page)
    page.get_by_role("button", name="Keep").first.click()
    page.get_by_text("in the gallery.").wait_for()
    end_session(context, guarded)
    context.clear_cookies()
    other = open_app(context.new_page(), guarded.url)
    sign_in(other, "bob")
    for one in (other, page):
        expect(section(one, "Data").get_by_label("Paste a table")).to_have_value("")
        expect(one.get_by_role("img", name="Sales")).to_have_count(0)
    remains = other.evaluate(REMAINS)
    assert (remains["pictures"], remains["records"]["charts"]) == ([], 0)


def test_settings_tell_who_is_signed_in(context: BrowserContext, guarded: Kiln) -> None:
    """Name, scopes in words, and what signing out takes, in both languages."""
    page = opened(context, guarded)
    page.get_by_role("link", name="Settings").click()
    who = page.get_by_role("region", name="Signed in")
    expect(who).to_contain_text("Ada")
    expect(who.get_by_role("listitem")).to_have_text(
        [
            "draw charts and look at pictures",
            "have charts drawn as jobs",
            "see styles and their history",
            "change styles",
        ]
    )
    assert_accessible(page)
    take_screenshots(page, "account")
    who.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("dialog")).to_contain_text("That cannot be undone.")
    assert_accessible(page)
    page.get_by_role("button", name="Stay signed in").click()
    page.get_by_text("中文").click()
    expect(page.get_by_role("region", name="已登录")).to_contain_text("修改样式")
    assert_accessible(page)
    take_screenshots(page, "account-zh")


def test_styles_are_only_read_by_those_who_may_not_write(
    context: BrowserContext, guarded: Kiln
) -> None:
    """Whoever lacks `styles:write` sees everything, can change nothing, and is told why."""
    page = opened(context, guarded, "bob")
    page.get_by_role("link", name="Styles").click()
    note = page.get_by_role("note")
    expect(note).to_contain_text("You may not change styles.")
    expect(page.get_by_role("button", name="New style")).to_have_count(0)
    assert_accessible(page)
    page.goto(f"{guarded.url}/#/styles/default")
    expect(note).to_contain_text("(styles:write)")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_label("extends", exact=True)).to_be_disabled()
    editor = page.locator(".cm-content")
    expect(editor).to_have_attribute("aria-readonly", "true")
    editor.click()
    page.keyboard.type("nonsense")
    expect(editor).not_to_contain_text("nonsense")
    assert page.evaluate("localStorage.getItem('plotkiln.style.default')") is None
    assert_accessible(page)
    take_screenshots(page, "styles-read-only")


def test_who_may_only_draw_is_told_so_everywhere(context: BrowserContext, narrow: Kiln) -> None:
    """Jobs, events, styles and the export say what is missing, in words and not as faults."""
    page = opened(context, narrow, "eve")
    paste(page, SALES)
    etag(page)
    expect(section(page, "Export").get_by_role("note")).to_contain_text("drawn as jobs")
    views = {"Jobs": "drawn as jobs", "Events": "events of this server", "Styles": "see styles"}
    for view, act in views.items():
        page.get_by_role("navigation").get_by_role("link", name=view).click()
        expect(page.get_by_role("main").get_by_role("note")).to_contain_text(act)
        expect(page.get_by_role("alert")).to_have_count(0)
        assert_accessible(page)
        take_screenshots(page, f"lacking-{view.lower()}")


def test_copied_addresses_are_signed(new_context: NewContext, guarded: Kiln) -> None:
    """Whoever has the address sees the picture without signing in; until when is said."""
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = opened(context, guarded)
    paste(page, SALES)
    etag(page)
    export = section(page, "Export")
    export.get_by_label("Good for").select_option("a week")
    export.get_by_role("button", name="Copy address").click()
    expect(export).to_contain_text("The address that was copied is good until")
    address = page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(f"{guarded.url}/charts/")
    assert httpx.get(address, timeout=60).headers["content-type"] == "image/png"
    assert httpx.get(address.partition("?")[0], timeout=60).status_code == 401
    assert_accessible(page)
    export.scroll_into_view_if_needed()
    take_screenshots(page, "export-signed")
    export.get_by_label("Good for").select_option("a day")
    expect(export).not_to_contain_text("The address that was copied is good until")


def test_where_nothing_is_signed_it_is_said(
    new_context: NewContext, narrow: Kiln, recorder: Recorder
) -> None:
    """Without keys to sign with, whoever opens the address must be signed in."""
    recorder.allow(r"status of 409 .*/addresses")
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    page = opened(context, narrow)
    paste(page, SALES)
    etag(page)
    export = section(page, "Export")
    export.get_by_role("button", name="Copy address").click()
    expect(export).to_contain_text("whoever opens the copied one must be signed in")
    assert "signature" not in page.evaluate("navigator.clipboard.readText()")


def test_signed_in_yesterday_and_offline_today(context: BrowserContext, guarded: Kiln) -> None:
    """Without a network the app opens and shows what is there; what waits is drawn afterwards."""
    page = opened(context, guarded)
    paste(page, SALES)
    before = etag(page)
    context.set_offline(True)
    page.reload()
    assert etag(page) == before
    title = section(page, "Refine").get_by_label("Title", exact=True).first
    title.fill("Drawn behind")
    expect(preview(page)).to_contain_text("waits")
    context.set_offline(False)
    expect(picture(page)).not_to_have_attribute("data-etag", before)
    expect(page.locator(".banner")).to_have_count(0)


def test_pictures_need_no_token_of_the_page(context: BrowserContext, guarded: Kiln) -> None:
    """The worker draws what waits in the queue for whoever is signed in by then."""
    page = opened(context, guarded)
    paste(page, SALES)
    etag(page)
    context.set_offline(True)
    section(page, "Refine").get_by_label("Title", exact=True).first.fill("Later")
    expect(preview(page)).to_contain_text("waits")
    end_session(context, guarded)
    context.clear_cookies()
    context.set_offline(False)
    signed_out_line(page)
    wait_for(page, "fetch('/session').then((answer) => answer.json()).then((one) => !one.name)")
    sign_in(page, "ada")
    etag(page)
    expect(page.get_by_label("Title", exact=True).first).to_have_value("Later")


@pytest.mark.browser_context_args(locale="zh-CN", color_scheme="dark")
def test_all_of_it_in_chinese_and_in_the_dark(context: BrowserContext, narrow: Kiln) -> None:
    """Each of these states is said in Chinese, and nobody is shut out of it."""
    page = open_app(context.new_page(), narrow.url)
    expect(page.locator(".banner")).to_contain_text("此服务器需要登录后才能绘图。")
    page.evaluate("localStorage.setItem('plotkiln.owner', 'user:bob')")
    page.reload()
    expect(page.locator(".banner")).to_contain_text("做好的内容都还在。")
    page.get_by_text("每月销售额").click()
    expect(page.get_by_role("region", name="预览")).to_contain_text("登录后即会绘制此图表。")
    assert_accessible(page)
    take_screenshots(page, "zh-signed-out")
    page.locator(".banner").get_by_role("link", name="登录").click()
    page.locator("input[name=login]").fill("bob")
    page.get_by_role("button", name="Sign in").click()
    page.locator("img[data-etag]").wait_for()
    for view, words in {
        "任务": "以任务方式绘制图表",
        "事件": "查看此服务器的事件",
        "样式": "查看样式及其历史",
        "设置": "绘制图表、查看图片",
    }.items():
        page.get_by_role("navigation").get_by_role("link", name=view).click()
        expect(page.get_by_role("main")).to_contain_text(words)
        assert_accessible(page)
        take_screenshots(page, f"zh-{view}")


def test_a_socket_at_another_host_is_opened_by_a_ticket(
    context: BrowserContext, issuer: Issuer, tmp_path: Path
) -> None:
    """No cookie goes to another host: each socket there shows a ticket that is good once."""
    kiln = guarded_kiln(issuer, tmp_path / "elsewhere", PLOTKILN_WORKERS="1")
    kiln.settings |= {
        "PLOTKILN_LIVE_URL": f"ws://localhost:{kiln.port}/live",
        "PLOTKILN_LIVE_ORIGINS": kiln.url,
    }
    with kiln:
        page = opened(context, kiln)
        with page.expect_websocket() as opening:
            paste(page, SALES)
            etag(page)
        socket = opening.value
        assert socket.url.startswith(f"ws://localhost:{kiln.port}/live?")
        assert "&ticket=" in socket.url
        assert "plotkiln.live." in str(socket.wait_for_event("framereceived"))
