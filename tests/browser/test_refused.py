"""What the web app says to people who may little, or ask too much."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Response, expect

from browser.apps import assert_accessible, take_screenshots
from browser.benches import SALES, etag, paste
from browser.recorder import Recorder
from browser.signing import opened
from browser.workers import listen, told
from conftest import require
from issuers import Issuer
from kilns import Kiln
from people import guarded_kiln

#: Asks until the burst of requests is used up; the next one comes a minute later.
_SPEND = """
async () => {
  for (let asked = 0; asked < 200; asked++) {
    if ((await fetch("/styles", { cache: "no-store" })).status === 429) return true;
  }
  return false;
}
"""

#: Has a chart drawn as a job.
_SUBMIT = """
async () => {
  const { csrf } = await (await fetch("/session")).json();
  const headers = { "Content-Type": "application/json", "Plotkiln-CSRF": csrf };
  const body = JSON.stringify({ title: "Mine", y: [1, 2] });
  return (await fetch("/jobs", { method: "POST", headers, body })).status;
}
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """Start a provider."""
    require(Issuer.is_installed(), "the OpenID provider", mend="make test")
    with Issuer() as running:
        yield running


@pytest.fixture(scope="module")
def strict(
    built_app: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kiln]:
    """Start a server at which designers look at styles, and all others do nothing."""
    with guarded_kiln(
        issuer,
        tmp_path_factory.mktemp("strict"),
        PLOTKILN_WORKERS="1",
        PLOTKILN_OIDC_SCOPES="",
        PLOTKILN_OIDC_GRANTS="groups/design=styles:read",
    ) as kiln:
        yield kiln


@pytest.fixture(scope="module")
def limited(
    built_app: Path, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Kiln]:
    """Start a server that lets each principal ask once a minute, after a burst."""
    data = tmp_path_factory.mktemp("limited")
    with guarded_kiln(issuer, data, PLOTKILN_RATE="1", PLOTKILN_WORKERS="1") as kiln:
        yield kiln


@pytest.fixture(autouse=True)
def refusals(recorder: Recorder) -> None:
    """Browsers log each refusal as an error, and the provider has no icon and asks for fonts."""
    recorder.allow(r"status of 4(01|03|29)")
    recorder.allow("HTTP Authentication failed")
    recorder.allow(r"/favicon\.ico")
    recorder.allow("ERR_NAME_NOT_RESOLVED")


def is_refused_picture(answer: Response) -> bool:
    """Say whether an answer is one to the worker, which looks after a stored picture."""
    return answer.status == 429 and "/charts/" in answer.url


def previews(page: Page) -> list[Request]:
    """Return the list to which each preview of a style is added that is asked for."""
    asked: list[Request] = []
    page.on("request", lambda one: asked.append(one) if one.url.endswith("/preview") else None)
    return asked


def test_a_kept_picture_that_is_asked_for_too_often_is_no_failure(
    context: BrowserContext, limited: Kiln
) -> None:
    """A refusal for now says nothing of the chart: no message, and nothing on its card."""
    page = opened(context, limited)
    paste(page, SALES)
    etag(page)
    page.get_by_role("button", name="Keep").first.click()
    page.get_by_text("in the gallery.").wait_for()
    listen(page)
    assert page.evaluate(_SPEND)
    for _ in range(2):  # one at a time: when the second is asked, the first was told of
        with context.expect_event("response", is_refused_picture):
            page.evaluate("dispatchEvent(new Event('focus'))")
    assert told(page, "refused") == []
    page.get_by_role("link", name="Gallery").click()
    card = page.get_by_role("main").get_by_role("listitem")
    expect(card).to_have_count(1)
    expect(card).not_to_contain_text("failed")


def test_whoever_only_reads_styles_has_no_second_picture_drawn(
    context: BrowserContext, limited: Kiln
) -> None:
    """Without edits there is one side, and nothing is asked for to compare it with."""
    page = opened(context, limited, "bob")
    asked = previews(page)
    page.goto(f"{limited.url}/#/styles/default")
    expect(page.locator(".styles-figure img")).to_have_count(1)
    assert asked == []


def test_where_the_stored_side_cannot_be_drawn_it_says_why(
    context: BrowserContext, strict: Kiln
) -> None:
    """Whoever may read styles and draw nothing sees the reason beside the empty frame."""
    page = opened(context, strict, "ada")
    page.goto(f"{strict.url}/#/styles/default")
    said = page.locator(".styles-said")
    expect(said).to_contain_text("You may not draw charts and look at pictures.")
    assert_accessible(page)
    take_screenshots(page, "styles-undrawn")


def test_whoever_may_nothing_is_told_so(context: BrowserContext, strict: Kiln) -> None:
    """It is a whole sentence, and says who can mend it, in both languages."""
    page = opened(context, strict, "eve")
    page.get_by_role("link", name="Settings").click()
    main = page.get_by_role("main")
    expect(main.get_by_role("region", name="Signed in")).to_contain_text(
        "You may not do anything here yet. Whoever looks after this server can allow it."
    )
    take_screenshots(page, "account-nothing")
    page.get_by_text("中文").click()
    expect(main.get_by_role("region", name="已登录")).to_contain_text("你还没有任何权限")


def test_the_address_of_a_jobs_picture_is_for_its_owner(
    new_context: Callable[..., BrowserContext], limited: Kiln
) -> None:
    """Nobody else can open it, and that is said when it is copied."""
    page = opened(new_context(permissions=["clipboard-read", "clipboard-write"]), limited, "eve")
    assert page.evaluate(_SUBMIT) == 202
    page.get_by_role("link", name="Jobs").click()
    page.get_by_role("button", name="Copy the address: Mine").click()
    expect(page.get_by_text("Only you can open this address, signed in.")).to_be_visible()
