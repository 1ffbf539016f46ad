"""The view that lists jobs, and what it does with them."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.benches import SALES, etag, paste, preview, section
from browser.charting import allow_clipboard, clipboard_text
from browser.recorder import Recorder
from browser.slow_charts import (
    SlowKiln,
    bench_job,
    hide,
    job,
    order,
    settled,
    show,
    slow,
    slow_kiln,
    submit,
)
from servers import Consul, wait_until

#: Keeps what the page would have the system show; a click is a click on it.
_NOTE_NOTIFICATIONS = """
window.noted = [];
window.Notification = class extends Notification {
  constructor(title, options) {
    super(title, options);
    window.noted.push(this);
  }
};
"""


@pytest.fixture(scope="module")
def patient(
    built_app: Path, consul: Consul, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SlowKiln]:
    """Run a server that all tests of this file share."""
    with slow_kiln(tmp_path_factory.mktemp("list"), consul) as running:
        yield running


@pytest.fixture
def view(page: Page, patient: SlowKiln) -> Page:
    """Return the list of that server's jobs."""
    open_app(page, patient.url)
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Jobs").click()
    expect(page.get_by_role("heading", name="Jobs", level=1)).to_be_visible()
    return page


def row(page: Page, title: str) -> Locator:
    """Return the row of one job; a retried one comes before the one that failed."""
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.get_by_role("listitem").filter(has=heading).first


def small(title: str) -> dict[str, Any]:
    """Return a spec that is drawn in a moment."""
    return {"y": [1, 3, 2], "title": title, "size": {"width": 320, "height": 200}}


def test_without_jobs_it_says_how_one_comes_about(
    page: Page, built_app: Path, consul: Consul, tmp_path: Path
) -> None:
    """A list that is empty leads to the first job."""
    with slow_kiln(tmp_path / "empty", consul) as fresh:
        open_app(page, f"{fresh.url}/#/jobs")
        expect(page.get_by_role("heading", name="No jobs yet")).to_be_visible()
        take_screenshots(page, "jobs-empty")
        page.get_by_role("main").get_by_role("link", name="Make a chart").click()
        expect(page).to_have_title("Chart · plotkiln")


def test_a_job_is_followed_to_its_result(view: Page, patient: SlowKiln) -> None:
    """A job of somebody else appears by itself, tells how far it is, and leaves its picture."""
    submit(patient, slow("Followed", 4))
    followed = row(view, "Followed")
    expect(followed).to_contain_text("Being drawn")
    expect(followed).to_contain_text(re.compile(r"Resampling\s*\d+%"))
    expect(followed).to_contain_text("slow · PNG · default@0")
    expect(followed).to_contain_text("Done")
    ends = view.get_by_role("status").filter(has_text="“Followed” is done.")
    expect(ends).to_have_count(1)
    followed.get_by_role("link", name="Followed", exact=True).click()
    expect(view.get_by_role("heading", name="Followed", level=1)).to_be_visible()
    image = view.get_by_role("img", name="The picture of “Followed”")
    expect(image).to_have_js_property("complete", value=True)
    assert image.evaluate("(shown) => shown.naturalWidth") > 0
    view.get_by_role("link", name="All jobs").click()
    expect(row(view, "Followed")).to_be_visible()


def test_a_result_is_taken_elsewhere(view: Page, patient: SlowKiln) -> None:
    """It is downloaded under its title, and its address is copied."""
    allow_clipboard(view)
    submit(patient, small("To take along"))
    taken = row(view, "To take along")
    expect(taken).to_contain_text("Done")
    with view.expect_download() as begun:
        taken.get_by_role("link", name="Download: To take along").click()
    assert begun.value.suggested_filename == "to-take-along.png"
    taken.get_by_role("button", name="Copy the address: To take along").click()
    expect(taken.get_by_role("status")).to_have_text("Copied")
    answer = httpx.get(clipboard_text(view))
    assert answer.headers["content-type"] == "image/png"


def test_a_picture_that_cannot_be_fetched_leaves_a_sign(
    view: Page, patient: SlowKiln, recorder: Recorder
) -> None:
    """Without a network none is shown as broken, and all come with it."""
    recorder.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|status of 503|Failed to fetch")
    view.context.route("**/jobs/*/result", lambda route: route.abort())
    submit(patient, small("Not fetched"))
    expect(row(view, "Not fetched")).to_contain_text("Done")
    thumbnail = row(view, "Not fetched").locator(".jobs-thumbnail")
    expect(thumbnail.locator("svg")).to_be_visible()
    expect(thumbnail.locator("img")).to_have_count(0)
    row(view, "Not fetched").get_by_role("link", name="Not fetched", exact=True).click()
    expect(view.get_by_role("main")).to_contain_text("The picture could not be fetched.")
    view.context.set_offline(True)
    view.context.unroute_all()
    with view.expect_response("**/result"):
        view.context.set_offline(False)
    image = view.get_by_role("img", name="The picture of “Not fetched”")
    wait_until(lambda: image.evaluate("(shown) => shown.naturalWidth") > 0)


