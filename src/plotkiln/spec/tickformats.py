"""How an axis writes its numbers and times: a safe part of Python's format languages."""

import re

__all__ = ["number_format", "time_format"]

#: Sign, thousands, precision, presentation: no width, fill or alignment, which would pad labels.
_NUMBER = re.compile(
    r"(?P<sign>[+ ]?)(?P<group>[,_]?)(?P<precision>(?:\.\d{1,2})?)(?P<form>[eEfFgG%d]?)"
)

#: Directives of C89 and ISO 8601 that read the same on every platform.
_DIRECTIVES = frozenset("YymdbBaAHIMSpfjUWVGu%")


def number_format(text: str) -> str | None:
    """Return a number format that Python's `format` takes for any float, or None when it is none.

    `d` becomes `.0f`, since floats have no `d`; without precision and presentation up to twelve
    digits are written, so that `,` writes 1,234 and not 1,234.0.
    """
    match = _NUMBER.fullmatch(text)
    if not match or not text:
        return None
    form, precision = match["form"], match["precision"]
    if form == "d":
        return None if precision else f"{match['sign']}{match['group']}.0f"
    if not form and not precision:
        return f"{match['sign']}{match['group']}.12g"
    return text


def time_format(text: str) -> str | None:
    """Return a strftime format, or None when it has no directive, or one that is not portable."""
    directives = re.findall(r"%(.?)", text, re.DOTALL)
    if not set(directives) <= _DIRECTIVES or not set(directives) - {"%"}:
        return None
    return text
