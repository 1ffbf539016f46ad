"""Pictures in styles that nobody stored, on the use case itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from plotkiln.cli.composition import Composition, open_composition
from plotkiln.errors import InputError, MalformedError, RuleError, SchemaError
from plotkiln.identity import ANONYMOUS
from plotkiln.service.renders import Plan
from plotkiln.settings import read_settings
from plotkiln.workers import installed_fonts

pytestmark = pytest.mark.anyio

SPEC = {"y": [3, 1, 4], "size": {"width": 320, "height": 240}}


@pytest.fixture
async def composed(tmp_path: Path) -> AsyncIterator[Composition]:
    """Put a service together, on the embedded stores."""
    settings = read_settings({"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_WORKERS": "1"})
    async with open_composition(settings, installed_fonts()) as composition:
        yield composition


async def plan(composed: Composition, style: object, spec: object, name: str = "seen") -> Plan:
    """Plan a preview of documents that are given as values, or as bytes."""
    written = [
        part if isinstance(part, bytes) else msgspec.json.encode(part) for part in (style, spec)
    ]
    return await composed.services.previews.plan(ANONYMOUS, name, *written, accepted="png")


async def stored(composed: Composition, name: str, document: object) -> None:
    """Store a style."""
    data = msgspec.json.encode(document)
    await composed.services.styles.put(ANONYMOUS, name, data, expected=0)


async def test_a_preview_is_what_writing_would_yield(composed: Composition) -> None:
    """The preview of a document is, to the digest, the picture after it was written."""
    await stored(composed, "base", {"palette": ["#112233"], "title": {"color": "#445566"}})
    document = {"extends": "base", "title": {"fontsize": 20}}
    before = await plan(composed, document, SPEC)
    await stored(composed, "seen", document)
    data = msgspec.json.encode(SPEC)
    renders = composed.services.renders
    after = await renders.plan(ANONYMOUS, data, await renders.read(data), style="seen")
    assert before.digest == after.digest
    assert before.look.style.palette == ["#112233"]


async def test_the_spec_has_no_say_in_the_style(composed: Composition) -> None:
    """A style that the spec names, even one that nobody knows, counts for nothing."""
    drawn = await plan(composed, {"palette": ["tan"]}, {**SPEC, "style": "nobody"})
    assert drawn.look.name == "seen"
    assert drawn.look.style.palette == ["tan"]


@pytest.mark.parametrize(
    ("style", "spec", "error", "paths"),
    [
        ({"title": {"color": "reed"}}, SPEC, RuleError, {"style.title.color"}),
        ({"titel": {}}, {"y": "three"}, SchemaError, {"style.titel", "spec.y"}),
        ({"palette": ["nope"]}, {"kind": "lin"}, SchemaError, {"style.palette[0]", "spec.kind"}),
        ({"extends": "nobody"}, SPEC, RuleError, {"style.extends"}),
        ({"extends": "seen"}, SPEC, RuleError, {"style.extends"}),
        ({}, {"template": "nobody"}, RuleError, {"spec.template"}),
        (b"[]", SPEC, SchemaError, {"style"}),
        (b"{", SPEC, MalformedError, set()),
    ],
)
async def test_every_fault_of_both_has_its_place(
    composed: Composition, style: object, spec: object, error: type[InputError], paths: set[str]
) -> None:
    """The faults of style and spec come together, each below its own name."""
    with pytest.raises(error) as refused:
        await plan(composed, style, spec)
    assert {fault.path for fault in refused.value.faults} >= paths
    assert type(refused.value) is error


@pytest.mark.parametrize(
    ("style", "spec", "path"),
    [
        ({"figure": {"figsize": [100, 100], "dpi": 1200}}, {"y": [1]}, "style.figure"),
        ({"figure": {"dpi": 1200}}, {"y": [1], "size": {"width": 9999}}, "spec.size"),
    ],
)
async def test_what_is_too_large_together_has_its_place(
    composed: Composition, style: object, spec: object, path: str
) -> None:
    """A picture of too many pixels is refused where its size was asked for."""
    asked = await plan(composed, style, spec)
    with pytest.raises(RuleError) as refused:
        await composed.services.previews.picture(asked)
    assert [fault.path for fault in refused.value.faults] == [path]
