"""One CloudEvent (specification 1.0.2): its attributes, and what a valid one is."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from plotkiln.errors import Fault, SchemaError

__all__ = [
    "OPTIONAL",
    "REQUIRED",
    "SPECVERSION",
    "AttributeValue",
    "CloudEvent",
    "canonical",
    "checked",
    "moment",
]

SPECVERSION = "1.0"

#: Attributes without which nothing is an event; `specversion` is the fourth.
REQUIRED = ("id", "source", "type")

OPTIONAL = ("subject", "time", "datacontenttype", "dataschema")

_KNOWN = frozenset((*REQUIRED, *OPTIONAL))

#: Integers are of 32 bits.
AttributeValue = str | bool | int

_NAME = re.compile(r"[a-z0-9]+\Z")
#: Characters that a String must not have: controls, surrogates and noncharacters.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: Characters of a URI (RFC 3986, section 2), escapes included.
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_MEDIA_TYPE = re.compile(rf"{_WORD}/{_WORD}(?:\s*;\s*{_WORD}=(?:{_WORD}|\"[ !#-~]*\"))*\Z")
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)\Z", re.ASCII
)


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An occurrence, told to whoever wants to know; `checked` says whether it is a valid one."""

    #: Together with `source` the event's identity: a second event with both is a duplicate.
    id: str
    #: A URI-reference: where it happened.
    source: str
    type: str
    #: What it happened to, within the source.
    subject: str | None = None
    #: RFC 3339, as it was sent.
    time: str | None = None
    #: The media type of `data`; JSON where it is missing in the JSON format.
    datacontenttype: str | None = None
    dataschema: str | None = None
    #: Extension attributes by name.
    extensions: Mapping[str, AttributeValue] = {}
    #: The payload's bytes; None where there is none.
    data: bytes | None = None

    def attributes(self) -> Iterator[tuple[str, AttributeValue]]:
        """Yield every attribute that is set, `specversion` first, by name and value."""
        yield "specversion", SPECVERSION
        for name in (*REQUIRED, *OPTIONAL):
            value = getattr(self, name)
            if value is not None:
                yield name, value
        yield from self.extensions.items()

    def attribute(self, name: str) -> str | None:
        """Return an attribute in its canonical text form, None where it is not set."""
        if name == "specversion":
            return SPECVERSION
        known = name in _KNOWN
        value = getattr(self, name) if known else self.extensions.get(name)
        return None if value is None else canonical(value)


def canonical(value: AttributeValue) -> str:
    """Return the text form of an attribute's value (section "Type System")."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def moment(time: str) -> datetime:
    """Return the moment of an RFC 3339 timestamp; raises `ValueError` when it is none."""
    if not _TIMESTAMP.match(time):
        raise ValueError(f"{time!r} is no RFC 3339 timestamp, such as 2026-03-01T09:30:00Z")
    # RFC 3339 allows a leap second, and lower case; datetime knows neither
    return datetime.fromisoformat(time.upper().replace(":60", ":59"))


def checked(event: CloudEvent) -> CloudEvent:
    """Return a valid event; raises `SchemaError` with every fault of one that is not."""
    faults = [Fault(name, message) for name, message in _faults(event)]
    if faults:
        raise SchemaError(faults=faults)
    return event


def _faults(event: CloudEvent) -> Iterator[tuple[str, str]]:
    for name, value in event.attributes():
        if isinstance(value, str):
            yield from _text_faults(name, value)
        elif not isinstance(value, bool) and not -(2**31) <= value < 2**31:
            yield name, "expected an integer of 32 bits: send larger ones as text"
    for name in event.extensions:
        if not _NAME.match(name):
            yield name, "names have only small letters and digits: rename this extension"
        elif name in {*_KNOWN, "specversion", "data"}:
            yield name, "no extension may have this name: rename it"
    yield from _uri_faults(event)
    yield from _format_faults(event)


def _text_faults(name: str, value: str) -> Iterator[tuple[str, str]]:
    if not value and name in _KNOWN:
        yield name, "must not be empty: leave it out, or give it a value"
    if _FORBIDDEN.search(value):
        yield name, "holds a control character, or one that is none in Unicode: remove it"


def _uri_faults(event: CloudEvent) -> Iterator[tuple[str, str]]:
    if event.source and not _URI.match(event.source):
        yield "source", "expected a URI-reference, such as /pages/home or https://example.org/"
    schema = event.dataschema
    if schema and not (_SCHEME.match(schema) and _URI.match(schema)):
        yield "dataschema", "expected an absolute URI, such as https://example.org/hits.json"


def _format_faults(event: CloudEvent) -> Iterator[tuple[str, str]]:
    if event.time:
        try:
            moment(event.time)
        except ValueError as error:
            yield "time", str(error)
    if event.datacontenttype and not _MEDIA_TYPE.match(event.datacontenttype):
        yield "datacontenttype", "expected a media type, such as application/json"
