"""Specs from what analysts have at hand: dictionaries, tables, records, columns, JSON texts."""

from collections.abc import Mapping
from typing import Any

import msgspec

from plotkiln.client.conversions import columns_of, is_table, plain
from plotkiln.errors import Fault, MalformedError, RuleError

__all__ = ["spec_document"]


def spec_document(given: Any, members: Mapping[str, Any]) -> bytes:
    """Return the JSON of a spec; `members` that are not None are laid over what is given.

    Given is a spec (a mapping, or JSON as text or bytes), a table of pandas, polars or pyarrow or a
    list of records (its `data`), or numbers (its `y`). Raises `MalformedError` for a text that is
    no JSON object, `RuleError` for values that JSON has no form for.
    """
    said = {name: member for name, member in members.items() if member is not None}
    try:
        if isinstance(given, str | bytes):
            return _of_text(given, said)
        return msgspec.json.encode({**_members(given), **plain(said)})
    except UnicodeEncodeError as error:
        raise RuleError(f"The spec has half a character, which is no text: {error}") from error


def _of_text(given: str | bytes, said: Mapping[str, Any]) -> bytes:
    """Return a document as it was written, unless something is to be laid over it."""
    text = given.encode() if isinstance(given, str) else given
    if not said:
        return text
    try:
        spec = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise MalformedError(f"The spec is no JSON: {error}") from error
    if not isinstance(spec, dict):
        raise MalformedError("The spec is no JSON object: begin with {.")
    return msgspec.json.encode({**spec, **plain(said)})


def _members(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if is_table(given):
        return {"data": columns_of(given, ("data",))}
    if isinstance(given, Mapping | msgspec.Struct):
        return dict(plain(given))
    listed = plain(given, ("y",))
    if not isinstance(listed, list):
        message = "expected a spec, a table, records or numbers"
        raise RuleError(faults=[Fault("", f"{type(given).__name__} is none of them: {message}")])
    if any(isinstance(one, dict) for one in listed):
        return {"data": listed}
    return {"y": listed}
