"""Every rule of the HTTP protocol binding 1.0.2 on content modes and headers."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.errors import InputError, MalformedError, SchemaError, UnsupportedFormat
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import from_http, to_binary, to_structured

BINARY = {
    "ce-specversion": "1.0",
    "ce-id": "7",
    "ce-source": "/pages/home",
    "ce-type": "plotkiln.new_hit",
}

STRUCTURED = {"content-type": "application/cloudevents+json"}

HIT = {"specversion": "1.0", "id": "7", "source": "/pages/home", "type": "plotkiln.new_hit"}

EVENT = CloudEvent(id="7", source="/pages/home", type="plotkiln.new_hit")


def read(headers: dict[str, str], body: bytes = b"") -> CloudEvent:
    """Read one request."""
    return from_http(headers.items(), body)


def faults(headers: dict[str, str], body: bytes = b"") -> set[str]:
    """Return the places of a refused request's faults."""
    with pytest.raises(InputError) as refused:
        read(headers, body)
    return {fault.path for fault in refused.value.faults}


def structured(**members: object) -> bytes:
    """Return an event in the JSON format with members changed; None removes one."""
    changed = {**HIT, **members}
    return json.dumps(
        {name: value for name, value in changed.items() if value is not None}
    ).encode()


def test_binary_mode() -> None:
    """Section 3.1: attributes are headers, the body is the data, Content-Type its type."""
    headers = {**BINARY, "Content-Type": "text/plain", "Ce-Subject": "home", "CE-Hops": "3"}
    assert read(headers, b"hello") == CloudEvent(
        id="7",
        source="/pages/home",
        type="plotkiln.new_hit",
        subject="home",
        datacontenttype="text/plain",
        extensions={"hops": "3"},
        data=b"hello",
    )


def test_binary_mode_without_data() -> None:
    """An empty body is no data, and no media type is invented for it."""
    assert read(BINARY) == EVENT


@pytest.mark.parametrize("missing", BINARY)
def test_a_missing_header_is_named(missing: str) -> None:
    """Each required attribute is looked for in what was sent, never filled in."""
    rest = {name: value for name, value in BINARY.items() if name != missing}
    assert faults(rest) == {missing}


def test_all_missing_headers_are_named_at_once() -> None:
    """Every fault is told in one answer."""
    assert faults({"ce-specversion": "1.0"}) == {"ce-id", "ce-source", "ce-type"}


def test_no_event_at_all() -> None:
    """A request with neither attributes nor an event's media type is no event."""
    with pytest.raises(MalformedError, match="no CloudEvent"):
        read({"content-type": "application/json"}, b"{}")


@pytest.mark.parametrize("version", ["0.3", "1", "1.1", "", "2.0"])
def test_another_version_is_refused(version: str) -> None:
    """Only specversion 1.0 is read."""
    assert faults({**BINARY, "ce-specversion": version}) == {"ce-specversion"}


def test_datacontenttype_has_no_header_of_its_own() -> None:
    """Section 3.1.1: ce-datacontenttype must not be present in binary mode."""
    assert faults({**BINARY, "ce-datacontenttype": "text/plain"}) == {"ce-datacontenttype"}


def test_a_repeated_header_is_refused() -> None:
    """An attribute has one value."""
    with pytest.raises(SchemaError, match="ce-id: came more than once"):
        from_http([*BINARY.items(), ("Ce-Id", "8")], b"")


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("plain", "plain"),
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),  # the binding's own example
        ("%e2%82%ac", "€"),
        ('"in quotes"', "in quotes"),
        (r'"a \"quoted\" word"', 'a "quoted" word'),
        ('"%E2%82%AC"', "€"),
        ("%2541", "%41"),  # one round of decoding
        ("100%", "100%"),  # no escape: kept, as senders without encoding wrote it
        ("a (comment)", "a (comment)"),  # no comments in these headers
        ("  spaced\t", "spaced"),
    ],
)
def test_header_values_are_decoded(sent: str, read_as: str) -> None:
    """Section 3.1.3.2: quotes are undone, then one round of percent-encoding."""
    assert read({**BINARY, "ce-subject": sent}).subject == read_as