def test_jobs_are_cancelled_and_tried_again(view: Page, patient: SlowKiln) -> None:
    """Cancelling is undone by another try, from the notice and from the row."""
    submit(patient, slow("Back and forth", 30))
    held = row(view, "Back and forth")
    held.get_by_role("button", name="Cancel: Back and forth").click()
    expect(held).to_contain_text("It was cancelled before it was done.")
    notice = view.get_by_role("status").filter(has_text="was cancelled.").last
    notice.get_by_role("button", name="Try again").click()
    expect(held).to_contain_text("Being drawn")
    held.get_by_role("button", name="Cancel: Back and forth").click()
    expect(held).to_contain_text("Cancelled")
    held.get_by_role("button", name="Try again: Back and forth").click()
    expect(held.get_by_role("progressbar")).to_be_visible()
    held.get_by_role("button", name="Cancel: Back and forth").click()
    expect(held).to_contain_text("Cancelled")


def test_the_keyboard_keeps_its_place(view: Page, patient: SlowKiln) -> None:
    """Where a button goes away, what takes its place has the focus."""
    submit(patient, slow("By key", 60))
    expect(row(view, "By key")).to_contain_text("Being drawn")
    row(view, "By key").get_by_role("button", name="Cancel: By key").press("Enter")
    expect(row(view, "By key")).to_contain_text("Cancelled")
    link = row(view, "By key").get_by_role("link", name="By key", exact=True)
    expect(link).to_be_focused()
    link.press("Enter")
    expect(view.get_by_role("heading", name="By key", level=1)).to_be_visible()
    view.get_by_role("link", name="Chart", exact=True).click()
    order(view, "Key on stage", 60)
    bench_job(view).get_by_role("button", name="Cancel").press("Enter")
    again = preview(view).get_by_role("button", name="Draw again")
    expect(again).to_be_focused()
    again.press("Enter")
    expect(bench_job(view).get_by_role("button", name="Cancel")).to_be_focused()
    view.keyboard.press("Enter")
    expect(again).to_be_focused()


def test_what_is_under_way_stands_first(view: Page, patient: SlowKiln) -> None:
    """One long job before many quick ones is seen at once, and stays when it is over."""
    long = submit(patient, slow("Long", 120))
    for number in range(35):
        submit(patient, small(f"Quick {number:02}"))
    settled(patient, "Quick 34", "succeeded")
    view.reload()
    expect(view.get_by_role("heading", name="Under way", exact=True)).to_be_visible()
    expect(view.locator(".jobs-row").first).to_contain_text("Long")
    take_screenshots(view, "jobs-groups")
    httpx.delete(f"{patient.url}/jobs/{long['id']}")
    expect(view.get_by_role("heading", name="Under way", exact=True)).to_have_count(0)
    expect(row(view, "Long")).to_contain_text("Cancelled")
    filters = view.get_by_role("navigation", name="Show")  # both lists are read anew
    filters.get_by_role("link", name="Under way").click()
    expect(view.get_by_role("main")).to_contain_text("Nothing is under way")
    filters.get_by_role("link", name="All").click()
    expect(row(view, "Quick 34")).to_be_visible()
    expect(row(view, "Long")).to_contain_text("Cancelled")


def test_a_failed_job_says_why(view: Page, patient: SlowKiln) -> None:
    """The reason stands in the list, and with the job itself."""
    submit(patient, slow("Broken", 1.5, fails=True))
    broken = row(view, "Broken")
    expect(broken).to_contain_text("it was told to fail")
    broken.get_by_role("link", name="Broken", exact=True).click()
    expect(view.get_by_role("main")).to_contain_text("it was told to fail")
    expect(view.get_by_role("button", name="Try again: Broken")).to_be_visible()


def test_only_what_is_under_way(view: Page, patient: SlowKiln) -> None:
    """A filter leaves what is under way, and has an address of its own."""
    submit(patient, small("Over"))
    expect(row(view, "Over")).to_contain_text("Done")
    submit(patient, slow("Not over", 20))
    filters = view.get_by_role("navigation", name="Show")
    filters.get_by_role("link", name="Under way").click()
    expect(row(view, "Not over")).to_be_visible()
    expect(row(view, "Over")).to_have_count(0)
    view.reload()
    expect(row(view, "Not over")).to_be_visible()
    row(view, "Not over").get_by_role("button", name="Cancel: Not over").click()
    filters.get_by_role("link", name="All").click()
    filters.get_by_role("link", name="Under way").click()
    expect(view.get_by_role("main")).to_contain_text("Nothing is under way.")


