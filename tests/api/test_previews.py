"""Pictures in styles that are not stored, over HTTP."""

from typing import Any

import httpx
import pytest

SPEC = {"y": [3, 1, 4], "title": "Seen", "size": {"width": 320, "height": 240}}


def preview(client: httpx.Client, style: Any, spec: Any = SPEC, **headers: str) -> httpx.Response:
    """Ask for a preview of the style `seen`."""
    body = {"style": style, "spec": spec}
    return client.post("/styles/seen/preview", json=body, headers=headers)


def test_a_preview_is_a_picture_that_nothing_keeps(client: httpx.Client) -> None:
    """The picture says that it is a preview; neither style nor history nor address is there."""
    answer = preview(client, {"palette": ["#0B7285"]})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["plotkiln-style"] == "seen@preview"
    assert answer.headers["cache-control"] == "no-store"
    assert "content-location" not in answer.headers
    assert client.get("/styles/seen").status_code == 404
    assert client.get("/styles/seen/history").status_code == 404


def test_the_tag_is_the_picture_s(client: httpx.Client) -> None:
    """Equal documents have equal tags, others do not, and spelling counts for nothing."""
    tags = [
        preview(client, style).headers["etag"]
        for style in (
            {"title": {"color": "tan"}},
            {"title": {"color": "tan"}},
            {"palette": ["tan"]},
        )
    ]
    assert tags[0] == tags[1] != tags[2]
    raw = b'{"spec": {"y": [1, 2.0]}, "style": {"font": {"size": 1.2e1}}}'
    answer = client.post(
        "/styles/seen/preview", content=raw, headers={"Content-Type": "application/json"}
    )
    assert (
        answer.headers["etag"]
        == preview(client, {"font": {"size": 12}}, {"y": [1, 2]}).headers["etag"]
    )


def test_the_format_is_chosen_as_for_any_picture(client: httpx.Client) -> None:
    """The spec's format comes before `Accept`, and an `Accept` that fits none is 406."""
    svg = preview(client, {}, Accept="image/svg+xml")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    webp = preview(client, {}, {**SPEC, "format": "webp"}, Accept="image/svg+xml")
    assert webp.headers["content-type"] == "image/webp"
    assert preview(client, {}, Accept="text/html").status_code == 406


@pytest.mark.parametrize(
    ("body", "status", "paths"),
    [
        (b"{", 400, []),
        (b"[]", 400, [""]),
        (b'{"spec": {"y": [1]}}', 400, [""]),
        (b'{"style": {}, "spec": {"y": [1]}, "name": 1}', 400, ["name"]),
        (b'{"style": 5, "spec": {"y": [1]}}', 400, ["style"]),
        (
            b'{"style": {"title": {"fontsize": "huge"}}, "spec": {"y": [1]}}',
            400,
            ["style.title.fontsize"],
        ),
        (
            b'{"style": {"title": {"color": "reed"}}, "spec": {"y": [1]}}',
            422,
            ["style.title.color"],
        ),
        (
            b'{"style": {"palette": ["reed"]}, "spec": {"x": [1, 2], "y": [1]}}',
            422,
            ["style.palette[0]"],
        ),
        (b'{"style": {"font": {"size": 1e999}}, "spec": {"y": [1]}}', 422, ["style.font.size"]),
    ],
)
def test_faults_are_told(client: httpx.Client, body: bytes, status: int, paths: list[str]) -> None:
    """A faulty body is refused with the place of each fault."""
    headers = {"Content-Type": "application/json"}
    answer = client.post("/styles/seen/preview", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    found = [fault["path"] for fault in answer.json().get("errors", [])]
    assert found[: len(paths)] == paths, answer.text


def test_what_is_no_json_is_415(client: httpx.Client) -> None:
    """A form is refused by its media type."""
    assert client.post("/styles/seen/preview", data={"style": "x"}).status_code == 415