def test_invalid_utf8_is_refused() -> None:
    """Section 3.1.3.2: what decodes to no UTF-8 is refused, not repaired."""
    assert faults({**BINARY, "ce-subject": "%C3%28"}) == {"ce-subject"}
    assert faults({**BINARY, "ce-subject": b"\xc3\x28".decode("latin-1")}) == {"ce-subject"}


def test_header_values_are_encoded() -> None:
    """Space, quote, percent and whatever is not printable ASCII are escaped, nothing else."""
    subject = 'Euro € 😀 "100%" ~!#$&\'()*+,-./:;<=>?@[\\]^_`{|}'
    headers = dict(to_binary(CloudEvent(id="1", source="/s", type="t", subject=subject)).headers)
    assert headers["ce-subject"] == (
        "Euro%20%E2%82%AC%20%F0%9F%98%80%20%22100%25%22%20~!#$&'()*+,-./:;<=>?@[\\]^_`{|}"
    )


def test_the_mode_is_told_by_the_media_type_alone() -> None:
    """Section 3: an event's media type is structured mode even if ce- headers came along."""
    headers = {**BINARY, **STRUCTURED, "ce-id": "of the header"}
    assert read(headers, structured()).id == "7"


@pytest.mark.parametrize(
    "media_type",
    [
        "application/cloudevents+json",
        "Application/CloudEvents+JSON; charset=UTF-8",
        'application/cloudevents+json;charset="utf-8"',
    ],
)
def test_structured_mode(media_type: str) -> None:
    """Section 3.2: the body is the whole event."""
    body = structured(data={"total": 3}, datacontenttype="application/json", hops=3, urgent=True)
    event = read({"content-type": media_type}, body)
    assert (event.id, event.extensions) == ("7", {"hops": 3, "urgent": True})
    assert json.loads(event.data or b"") == {"total": 3}


@pytest.mark.parametrize(
    "media_type",
    [
        "application/cloudevents-batch+json",
        "application/cloudevents+avro",
        "application/cloudevents",
        "application/cloudevents+json; charset=utf-16",
    ],
)
def test_other_formats_are_unsupported(media_type: str) -> None:
    """Batches, and formats that are not JSON in UTF-8, are refused as such."""
    with pytest.raises(UnsupportedFormat):
        read({"content-type": media_type}, structured())


@pytest.mark.parametrize(
    ("members", "places"),
    [
        ({"id": None}, {"id"}),
        ({"id": ""}, {"id"}),
        ({"id": 7}, {"id"}),
        ({"source": "not a uri"}, {"source"}),
        ({"type": "tab\there"}, {"type"}),
        ({"specversion": "0.3"}, {"specversion"}),
        ({"time": "yesterday"}, {"time"}),
        ({"time": "2026-03-01 09:30:00Z"}, {"time"}),
        ({"time": "2026-03-01T09:30:00"}, {"time"}),
        ({"time": "2026-13-01T09:30:00Z"}, {"time"}),
        ({"dataschema": "/relative"}, {"dataschema"}),
        ({"datacontenttype": "json"}, {"datacontenttype"}),
        ({"subject": ""}, {"subject"}),
        ({"Upper": "x"}, {"Upper"}),
        ({"under_score": "x"}, {"under_score"}),
        ({"nested": {"a": 1}}, {"nested"}),
        ({"fraction": 1.5}, {"fraction"}),
        ({"big": 2**31}, {"big"}),
        ({"data": 1, "data_base64": "MQ=="}, {"data_base64"}),
        ({"data_base64": "%%"}, {"data_base64"}),
        ({"id": None, "time": "noon", "source": "a b"}, {"id"}),
    ],
)
def test_faults_of_a_structured_event(members: dict[str, object], places: set[str]) -> None:
    """A fault is told with the attribute that has it."""
    assert faults(STRUCTURED, structured(**members)) == places


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[{}]"])
def test_what_is_no_event_in_json(body: bytes) -> None:
    """A body that is no JSON object is malformed."""
    with pytest.raises(MalformedError):
        read(STRUCTURED, body)


