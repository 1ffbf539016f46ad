import zlib
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import msgspec
import pytest

from kilns import Kiln
from plotkiln.spec import encode_spec
from templated import HEAD, write_files

SHORTEST = {"x": [1, 2, 3], "y": [4, 1, 7]}

ENDLESS = (
    HEAD
    + """\
@template("endless")
def endless(figure):
    \"\"\"Draw for ever.\"\"\"
    while True:
        figure.clear()
"""
)

MAGIC = {
    "png": (b"\x89PNG", "image/png"),
    "svg": (b"<?xml", "image/svg+xml"),
    "pdf": (b"%PDF", "application/pdf"),
    "webp": (b"RIFF", "image/webp"),
    "jpeg": (b"\xff\xd8", "image/jpeg"),
}


def png_size(data: bytes) -> tuple[int, int]:
    """Return width and height from a PNG's header (PNG 3, section 11.2.1)."""
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def encoded(spec: object) -> str:
    """Encode a spec for an address, by the contract and not by our own code."""
    deflated = zlib.compress(msgspec.json.encode(spec))
    return urlsafe_b64encode(deflated).rstrip(b"=").decode()


def test_the_shortest_spec_is_a_picture(client: httpx.Client) -> None:
    """The shortest spec yields a 1200×720 PNG with every header of the contract."""
    answer = client.post("/plot", json=SHORTEST)
    assert answer.status_code == 200
    assert png_size(answer.content) == (1200, 720)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["plotkiln-style"] == "default@0"
    assert answer.headers["plotkiln-style-state"] == "builtin"
    assert answer.headers["etag"].strip('"').isalnum()
    assert "source;desc=" in answer.headers["server-timing"]
    assert "plotkiln-warnings" not in answer.headers


@pytest.mark.parametrize("format_", MAGIC)
def test_accept_chooses_the_format(client: httpx.Client, format_: str) -> None:
    """The format that Accept names is drawn."""
    magic, media_type = MAGIC[format_]
    answer = client.post("/plot", json=SHORTEST, headers={"Accept": media_type})
    assert answer.content.startswith(magic)
    assert answer.headers["content-type"].startswith(media_type)


@pytest.mark.parametrize("format_", MAGIC)
def test_the_spec_chooses_the_format(client: httpx.Client, format_: str) -> None:
    """The spec's format wins over Accept."""
    answer = client.post("/plot", json={**SHORTEST, "format": format_})
    assert answer.content.startswith(MAGIC[format_][0])


def test_no_format_fits(client: httpx.Client) -> None:
    """A client that takes no picture gets 406, which lists what there is."""
    answer = client.post("/plot", json=SHORTEST, headers={"Accept": "application/json"})
    assert answer.status_code == 406
    assert answer.json()["title"] == "Not Acceptable"
    assert "image/png" in answer.json()["detail"]


def test_the_picture_has_an_address(client: httpx.Client) -> None:
    """A posted picture names the address of its chart, where it revalidates for nothing."""
    posted = client.post("/plot", json=SHORTEST, headers={"If-None-Match": "*"})
    assert posted.status_code == 200
    address = posted.headers["content-location"]
    again = client.get(address)
    assert again.content == posted.content
    assert again.headers["etag"] == posted.headers["etag"]
    unchanged = client.get(address, headers={"If-None-Match": posted.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == posted.headers["etag"]
    assert unchanged.headers["plotkiln-style"] == "default@0"


def test_an_address_draws_its_spec(client: httpx.Client) -> None:
    """The encoded address draws what a POST draws."""
    posted = client.post("/plot", json=SHORTEST)
    drawn = client.get(f"/plot/{encoded(SHORTEST)}.png")
    assert drawn.content == posted.content
    assert encode_spec(msgspec.json.encode(SHORTEST))
    assert client.get(f"/plot/{encoded(SHORTEST)}.jpg").headers["content-type"] == "image/jpeg"


def test_svg_is_compressed_under_a_tag_of_its_own(client: httpx.Client) -> None:
    """A compressed SVG has another ETag than the plain one, and each revalidates."""
    address = f"/plot/{encoded(SHORTEST)}.svg"
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    small = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    assert small.content == plain.content
    assert small.headers["etag"] != plain.headers["etag"]
    assert "Accept-Encoding" in small.headers["vary"]
    for answer, coding in ((plain, "identity"), (small, "gzip")):
        headers = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": coding}
        assert client.get(address, headers=headers).status_code == 304


def test_equal_requests_in_flight_render_once(kiln: Kiln) -> None:
    """Of equal requests at the same time one draws, and all get the same bytes."""
    spec = {"y": [(number * 7919) % 1000 for number in range(20_000)], "title": "together"}
    with kiln.client() as client, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.post("/plot", json=spec), range(8)))
    timings = [answer.headers["server-timing"] for answer in answers]
    assert sum("source;desc=drawn" in timing for timing in timings) == 1
    assert len({answer.content for answer in answers}) == 1


def test_key_order_and_format_share_a_chart(client: httpx.Client) -> None:
    """Specs that differ in key order, spaces or format alone are one chart."""
    first = client.post("/plot", content=b'{"x":[1,2],"y":[3,4]}', headers=JSON)
    second = client.post("/plot", content=b'{ "y": [3, 4.0], "x": [1, 2] }', headers=JSON)
    assert first.headers["content-location"] == second.headers["content-location"]
    assert first.headers["etag"] == second.headers["etag"]


JSON = {"Content-Type": "application/json"}


