from typing import Annotated, Any, Literal

import jsonschema_rs
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta

from plotkiln.documents import Contract, read_json
from plotkiln.errors import MalformedError, RuleError, SchemaError
from plotkiln.spec.models import Spec
from plotkiln.style.documents import STYLE_CONTRACT
from plotkiln.style.models import Style
from schema_values import near_values


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    color: str | None = None
    width: Annotated[float, Meta(ge=0, le=5)] | None = None


class Drawing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: Literal["line", "bar"]
    count: Annotated[int, Meta(ge=1, le=9)] | None = None
    size: Annotated[float, Meta(gt=0)] | Literal["small", "large"] | None = None
    part: Part | None = None
    parts: list[Part] | None = None
    values: list[float | str | None] | None = None


OPEN = Contract(Drawing, title="drawing", description="A drawing.")
CLOSED = Contract(Drawing, title="drawing", description="A drawing.", closed=True)
SPEC = Contract(Spec, title="spec", description="A spec.")

SPECS = near_values(SPEC.schema, SPEC.schema)
STYLES = near_values(STYLE_CONTRACT.schema, STYLE_CONTRACT.schema)


def faults_of(contract: Contract[Any], data: bytes) -> list[str]:
    """Return the faults for which a document is refused."""
    with pytest.raises(SchemaError) as caught:
        contract.decode(data)
    return [str(fault) for fault in caught.value.faults]


def accepted(contract: Contract[Any], value: Any) -> bool:
    """Tell whether a document is accepted; a refused one has faults."""
    try:
        contract.decode(msgspec.json.encode(value))
    except SchemaError as error:
        return not error.faults
    return True


def test_every_fault_is_told_at_once_in_the_order_of_the_document() -> None:
    """All faults come in one error, each with its path, as they stand in the document."""
    data = b'{"part": {"width": 9}, "kind": "pie", "count": 0, "values": [1, {}, true], "size": 0}'
    assert faults_of(OPEN, data) == [
        "part.width: 9 is above the greatest allowed value, 5",
        'kind: expected one of bar, line, got "pie"',
        "count: 0 is below the least allowed value, 1",
        "values[1]: expected a number or text or null, got {}",
        "values[2]: expected a number or text or null, got true",
        "size: 0 must be more than 0",
    ]


def test_a_missing_member_is_named() -> None:
    """A required member that is missing is a fault of the object that lacks it."""
    assert faults_of(OPEN, b"{}") == ["the member kind is missing"]


def test_alternatives_that_no_value_fits_are_listed() -> None:
    """A number or a word: the message names both, and the word that was probably meant."""
    assert faults_of(OPEN, b'{"kind": "line", "size": "smal"}') == [
        'size: expected a number or one of large, small, got "smal" (did you mean small?)'
    ]


def test_a_closed_contract_refuses_unknown_members_of_open_structs() -> None:
    """`closed` refuses what the structs would pass over, with the nearest known name."""
    data = b'{"kind": "line", "parts": [{"colour": 1}], "zzz": 1}'
    assert OPEN.decode(data) == Drawing(kind="line", parts=[Part()])
    assert faults_of(CLOSED, data) == [
        "parts[0].colour: unknown member (did you mean color?): remove it or mend its name",
        "zzz: unknown member: remove it or mend its name",
    ]


def test_a_closed_contract_tells_unknown_members_beside_other_faults() -> None:
    """Unknown members and wrong values are told together."""
    faults = faults_of(CLOSED, b'{"kind": "lin", "parts": [{"colour": 1}]}')
    assert faults == [
        'kind: expected one of bar, line, got "lin" (did you mean line?)',
        "parts[0].colour: unknown member (did you mean color?): remove it or mend its name",
    ]


