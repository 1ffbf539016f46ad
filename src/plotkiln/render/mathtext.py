"""Texts as users write them, made safe for Matplotlib: mathtext where it is meant, else literal.

A pair of dollars is mathtext only when the opening one is followed by no space, the closing one is
preceded by no space and followed by no digit (Pandoc's rule), so that "$5 to $10" stays money.
"""

import re
import unicodedata

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from plotkiln.render.notes import Notes, quoted

__all__ = ["clean", "escaped", "has_math", "settled"]

#: `\$` is a dollar; `$…$` by Pandoc's rule is mathtext; any other dollar is a dollar.
MATH = re.compile(r"\\\$|\$(?![\s$])(?:\\.|[^$\\\n])*?(?<!\s)\$(?!\d)|\$")

_SELECTORS = re.compile("[\ufe00-\ufe0f]")


def clean(text: str) -> str:
    """Remove what no font draws: control characters, lone surrogates, variation selectors."""
    if text.isascii() and text.isprintable():
        return text
    text = _SELECTORS.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(sign for sign in text if sign == "\n" or _is_drawable(sign))


def settled(text: str, notes: Notes) -> str:
    """Return the text in the form that Matplotlib draws as the user meant it.

    Mathtext that cannot be parsed becomes literal, with a warning.
    """
    text = clean(text)
    if "$" not in text:
        return text
    marked = MATH.sub(_marked, text)
    if not has_math(marked):
        return marked
    if all(_parses(line) for line in marked.split("\n")):
        return marked
    notes.add(f"the mathtext in {quoted(text)} cannot be parsed: it is drawn as it is written")
    return escaped(text)


def escaped(text: str) -> str:
    """Return the text with every dollar made literal."""
    return text.replace("\\$", "$").replace("$", "\\$")


def has_math(text: str) -> bool:
    """Tell whether a settled text holds mathtext."""
    return "$" in text.replace("\\$", "")


def _marked(match: re.Match[str]) -> str:
    return "\\$" if match[0] == "$" else match[0]


def _parses(line: str) -> bool:
    if not has_math(line):
        return True
    try:
        MathTextParser("path").parse(line, 72, FontProperties(size=10))
    except (ValueError, RuntimeError, LookupError, TypeError):  # RecursionError is a RuntimeError
        return False
    return True


def _is_drawable(sign: str) -> bool:
    code = ord(sign)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False  # Unicode's noncharacters, which XML refuses
    return unicodedata.category(sign) not in {"Cc", "Cs"}
