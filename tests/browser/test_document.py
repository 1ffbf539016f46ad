"""What the document promises before any view is looked at: it loads, guarded, installable."""

import re
from collections.abc import Callable
from io import BytesIO

import httpx
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from browser.apps import UpdatedKiln, open_app, wait_for
from browser.recorder import Recorder
from styled_kilns import StyledKiln

VIEWS = ("#/", "#/gallery", "#/styles", "#/settings")


@pytest.mark.parametrize("view", VIEWS)
def test_views_load_without_an_error(page: Page, kiln: StyledKiln, view: str) -> None:
    """Each view's address shows a heading; nothing is logged, thrown or refused."""
    page.goto(f"/{view}")
    page.locator("h1, h2").first.wait_for()


def test_the_service_worker_takes_control(app: Page, kiln: StyledKiln) -> None:
    """After its first visit, a page is the service worker's, and stays so."""
    script = app.evaluate("navigator.serviceWorker.controller.scriptURL")
    assert script == f"{kiln.url}/sw.js"
    app.reload()
    assert app.evaluate("navigator.serviceWorker.controller !== null")


def test_the_app_can_be_installed(
    open_profile: Callable[..., BrowserContext], kiln: StyledKiln
) -> None:
    """Chromium finds no fault in the manifest and nothing that forbids to install the app."""
    context = open_profile()
    page = open_app(context.new_page(), kiln.url)
    devtools = context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["url"] == f"{kiln.url}/manifest.webmanifest"
    assert manifest["errors"] == []
    assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_the_manifest_tells_what_is_there(kiln: StyledKiln) -> None:
    """Icons and screenshots are served, in the sizes and types that the manifest states."""
    with kiln.client() as client:
        manifest = client.get("/manifest.webmanifest").json()
        pictures = manifest["icons"] + manifest["screenshots"]
        purposes = {one.get("purpose", "any") for one in manifest["icons"]}
        assert {"any", "maskable"} <= purposes
        assert {one["form_factor"] for one in manifest["screenshots"]} == {"wide", "narrow"}
        for one in pictures:
            answer = client.get(one["src"])
            assert (answer.status_code, answer.headers["content-type"]) == (200, one["type"])
            if one["type"] == "image/png":
                width, height = Image.open(BytesIO(answer.content)).size
                assert one["sizes"] == f"{width}x{height}"


def test_the_document_holds_no_script(kiln: StyledKiln) -> None:
    """The policy allows nothing inline, and the document asks for nothing inline."""
    answer = httpx.get(kiln.url)
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in str(policy)
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
    assert scripts
    assert all("src=" in attributes and not text.strip() for attributes, text in scripts)
    assert not re.search(r"<style\b|\sstyle=|\son\w+=", answer.text)


def test_what_is_inline_is_refused(app: Page, recorder: Recorder) -> None:
    """A script that somebody manages to put into the page does not run, and the recorder hears."""
    recorder.allow("Content Security Policy")
    ran = app.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        return window.ran === true;
    }""")
    assert not ran
    assert any("Content Security Policy" in error for error in recorder.errors)


def test_a_newer_app_is_found(page: Page, updated_kiln: UpdatedKiln) -> None:
    """A browser that asks for an update gets the newer service worker of another build."""
    open_app(page, updated_kiln.url)
    updated_kiln.release()
    page.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    wait_for(page, "navigator.serviceWorker.ready.then((one) => Boolean(one.waiting))")
