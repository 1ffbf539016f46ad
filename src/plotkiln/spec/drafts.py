"""Series as they were meant: shorthand written out, columns found, members held to their kind."""

from collections.abc import Iterator
from typing import Any

import msgspec

from plotkiln.documents import path_of
from plotkiln.spec.colors import is_color
from plotkiln.spec.errorbars import ErrorSource, find_errors
from plotkiln.spec.faults import Faults, counted, no_color
from plotkiln.spec.kinds import KINDS, KindRule, kinds_with, listed
from plotkiln.spec.models import Kind, Series, Spec
from plotkiln.spec.shorthand import shorthand_series
from plotkiln.spec.sources import Place, Source, Table, Value

__all__ = ["Draft", "Finder", "draft_series"]

#: Members that hold to no kind.
_ALWAYS = frozenset({"kind", "name"})

#: More kinds than this are not listed in a message.
_MOST_LISTED = 4

#: What makes a candle.
_PRICES = ("open", "high", "low", "close")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One series with its values found; their types are still open."""

    #: Where it stands: `("series", 1)`, or empty for shorthand.
    place: Place
    kind: Kind
    name: str | None
    #: Everything else as sent.
    sent: Series
    x: Source | None = None
    y: Source | None = None
    #: One number per point.
    z: Source | None = None
    #: Rows of a matrix.
    rows: list[list[float | None]] | None = None
    size: float | Source | None = None
    error: ErrorSource | None = None
    x_error: ErrorSource | None = None
    #: Open, high, low and close of a candlestick.
    prices: dict[str, Source] = {}

    def at(self, member: str) -> str:
        """Where one of its members stands."""
        return path_of((*self.place, member))

    @property
    def path(self) -> str:
        """Where the series stands."""
        return path_of(self.place)

    @property
    def rule(self) -> KindRule:
        """What its kind takes and needs."""
        return KINDS[self.kind]

    @property
    def sources(self) -> dict[str, Source]:
        """Its columns by member: as many values in each."""
        named = {"x": self.x, "y": self.y, "z": self.z, "size": self.size}
        errors = {"error": self.error, "x_error": self.x_error}
        named |= {name: error.below for name, error in errors.items() if error is not None}
        found = {name: source for name, source in named.items() if isinstance(source, Source)}
        return found | self.prices


def draft_series(spec: Spec, faults: Faults) -> list[Draft]:
    """Find every series of a spec, in order; those with faults are noted and left out."""
    table = None if spec.data is None else Table(spec.data)
    if table is not None and not _is_table(table, faults):
        return []
    drafts = [
        _draft(place, sent, spec, table, faults) for place, sent in _sent(spec, table, faults)
    ]
    return [draft for draft in drafts if draft is not None]


def _is_table(table: Table, faults: Faults) -> bool:
    """Note a table without columns, and columns that differ in length."""
    before = faults.count
    if not table.columns:
        faults.add("data", "has no columns")
        return False
    first, *others = table.columns.values()
    for other in others:
        if len(other.values) != len(first.values):
            count = counted(len(other.values), "value")
            lengths = f"has {count}, {first.path} has {len(first.values)}"
            faults.add(other.path, f"{lengths}: fill with null")
    return faults.count == before


def _sent(spec: Spec, table: Table | None, faults: Faults) -> list[tuple[Place, Series]]:
    if spec.series is None:
        return [((), series) for series in shorthand_series(spec, table, faults)]
    for member in ("x", "y", "z", "bins"):
        if getattr(spec, member) is not None:
            faults.add(member, "is given beside series: move it into the series it belongs to")
    if not spec.series:
        faults.add("series", "is empty: give at least one")
    return [(("series", index), series) for index, series in enumerate(spec.series)]


def _draft(
    place: Place, sent: Series, spec: Spec, table: Table | None, faults: Faults
) -> Draft | None:
    kind = sent.kind or spec.kind or "line"
    for path, message in _member_faults(place, sent, KINDS[kind]):
        faults.add(path, message)
    before = faults.count
    sent = _with_prices(sent, kind, table)
    if not _has_needs(place, sent, KINDS[kind], faults):
        return None
    finder = Finder(place, table, faults)
    prices = {name: finder.source(name, getattr(sent, name)) for name in _PRICES}
    draft = Draft(
        place=place,
        kind=kind,
        name=sent.name,
        sent=sent,
        x=finder.source("x", sent.x),
        y=finder.source("y", sent.y),
        z=finder.cells(sent.z),
        rows=finder.rows(sent.z),
        size=sent.size if isinstance(sent.size, float) else finder.source("size", sent.size),
        error=find_errors((*place, "error"), sent.error, table, faults),
        x_error=find_errors((*place, "x_error"), sent.x_error, table, faults),
        prices={name: source for name, source in prices.items() if source is not None},
    )
    if faults.count > before:
        return None
    return draft if draft.name is not None else msgspec.structs.replace(draft, name=_name(draft))


def _name(draft: Draft) -> str | None:
    """Name a series after the column that it shows; a candlestick shows four."""
    shown = draft.y or (None if draft.prices else draft.x)
    return shown.column if shown else None


def _with_prices(sent: Series, kind: Kind, table: Table | None) -> Series:
    """Take the columns that are named like a candlestick's prices, in any case, where none are."""
    if kind != "candlestick" or table is None:
        return sent
    columns = {name.lower(): name for name in reversed(table.columns)}
    found = {name: columns.get(name) for name in _PRICES if getattr(sent, name) is None}
    return msgspec.structs.replace(sent, **found)


