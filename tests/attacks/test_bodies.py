"""Bodies that grow, nest or never end once they are read."""

import base64
import gzip
import json
import zlib

import httpx
import pytest

from kilns import Kiln
from wires import request, sent

#: Bytes that the server takes, here.
MOST = 1 << 20


def encoded(data: bytes) -> str:
    """Return what stands in an address for an encoded spec."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bomb(size: int) -> bytes:
    """Return some KiB that inflate to so many bytes."""
    packer = zlib.compressobj(9)
    return packer.compress(b" " * size) + packer.flush()


#: What stands in an address → the status that it meets.
INFLATED = {
    "bomb": (bomb(30 << 20), 413),
    "bomb-behind-json": (zlib.compress(b'{"y": [1]}' + b" " * (8 << 20), 9), 413),
    "one-byte-too-many": (zlib.compress(b" " * (MOST + 1), 9), 413),
    "bomb-in-a-bomb": (zlib.compress(bomb(10 << 20), 9), 400),
    "cut-off": (zlib.compress(b'{"y": [1]}')[:-2], 400),
    "more-behind": (zlib.compress(b'{"y": [1]}') + b"more", 400),
    "gzip": (gzip.compress(b'{"y": [1]}'), 400),
    "raw-deflate": (zlib.compress(b'{"y": [1]}')[2:-4], 400),
    "nothing": (zlib.compress(b""), 400),
    "dictionary": (b"\x78\xbb\x00\x00\x00\x01", 400),
}


@pytest.mark.parametrize("attack", INFLATED)
def test_an_address_inflates_within_bounds(kiln: Kiln, attack: str) -> None:
    """What inflates beyond the bound is ended there; what is no whole deflated document is 400."""
    data, status = INFLATED[attack]
    get = request("GET", f"/plot/{encoded(data)}.png", "Accept: application/json")
    assert sent(kiln.port, get).status == status


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "compress"])
@pytest.mark.parametrize("path", ["/plot", "/charts", "/jobs", "/events"])
def test_a_compressed_body_is_not_unpacked(client: httpx.Client, coding: str, path: str) -> None:
    """Bodies are taken as they are: nothing inflates them, whatever their headers say."""
    body = gzip.compress(b" " * (30 << 20))
    headers = {"Content-Type": "application/json", "Content-Encoding": coding}
    assert client.post(path, content=body, headers=headers).status_code in {400, 415}


#: Documents that are hard to read → statuses that they may meet.
DOCUMENTS = {
    "deep-lists": b'{"y": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep-objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep-unclosed": b"[" * 500_000,
    "deep-in-params": b'{"template": "odometer", "params": {"a": '
    + b"[" * 9000
    + b"]" * 9000
    + b"}}",
    "many-members": b"{" + b",".join(b'"%d":1' % n for n in range(60_000)) + b"}",
    "equal-members": b"{" + b",".join([b'"y":[1]'] * 60_000) + b"}",
    "long-number": b'{"y": [' + b"9" * 500_000 + b"]}",
    "long-exponent": b'{"y": [1e' + b"9" * 400_000 + b"]}",
    "long-fraction": b'{"y": [0.' + b"1" * 500_000 + b"]}",
    "long-string": b'{"y": [1], "title": "' + b"a" * 900_000 + b'"}',
    "many-escapes": b'{"y": [1], "title": "' + b"\\u0000" * 100_000 + b'"}',
    "half-a-character": b'{"y": [1], "title": "\\ud800"}',
    "no-unicode": b'{"y": [1], "title": "\xff\xfe"}',
    "byte-order-mark": b'\xef\xbb\xbf{"y": [1]}',
    "utf-16": '{"y": [1]}'.encode("utf-16"),
    "not-a-number": b'{"y": [NaN, Infinity, -Infinity]}',
    "prototype": b'{"y": [1], "__proto__": {"a": 1}}',
    "python": b'{"y": [1], "__class__": {"__init__": 1}}',
    "comment": b'{"y": [1]} // more',
    "two-documents": b'{"y": [1]}{"y": [2]}',
    "empty": b"",
    "null": b"null",
    "a-list": b"[]",
    "a-text": b'"y"',
}


#: Those that are odd, and mean one thing alone.
READ = {"equal-members", "long-fraction"}


@pytest.mark.parametrize("path", ["/plot", "/charts", "/jobs"])
@pytest.mark.parametrize("attack", DOCUMENTS)
def test_a_hard_document_is_refused(client: httpx.Client, path: str, attack: str) -> None:
    """What nests without end, or is no document, is refused in time, as the client's fault."""
    headers = {"Content-Type": "application/json"}
    answer = client.post(path, content=DOCUMENTS[attack], headers=headers)
    assert answer.status_code in {400, 413, 422} | ({200, 201, 202} if attack in READ else set())
    assert len(answer.content) < 1 << 16