def test_older_jobs_are_loaded(view: Page, patient: SlowKiln) -> None:
    """One page at a time, by keyboard, too: the focus is on the first that came."""
    for number in range(35):
        submit(patient, small(f"Number {number:02}"))
    settled(patient, "Number 34", "succeeded")
    view.reload()
    expect(row(view, "Number 34")).to_be_visible()
    expect(row(view, "Number 00")).to_have_count(0)
    more = view.get_by_role("button", name="Load older jobs")
    more.focus()
    view.keyboard.press("Enter")
    expect(row(view, "Number 00")).to_be_visible()
    expect(view.get_by_role("link", name="Number 04", exact=True)).to_be_focused()


def test_a_job_that_is_kept_no_more_says_so(
    view: Page, patient: SlowKiln, recorder: Recorder
) -> None:
    """An address of a job that is gone leads to the list."""
    recorder.allow("status of 404")
    view.goto(f"{patient.url}/#/jobs/{'a' * 26}")
    expect(view.get_by_role("main")).to_contain_text("This job is not kept any longer")
    view.get_by_role("link", name="All jobs").click()
    expect(view.get_by_role("heading", name="Jobs", level=1)).to_be_visible()


def test_without_a_network_a_job_waits_in_the_queue(
    view: Page, patient: SlowKiln, recorder: Recorder
) -> None:
    """Ordered offline it is listed, can be taken back, and is sent once there is a network."""
    recorder.allow("ERR_INTERNET_DISCONNECTED|status of 503|Failed to fetch")
    view.get_by_role("link", name="Chart", exact=True).click()
    paste(view, SALES)
    etag(view)
    view.context.set_offline(True)
    order(view, "Sent later", 3)
    expect(preview(view).get_by_role("alert")).to_contain_text("This chart waits")
    button = section(view, "Export").get_by_role("button", name="Draw as a job")
    button.click()
    expect(section(view, "Export")).to_contain_text("The job is sent once the network is back.")
    view.get_by_role("link", name="Jobs").first.click()
    waiting = view.get_by_role("region", name="Waiting for the network")
    waiting.get_by_role("button", name="Remove: Sent later").click()
    expect(waiting).to_have_count(0)
    notice = view.locator(".notice").filter(has_text="is not sent.")
    notice.get_by_role("button", name="Undo").click()
    expect(waiting).to_contain_text("Sent later")
    take_screenshots(view, "jobs-offline")
    view.context.set_offline(False)
    expect(waiting).to_have_count(0)
    expect(row(view, "Sent later")).to_be_visible()
    settled(patient, "Sent later", "succeeded")


def test_an_order_that_is_refused_keeps_its_place(
    view: Page, patient: SlowKiln, recorder: Recorder
) -> None:
    """It is told under its own name, stays listed with the reason, and is opened to be mended."""
    recorder.allow("ERR_INTERNET_DISCONNECTED|status of (503|422)|Failed to fetch")
    view.get_by_role("link", name="Chart", exact=True).click()
    paste(view, SALES)
    etag(view)
    view.context.set_offline(True)
    paste(view, json.dumps({"template": "slow", "params": {"seconds": "soon", "title": "Wrong"}}))
    section(view, "Export").get_by_role("button", name="Draw as a job").click()
    expect(section(view, "Export")).to_contain_text("The job is sent once the network is back.")
    view.get_by_role("link", name="Jobs").first.click()
    view.context.set_offline(False)
    expect(view.locator(".notice").filter(has_text="“Wrong” cannot be a job:")).to_be_visible()
    refused = view.get_by_role("region", name="Refused")
    expect(refused).to_contain_text('expected a number, got "soon"')
    take_screenshots(view, "jobs-refused")
    view.reload()
    refused.get_by_role("button", name="Remove: Wrong").click()
    expect(refused).to_have_count(0)
    notice = view.locator(".notice").filter(has_text="is not sent.")
    notice.get_by_role("button", name="Undo").click()
    refused.get_by_role("button", name="Open: Wrong").click()
    expect(view).to_have_title("Chart · plotkiln")
    expect(preview(view).get_by_role("alert")).to_contain_text("expected a number")


