from pathlib import Path

from plotkiln.templates.catalogue import Catalogue, KnownTemplate
from plotkiln.templates.descriptions import BrokenTemplate, DescribedTemplate, SourceDescription
from plotkiln.templates.sources import Source

SCHEMA = {
    "type": "object",
    "properties": {"value": {"type": "number"}, "when": {"type": "string", "format": "date"}},
    "additionalProperties": False,
}


def source(name: str) -> Source:
    """Return a source of that name."""
    return Source(kind="package", name=name, root=str(Path()), targets=(), code="", key=name)


def described(name: str, *, of: str) -> DescribedTemplate:
    """Return a template of a source."""
    return DescribedTemplate(
        name=name, title=name, description="", source=of, file=f"{name}.py", params=SCHEMA
    )


def catalogue(*pairs: tuple[str, list[str]], broken: tuple[BrokenTemplate, ...] = ()) -> Catalogue:
    """Return a catalogue of sources with their templates' names."""
    return Catalogue(
        (
            source(of),
            SourceDescription(
                key=of, templates=[described(name, of=of) for name in names], broken=list(broken)
            ),
        )
        for of, names in pairs
    )


def test_the_first_of_equal_names_counts() -> None:
    """A name taken twice is the first source's; the other's is listed as broken."""
    found = catalogue(("own", ["dial"]), ("acme", ["dial", "bars"]))
    dial = found.find("dial")
    assert isinstance(dial, KnownTemplate)
    assert dial.source.name == "own"
    assert [template.name for template in found.list().templates] == ["bars", "dial"]
    (broken,) = found.list().broken
    assert (broken.source, broken.target) == ("acme", "dial.py")
    assert broken.message == "the name dial is taken by dial.py of own"


def test_a_missing_name_is_told_with_the_nearest() -> None:
    """An unknown name suggests the nearest; that of a broken file says what is wrong with it."""
    fault = BrokenTemplate(source="own", target="bars.py", message="bars.py line 1: SyntaxError")
    found = catalogue(("own", ["speedometer"]), broken=(fault,))
    assert "did you mean speedometer?" in str(found.find("speedomter"))
    assert found.find("bars") == "bars.py is broken: bars.py line 1: SyntaxError"


def test_faults_are_placed_in_the_spec() -> None:
    """Parameters are held to the schema, formats too; paths begin with `params`."""
    known = catalogue(("own", ["dial"])).find("dial")
    assert isinstance(known, KnownTemplate)
    assert known.names == ["value", "when"]
    assert known.faults({"value": 1, "when": "2026-03-01"}) == []
    faults = known.faults({"value": "x", "when": "soon", "size": 1})
    assert {fault.path for fault in faults} == {"params.value", "params.when", "params.size"}
    assert 'expected a day such as 2026-03-01, got "soon"' in [fault.message for fault in faults]
