"""People at a browser: they sign in at the real provider, in its page, and sign out."""

import httpx
from playwright.sync_api import BrowserContext, Page, expect

from browser.apps import open_app
from kilns import Kiln

__all__ = ["REMAINS", "end_session", "opened", "sign_in", "sign_out", "signed_out_line"]

#: What of a person lies in a browser: records, pictures, and entries of its storage.
REMAINS = """
async () => {
  const open = indexedDB.open("plotkiln");
  const database = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const records = {};
  for (const name of database.objectStoreNames) {
    const asked = database.transaction(name).objectStore(name).count();
    records[name] = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  }
  database.close();
  const pictures = [];
  for (const name of ["pictures", "gallery"]) {
    const kept = await caches.has(name) ? await (await caches.open(name)).keys() : [];
    pictures.push(...kept.map(({ url }) => url));
  }
  return { records, pictures, storage: { ...localStorage } };
}
"""


def opened(context: BrowserContext, kiln: Kiln, account: str = "ada") -> Page:
    """Return a page of somebody who is signed in."""
    page = open_app(context.new_page(), kiln.url)
    sign_in(page, account)
    return page


def signed_out_line(page: Page) -> None:
    """Wait for the line above every view."""
    expect(page.locator(".banner").get_by_role("link", name="Sign in")).to_be_visible()


def sign_in(page: Page, account: str, *, known: bool = False) -> None:
    """Sign in by the line above the view; return once the app is back.

    A provider that has `known` them since the last time does not ask again who they are.
    """
    with page.expect_response(lambda answer: "/sign-in/callback" in answer.url):
        page.locator(".banner").get_by_role("link", name="Sign in").click()
        if not known:
            page.locator("input[name=login]").fill(account)
            page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation", name="Views")).to_be_visible()
    expect(page.locator(".banner")).to_have_count(0)


def sign_out(page: Page) -> None:
    """Sign out in the settings, and at the provider, which asks once more."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url("**/session/end/success*")


def end_session(context: BrowserContext, kiln: Kiln) -> None:
    """End the session in the server alone: the browser keeps its cookie, and does not know."""
    cookies = {one["name"]: one["value"] for one in context.cookies(kiln.url)}
    with httpx.Client(base_url=kiln.url, cookies=cookies, timeout=60) as client:
        csrf = client.get("/session").json()["csrf"]
        assert client.post("/sign-out", headers={"Plotkiln-CSRF": csrf}).is_success
