import httpx
import pytest

CREATE = {"If-None-Match": "*"}
STYLE = {"title": {"color": "#123456"}}


def test_the_builtin_is_there(client: httpx.Client) -> None:
    """Without any stored style `default` is the built-in, version 0."""
    listed = client.get("/styles").json()
    assert listed["reachable"] is True
    assert listed["styles"][0]["name"] == "default"
    answer = client.get("/styles/default")
    assert answer.headers["etag"] == '"0"'
    assert answer.headers["plotkiln-style-state"] == "builtin"
    assert answer.json()["palette"][0] == "#007ACC"


def test_a_style_lives(client: httpx.Client) -> None:
    """A style is created, read, replaced and removed under its versions."""
    created = client.put("/styles/lives", json=STYLE, headers=CREATE)
    assert created.status_code == 201
    version = created.headers["etag"]
    read = client.get("/styles/lives")
    assert (read.json(), read.headers["etag"]) == (STYLE, version)
    assert client.get("/styles/lives", headers={"If-None-Match": version}).status_code == 304
    replaced = client.put("/styles/lives", json={}, headers={"If-Match": version})
    assert replaced.status_code == 204
    assert replaced.headers["etag"] != version
    assert client.delete("/styles/lives", headers={"If-Match": version}).status_code == 412
    removed = client.delete("/styles/lives", headers={"If-Match": replaced.headers["etag"]})
    assert removed.status_code == 204
    assert client.get("/styles/lives").status_code == 404


def test_a_write_takes_effect_at_once(client: httpx.Client) -> None:
    """The first render after a write is drawn in what was written."""
    headers = dict(CREATE)
    seen = set()
    for color in ("#111111", "#222222", "#333333"):
        written = client.put("/styles/at-once", json={"palette": [color]}, headers=headers)
        headers = {"If-Match": written.headers["etag"]}
        drawn = client.post("/plot", json={"y": [1, 2], "style": "at-once"})
        assert (
            drawn.headers["plotkiln-style"] == f"at-once@{written.headers['etag'].strip(chr(34))}"
        )
        assert drawn.headers["plotkiln-style-state"] == "fresh"
        seen.add(drawn.headers["etag"])
    assert len(seen) == 3


def test_no_write_goes_unguarded(client: httpx.Client) -> None:
    """A write without a precondition is 428, one that lost its race 412, and nothing changes."""
    assert client.put("/styles/guarded", json=STYLE).status_code == 428
    assert client.put("/styles/guarded", json=STYLE, headers=CREATE).status_code == 201
    assert client.put("/styles/guarded", json={}, headers=CREATE).status_code == 412
    assert client.put("/styles/guarded", json={}, headers={"If-Match": '"1"'}).status_code == 412
    assert client.delete("/styles/guarded").status_code == 428
    assert client.get("/styles/guarded").json() == STYLE


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        (b"{", 400, None),
        (b'{"titel": {}}', 400, "titel"),
        (b'{"title": {"fontsize": "huge"}}', 400, "title.fontsize"),
        (b'{"title": {"color": "no-colour"}}', 422, "title.color"),
        (b'{"rc": {"text.usetex": true}}', 422, "rc"),
        (b'{"extends": "nobody-knows"}', 422, ""),
        (b'{"extends": "faulty"}', 422, ""),
        (b'{"watermark": {"text": "' + b"x" * 70_000 + b'"}}', 413, None),
    ],
)
def test_faults_are_told(client: httpx.Client, body: bytes, status: int, path: str | None) -> None:
    """A faulty document is refused with the place of each fault."""
    headers = {**CREATE, "Content-Type": "application/json"}
    answer = client.put("/styles/faulty", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    if path is not None:
        paths = [fault["path"] for fault in answer.json().get("errors", [{"path": ""}])]
        assert any(found.startswith(path) for found in paths), paths


@pytest.mark.parametrize("name", ["-dash", "a b", "a%2Fb", "x" * 200, "ümlaut"])
def test_bad_names_are_told(client: httpx.Client, name: str) -> None:
    """A name that Consul could not hold is refused."""
    assert client.put(f"/styles/{name}", json={}, headers=CREATE).status_code in {404, 422}


def test_a_style_that_others_extend_stays(client: httpx.Client) -> None:
    """A style cannot be removed while another extends it."""
    base = client.put("/styles/base", json=STYLE, headers=CREATE).headers["etag"]
    heir = client.put("/styles/heir", json={"extends": "base"}, headers=CREATE).headers["etag"]
    refused = client.delete("/styles/base", headers={"If-Match": base})
    assert refused.status_code == 409
    assert "heir" in refused.json()["detail"]
    assert client.delete("/styles/heir", headers={"If-Match": heir}).status_code == 204
    assert client.delete("/styles/base", headers={"If-Match": base}).status_code == 204


def test_a_style_too_large_to_draw(client: httpx.Client) -> None:
    """Figsize × dpi beyond the limit is refused when it would be drawn."""
    huge = {"figure": {"figsize": [100, 100], "dpi": 1200}}
    assert client.put("/styles/huge", json=huge, headers=CREATE).status_code == 201
    answer = client.post("/plot", json={"y": [1, 2], "style": "huge"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "style"