@pytest.mark.parametrize(
    ("members", "data"),
    [
        ({"data": "text"}, b'"text"'),
        ({"data": "text", "datacontenttype": "application/json"}, b'"text"'),
        ({"data": "text", "datacontenttype": "text/plain"}, b"text"),
        ({"data": {"a": [1]}, "datacontenttype": "application/hits+json"}, b'{"a": [1]}'),
        ({"data_base64": base64.b64encode(b"\x00\xff").decode()}, b"\x00\xff"),
        ({"data": None}, None),
        ({}, None),
    ],
)
def test_data_of_the_json_format(members: dict[str, object], data: bytes | None) -> None:
    """Section 3.1 of the JSON format: JSON as JSON, text as text, anything else as base64."""
    assert read(STRUCTURED, structured(**members)).data == data


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,19}", fullmatch=True).filter(
    lambda name: name not in {"id", "source", "type", "data", "specversion", "time", "subject"}
)


@given(identity=TEXT, subject=TEXT, extensions=st.dictionaries(NAMES, TEXT, max_size=3))
def test_what_is_written_is_read(identity: str, subject: str, extensions: dict[str, str]) -> None:
    """Every event comes back from both modes as it was."""
    event = CloudEvent(
        id=identity,
        source="urn:x",
        type="t",
        subject=subject,
        datacontenttype="application/json",
        extensions=extensions,
        data=b'{"total":3}',
    )
    assert from_http(*to_binary(event)) == event
    assert from_http(*to_structured(event)) == event


@given(data=st.binary(min_size=1))
def test_bytes_survive(data: bytes) -> None:
    """Data of a type that is neither JSON nor text is the same bytes again."""
    event = CloudEvent(id="1", source="s", type="t", datacontenttype="image/png", data=data)
    assert from_http(*to_structured(event)).data == data
    assert from_http(*to_binary(event)).data == data


#: Section 3.1.4 and 3.2.4, by what they show: the same event in both modes.
MESSAGE_BINARY = {
    "ce-specversion": "1.0",
    "ce-type": "com.example.someevent",
    "ce-time": "2018-04-05T03:56:24Z",
    "ce-id": "1234-1234-1234",
    "ce-source": "/mycontext/subcontext",
    "Content-Type": "application/json; charset=utf-8",
}
MESSAGE_STRUCTURED = {
    "specversion": "1.0",
    "type": "com.example.someevent",
    "time": "2018-04-05T03:56:24Z",
    "id": "1234-1234-1234",
    "source": "/mycontext/subcontext",
    "datacontenttype": "application/json; charset=utf-8",
    "data": {"size": 3},
}


def test_both_modes_carry_the_same_event() -> None:
    """Sections 3.1.4 and 3.2.4: one event reads the same, whichever way it came."""
    binary = read(MESSAGE_BINARY, b'{"size": 3}')
    assert read(STRUCTURED, json.dumps(MESSAGE_STRUCTURED).encode()) == binary
    assert binary.datacontenttype == "application/json; charset=utf-8"


def test_values_that_are_no_strings_are_written_canonically() -> None:
    """Section 3.1.3.2: integers and booleans go as their canonical text."""
    event = CloudEvent(
        id="1", source="/", type="t", extensions={"hops": -3, "urgent": True, "done": False}
    )
    headers = dict(to_binary(event).headers)
    assert (headers["ce-hops"], headers["ce-urgent"], headers["ce-done"]) == ("-3", "true", "false")


