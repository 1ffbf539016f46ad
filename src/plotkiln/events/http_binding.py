"""CloudEvents over HTTP (HTTP protocol binding 1.0.2): binary and structured content mode."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec

from plotkiln.errors import Fault, MalformedError, SchemaError, UnsupportedFormat
from plotkiln.events.event import OPTIONAL, REQUIRED, SPECVERSION, CloudEvent, canonical, checked
from plotkiln.events.json_format import from_json, to_json

__all__ = ["JSON_FORMAT", "Message", "from_http", "to_binary", "to_structured"]

JSON_FORMAT = "application/cloudevents+json"

_PREFIX = "ce-"
#: What is written as it is: printable ASCII less space, `"` and `%` (section 3.1.3.2).
_ESCAPED = re.compile(r"[^\x21\x23\x24\x26-\x7e]")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\Z', re.DOTALL)
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


class Message(NamedTuple):
    """What of an HTTP request or response carries an event."""

    #: In any case; a name comes once.
    headers: list[tuple[str, str]]
    body: bytes


def from_http(headers: Iterable[tuple[str, str]], body: bytes) -> CloudEvent:
    """Read the event of a request or of a response.

    The content mode is told by the media type alone (section 3). Raises `UnsupportedFormat` for
    batches and for event formats other than JSON, `MalformedError` and `SchemaError` with every
    fault for what is no event.
    """
    found = [(name.lower(), value.strip(" \t")) for name, value in headers]
    media_type = next((value for name, value in found if name == "content-type"), None)
    kind = (media_type or "").partition(";")[0].strip().lower()
    if not kind.startswith("application/cloudevents"):
        return _from_binary(found, media_type, body)
    if kind != JSON_FORMAT:
        raise UnsupportedFormat(f"{kind} is not taken here: send {JSON_FORMAT}, or binary mode")
    charset = _CHARSET.search(media_type or "")
    if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
        raise UnsupportedFormat(f"The charset {charset[1]} is not taken here: send UTF-8")
    return from_json(body)


def to_binary(event: CloudEvent) -> Message:
    """Write an event with its attributes as headers and its data as the body."""
    headers = [
        (_PREFIX + name, _ESCAPED.sub(_escape, canonical(value)))
        for name, value in event.attributes()
        if name != "datacontenttype"
    ]
    if event.datacontenttype:
        headers.append(("content-type", event.datacontenttype))
    return Message(headers, event.data or b"")


def to_structured(event: CloudEvent) -> Message:
    """Write an event as one JSON document."""
    return Message([("content-type", f"{JSON_FORMAT}; charset=utf-8")], to_json(event))


def _from_binary(headers: list[tuple[str, str]], media_type: str | None, body: bytes) -> CloudEvent:
    sent = [(name.removeprefix(_PREFIX), value) for name, value in headers if _is_ours(name)]
    faults: list[Fault] = [
        Fault(f"{_PREFIX}{name}", "came more than once")
        for name, times in Counter(name for name, _ in sent).items()
        if times > 1
    ]
    attributes: dict[str, Any] = {}
    for name, value in sent:
        try:
            attributes[name] = _decoded(value)
        except UnicodeDecodeError:
            faults.append(Fault(f"{_PREFIX}{name}", "is not UTF-8 once it is percent-decoded"))
    faults += _attribute_faults(attributes)
    if faults:
        raise _refusal(faults, attributes)
    known = {name: attributes.pop(name) for name in (*REQUIRED, *OPTIONAL) if name in attributes}
    del attributes["specversion"]
    event = CloudEvent(**known, extensions=attributes)
    return checked(msgspec.structs.replace(event, datacontenttype=media_type, data=body or None))


def _is_ours(name: str) -> bool:
    return name.startswith(_PREFIX) and len(name) > len(_PREFIX)


def _attribute_faults(attributes: dict[str, str]) -> list[Fault]:
    faults = [Fault(_PREFIX + name, "is missing") for name in REQUIRED if name not in attributes]
    version = attributes.get("specversion")
    if version != SPECVERSION:
        told = "is missing" if version is None else f'expected "{SPECVERSION}", got "{version}"'
        faults.append(Fault(f"{_PREFIX}specversion", told))
    if "datacontenttype" in attributes:
        mend = "must not be sent: Content-Type says it in binary mode"
        faults.append(Fault(f"{_PREFIX}datacontenttype", mend))
    return faults


def _refusal(faults: list[Fault], attributes: dict[str, str]) -> MalformedError | SchemaError:
    """Tell what carries no attribute at all from an event with faults."""
    if attributes:
        return SchemaError(faults=faults)
    return MalformedError(
        f"This is no CloudEvent: neither ce- headers nor Content-Type {JSON_FORMAT}", faults=faults
    )


def _decoded(value: str) -> str:
    """Undo double quotes, then one round of percent-encoding (section 3.1.3.2).

    Servers hand over header values as Latin-1; what was sent unescaped is UTF-8 beneath. Raises
    `UnicodeDecodeError` when the bytes are not.
    """
    quoted = _QUOTED.match(value)
    if quoted:
        value = re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL)
    return unquote_to_bytes(value.encode("latin-1", "surrogateescape")).decode()


def _escape(character: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in character[0].encode())
