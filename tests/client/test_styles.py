from pathlib import Path

import pytest

import plotkiln
from kilns import Kiln
from plotkiln.errors import (
    InputError,
    InUseError,
    NotFoundError,
    PreconditionFailed,
    RuleError,
    SchemaError,
)
from plotkiln.style.builtin import builtin_look
from servers import Consul, wait_until

RED, BLUE = {"palette": ["#ff0000"]}, {"palette": ["#0000ff"]}


def test_writes_are_guarded(client: plotkiln.Client) -> None:
    """A write names the version that it replaces; who comes second overwrites nothing."""
    first = client.styles.put("guarded", RED, expected=0, why="to begin")
    with pytest.raises(PreconditionFailed):
        client.styles.put("guarded", BLUE, expected=0)
    second = client.styles.put("guarded", '{"palette": ["#0000ff"]}', expected=first)
    with pytest.raises(PreconditionFailed):
        client.styles.put("guarded", RED, expected=first)
    found = client.styles.get("guarded")
    assert (found.version, found.state, found.document) == (second, "fresh", BLUE)
    assert client.styles.get("guarded", version=first).document == RED
    with pytest.raises(PreconditionFailed):
        client.styles.delete("guarded", expected=first)
    client.styles.delete("guarded", expected=second)
    with pytest.raises(NotFoundError):
        client.styles.get("guarded")


def test_histories_are_told_and_undone(client: plotkiln.Client) -> None:
    """The history has versions, reasons and differences; an old document comes back as a new."""
    first = client.styles.put("told", RED, expected=0, why="to begin")
    second = client.styles.put("told", BLUE, expected=first, why="bluer")
    third = client.styles.rollback("told", first, expected=second, why="too blue")
    history = client.styles.history("told", limit=2)
    assert [change.version for change in history.changes] == [third, second]
    assert history.changes[0].kind == "rolled-back"
    assert history.changes[1].why == "bluer"
    assert history.changes[1].differences
    older = client.styles.history("told", before=history.before)
    assert [change.why for change in older.changes] == ["to begin"]
    assert client.styles.get("told").document == RED
    with pytest.raises(RuleError):
        client.styles.rollback("told", third + 1000, expected=third)


def test_drafts_are_published(client: plotkiln.Client) -> None:
    """A draft takes its style's place, and is gone."""
    version = client.styles.put("issued", RED, expected=0)
    draft = client.styles.put("issued.draft", BLUE, expected=0)
    published = client.styles.publish("issued", draft=draft, expected=version, why="approved")
    assert client.styles.get("issued").version == published
    assert client.styles.get("issued").document == BLUE
    with pytest.raises(NotFoundError):
        client.styles.get("issued.draft")


def test_styles_are_listed_and_previewed(client: plotkiln.Client) -> None:
    """The list has each style's state and colours; a preview stores nothing."""
    client.styles.put("parent", RED, expected=0)
    version = client.styles.put("child", {"extends": "parent"}, expected=0)
    listed = {style.name: style for style in client.styles.list().styles}
    assert (listed["default"].version, listed["default"].state) == (0, "builtin")
    assert (listed["child"].version, listed["child"].extends) == (version, "parent")
    assert listed["child"].palette == ("#ff0000",)
    with pytest.raises(InUseError):
        client.styles.delete("parent", expected=client.styles.get("parent").version)
    picture = client.styles.preview("child", BLUE, {"y": [1, 2]}, title="x")
    assert picture.style == "child@preview"
    assert client.styles.get("child").version == version


def test_looks_are_resolved(client: plotkiln.Client) -> None:
    """A look is what the server draws in: of today, or as of a version."""
    base = client.styles.put("base", {"title": {"color": "#ff0000"}}, expected=0)
    top = client.styles.put("top", {"extends": "base", "font": {"size": 9}}, expected=0)
    look = client.styles.look("top")
    assert look.digest == _listed_digest(client, "top")
    assert (look.name, look.version, look.state) == ("top", top, "fresh")
    later = client.styles.put("base", {"title": {"color": "#0000ff"}}, expected=base)
    assert client.styles.look("top").version == later
    assert client.styles.look("top").digest == _listed_digest(client, "top")
    assert client.styles.look(f"top@{top}").digest == look.digest
    assert client.styles.look() == builtin_look()
    with pytest.raises(NotFoundError):
        client.styles.look("nobody")
    with pytest.raises(NotFoundError):
        client.styles.look(f"top@{base}")
    with pytest.raises(RuleError, match="name@version"):
        client.styles.look("top@sha256:00")


def _listed_digest(client: plotkiln.Client, name: str) -> str | None:
    return next(style.digest for style in client.styles.list().styles if style.name == name)


def test_a_broken_document_leaves_the_last_good_one(consul: Consul, tmp_path: Path) -> None:
    """Where somebody stores what cannot be used, the version before it serves, and is stale."""
    with (
        Kiln(tmp_path, CONSUL_HTTP_ADDR=consul.url, PLOTKILN_STYLES_PREFIX="broken/styles") as kiln,
        plotkiln.Client(kiln.url) as client,
    ):
        good = client.styles.put("news", RED, expected=0)
        consul.put("broken/styles/news", b"{")
        wait_until(lambda: client.styles.get("news").data == b"{", 10)
        look = client.styles.look("news")
        assert (look.version, look.state) == (good, "stale")
        assert look.style.palette == RED["palette"]
        consul.put("broken/styles/never", b"{")
        wait_until(lambda: "never" in {style.name for style in client.styles.list().styles}, 10)
        never = client.styles.look("never")
        assert (never.digest, never.state) == (builtin_look().digest, "stale")


def test_every_fault_of_a_document_is_told(client: plotkiln.Client) -> None:
    """A document that cannot be used is refused with all of its faults."""
    with pytest.raises(InputError) as caught:
        client.styles.put("bad", {"palette": ["red-ish"], "tilte": {}}, expected=0)
    assert {fault.path for fault in caught.value.faults} == {"palette[0]", "tilte"}
    with pytest.raises(InputError):
        client.styles.put("no name", {}, expected=0)
    assert issubclass(SchemaError, InputError)


def test_templates_are_told(client: plotkiln.Client) -> None:
    """Templates have the schema of their parameters, and draw as specs do."""
    listed = client.templates.list()
    assert {"odometer", "patient"} <= {template.name for template in listed.templates}
    assert listed.broken == ()
    template = client.templates.get("odometer")
    assert "value" in template.params["properties"]
    assert client.render(template="odometer", params={"value": 42}).format == "png"
    with pytest.raises(NotFoundError):
        client.templates.get("nothing")