@pytest.mark.parametrize("attack", DOCUMENTS)
def test_a_hard_style_is_refused(client: httpx.Client, attack: str) -> None:
    """The same holds for documents of styles."""
    headers = {"Content-Type": "application/json", "If-None-Match": "*"}
    answer = client.put("/styles/hard", content=DOCUMENTS[attack], headers=headers)
    assert answer.status_code in {400, 413, 422}


@pytest.mark.parametrize("attack", DOCUMENTS)
def test_a_hard_event_is_refused(client: httpx.Client, attack: str) -> None:
    """The same holds for events in structured mode."""
    headers = {"Content-Type": "application/cloudevents+json"}
    answer = client.post("/events", content=DOCUMENTS[attack], headers=headers)
    assert answer.status_code in {400, 413, 422}


#: Specs that ask for more than anybody draws.
GREEDY = {
    "pixels": {"y": [1], "size": {"width": 60_000, "height": 60_000}},
    "dpi": {"y": [1], "size": {"dpi": 1200}},
    "endless-dpi": {"y": [1], "size": {"dpi": 1e300}},
    "wide": {"y": [1], "size": {"width": 10**15, "height": 16}},
    "negative": {"y": [1], "size": {"width": -4}},
    "bins": {"kind": "histogram", "y": [1, 2], "bins": 10**9},
    "ticks": {"y": [0, 1e308], "axes": {"y": {"limits": [0, 1e-300]}}},
    "far-apart": {"y": [-1.7e308, 1.7e308]},
    "close-by": {"y": [1, 1.0000000000000002]},
    "log-of-nothing": {"y": [0, -1], "axes": {"y": {"type": "log"}}},
    "series": {"series": [{"y": [1]}] * 10_000},
    "categories": {"x": [str(n) for n in range(20_000)], "y": [1] * 20_000},
    "facets": {
        "data": {"x": list(range(5000)), "y": list(range(5000)), "by": list(range(5000))},
        "x": "x",
        "y": "y",
        "facets": {"by": "by"},
    },
    "years": {"x": ["0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"], "y": [1, 2]},
    "heatmap": {"kind": "heatmap", "z": [[1] * 500] * 500},
}


@pytest.mark.parametrize("attack", GREEDY)
def test_a_greedy_spec_is_refused_or_drawn(client: httpx.Client, attack: str) -> None:
    """What would take all memory, or all day, is refused by name, or drawn within bounds."""
    answer = client.post("/plot", json=GREEDY[attack])
    assert answer.status_code in {200, 400, 422}
    assert len(answer.content) < 4 << 20


#: CSV that spreadsheets, or parsers, would trip over.
TABLES = {
    "formula": b"x,y\n=cmd|' /C calc'!A0,1\n",
    "quotes": b'x,y\n"' + b"a" * 200_000,
    "columns": b",".join([b"a"] * 100_000) + b"\n1",
    "rows": b"y\n" + b"1\n" * 400_000,
    "nul": b"x,y\n\0,1\n",
}


@pytest.mark.parametrize("attack", TABLES)
def test_a_hard_table_is_refused_or_drawn(client: httpx.Client, attack: str) -> None:
    """Tables are data: nothing in them runs, and none takes the server."""
    answer = client.post("/plot", content=TABLES[attack], headers={"Content-Type": "text/csv"})
    assert answer.status_code in {200, 400, 413, 422}


@pytest.mark.parametrize("media_type", ["text/html", "application/x-www-form-urlencoded", "a/b"])
@pytest.mark.parametrize("path", ["/plot", "/charts", "/jobs"])
def test_no_form_is_a_spec(client: httpx.Client, path: str, media_type: str) -> None:
    """What a form of any page can send without asking is no spec."""
    body = json.dumps({"y": [1]})
    answer = client.post(path, content=body, headers={"Content-Type": media_type})
    assert answer.status_code == 415