def test_csv_is_drawn(client: httpx.Client) -> None:
    """A table is drawn with the query's options."""
    table = b"month,sales,cost\nJan,3,1\nFeb,5,2\nMar,,3\n"
    answer = client.post(
        "/plot",
        params={"kind": "bar", "title": "CSV"},
        content=table,
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status_code == 200
    assert png_size(answer.content) == (1200, 720)


def test_warnings_are_told(client: httpx.Client) -> None:
    """Points that a log axis cannot show are told in a header, also when drawn before."""
    spec = {"y": [1, 0, 100], "axes": {"y": {"type": "log"}}}
    for _ in range(2):
        answer = client.post("/plot", json=spec)
        assert answer.status_code == 200
        assert answer.headers["plotkiln-warnings"].isascii()


FAULTS: list[tuple[bytes, int, list[str]]] = [
    (b"not json", 400, []),
    (b'{"y": [1, NaN]}', 400, []),
    (b"\xff\xfe", 400, []),
    (b"[]", 400, [""]),
    (b'{"y": [1, true], "colour": 1}', 400, ["colour", "y[1]"]),
    (b"{}", 422, [""]),
    (b'{"y": []}', 422, ["y"]),
    (b'{"x": [1, 2], "y": [1, 2, 3]}', 422, [""]),
    (b'{"y": [1, 1e999]}', 422, ["y[1]"]),
    (b'{"x": ["2026-01-01", 5], "y": [1, 2]}', 422, ["x[1]"]),
    (b'{"y": [1], "style": "nobody-knows"}', 422, ["style"]),
    (b'{"y": [1], "size": {"width": 20000, "height": 20000}}', 422, ["size"]),
    (b'{"y": [1], "size": {"dpi": 1200}}', 422, ["size"]),
    (b'{"y": [1], "title": "' + b"x" * 100_000 + b'"}', 422, ["title"]),
    (b'{"y": ' + b"[" * 5000 + b"]" * 5000 + b"}", 400, [""]),
]


@pytest.mark.parametrize(("body", "status", "paths"), FAULTS)
def test_bad_input_is_told(
    client: httpx.Client, body: bytes, status: int, paths: list[str]
) -> None:
    """Bad input gets a problem of the right status that names each place."""
    answer = client.post("/plot", content=body, headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    found = [fault["path"] for fault in problem.get("errors", [])]
    assert all(any(path in seen for seen in found) for path in paths), found


def test_too_many_points_are_refused(client: httpx.Client) -> None:
    """Points beyond the limit are refused by number, a body beyond the bound by size."""
    points = b'{"y": [' + b",".join([b"1"] * 1_000_001) + b"]}"
    answer = client.post("/plot", content=points, headers=JSON)
    assert answer.status_code == 422
    assert "1000000" in answer.text
    huge = b'{"y": [' + b",".join([b"1"] * 10_000_000) + b"]}"
    assert client.post("/plot", content=huge, headers=JSON).status_code == 413


def test_another_media_type_is_refused(client: httpx.Client) -> None:
    """A body that is neither JSON nor CSV is 415."""
    answer = client.post("/plot", content=b"<x/>", headers={"Content-Type": "text/xml"})
    assert answer.status_code == 415
    assert "text/csv" in answer.headers["accept-post"]


def test_a_picture_address_answers_errors_as_pictures(client: httpx.Client) -> None:
    """Where an image is asked for, the error is an SVG with the right status."""
    answer = client.get(f"/plot/{encoded({'y': []})}.png", headers={"Accept": "image/*"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    asked_json = client.get(
        f"/plot/{encoded({'y': []})}.png", headers={"Accept": "application/json"}
    )
    assert asked_json.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/plot/%40%40.png", 400),
        ("/plot/abc.png", 400),
        (f"/plot/{encoded(SHORTEST)}.gif", 404),
        (f"/plot/{encoded(SHORTEST)}.png?style=nobody-knows", 404),
        ("/plot", 405),
        ("/nowhere", 404),
    ],
)
def test_bad_addresses_are_told(client: httpx.Client, address: str, status: int) -> None:
    """A bad address gets its status as a problem or a picture."""
    assert client.get(address).status_code == status


def test_an_inflated_spec_is_bounded(client: httpx.Client) -> None:
    """A small address that inflates to more than a body may have is refused."""
    bomb = urlsafe_b64encode(zlib.compress(bytes(64 << 20), 9)).rstrip(b"=").decode()
    assert client.get(f"/plot/{bomb[:60000]}.png").status_code in {400, 413}


@pytest.mark.parametrize(
    "title",
    ["$\\frac{", "$" * 999, "$" + "{" * 400 + "}" * 400 + "$", "$\\sqrt{" * 100 + "}" * 100 + "$"],
)
def test_hostile_mathtext_is_survived(client: httpx.Client, title: str) -> None:
    """Hostile mathtext ends in a picture or in 422, and the next request is served."""
    answer = client.post("/plot", json={**SHORTEST, "title": title})
    assert answer.status_code in {200, 422}
    assert client.post("/plot", json=SHORTEST).status_code == 200


def test_a_drawing_that_never_ends_is_ended(tmp_path: Path) -> None:
    """A drawing past the budget becomes a job, fails past its budget, too, and no process hangs."""
    folder = write_files(tmp_path / "templates", {"endless.py": ENDLESS})
    budgets = {"PLOTKILN_BUDGET": "2", "PLOTKILN_JOB_BUDGET": "3"}
    settings = {**budgets, "PLOTKILN_TEMPLATES": str(folder)}
    with Kiln(tmp_path / "data", command=None, **settings) as kiln, kiln.client() as client:
        accepted = client.post("/plot", json={"template": "endless"})
        assert accepted.status_code == 202
        result = f"{accepted.headers['location']}/result"
        answer = client.get(result, headers={"Prefer": "wait=50"})
        assert answer.status_code == 422
        assert "3 s" in answer.json()["detail"]
        assert client.post("/plot", json=SHORTEST).status_code == 200
