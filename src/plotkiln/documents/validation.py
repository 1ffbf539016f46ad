"""JSON values held against a schema: every fault, with its path, in document order."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import Any

from plotkiln.documents.extents import excerpt, extent
from plotkiln.documents.wording import explain, true_path
from plotkiln.errors import Fault

__all__ = ["Validator", "capped", "too_deep"]

#: More faults than this help nobody.
MOST_FAULTS = 100
#: Documents that nest deeper are refused before anything recurses into them.
MOST_LEVELS = 64
#: In a document of more values than this, the first fault is exact and the others are looked for
#: near the beginning of each list: a validator takes 15 µs for each fault, a million are possible.
MOST_VALUES = 20_000
#: How much of each list in such a document is looked at.
EXCERPT = 256


class Validator:
    """Holds JSON values against one JSON Schema (2020-12); `formats` asserts `format`, too."""

    def __init__(self, schema: dict[str, Any], *, formats: bool = False) -> None:
        self.schema = schema
        self._formats = formats

    def is_valid(self, value: Any) -> bool:
        """Tell whether a value keeps the schema, without saying why not."""
        return bool(self._compiled.is_valid(value))

    def faults(self, value: Any) -> list[Fault]:
        """Return every way in which a JSON value breaks the schema, in document order.

        At most 100 are returned; of a very large document those near the beginning of each list,
        and where there are none, one.
        """
        measured = extent(value)
        if measured.levels > MOST_LEVELS:
            return [too_deep()]
        if measured.values <= MOST_VALUES:
            return capped(self._explained(value))
        found = list(self._explained(excerpt(value, EXCERPT)))
        return capped(found or self._first(value))

    def _explained(self, value: Any) -> Iterator[Fault]:
        errors = list(self._compiled.iter_errors(value))
        errors.sort(key=lambda error: _position(value, error.instance_path))
        return (fault for error in errors for fault in explain(error, self.schema, value))

    def _first(self, value: Any) -> Iterator[Fault]:
        import jsonschema_rs  # noqa: PLC0415 -- as below

        try:
            self._compiled.validate(value)
        except jsonschema_rs.ValidationError as error:
            yield from explain(error, self.schema, value)

    @cached_property
    def _compiled(self) -> Any:
        import jsonschema_rs  # noqa: PLC0415 -- 25 ms that only a refused document costs

        return jsonschema_rs.validator_for(self.schema, validate_formats=self._formats)


def capped(faults: Iterable[Fault]) -> list[Fault]:
    """Return the first hundred faults, and a last one that says so when there are more."""
    rest = iter(faults)
    found = list(islice(rest, MOST_FAULTS))
    if next(rest, None) is not None:
        found.append(Fault("", f"and more: only the first {MOST_FAULTS} faults are listed"))
    return found


def too_deep() -> Fault:
    """Return the fault of a document that nests beyond what is read."""
    message = f"lists and objects nest deeper than {MOST_LEVELS} levels: flatten the document"
    return Fault("", message)


def _position(value: Any, path: Iterable[str | int]) -> tuple[int, ...]:
    """Return where a path leads, as places among siblings: paths then sort in document order."""
    places = []
    for part in true_path(path, value):
        places.append(part if isinstance(part, int) else list(value).index(part))
        value = value[part]
    return tuple(places)
