"""CSV with options becomes the JSON of a spec.

The first line names the columns. The delimiter is the one among comma, semicolon, tab and bar that
parts the first line into most names; with a semicolon, numbers may have a decimal comma. Empty
cells and NaN are gaps; blank lines are skipped. A column in which a number has leading zeros holds
codes, which are text.
"""

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from math import isinf

import msgspec

from plotkiln.errors import MalformedError
from plotkiln.spec.faults import Faults, counted, shown
from plotkiln.spec.options import spec_members
from plotkiln.spec.parsing import SPEC_CONTRACT
from plotkiln.spec.sources import Value

__all__ = ["spec_from_csv"]

#: In the order of preference where a line has as many of one as of another.
_DELIMITERS = (",", ";", "\t", "|")

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INFINITY = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE)
_CODE = re.compile(r"0\d+", re.ASCII)
_DECIMAL_COMMA = re.compile(r"([+-]?\d*),(\d+(?:[eE][+-]?\d+)?)", re.ASCII)


class _Line(msgspec.Struct, frozen=True):
    """One record of the table."""

    #: The number of its last line in the file, from 1.
    number: int
    cells: list[str]


def spec_from_csv(data: bytes, options: Mapping[str, str | list[str]]) -> bytes:
    """Return the JSON of a spec whose `data` is a CSV table and whose other members are options.

    Raises `MalformedError` when it is not UTF-8 or not CSV, `RuleError` with every fault of the
    table (no names, a line of another length, an infinity) and of the options.
    """
    faults = Faults()
    lines, delimiter = _lines(_text(data))
    names = _names(lines, faults)
    members = spec_members(options, SPEC_CONTRACT.schema, names, faults)
    records = [line for line in lines[1:] if _fits(line, names, faults)]
    faults.settle()
    columns: dict[str, list[Value]] = {}
    for at, name in enumerate(names):
        cells = [(line.number, _cell(line.cells[at], delimiter)) for line in records]
        columns[name] = _column(name, cells, faults)
    faults.settle()
    return msgspec.json.encode({**members, "data": columns})


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The table is not UTF-8 at byte {error.start}: save it as CSV UTF-8"
        raise MalformedError(message) from error


def _lines(text: str) -> tuple[list[_Line], str]:
    """Part a table into lines that are not blank; return the delimiter too."""
    import csv  # noqa: PLC0415 -- only who sends a table waits for it

    head = next((line for line in StringIO(text, newline="") if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda mark: _parts(head, mark))
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    try:
        return [
            _Line(reader.line_num, cells) for cells in reader if not _is_blank(cells)
        ], delimiter
    except csv.Error as error:
        raise MalformedError(f"The table is not CSV in line {reader.line_num}: {error}") from error


def _parts(head: str, delimiter: str) -> int:
    """Return into how many names a first line is parted; 0 where it is not CSV that way."""
    import csv  # noqa: PLC0415 -- as above

    try:
        return len(next(csv.reader([head], delimiter=delimiter), []))
    except csv.Error:  # a cell without an end, or of more characters than one may have
        return 0


def _is_blank(cells: list[str]) -> bool:
    return not cells or (len(cells) == 1 and not cells[0].strip())


def _names(lines: list[_Line], faults: Faults) -> list[str]:
    """Return the names in the first line; note those that are missing, double, or numbers."""
    names = [cell.strip() for cell in lines[0].cells] if lines else []
    if not names or all(_NUMBER.fullmatch(name) for name in names):
        faults.add("line 1", "names the columns: put a line with a name for each before the values")
    seen: set[str] = set()
    for at, name in enumerate(names):
        if not name:
            faults.add("line 1", f"column {at + 1} has no name: give it one")
        elif name in seen:
            faults.add("line 1", f"{shown(name)} names two columns: one name each")
        seen.add(name)
    return names


def _fits(line: _Line, names: list[str], faults: Faults) -> bool:
    if len(line.cells) == len(names):
        return True
    counts = f"has {counted(len(line.cells), 'cell')}, line 1 has {len(names)}"
    faults.add(f"line {line.number}", f"{counts}: quote cells that hold the delimiter")
    return False


def _cell(text: str, delimiter: str) -> str:
    """Return a cell without blanks around it, and with a decimal point for a decimal comma."""
    text = text.strip()
    match = _DECIMAL_COMMA.fullmatch(text) if delimiter == ";" else None
    return f"{match[1]}.{match[2]}" if match else text


def _column(name: str, cells: list[tuple[int, str]], faults: Faults) -> list[Value]:
    """Convert the cells of one column, each with its line; note the first infinity."""
    given = [cell for _, cell in cells if not _is_gap(cell)]
    all_text = any(_CODE.fullmatch(cell) for cell in given) or not any(map(_is_number, given))
    if all_text:
        return [None if _is_gap(cell) else cell for _, cell in cells]
    return list(_values(name, cells, faults))


def _values(name: str, cells: list[tuple[int, str]], faults: Faults) -> Iterator[Value]:
    """Yield numbers, and texts as they are where they stand among numbers."""
    for line, cell in cells:
        if _is_gap(cell):
            yield None
        elif not _is_number(cell):
            yield cell
        else:
            number = float(cell)
            if isinf(number):
                place = f"line {line}, column {name}"
                faults.add(place, f"{shown(cell)} is infinite: leave the cell empty for a gap")
            yield number


def _is_gap(cell: str) -> bool:
    return not cell or cell.lower() == "nan"


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _INFINITY.fullmatch(cell))
