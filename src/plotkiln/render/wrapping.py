"""Fitting texts into a width: wrapped by measure, shrunk a little, and only then cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plotkiln.render.mathtext import MATH, has_math
from plotkiln.render.ruler import Ruler, TextStyle

__all__ = ["Fitted", "ellipsis", "fit", "wrap"]

#: A text shrinks to this part of its size at most, before it is cut.
LEAST_SCALE = 0.85

#: Lines may break after a space or a hyphen, and before and after each of these (CJK, kana, …).
_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_UNITS = re.compile(rf"[{_WIDE}]|[^\s{_WIDE}-]+-*|-+|\s+")


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits."""

    #: Its lines, joined by newlines.
    text: str
    style: TextStyle
    #: Whether words were left out.
    cut: bool


def fit(text: str, style: TextStyle, width: float, lines: int, ruler: Ruler) -> Fitted:
    """Fit a text into `width` pixels and at most `lines` lines.

    One line at full size is best, then one a little smaller, then more lines, then more lines a
    little smaller; what still does not fit is cut with an ellipsis.
    """
    given = text.count("\n") + 1
    for most, scale in ((given, 1), (given, 0.92), (lines, 1), (lines, LEAST_SCALE)):
        wrapped = wrap(text, style.scaled(scale), width, ruler)
        if len(wrapped) <= most <= lines:
            return Fitted("\n".join(wrapped), style.scaled(scale), cut=False)
    kept = wrapped[: max(lines, 1)]
    kept[-1] = ellipsis(kept[-1] + " …", style.scaled(LEAST_SCALE), width, ruler)
    return Fitted("\n".join(kept), style.scaled(LEAST_SCALE), cut=True)


def wrap(text: str, style: TextStyle, width: float, ruler: Ruler) -> list[str]:
    """Break a text into lines of at most `width` pixels; a longer word is broken anywhere."""
    return [
        line
        for paragraph in text.split("\n")
        for line in _wrap_paragraph(paragraph.strip(), style, width, ruler)
    ]


def ellipsis(line: str, style: TextStyle, width: float, ruler: Ruler) -> str:
    """Cut one line to `width` pixels, ending in an ellipsis; unchanged where it fits."""
    if ruler.width(line, style) <= width:
        return line
    atoms = list(_atoms(line.rstrip(" …")))
    low, high = 0, len(atoms)
    while low < high:  # the most atoms that fit, by halving
        middle = (low + high + 1) // 2
        fits = ruler.width("".join(atoms[:middle]).rstrip() + "…", style) <= width
        low, high = (middle, high) if fits else (low, middle - 1)
    return "".join(atoms[:low]).rstrip() + "…"


def _wrap_paragraph(text: str, style: TextStyle, width: float, ruler: Ruler) -> list[str]:
    if ruler.width(text, style) <= width:
        return [text]
    lines, line, room = [], "", width
    for unit in _breakable(text, style, width, ruler):
        # Words are measured once each; that their sum may differ by a kern is left to the margin.
        if line and ruler.width(unit.rstrip(), style) > room:
            lines.append(line.rstrip())
            line, room = "", width
        if line or unit.strip():
            line, room = line + unit, room - ruler.width(unit, style)
    return [*lines, line.rstrip()] if line.strip() else lines


def _breakable(text: str, style: TextStyle, width: float, ruler: Ruler) -> Iterator[str]:
    """Yield the units between which a line may break, none wider than `width` where possible."""
    for unit in _units(text):
        if has_math(unit) or ruler.width(unit.rstrip(), style) <= width:
            yield unit
        else:
            yield from _atoms(unit)


def _units(text: str) -> Iterator[str]:
    for is_math, part in _parts(text):
        if is_math:
            yield part
        else:
            yield from (match[0] for match in _UNITS.finditer(part))


def _atoms(text: str) -> Iterator[str]:
    """Yield what must not be broken: mathtext, an escaped dollar, any other character."""
    for is_math, part in _parts(text):
        if is_math:
            yield part
        else:
            yield from re.findall(r"\\\$|.", part, re.DOTALL)


def _parts(text: str) -> Iterator[tuple[bool, str]]:
    """Split a settled text into mathtext (True) and plain text (False)."""
    end = 0
    for match in MATH.finditer(text):
        if match[0] in ("\\$", "$"):
            continue
        yield False, text[end : match.start()]
        yield True, match[0]
        end = match.end()
    yield False, text[end:]