def test_a_removal_is_undone_with_a_network(
    view: Page, patient: SlowKiln, recorder: Recorder
) -> None:
    """An order that is put back where the server can be reached is sent at once."""
    recorder.allow("ERR_INTERNET_DISCONNECTED|status of 503|Failed to fetch")
    view.get_by_role("link", name="Chart", exact=True).click()
    paste(view, SALES)
    etag(view)
    view.context.set_offline(True)
    order(view, "Put back", 2)
    section(view, "Export").get_by_role("button", name="Draw as a job").click()
    view.get_by_role("link", name="Jobs").first.click()
    waiting = view.get_by_role("region", name="Waiting for the network")
    waiting.get_by_role("button", name="Remove: Put back").click()
    with view.expect_response("**/health/live"):
        view.context.set_offline(False)
    notice = view.locator(".notice").filter(has_text="is not sent.")
    notice.get_by_role("button", name="Undo").click()
    expect(row(view, "Put back")).to_be_visible(timeout=5_000)


def test_a_notification_tells_of_the_end_while_nobody_looks(
    new_context: Callable[..., BrowserContext], patient: SlowKiln
) -> None:
    """Asked for by a click, it is shown when the tab is hidden, and leads to the result."""
    context = new_context()
    context.grant_permissions(["notifications"], origin=patient.url)
    context.add_init_script(_NOTE_NOTIFICATIONS)
    page = open_app(context.new_page(), patient.url)
    order(page, "Told of", 5)
    tell = bench_job(page).get_by_role("button", name="Tell me when it is done: Told of")
    tell.click()
    expect(tell).to_have_attribute("aria-pressed", "true")
    hide(page)
    wait_until(lambda: page.evaluate("window.noted.length") == 1)
    assert page.evaluate("window.noted[0].body") == "“Told of” is done."
    page.evaluate("window.noted[0].dispatchEvent(new Event('click'))")
    show(page)
    expect(page.get_by_role("img", name="The picture of “Told of”")).to_be_visible()


def test_a_reload_forgets_no_notification(
    new_context: Callable[..., BrowserContext], patient: SlowKiln
) -> None:
    """What is to be told is told by the page as it is loaded next."""
    context = new_context()
    context.grant_permissions(["notifications"], origin=patient.url)
    context.add_init_script(_NOTE_NOTIFICATIONS)
    page = open_app(context.new_page(), f"{patient.url}/#/jobs")
    submit(patient, slow("Remembered", 6))
    row(page, "Remembered").get_by_role("button", name="Tell me").click()
    expect(row(page, "Remembered")).to_contain_text("You will be told")
    page.goto(f"{patient.url}/#/settings")
    page.reload()
    expect(page.get_by_role("checkbox", name="Tell when a job is done")).to_be_checked()
    hide(page)
    wait_until(lambda: page.evaluate("window.noted.length") == 1)
    assert page.evaluate("window.noted[0].tag") == job(patient, "Remembered")["id"]


def test_notifications_that_are_blocked_or_off_are_said(
    new_context: Callable[..., BrowserContext], patient: SlowKiln
) -> None:
    """Where the browser refuses, the page says so, and tells of the end itself."""
    page = open_app(new_context().new_page(), f"{patient.url}/#/jobs")
    submit(patient, slow("Refused", 4))
    row(page, "Refused").get_by_role("button", name="Tell me").click()
    blocked = page.get_by_role("status").filter(has_text="The browser blocks notifications")
    expect(blocked).to_be_visible()
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("checkbox", name="Tell when a job is done")).to_be_disabled()
    expect(page.get_by_role("main")).to_contain_text("The browser blocks them.")
    expect(page.get_by_role("status").filter(has_text="“Refused” is done.")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_view_is_accessible(view: Page, patient: SlowKiln, language: str, theme: str) -> None:
    """Nothing that axe knows is wrong, in both languages and themes."""
    title = f"Looked at {language} {theme}"
    submit(patient, small(title))
    submit(patient, slow(f"Failed {title}", 1.2, fails=True))
    settled(patient, f"Failed {title}", "failed")
    held = submit(patient, slow(f"Running {title}", 60))
    settled(patient, f"Running {title}", "running")
    view.evaluate(
        "([language, theme]) => { localStorage.setItem('plotkiln.language', language);"
        " localStorage.setItem('plotkiln.theme', theme); }",
        [language, theme],
    )
    view.reload()
    name = {"en": "Jobs", "zh": "任务"}[language]
    expect(view.get_by_role("heading", name=name, exact=True, level=1)).to_be_visible()
    expect(row(view, f"Running {title}").get_by_role("progressbar")).to_be_visible()
    assert_accessible(view)
    take_screenshots(view, f"jobs-{language}-{theme}")
    view.goto(f"{patient.url}/#/jobs/{job(patient, title)['id']}")
    expect(view.get_by_role("heading", name=title, level=1)).to_be_visible()
    assert_accessible(view)
    take_screenshots(view, f"job-{language}-{theme}")
    httpx.delete(f"{patient.url}/jobs/{held['id']}")