def test_a_whole_float_is_a_whole_number() -> None:
    """JSON Schema takes 3.0 for an integer, and so does decoding."""
    assert OPEN.decode(b'{"kind": "line", "count": 3.0}').count == 3


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'{"kind": NaN}', b"nonsense"])
def test_what_is_not_json_is_malformed(data: bytes) -> None:
    """Bytes that are no JSON raise `MalformedError`."""
    with pytest.raises(MalformedError, match="not JSON"):
        OPEN.decode(data)


def test_nan_is_malformed_with_the_mend() -> None:
    """A NaN token is refused with the advice to send null."""
    with pytest.raises(MalformedError, match="send null for a gap"):
        read_json(b'{"y": [NaN]}')


@pytest.mark.parametrize("number", ["1e999", "-1e400", "9" * 400, "9" * 5000])
def test_a_number_beyond_a_double_is_told_with_its_place(number: str) -> None:
    """A number that is infinite as a double breaks a rule, and its path is named."""
    with pytest.raises(RuleError) as caught:
        OPEN.decode(f'{{"kind": "line", "values": [1, {number}]}}'.encode())
    assert [fault.path for fault in caught.value.faults] == ["values[1]"]


def test_an_infinite_number_before_a_syntax_error_is_still_refused() -> None:
    """A document with both troubles is refused for the number."""
    with pytest.raises(RuleError, match="infinite"):
        read_json(b"[1e999")


@pytest.mark.parametrize("levels", [65, 500, 5_000, 100_000])
@pytest.mark.parametrize("contract", [OPEN, CLOSED])
def test_deep_nesting_is_refused_in_words(contract: Contract[Any], levels: int) -> None:
    """However deep a document nests, the answer is a fault, not a crash."""
    data = b'{"kind": "line", "values": ' + b"[" * levels + b"]" * levels + b"}"
    (fault,) = faults_of(contract, data)
    assert "nest deeper than 64 levels" in fault


def test_at_most_a_hundred_faults_are_listed() -> None:
    """The hundred and first fault says that there are more."""
    faults = faults_of(OPEN, b'{"kind": "line", "values": [' + b"{}," * 150 + b"1]}")
    assert len(faults) == 101
    assert faults[-1].startswith("and more")


def test_a_fault_deep_in_a_large_document_is_found() -> None:
    """The only fault is told even where it is the last of very many values."""
    values = [0.5] * 50_000 + [True]
    faults = faults_of(OPEN, msgspec.json.encode({"kind": "line", "values": values}))
    assert faults == ["values[50000]: expected a number or text or null, got true"]


def test_many_faults_in_a_large_document_are_told_from_the_first() -> None:
    """Of very many faults the first hundred are told, with their true places."""
    values = [0.5, {}, *[[]] * 50_000]
    faults = faults_of(OPEN, msgspec.json.encode({"kind": "line", "values": values}))
    assert len(faults) == 101
    assert faults[0].startswith("values[1]: ")


@given(SPECS)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_spec_is_accepted_exactly_when_the_published_schema_accepts_it(value: Any) -> None:
    """Decoding and the published schema of specs accept the same JSON values."""
    assert accepted(SPEC, value) == jsonschema_rs.is_valid(SPEC.schema, value)


@given(STYLES)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_style_is_accepted_exactly_when_the_published_schema_accepts_it(value: Any) -> None:
    """Decoding and the published schema of styles accept the same JSON values."""
    assert accepted(STYLE_CONTRACT, value) == jsonschema_rs.is_valid(STYLE_CONTRACT.schema, value)


@given(STYLES)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_an_open_contract_accepts_whatever_the_closed_one_does(value: Any) -> None:
    """Stored documents are read at least as leniently as written ones."""
    stored = Contract(Style, title="style", description="A style.")
    assert accepted(stored, value) or not accepted(STYLE_CONTRACT, value)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(max_examples=200, deadline=None)
def test_any_json_value_is_accepted_or_explained(value: Any) -> None:
    """No JSON value leads to anything but a document or faults."""
    for contract in (OPEN, CLOSED, SPEC, STYLE_CONTRACT):
        accepted(contract, value)
