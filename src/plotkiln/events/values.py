"""Values taken from an event: paths that lead to them, and documents with places to be filled.

The whole notation: `{"$from": "data.total"}` is that value, `{"$from": …, "default": 0}` gives one
where the event has none, and `{"$text": "Hits of {subject}"}` is text with values in it (`{{` and
`}}` are braces). Nothing else is special, and nothing is ever run.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from plotkiln.documents import read_json
from plotkiln.errors import Fault, InputError, RuleError
from plotkiln.events.event import CloudEvent, canonical, moment
from plotkiln.events.json_format import is_json

__all__ = ["EventValues", "check_path", "check_places", "check_text", "sample"]

#: An attribute's name, or `data` with members and indices: `data.series[0].unit`.
_PATH = re.compile(r"(?:data((?:\.[A-Za-z_][\w-]*|\[\d{1,6}\])*)|[a-z0-9]{1,20})\Z", re.ASCII)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
#: Braces in text: doubled ones stand for themselves.
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")

_FROM, _DEFAULT, _TEXT = "$from", "default", "$text"
_MISSING = object()


def check_path(path: Any, place: str, faults: list[Fault]) -> None:
    """Note a fault where `path` leads nowhere in any event."""
    if not isinstance(path, str) or not _PATH.match(path):
        mend = "expected an attribute, such as subject, or a path into the data: data.total"
        faults.append(Fault(place, mend))


def check_text(text: Any, place: str, faults: list[Fault]) -> None:
    """Note the faults of a text with places for values in it."""
    if not isinstance(text, str):
        faults.append(Fault(place, "expected text"))
        return
    for found in _BRACES.finditer(text):
        if found[1] is not None:
            check_path(found[1], place, faults)
        elif len(found[0]) == 1:
            faults.append(Fault(place, f"a single {found[0]} means nothing: double it"))


def sample(text: str) -> str:
    """Return a text with an x in each of its places."""
    return _BRACES.sub(lambda found: "x" if found[1] is not None else found[0][0], text)


def check_places(value: Any, place: str, faults: list[Fault]) -> None:
    """Note the faults of every place to be filled within a JSON value."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            check_places(item, f"{place}[{index}]", faults)
    elif isinstance(value, Mapping):
        _check_object(value, place, faults)


def _check_object(value: Mapping[str, Any], place: str, faults: list[Fault]) -> None:
    if _FROM in value:
        _check_members(value, {_FROM, _DEFAULT}, place, faults)
        check_path(value[_FROM], f"{place}.{_FROM}", faults)
    elif _TEXT in value:
        _check_members(value, {_TEXT}, place, faults)
        check_text(value[_TEXT], f"{place}.{_TEXT}", faults)
    else:
        for name, item in value.items():
            check_places(item, f"{place}.{name}", faults)


def _check_members(
    value: Mapping[str, Any], known: set[str], place: str, faults: list[Fault]
) -> None:
    told = f"does not go with {' and '.join(sorted(known))}"
    faults += [Fault(f"{place}.{name}", told) for name in value if name not in known]


class EventValues:
    """The values of one event; each method raises `RuleError` where the event lacks one."""

    def __init__(self, event: CloudEvent) -> None:
        self._event = event

    def at(self, path: str) -> Any:
        """Return the value at a path."""
        found = self._find(path)
        if found is _MISSING:
            raise _fault(path, "is missing in the event")
        return found

    def number(self, path: str) -> int:
        """Return the whole number at a path; a time counts as its microseconds since 1970."""
        found = self.at(path)
        if isinstance(found, str):
            found = _number_in(found)
        if isinstance(found, float) and found.is_integer():
            found = int(found)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**53:
            raise _fault(path, "expected a whole number from 0 to 2^53 - 1, or a time")
        return found

    def text(self, template: str) -> str:
        """Return a text with values in its places."""
        return _BRACES.sub(self._piece, template)

    def filled(self, value: Any) -> Any:
        """Return a JSON value with everything in its places."""
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        if _FROM in value:
            found = self._find(value[_FROM])
            missing = found is _MISSING and _DEFAULT in value
            return value[_DEFAULT] if missing else self.at(value[_FROM])
        if _TEXT in value:
            return self.text(value[_TEXT])
        return {name: self.filled(item) for name, item in value.items()}

    def _piece(self, found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][0]
        value = self.at(found[1])
        if isinstance(value, float):
            return msgspec.json.encode(value).decode()
        if not isinstance(value, str | bool | int):
            raise _fault(found[1], "expected text or a number, to be part of a text")
        return canonical(value)

    def _find(self, path: str) -> Any:
        if path != "data" and not path.startswith(("data.", "data[")):
            found = self._event.attribute(path)
            return _MISSING if found is None else found
        value = self._data
        for step in _steps(path):
            try:
                value = value[step]
            except (LookupError, TypeError):
                return _MISSING
        return value

    @cached_property
    def _data(self) -> Any:
        event = self._event
        if event.data is None:
            return _MISSING
        if not is_json(event.datacontenttype):
            raise _fault("datacontenttype", f"expected JSON, got {event.datacontenttype}")
        try:
            return read_json(event.data)
        except InputError as error:
            raise _fault("data", str(error)) from error


def _steps(path: str) -> Iterator[str | int]:
    for name, index in _STEP.findall(path):
        yield name or int(index)


def _number_in(text: str) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= 16:
        return int(text)
    try:
        return round(moment(text).timestamp() * 1e6)
    except ValueError:
        return None


def _fault(path: str, message: str) -> RuleError:
    return RuleError(faults=[Fault(path, message)])