def test_each_attribute_has_one_header() -> None:
    """Section 3.1.3.1: every attribute but datacontenttype is a header of its name, prefixed."""
    event = CloudEvent(
        id="1",
        source="/s",
        type="t",
        subject="home",
        time="2026-03-01T09:30:00Z",
        dataschema="https://example.org/schema",
        datacontenttype="text/plain",
        extensions={"hops": 3},
        data=b"x",
    )
    names = [name for name, _ in to_binary(event).headers]
    assert names == [
        "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-subject", "ce-time",
        "ce-dataschema", "ce-hops", "content-type",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["ce-under_score", "ce-with.dot", "ce-data", "ce-a-b"])
def test_headers_that_name_no_attribute_are_refused(name: str) -> None:
    """Section 3.1.3.1 with "Naming Conventions": names have small letters and digits alone."""
    assert faults({**BINARY, name: "x"}) == {name.removeprefix("ce-")}


def test_other_headers_are_no_attributes() -> None:
    """Only headers that begin with ce- carry attributes; a bare ce- carries none."""
    headers = {**BINARY, "x-ce-hops": "1", "cehops": "1", "ce-": "1", "traceparent": "x"}
    assert read(headers) == EVENT


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("application/json", b"not JSON"),
        ("text/xml", b"<a/>"),
        ("application/octet-stream", bytes(range(256))),
        ("application/vnd.cloud+json", b'{"a": 1}'),
        ("text/plain; charset=utf-16", "é".encode("utf-16")),
    ],
)
def test_data_is_the_body_as_it_is(media_type: str, data: bytes) -> None:
    """Section 3.1.2: the body is taken and written byte for byte, whatever its type says."""
    event = read({**BINARY, "content-type": media_type}, data)
    assert event.data == data
    message = to_binary(event)
    assert (message.body, dict(message.headers)["content-type"]) == (data, media_type)


def test_data_with_no_media_type_is_kept() -> None:
    """Section 3.1.1: without Content-Type nothing is said of the data's type."""
    event = read(BINARY, b"x")
    assert (event.data, event.datacontenttype) == (b"x", None)
    assert "content-type" not in dict(to_binary(event).headers)
    assert from_http(*to_structured(event)) == event


@pytest.mark.parametrize("data", [b'{"a": 1.10}', b"1e2", b'"\\u00e9"', b" [1,\n 2]"])
def test_json_is_carried_as_it_was_written(data: bytes) -> None:
    """What JSON says the same in two ways stays in the one that was sent, in both modes."""
    event = CloudEvent(id="1", source="s", type="t", datacontenttype="application/json", data=data)
    assert from_http(*to_structured(event)).data == data.strip()
    assert from_http(*to_binary(event)).data == data


@pytest.mark.parametrize("data", [b"[" * 100_000 + b"]" * 100_000, b"1e999", b"{", b'"\xff"'])
def test_json_that_nobody_reads_is_bytes(data: bytes) -> None:
    """Data that is called JSON, but nests beyond reading or is none, goes as base64."""
    event = CloudEvent(id="1", source="s", type="t", datacontenttype="application/json", data=data)
    assert b'"data_base64"' in to_structured(event).body
    assert from_http(*to_structured(event)) == event


def test_data_without_a_type_is_json_in_json() -> None:
    """Section 3.1 of the JSON format: data of an event in JSON is JSON, and leaves as such."""
    event = read(STRUCTURED, structured(data={"a": 1}))
    assert dict(to_binary(event).headers)["content-type"] == "application/json"


def test_structured_mode_says_its_charset() -> None:
    """Section 3.2.1: the format's media type, in UTF-8."""
    assert dict(to_structured(EVENT).headers) == {
        "content-type": "application/cloudevents+json; charset=utf-8"
    }


def test_an_answer_may_carry_an_event() -> None:
    """Section 3: responses carry events as requests do, in either mode."""
    answer = [("Content-Type", "application/json"), *BINARY.items(), ("Date", "today")]
    assert from_http(answer, b"{}").data == b"{}"
    assert from_http(STRUCTURED.items(), structured()) == EVENT
