"""The events: what arrived, where it went, what failed, and once more."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.apps import assert_accessible, open_app, take_screenshots
from browser.recorder import Recorder
from servers import wait_until
from styled_kilns import StyledKiln

#: What the counter refuses for good: a subject that names no counter.
REFUSED = {"type": "plotkiln.new_hit", "subject": "No Counter"}


#: A subscriber that nobody reaches: tried again for long, and given up at once.
UNREACHED = """\
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: patient}
spec:
  broker: default
  filters: [{exact: {type: test.patient}}]
  subscriber: {uri: "http://127.0.0.1:1/"}
  delivery: {retry: 9, backoffPolicy: linear, backoffDelay: PT300S}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: hasty}
spec:
  broker: default
  filters: [{exact: {type: test.hasty}}]
  subscriber: {uri: "http://127.0.0.1:1/"}
  delivery: {retry: 0, deadLetterSink: {uri: "http://127.0.0.1:1/letters"}}
"""


def send(kiln: StyledKiln, id: str, **attributes: str) -> int:  # noqa: A002 -- CloudEvents' name
    """Send an event to the broker, and return its number once nothing of it waits."""
    post(kiln, id, **attributes)
    with kiln.client() as client:
        wait_until(lambda: _settled(client, id))
        return int(_listed(client, id)["number"])


def post(kiln: StyledKiln, id: str, **attributes: str) -> None:  # noqa: A002 -- CloudEvents' name
    """Send an event to the broker."""
    event = {"specversion": "1.0", "id": id, "source": "/test", **attributes}
    headers = {"Content-Type": "application/cloudevents+json"}
    with kiln.client() as client:
        answer = client.post("/broker/default/default", content=json.dumps(event), headers=headers)
    assert answer.status_code == 202, answer.text


def _listed(client: httpx.Client, id: str) -> dict[str, Any]:  # noqa: A002 -- CloudEvents' name
    events = client.get("/events", params={"limit": 500}).json()["events"]
    found: dict[str, Any] = next(one for one in events if one["id"] == id)
    return found


def _settled(client: httpx.Client, id: str) -> bool:  # noqa: A002 -- CloudEvents' name
    deliveries = _listed(client, id)["deliveries"]
    return all(one["state"] != "waiting" for one in deliveries)


def visit(kiln: StyledKiln, times: int) -> None:
    """Look at the counted page, and wait until the picture shows it."""
    with kiln.client() as client:
        before = client.get("/counters/home").json()["total"]
        for _ in range(times):
            assert client.get("/hits/").status_code == 200
        wait_until(lambda: _drawn(client) == before + times, 60)


def _drawn(client: httpx.Client) -> int:
    return int(client.get("/artifacts/hits.png").headers.get("plotkiln-number", 0))


def row(page: Page, number: int) -> Locator:
    """Return the line of an event."""
    return page.get_by_role("listitem").filter(
        has=page.get_by_role("button", name=f"Replay event {number}", exact=True)
    )


def open_events(page: Page, kiln: StyledKiln, argument: str = "") -> Page:
    """Open the view, and return the page once it stands."""
    open_app(page, f"{kiln.url}/#/events{argument}")
    page.get_by_role("heading", level=1).wait_for()
    return page


def test_visits_show_in_the_tile_and_in_the_list(page: Page, own_kiln: StyledKiln) -> None:
    """Each view of the counted page is an event; a hit that comes later shows by itself."""
    visit(own_kiln, 3)
    open_events(page, own_kiln)
    tile = page.get_by_role("region", name="Hit counter")
    expect(tile).to_contain_text("3 visits to the counted page")
    picture = tile.get_by_role("img", name="An odometer that shows 3", exact=True)
    expect(picture).to_have_js_property("naturalWidth", 280)
    expect(tile.get_by_role("link")).to_have_attribute("href", "/hits/")
    hits = page.get_by_role("button", name="plotkiln.new_hit home")
    expect(hits).to_have_count(3)
    visit(own_kiln, 1)
    page.mouse.move(10, 10)
    expect(hits).to_have_count(4)
    expect(tile.get_by_role("img", name="An odometer that shows 4", exact=True)).to_be_visible()
    expect(page.get_by_text("Delivered new-hits-to-counter").first).to_be_visible()


def test_a_failed_event_says_why_and_is_replayed(app: Page, kiln: StyledKiln) -> None:
    """It is listed among the failed with status and reason; a replay is told, and fails again."""
    number = send(kiln, "refused", **REFUSED)
    passed = send(kiln, "unwanted", type="test.unwanted")
    open_events(app, kiln, "/failed")
    expect(row(app, passed)).to_have_count(0)
    failed = row(app, number)
    expect(failed).to_contain_text("Failed new-hits-to-counter after 1 attempt")
    expect(failed).to_contain_text("422: subject: 'No Counter' names no counter")
    failed.get_by_role("button", name="Replay").click()
    said = f"Event {number} is delivered once more, to 1 trigger."
    expect(app.get_by_role("status").filter(has_text=said)).to_be_visible()
    expect(failed).to_contain_text("Failed new-hits-to-counter")
    assert_accessible(app)
    app.get_by_role("link", name="All", exact=True).click()
    expect(row(app, passed)).to_contain_text("No trigger wanted it")
    expect(row(app, number)).to_be_visible()


def test_what_waits_says_when_it_is_tried_next(
    page: Page, own_kiln: StyledKiln, tmp_path: Path
) -> None:
    """Attempts so far, the next one, and why the last one failed; a dead letter is named as one."""
    triggers = tmp_path / "triggers.yaml"
    triggers.write_text(UNREACHED)
    own_kiln.stop()
    own_kiln.settings["PLOTKILN_TRIGGERS"] = str(triggers)
    own_kiln.start()
    hasty = send(own_kiln, "hasty", type="test.hasty")
    post(own_kiln, "patient", type="test.patient")
    open_events(page, own_kiln)
    patient = row(page, hasty + 1)
    page.mouse.move(10, 10)
    expect(patient).to_contain_text("Waiting patient tried again in")
    expect(patient).to_contain_text(re.compile(r"tried again in \d+ minutes, \d attempts? so far"))
    expect(patient).to_contain_text("no answer: http://127.0.0.1:1/")
    expect(row(page, hasty)).to_contain_text("Failed hasty after 1 attempt")
    expect(row(page, hasty)).to_contain_text("hasty, as a dead letter")
    assert_accessible(page)
    take_screenshots(page, "events-waiting")


def test_an_event_opens_by_keyboard(app: Page, kiln: StyledKiln) -> None:
    """Its attributes and its data show where it stands, its cause is a link away."""
    visit(kiln, 1)
    with kiln.client() as client:
        events = client.get("/events").json()["events"]
    reply = next(one for one in events if one["type"] == "plotkiln.hits")
    open_events(app, kiln)
    opener = row(app, reply["number"]).get_by_role("button", name="plotkiln.hits home")
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    opened = row(app, reply["number"])
    expect(opened.get_by_role("region", name="Attributes")).to_contain_text(reply["id"])
    expect(opened.get_by_role("region", name="Data")).to_contain_text('"total":')
    assert_accessible(app)
    opened.get_by_role("link", name=f"event {reply['cause']}").press("Enter")
    heading = app.get_by_role("heading", name=f"Event {reply['cause']}", level=1)
    expect(heading).to_be_focused()
    expect(app.get_by_role("main")).to_contain_text("plotkiln.new_hit")
    replies = app.get_by_role("definition").filter(has_text=f"event {reply['number']}")
    expect(replies).to_be_visible()
    assert_accessible(app)


def test_an_event_that_is_not_kept_is_told(app: Page, kiln: StyledKiln, recorder: Recorder) -> None:
    """An old link leads back to the list."""
    recorder.allow("404")
    open_events(app, kiln, "/999999")
    app.get_by_text("There is no event 999999, or it is not kept any more.").wait_for()
    app.get_by_role("link", name="All events").click()
    expect(app.get_by_role("heading", name="Events", level=1)).to_be_visible()


def test_more_events_are_loaded(app: Page, kiln: StyledKiln) -> None:
    """Fifty come first; the keyboard goes on where the older ones begin."""
    first = send(kiln, "first-of-many", type="test.many")
    for place in range(60):
        send(kiln, f"many-{place}", type="test.many")
    open_events(app, kiln)
    expect(app.get_by_role("button", name="Replay event")).to_have_count(50)
    expect(row(app, first)).to_have_count(0)
    app.get_by_role("button", name="Load older events").press("Enter")
    expect(row(app, first)).to_be_visible()
    expect(row(app, first + 10).get_by_role("button").first).to_be_focused()


def test_without_events_it_says_how_to_send_one(page: Page, own_kiln: StyledKiln) -> None:
    """The commands are copied as they stand, and name this server."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_events(page, own_kiln)
    expect(page.get_by_role("heading", name="No events yet")).to_be_visible()
    expect(page.get_by_role("region", name="Hit counter")).to_contain_text("No visits yet.")
    page.get_by_role("button", name="Copy: With curl").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"curl -X POST {own_kiln.url}/broker/default/default ")
    assert_accessible(page)
    take_screenshots(page, "events-empty")
    page.get_by_role("link", name="Failed").click()
    expect(page.get_by_text("Nothing failed.")).to_be_visible()


