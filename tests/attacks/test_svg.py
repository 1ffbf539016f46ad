"""Script in pictures: every text of a spec, of a style and of a template's parameters."""

from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kilns import Kiln
from wires import request, sent

#: Texts that would run, load or break out where they are not escaped.
TEXTS = [
    "<script>alert(1)</script>",
    "</text><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "--><script>alert(1)</script><!--",
    '" onload="alert(1)',
    "' onload='alert(1)",
    "<foreignObject><iframe src=javascript:alert(1)>",
    '<image href="https://evil.example/a.png"/>',
    '<use href="data:image/svg+xml;base64,PHN2Zz4=#a"/>',
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&evil;",
    "<?xml-stylesheet href='https://evil.example/a.css'?>",
    "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
    "javascript:alert(1)",
    "<style>@import url(https://evil.example/a.css)</style>",
    "url(https://evil.example/a.svg#b)",
    "\u202e<script>\u2028",
    r"$\href{javascript:alert(1)}{a}$",
    r"$\input{/etc/passwd}$",
    r"$\write18{id}$",
    r"$\def\a{\a\a}\a$",
    r"$" + r"\frac{1}{" * 60 + "1" + "}" * 60 + "$",
    r"$\mathrm{<script>}$",
    "%{file:///etc/passwd}",
    "{0.__class__.__mro__}",
]

#: Elements and attributes that no picture of ours has.
_FORBIDDEN = {"script", "foreignObject", "iframe", "a", "animate", "set", "handler", "object"}


def with_text(text: str) -> dict[str, Any]:
    """Return a spec that has a text wherever one may stand."""
    x = [text, "b"]
    return {
        "title": text,
        "subtitle": text,
        "series": [
            {"name": text, "x": x, "y": [1, 2]},
            {"name": f"{text} 2", "x": x, "y": [2, 1], "kind": "bar"},
        ],
        "axes": {"x": {"label": text}, "y": {"label": text}},
        "legend": {"title": text},
        "annotations": [
            {"type": "text", "x": text, "y": 1, "text": text},
            {"type": "line", "y": 1, "text": text},
        ],
        "alt": text,
        "format": "svg",
    }


def assert_is_harmless(svg: bytes) -> None:
    """Hold that a picture runs nothing and loads nothing."""
    assert b"<!ENTITY" not in svg
    assert b"<?xml-stylesheet" not in svg
    for element in ET.fromstring(svg).iter():  # noqa: S314 -- entities were looked for
        name = element.tag.rpartition("}")[2]
        assert name not in _FORBIDDEN
        for key, value in element.attrib.items():
            plain = key.rpartition("}")[2].lower()
            assert not plain.startswith("on")
            if plain in {"href", "src"}:
                assert value.startswith(("#", "data:image/png;base64,"))
            assert "url(" not in value.replace("url(#", "")
        if name == "style":
            assert "@import" not in (element.text or "")
            assert "url(" not in (element.text or "")


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_becomes_markup(client: httpx.Client, text: str) -> None:
    """Whatever a text says it is drawn, or refused: it never runs and loads nothing."""
    answer = client.post("/plot", json=with_text(text))
    assert answer.status_code in {200, 422}, answer.text
    assert answer.status_code == 200 or "$" in text
    if answer.status_code == 200:
        assert_is_harmless(answer.content)
        assert "image/svg+xml" in answer.headers["content-type"]


@pytest.mark.parametrize("text", TEXTS)
def test_no_watermark_becomes_markup(client: httpx.Client, text: str) -> None:
    """The same holds for what a style writes across a picture."""
    style = {"watermark": {"text": text}}
    body = {"style": style, "spec": {"y": [1, 2], "format": "svg"}}
    answer = client.post("/styles/evil/preview", json=body)
    assert answer.status_code in {200, 400, 422}
    if answer.status_code == 200:
        assert_is_harmless(answer.content)


@pytest.mark.parametrize("text", TEXTS)
def test_no_parameter_becomes_markup(client: httpx.Client, text: str) -> None:
    """The same holds for the parameters of a template."""
    params = {
        "times": ["2026-01-01", "2026-01-02"],
        "values": [1, 2],
        "events": [{"time": "2026-01-01", "label": text}],
        "title": text,
        "subtitle": text,
        "unit": text[:20],
    }
    spec = {"template": "annotated-time-series", "params": params, "format": "svg"}
    answer = client.post("/plot", json=spec)
    assert answer.status_code in {200, 422}, answer.text
    if answer.status_code == 200:
        assert_is_harmless(answer.content)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(text=st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_at_all_becomes_markup(kiln: Kiln, text: str) -> None:
    """No text of any characters makes a picture that runs or loads something."""
    with kiln.client() as client:
        spec = {"y": [1, 2], "title": f"<{text}", "format": "svg"}
        answer = client.post("/plot", json=spec)
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        assert_is_harmless(answer.content)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a\x00b", "\u202e", "&lt;", "]]>"])
def test_errors_that_are_pictures_are_harmless(client: httpx.Client, text: str) -> None:
    """An error that is drawn for an image repeats nothing that runs."""
    for path in (f"/charts/{text.encode().hex()}.png", "/charts/a.png"):
        answer = client.get(path, params={"style": text})
        assert answer.headers["content-type"] == "image/svg+xml"
        assert_is_harmless(answer.content)


def test_svg_runs_nothing_where_it_is_opened(kiln: Kiln) -> None:
    """An SVG that is opened by itself has the origin of nobody, and may run and load nothing."""
    spec = b'{"y": [1, 2], "format": "svg"}'
    policy = sent(kiln.port, request("POST", "/plot", body=spec)).headers["content-security-policy"]
    directives = {part.strip() for part in policy.split(";")}
    assert {"default-src 'none'", "sandbox", "style-src 'unsafe-inline'"} <= directives
    assert not [part for part in directives if part.startswith(("script-src", "allow-"))]


#: rcParams that read files, run programs or reach out.
ESCAPES = {
    "text.usetex": True,
    "text.latex.preamble": r"\input{/etc/passwd}",
    "pgf.preamble": r"\write18{id}",
    "pgf.texsystem": "/bin/sh",
    "animation.ffmpeg_path": "/bin/sh",
    "animation.convert_path": "/bin/sh",
    "animation.html": "jshtml",
    "backend": "module://os",
    "savefig.directory": "/",
    "datapath": "/",
    "ps.usedistiller": "ghostscript",
    "svg.image_inline": False,
    "svg.hashsalt": "1",
    "webagg.port": 80,
    "webagg.address": "0.0.0.0",  # noqa: S104 -- refused
    "examples.directory": "/",
    "interactive": True,
    "toolbar": "toolmanager",
    "agg.path.chunksize": 1,
    "path.effects": [["__import__", "os"]],
    "axes.prop_cycle": "__import__('os').system('id')",
    "font.serif": ["/etc/passwd"],
    "__class__": 1,
}


@pytest.mark.parametrize("name", ESCAPES)
def test_no_rc_param_escapes(client: httpx.Client, name: str) -> None:
    """What reads files, runs programs or only changes the backend is refused by its name."""
    document = {"rc": {name: ESCAPES[name]}}
    body = {"style": document, "spec": {"y": [1, 2]}}
    answer = client.post("/styles/evil/preview", json=body)
    if name == "font.serif":  # a list of names, none of which is opened
        assert answer.status_code in {200, 422}
        assert b"root:" not in answer.content
    else:
        assert answer.status_code in {400, 422}
        assert name in answer.text
