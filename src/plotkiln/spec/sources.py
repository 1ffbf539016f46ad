"""Where values come from: lists in the spec, or columns of its `data`."""

from types import NoneType

import msgspec

from plotkiln.documents import nearest, path_of
from plotkiln.spec.faults import Faults, shown

__all__ = ["Place", "Source", "Table", "Value", "field_names"]

#: Keys and indices that lead to a value.
Place = tuple[str | int, ...]

Value = float | str | None

#: As many column names as a message lists.
_LISTED = 20


class Source(msgspec.Struct, frozen=True):
    """Values as sent, and where they stood."""

    #: Keys and indices; None stands for the index of a value.
    parts: tuple[str | int | None, ...]
    values: list[Value]
    #: The column's name where the values are one of `data`.
    column: str | None = None
    #: Which of the rows that were sent these are; None for all.
    rows: list[int] | None = None

    @property
    def path(self) -> str:
        """Where the values stand as a whole."""
        return path_of(part for part in self.parts if part is not None)

    def at(self, index: int) -> str:
        """Where one value stands."""
        index = index if self.rows is None else self.rows[index]
        return path_of(index if part is None else part for part in self.parts)

    @property
    def is_numeric(self) -> bool:
        """Whether there are numbers, and nothing but numbers and gaps."""
        return set(map(type, self.values)) - {NoneType} == {float}


class Table:
    """The columns of `data` by name, in the order in which they appear."""

    def __init__(self, data: dict[str, list[Value]] | list[dict[str, Value]]) -> None:
        self.columns: dict[str, Source] = (
            {name: _column(name, values) for name, values in data.items()}
            if isinstance(data, dict)
            else {name: _field(name, data) for name in field_names(data)}
        )

    def without(self, name: str) -> "Table":
        """Return the same table less one column."""
        rest = Table({})
        rest.columns = {key: source for key, source in self.columns.items() if key != name}
        return rest

    def find(self, name: str, place: Place, faults: Faults) -> Source | None:
        """Return the named column; note a fault at `place` when there is none."""
        source = self.columns.get(name)
        if source is None:
            faults.add(path_of(place), self._unknown(name))
        return source

    def _unknown(self, name: str) -> str:
        names = list(self.columns)
        listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
        return f"data has no column {shown(name)}{nearest(name, names)}: its columns are {listed}"


def field_names(records: list[dict[str, Value]]) -> list[str]:
    """Return the keys of all records, in order of appearance."""
    return list(dict.fromkeys(key for record in records for key in record))


def _column(name: str, values: list[Value]) -> Source:
    return Source(("data", name, None), values, name)


def _field(name: str, records: list[dict[str, Value]]) -> Source:
    return Source(("data", None, name), [record.get(name) for record in records], name)
