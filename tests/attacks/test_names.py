"""Names that lead elsewhere: out of a folder, into another's keys, past a check."""

import base64
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest

from kilns import Kiln
from wires import request, sent

#: What every name is tried as; whatever it is encoded to, it never leaves its place.
NAMES = [
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252fetc%252fpasswd",
    "..%5c..%5cwindows%5cwin.ini",
    "..;/..;/etc/passwd",
    "....//....//etc/passwd",
    "%c0%ae%c0%ae/etc/passwd",
    "%e2%80%ae",
    "..%ef%bc%8f..%ef%bc%8fetc",
    "a%00.png",
    "%00",
    "a%0d%0aX-Evil:%201",
    "a%0aSet-Cookie:%20plotkiln-session=1",
    "%20",
    "a" * 4000,
    "CON",
    "-rf",
    "~root",
    "$HOME",
    "{0.__class__}",
    "%7b%7b7*7%7d%7d",
    "'%20OR%20'1'='1",
    "*",
    "state.sqlite",
    "renderings",
]

#: Those that mean nothing but themselves.
PLAIN = {"CON", "state.sqlite", "renderings"}

#: Where a name stands, and what it may meet: it is unknown, refused, or no name at all.
PLACES = {
    "/styles/{}": {404, 422},
    "/styles/{}/history": {404, 422},
    "/templates/{}": {404},
    "/charts/{}.png": {404},
    "/charts/{}": {404},
    "/artifacts/{}": {404},
    "/artifacts/{}.png": {404},
    "/jobs/{}": {404},
    "/jobs/{}/result": {404},
    "/counters/{}": {404, 422},
    "/hits/{}.png": {404, 422},
    "/assets/{}": {404},
    "/icons/{}": {404},
    "/static/{}": {404},
    "/broker/{}/default": {404, 405},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_name_leads_nowhere_else(kiln: Kiln, place: str, tried: Callable[[int], None]) -> None:
    """Whatever a name is spelt as, nothing but what has that name is shown."""
    tried(len(NAMES))
    for name in NAMES:
        reply = sent(kiln.port, request("GET", place.format(name), "Accept: application/json"))
        shown = {200} if name in PLAIN and place.startswith(("/counters", "/hits")) else set()
        assert reply.status in PLACES[place] | shown | {400, 405, 414}, name
        assert b"root:x" not in reply.body, name
        assert not {"x-evil", "set-cookie"} & set(reply.headers), name


@pytest.mark.parametrize("name", NAMES)
def test_a_style_is_written_under_no_such_name(kiln: Kiln, name: str) -> None:
    """A document is not stored under a name that is a path, or that cannot be read."""
    put = request("PUT", f"/styles/{name}", "If-None-Match: *", body=b"{}")
    reply = sent(kiln.port, put)
    assert reply.status in ({201, 412, 422} if name in PLAIN else {400, 404, 405, 414, 422})


@pytest.mark.parametrize("name", ["../default", "default@../../1", "a\0b", "a\nb", "@", "x" * 5000])
@pytest.mark.parametrize("member", ["style", "template"])
def test_a_spec_names_nothing_elsewhere(client: httpx.Client, member: str, name: str) -> None:
    """A style or a template that a spec names is looked up, never opened."""
    spec = {"y": [1, 2], member: name} if member == "style" else {member: name}
    assert client.post("/plot", json=spec).status_code in {400, 422}


@pytest.mark.parametrize("name", ["../default", "/etc/passwd", "default@..%2f", "%00", "a%0d%0ab"])
def test_a_query_names_nothing_elsewhere(kiln: Kiln, name: str) -> None:
    """A style that an address names is looked up, too."""
    spec = zlib.compress(json.dumps({"y": [1, 2]}).encode())
    encoded = base64.urlsafe_b64encode(spec).rstrip(b"=").decode()
    path = f"/plot/{encoded}.png?style={name if '%' in name else quote(name, safe='')}"
    reply = sent(kiln.port, request("GET", path, "Accept: application/json"))
    assert reply.status in {400, 404, 422}


def test_nothing_was_made_outside_the_data_folder(kiln: Kiln) -> None:
    """After all this, the folder of the server holds what it always does."""
    above = {entry.name for entry in kiln.data.parent.iterdir()}
    assert above == {kiln.data.name}
