"""An old chart in the old look, byte for byte, and in today's."""

from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenances import read_provenance

SPEC = {"y": [3, 1, 4], "title": "Pinned", "size": {"width": 320, "height": 240}}
CREATE = {"If-None-Match": "*"}


def put(client: httpx.Client, name: str, document: dict[str, Any]) -> str:
    """Write a style over whatever is there; return its version."""
    stored = client.get(f"/styles/{name}")
    tag = stored.headers.get("etag", '"0"')
    unstored = stored.status_code == 404 or tag == '"0"'
    condition = CREATE if unstored else {"If-Match": tag}
    answer = client.put(f"/styles/{name}", json=document, headers=condition)
    assert answer.status_code in {201, 204}, answer.text
    return answer.headers["etag"].strip('"')


@pytest.fixture(scope="module")
def chart(client: httpx.Client) -> str:
    """Store a chart; return the address of its picture."""
    address: str = client.post("/charts", json=SPEC).json()["url"]
    return address


def test_an_old_chart_in_the_old_look(client: httpx.Client, chart: str) -> None:
    """What was drawn in any version of a chain of styles is drawn again, to the byte."""
    put(client, "pin-base", {"palette": ["#111111"]})
    put(client, "pin", {"extends": "pin-base"})
    pictures = []
    for name, document in (
        ("pin", {"extends": "pin-base", "title": {"color": "#111111"}}),
        ("pin-base", {"palette": ["#222222"]}),
        ("pin-base", {"palette": ["#222222"], "font": {"size": 14}}),
        ("pin", {}),
        ("pin-base", {}),
    ):
        put(client, name, document)
        pictures.append(client.get(chart, params={"style": "pin"}))
    for picture in pictures:
        old = client.get(chart, params={"style": picture.headers["plotkiln-style"]})
        assert old.status_code == 200, old.text
        assert (old.content, old.headers["etag"]) == (picture.content, picture.headers["etag"])
        assert old.headers["plotkiln-style"] == picture.headers["plotkiln-style"]
        assert old.headers["plotkiln-style-state"] == "fresh"
        content = read_provenance(picture.content)["style"]
        same = client.get(chart, params={"style": f"pin@sha256:{content}"})
        assert same.content == picture.content
        unchanged = {"If-None-Match": picture.headers["etag"]}
        address = {"style": picture.headers["plotkiln-style"]}
        assert client.get(chart, params=address, headers=unchanged).status_code == 304
    assert len({picture.content for picture in pictures}) == 4
    assert client.get(chart, params={"style": "pin"}).content == pictures[-1].content


def test_a_spec_names_its_pin(client: httpx.Client) -> None:
    """A pin in the spec is kept when the style changes, posted and stored."""
    version = put(client, "in-spec", {"palette": ["#333333"]})
    spec = {**SPEC, "style": f"in-spec@{version}"}
    before = client.post("/plot", json=spec)
    assert before.headers["plotkiln-style"] == f"in-spec@{version}"
    put(client, "in-spec", {"palette": ["#444444"]})
    assert client.post("/plot", json=spec).content == before.content
    address = client.post("/charts", json=spec).json()["url"]
    assert client.get(address).content == before.content
    today = client.get(address, params={"style": "in-spec"})
    assert today.headers["etag"] != before.headers["etag"]


def test_the_builtin_is_pinned(client: httpx.Client, chart: str) -> None:
    """`default@0` is the built-in style, whatever `default` says today."""
    builtin = client.get(chart, params={"style": "default@0"})
    assert builtin.status_code == 200
    assert builtin.headers["plotkiln-style"] == "default@0"


@pytest.mark.parametrize(
    "pin", ["in-spec@1", "nobody@1", "pin@x", "pin@", f"pin@sha256:{'0' * 64}"]
)
def test_unknown_pins(client: httpx.Client, chart: str, pin: str) -> None:
    """An unknown version is 404 in an address and 422 in a spec."""
    put(client, "in-spec", {"palette": ["#333333"]})
    in_address = client.get(chart, params={"style": pin}, headers={"Accept": "application/json"})
    assert in_address.status_code == 404
    in_spec = client.post("/plot", json={**SPEC, "style": pin})
    assert in_spec.status_code == 422
    assert in_spec.json()["errors"][0]["path"] == "style"
    assert client.post("/charts", json={**SPEC, "style": pin}).status_code == 422


COLORS = st.sampled_from(["#111111", "#222222", "#333333"])


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(colors=st.lists(COLORS, min_size=2, max_size=4), data=st.data())
def test_going_back_yields_the_bytes_of_then(
    client: httpx.Client, chart: str, colors: list[str], data: st.DataObject
) -> None:
    """Rolled back to any version, document and picture are those of that version."""
    seen = []
    for color in colors:
        version = put(client, "there-and-back", {"title": {"color": color}})
        document = client.get("/styles/there-and-back").content
        picture = client.get(chart, params={"style": "there-and-back"}).content
        seen.append((int(version), document, picture))
    wanted, document, picture = data.draw(st.sampled_from(seen))
    tag = client.get("/styles/there-and-back").headers["etag"]
    answer = client.post(
        "/styles/there-and-back/rollback", json={"version": wanted}, headers={"If-Match": tag}
    )
    assert answer.status_code == 204
    assert client.get("/styles/there-and-back").content == document
    assert client.get(chart, params={"style": "there-and-back"}).content == picture
