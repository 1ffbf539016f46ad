"""The JSON event format (specification 1.0.2): one event as one JSON object."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

import msgspec

from plotkiln.documents import read_json
from plotkiln.errors import Fault, InputError, MalformedError, SchemaError
from plotkiln.events.event import (
    OPTIONAL,
    REQUIRED,
    SPECVERSION,
    AttributeValue,
    CloudEvent,
    checked,
)

__all__ = ["from_json", "is_json", "to_json"]


def from_json(document: bytes) -> CloudEvent:
    """Read one event.

    Raises `MalformedError` when the document is no JSON object, `SchemaError` with every fault of
    one that is no valid event.
    """
    members = read_json(document)
    if not isinstance(members, dict):
        raise MalformedError("expected one event, a JSON object")
    given = {name: value for name, value in members.items() if value is not None}
    faults = [*_required_faults(given), *_type_faults(given)]
    if faults:
        raise SchemaError(faults=faults)
    known = {name: given[name] for name in (*REQUIRED, *OPTIONAL) if name in given}
    if "data" in given:  # which is JSON where nothing else is said (section 3.1)
        known.setdefault("datacontenttype", "application/json")
    others = given.keys() - known.keys() - {"specversion", "data", "data_base64"}
    return checked(
        CloudEvent(
            **known,
            extensions={name: given[name] for name in sorted(others)},
            data=_data(given, document),
        )
    )


def to_json(event: CloudEvent) -> bytes:
    """Write one event: data that is JSON or text goes as it is, everything else as base64.

    So does data of no type, which would be read as JSON.
    """
    members: dict[str, Any] = dict(event.attributes())
    if event.data is not None:
        members.update(_data_member(event.data, event.datacontenttype))
    return msgspec.json.encode(members)


def is_json(media_type: str | None) -> bool:
    """Say whether data of this type is JSON; without a type it is (section 3.1)."""
    if media_type is None:
        return True
    subtype = media_type.partition(";")[0].strip().lower().rpartition("/")[2]
    return subtype == "json" or subtype.endswith("+json")


def _required_faults(given: Mapping[str, Any]) -> list[Fault]:
    faults = [Fault(name, "is missing") for name in REQUIRED if name not in given]
    if given.get("specversion") != SPECVERSION:
        faults.append(Fault("specversion", f'expected "{SPECVERSION}"'))
    if "data" in given and "data_base64" in given:
        faults.append(Fault("data_base64", "stands beside data: send one of them"))
    return faults


def _type_faults(given: Mapping[str, Any]) -> list[Fault]:
    faults = []
    for name, value in given.items():
        if name == "data":
            continue
        if name in {*REQUIRED, *OPTIONAL, "data_base64"}:
            if not isinstance(value, str):
                faults.append(Fault(name, "expected a string"))
        elif not isinstance(value, AttributeValue):
            faults.append(Fault(name, "expected a string, a whole number, true or false"))
    return faults


class _Data(msgspec.Struct):
    """Of an event in JSON, the bytes of its data."""

    data: msgspec.Raw


def _data(given: Mapping[str, Any], document: bytes) -> bytes | None:
    if "data_base64" in given:
        try:
            return base64.b64decode(given["data_base64"], validate=True)
        except (binascii.Error, ValueError) as error:
            fault = Fault("data_base64", f"is no base64: {error}")
            raise SchemaError(faults=[fault]) from error
    if "data" not in given:
        return None
    value = given["data"]
    if isinstance(value, str) and not is_json(given.get("datacontenttype")):
        return value.encode()
    return bytes(msgspec.json.decode(document, type=_Data).data)


def _data_member(data: bytes, media_type: str | None) -> dict[str, Any]:
    try:
        if media_type is not None and not is_json(media_type):
            return {"data": data.decode()}
        if media_type is not None and _is_readable(data):
            return {"data": msgspec.Raw(data)}
    except UnicodeDecodeError:
        pass
    return {"data_base64": base64.b64encode(data).decode()}


def _is_readable(data: bytes) -> bool:
    """Say whether data is JSON that we and others can read."""
    try:
        read_json(data)
    except InputError:
        return False
    return True
