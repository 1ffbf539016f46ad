from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plotkiln.errors import InputError, MalformedError, RuleError, SchemaError, TooLargeError
from plotkiln.style.documents import (
    LARGEST,
    STYLE_CONTRACT,
    check_name,
    parse_stored,
    parse_written,
)
from plotkiln.style.models import Style
from schema_values import near_values

DOCUMENT = b"""
{"figure": {"figsize": [10, 6], "dpi": 120},
 "font": {"family": "sans-serif", "size": 12},
 "title": {"fontsize": 16, "fontweight": "bold", "color": "#333333"},
 "axes": {"labelcolor": "#555555", "edgecolor": "#888888",
          "grid": true, "grid_linestyle": "--", "grid_alpha": 0.6},
 "legend": {"fontsize": "small", "frameon": false},
 "watermark": {"text": "Internal Use Only", "x": 0.5, "y": 0.5, "fontsize": 40, "color": "gray",
               "alpha": 0.2}}
"""

STYLES = near_values(STYLE_CONTRACT.schema, STYLE_CONTRACT.schema)


def faults_of(document: Any) -> list[str]:
    """Return every fault for which a written document is refused."""
    with pytest.raises(InputError) as caught:
        parse_written(msgspec.json.encode(document))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("parse", [parse_written, parse_stored])
def test_the_documented_style_parses_without_warnings(parse: Any) -> None:
    """The document that users start from is a style as it stands."""
    parsed = parse(DOCUMENT)
    assert parsed.warnings == ()
    assert msgspec.json.decode(msgspec.json.encode(parsed.style)) == msgspec.json.decode(DOCUMENT)


@pytest.mark.parametrize("parse", [parse_written, parse_stored])
def test_the_empty_style_is_a_style(parse: Any) -> None:
    """Every section is optional; null is as good as nothing."""
    assert parse(b"{}").style == parse(b'{"font": null}').style == Style()


def test_unknown_members_are_refused_when_written() -> None:
    """A slip of the pen is told, with the member that was probably meant."""
    assert faults_of({"fonts": {}, "axes": {"gridcolor": "red"}}) == [
        "fonts: unknown member (did you mean font?): remove it or mend its name",
        "axes.gridcolor: unknown member (did you mean grid_color?): remove it or mend its name",
    ]


def test_unknown_members_are_ignored_with_warnings_when_stored() -> None:
    """What another release wrote into the store does not break the style."""
    parsed = parse_stored(
        b'{"axes": {"griid": 1, "grid": true}, "later": {}, "rc": {"new.one": 1}}'
    )
    assert parsed.style == parse_written(b'{"axes": {"grid": true}, "rc": {}}').style
    assert [warning.partition(":")[0] for warning in parsed.warnings] == [
        "axes.griid",
        "later",
        "rc.new.one",
    ]


def test_stored_styles_keep_every_other_rule() -> None:
    """A stored style with a wrong value is refused; only unknown members are let through."""
    with pytest.raises(SchemaError) as caught:
        parse_stored(b'{"axes": {"griid": 1, "grid": 1}}')
    assert [fault.path for fault in caught.value.faults] == ["axes.grid"]


def test_colours_are_checked_everywhere() -> None:
    """A text that names no colour is told in every section and in the palette."""
    document = {
        "title": {"color": "bleu"},
        "axes": {"grid_color": "#12"},
        "palette": ["red", "reed", "C1", "CadetBlue"],
    }
    assert faults_of(document) == [
        'title.color: "bleu" is no colour (did you mean blue?): send #RRGGBB or a CSS name',
        'axes.grid_color: "#12" is no colour: send #RRGGBB or a CSS name',
        'palette[1]: "reed" is no colour (did you mean red?): send #RRGGBB or a CSS name',
        "palette[2]: C1 is a place in the palette: name the colour itself",
    ]


def test_rules_alone_are_rule_errors() -> None:
    """A document that keeps the schema but not the rules is told apart."""
    with pytest.raises(RuleError):
        parse_written(b'{"title": {"color": "bleu"}}')


def test_schema_and_rules_are_told_together() -> None:
    """A wrong type, a wrong colour and a wrong rcParam come in one error."""
    document = {"title": {"color": "bleu", "loc": 1}, "rc": {"savefig.dpi": 1, "axes.grid": 3}}
    assert [fault.partition(": ")[0] for fault in faults_of(document)] == [
        "title.loc",
        "title.color",
        "rc.savefig.dpi",
        "rc.axes.grid",
    ]


def test_at_most_a_hundred_faults_are_listed() -> None:
    """Thousands of faults are cut to a hundred and a remark."""
    faults = faults_of({"rc": {f"no.such.{number}": number for number in range(3000)}})
    assert len(faults) == 101


def test_a_document_has_at_most_64_kib() -> None:
    """One byte more is too large, whatever the document says."""
    document = b'{"watermark": {}}'.ljust(LARGEST)
    assert parse_written(document)
    with pytest.raises(TooLargeError, match="65536 bytes"):
        parse_written(document + b" ")


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"font": NaN}'])
def test_what_is_not_json_is_malformed(data: bytes) -> None:
    """A value in the store that is no JSON is told so."""
    with pytest.raises(MalformedError):
        parse_stored(data)


@pytest.mark.parametrize("data", [b"[]", b"null", b"1", b'"style"'])
def test_a_style_is_an_object(data: bytes) -> None:
    """Other JSON values are refused in words."""
    with pytest.raises(SchemaError, match="expected an object"):
        parse_stored(data)


@given(STYLES)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_what_may_be_written_reads_the_same_when_stored(value: Any) -> None:
    """Whatever is accepted for writing is read back from the store without a warning."""
    data = msgspec.json.encode(value)
    try:
        written = parse_written(data)
    except InputError:
        return
    assert parse_stored(data) == written


@given(st.binary(max_size=80) | STYLES.map(msgspec.json.encode))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_bytes_break_the_parser(data: bytes) -> None:
    """Any bytes are a style or an input error."""
    for parse in (parse_written, parse_stored):
        try:
            parse(data)
        except InputError as error:
            assert str(error)  # noqa: PT017 -- either outcome is right


@pytest.mark.parametrize("name", ["default", "a", "A.b_c-1", "x" * 128, "0"])
def test_names_that_consul_takes_are_good(name: str) -> None:
    """Letters, digits, dots, underscores and hyphens, beginning with a letter or digit."""
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "-a", "a/b", "a b", "ä", "a\n", "x" * 129, "a\x00"])
def test_other_names_are_refused(name: str) -> None:
    """What would leave the prefix, or what Consul refuses, names no style."""
    with pytest.raises(RuleError, match="no style name"):
        check_name(name)
    with pytest.raises(SchemaError, match="extends"):
        parse_written(msgspec.json.encode({"extends": name}))
