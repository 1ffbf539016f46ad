"""Decode a JSON document into its struct; when that fails, list every fault with its path."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from plotkiln.documents.doubles import infinite_numbers, whole_numbers
from plotkiln.documents.members import unknown_members
from plotkiln.documents.schema import json_schema
from plotkiln.documents.validation import Validator, capped, too_deep
from plotkiln.errors import Fault, MalformedError, RuleError, SchemaError

__all__ = ["Contract", "read_json"]

T = TypeVar("T")


class Contract(Generic[T]):
    """What one kind of document promises: its struct, its schema, its faults.

    A good document costs one msgspec decode. Only a refused one is held against the schema, whose
    validator finds every fault where the decoder stops at the first.
    """

    def __init__(
        self,
        document: type[T],
        *,
        title: str,
        description: str,
        identifier: str | None = None,
        examples: Sequence[Any] = (),
        closed: bool = False,
    ) -> None:
        """Describe documents of one type; `closed` refuses members that its structs pass over."""
        self.document = document
        self.title = title
        self.description = description
        self.identifier = identifier
        self.examples = examples
        self.closed = closed
        self._decoder = msgspec.json.Decoder(document)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The published JSON Schema (2020-12)."""
        return json_schema(
            self.document,
            title=self.title,
            description=self.description,
            identifier=self.identifier,
            examples=self.examples,
            closed=self.closed,
        )

    def decode(self, data: bytes) -> T:
        """Read one document.

        Raises `MalformedError` when it is not JSON, `RuleError` for numbers beyond a double,
        `SchemaError` with every fault when it breaks the schema.
        """
        if self.closed:
            return self.convert(read_json(data))
        try:
            return self._decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self.convert(read_json(data))

    def convert(self, value: Any) -> T:
        """Turn a decoded JSON value into the document.

        Raises `SchemaError` with every fault when it breaks the schema, `RuleError` for numbers
        beyond a double.
        """
        try:
            document = msgspec.convert(value, self.document)
        except (msgspec.ValidationError, RecursionError):
            faults = self.faults(value)
            if faults:
                raise SchemaError(faults=faults) from None
            return self._convert_whole(value)
        unknown = self.unknown(value)
        if unknown:
            raise SchemaError(faults=unknown)
        return document

    def _convert_whole(self, value: Any) -> T:
        """Turn a value into the document as the schema sees it: 3.0 is a whole number.

        Raises `RuleError` when a number is infinite as a double: to the schema, all are numbers.
        """
        try:
            return msgspec.convert(whole_numbers(value), self.document)
        except msgspec.ValidationError as error:
            raise RuleError(faults=capped(infinite_numbers(value))) from error

    def unknown(self, value: Any) -> list[Fault]:
        """Return the members that a closed contract does not know; none for an open one."""
        return capped(unknown_members(value, self.schema)) if self.closed else []

    def faults(self, value: Any) -> list[Fault]:
        """Return every way in which a JSON value breaks the schema; see `Validator.faults`."""
        return self._validator.faults(value)

    @cached_property
    def _validator(self) -> Validator:
        return Validator(self.schema)


def read_json(data: bytes) -> Any:
    """Decode any JSON value.

    Raises `MalformedError` with the byte offset when it is not JSON, `RuleError` when it holds a
    number that no double can, `SchemaError` when it nests beyond what Python can follow.
    """
    try:
        return msgspec.json.decode(data)
    except msgspec.ValidationError as error:
        raise RuleError(faults=_infinite_in(data)) from error
    except RecursionError as error:
        raise SchemaError(faults=[too_deep()]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = " (NaN and Infinity are not JSON: send null for a gap)" if _has_nan(data) else ""
        raise MalformedError(f"The body is not JSON: {error}{hint}") from error


def _infinite_in(data: bytes) -> list[Fault]:
    """Find the numbers that msgspec refuses to read; it tells of the first, but not where it is."""
    import json  # noqa: PLC0415 -- reads them as infinities

    try:
        return capped(infinite_numbers(json.loads(data, parse_int=float)))
    except RecursionError:
        return [too_deep()]
    except ValueError:  # past that number, the document is not JSON
        return [Fault("", "a number is infinite as a double, and what follows is not JSON")]


def _has_nan(data: bytes) -> bool:
    return b"NaN" in data or b"Infinity" in data
