"""What a browser's own cache keeps of somebody who has signed out: no picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from issuers import Issuer
from kilns import Kiln
from people import Person, guarded_kiln
from plotkiln.spec import encode_spec

SPEC = b'{"y": [1, 2]}'
PICTURE = f"/plot/{encode_spec(SPEC)}.png"

#: Returns whether the cache alone has a picture.
CACHED = """address => fetch(address, {cache: "only-if-cached", mode: "same-origin"})
  .then(answer => answer.ok, () => false)"""

SIGN_OUT = """csrf => fetch("/sign-out", {method: "POST", headers: {"Plotkiln-CSRF": csrf}})
  .then(answer => answer.status)"""


@pytest.fixture
def guarded(issuer: Issuer, tmp_path: Path) -> Iterator[Kiln]:
    """Start a server at which people sign in."""
    with guarded_kiln(issuer, tmp_path / "kiln") as kiln:
        yield kiln


@pytest.fixture
def signed_in(browser: Browser, guarded: Kiln) -> Iterator[Page]:
    """Open a page of somebody who is signed in; no worker of the app stands before the cache."""
    with Person(guarded) as ada:
        ada.sign_in()
        secret = ada.here.cookies["plotkiln-session"]
    context = browser.new_context(base_url=guarded.url, service_workers="block")
    context.add_cookies([{"name": "plotkiln-session", "value": secret, "url": guarded.url}])
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()


def test_signing_out_empties_the_cache(signed_in: Page, guarded: Kiln) -> None:
    """A private picture that the browser had kept is there no more, and is not shown again."""
    status = signed_in.evaluate("address => fetch(address).then(answer => answer.status)", PICTURE)
    assert status == 200
    assert signed_in.evaluate(CACHED, PICTURE)
    csrf = signed_in.request.get("/session").json()["csrf"]
    assert signed_in.evaluate(SIGN_OUT, csrf) == 200
    assert not signed_in.evaluate(CACHED, PICTURE)
    assert signed_in.request.get(PICTURE).status == 401