def _member_faults(place: Place, sent: Series, rule: KindRule) -> Iterator[tuple[str, str]]:
    for member in sent.__struct_fields__:
        given = getattr(sent, member) is not None
        if given and member not in _ALWAYS and member not in rule.takes:
            yield path_of((*place, member)), _no_member(member, rule)
    if sent.color is not None and not is_color(sent.color):
        yield path_of((*place, "color")), no_color(sent.color)


def _no_member(member: str, rule: KindRule) -> str:
    """Say that a kind does not take a member: which ones do, where they are few."""
    takers = sum(member in other.takes for other in KINDS.values())
    if takers > _MOST_LISTED:
        return f"{rule.noun} has no {member}: remove it"
    return f"only {kinds_with(member)} has {member}"


def _has_needs(place: Place, sent: Series, rule: KindRule, faults: Faults) -> bool:
    """Note what a kind needs and was not given, and what was given in two ways."""
    before = faults.count
    for options in rule.needs:
        given = [option for option in options if getattr(sent, option) is not None]
        if not given:
            faults.add(path_of(place), f"{rule.noun} needs {listed(list(options))}")
        elif len(given) > 1:
            message = f"{rule.noun} takes {listed(list(options))}, not both"
            faults.add(path_of((*place, given[1])), message)
    return faults.count == before


class Finder:
    """Looks up what the members of one series refer to."""

    def __init__(self, place: Place, table: Table | None, faults: Faults) -> None:
        self._place = place
        self._table = table
        self._faults = faults

    def source(self, member: str, given: list[Value] | str | None) -> Source | None:
        """Return the values of a member, be they given or named."""
        if not isinstance(given, str):
            return None if given is None else Source((*self._place, member, None), given)
        if self._table is None:
            path = path_of((*self._place, member))
            self._faults.add(path, "names a column, but there is no data: give a list, or data")
            return None
        return self._table.find(given, (*self._place, member), self._faults)

    def cells(self, given: Any) -> Source | None:
        """Return z where it is one value per point."""
        return None if _is_matrix(given) else self.source("z", given)

    def rows(self, given: Any) -> list[list[float | None]] | None:
        """Return z where it is rows of cells; note a row that is none."""
        if not _is_matrix(given):
            return None
        for index, row in enumerate(given):
            if not isinstance(row, list):
                path = path_of((*self._place, "z", index))
                self._faults.add(path, "is no list: z is rows of numbers, or one number per point")
                return None
        return list(given)


def _is_matrix(given: Any) -> bool:
    return isinstance(given, list) and any(isinstance(row, list) for row in given)