def test_a_server_without_a_broker_says_who_delivers(
    page: Page, own_kiln: StyledKiln, recorder: Recorder
) -> None:
    """In a cluster its broker does: no list, no filter, no error."""
    recorder.allow("404")
    own_kiln.stop()
    own_kiln.settings["K_SINK"] = "http://127.0.0.1:1/"
    own_kiln.start()
    open_events(page, own_kiln)
    expect(page.get_by_role("heading", name="No embedded broker runs here")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert_accessible(page)


def test_a_server_that_is_away_leaves_what_is_known(
    page: Page, own_kiln: StyledKiln, recorder: Recorder
) -> None:
    """The list stays, marked as old; it is read again when the server is back."""
    recorder.allow("ERR_CONNECTION_REFUSED|error occurred when fetching")
    number = send(own_kiln, "known", type="test.known")
    open_events(page, own_kiln)
    expect(row(page, number)).to_be_visible()
    own_kiln.stop()
    page.mouse.move(10, 10)
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("The server cannot be reached")
    expect(row(page, number)).to_be_visible()
    own_kiln.start()
    notice.get_by_role("button", name="Try again").click()
    expect(notice).to_have_count(0)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_view_is_accessible(app: Page, kiln: StyledKiln, language: str, theme: str) -> None:
    """Nothing that axe knows is wrong, in both languages and themes."""
    number = send(kiln, f"refused-{language}-{theme}", **REFUSED)
    visit(kiln, 1)
    app.evaluate(
        "([language, theme]) => { localStorage.setItem('plotkiln.language', language);"
        " localStorage.setItem('plotkiln.theme', theme); }",
        [language, theme],
    )
    app.reload()
    open_events(app, kiln)
    title = {"en": "Events", "zh": "事件"}[language]
    expect(app.get_by_role("heading", name=title, exact=True, level=1)).to_be_visible()
    replay = {"en": f"Replay event {number}", "zh": f"重放事件 {number}"}[language]
    expect(app.get_by_role("button", name=replay, exact=True)).to_be_visible()
    expect(app.get_by_role("main").get_by_role("img")).to_be_visible()
    assert_accessible(app)
    take_screenshots(app, f"events-{language}-{theme}")


def test_its_key_leads_there(app: Page) -> None:
    """Digits lead to the views in their order."""
    app.keyboard.press("5")
    expect(app.get_by_role("heading", name="Events", level=1)).to_be_visible()
    app.keyboard.press("6")
    expect(app.get_by_role("heading", name="Settings", level=1)).to_be_visible()
