"""Which font families a picture is set in, and which characters none of them has."""

import unicodedata
from collections.abc import Iterable, Sequence

from matplotlib.font_manager import FontProperties, get_font

from plotkiln.render.fontlist import FONTS
from plotkiln.render.mathtext import has_math
from plotkiln.render.notes import Notes

__all__ = ["families_for", "font_families"]

#: What CSS's generic names mean here: families that every Matplotlib ships.
GENERIC = {
    "sans-serif": "DejaVu Sans",
    "sans": "DejaVu Sans",
    "serif": "DejaVu Serif",
    "monospace": "DejaVu Sans Mono",
    "cursive": "DejaVu Sans",
    "fantasy": "DejaVu Sans",
}

#: Asked first, in this order, for characters that the style's families lack.
FALLBACKS = ("DejaVu Sans", "Noto Sans CJK SC", "Noto Emoji", "Symbola", "Noto Sans Symbols2")

#: What the drawing itself writes: digits, signs, exponents, ellipses.
OWN_SIGNS = "0123456789.,-−×%⁰¹²³⁴⁵⁶⁷⁸⁹⁻…"

#: From here on, at CJK's radicals, mathtext's own fonts have no characters.
FIRST_WIDE = "\u2e80"

#: Draws a box for any character; Matplotlib adds it by itself.
_LAST_RESORT = "last resort high-efficiency"

#: Drawn as nothing, or as part of the character before: joiners and marks need no glyph.
_INVISIBLE = frozenset("\n \u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")


def font_families(wanted: str | Sequence[str], notes: Notes) -> list[str]:
    """Keep the families of a fallback list that are installed, in their order; never none.

    A list of which none is installed is a warning, and DejaVu Sans serves.
    """
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    installed = _installed()
    found = [GENERIC.get(name.casefold(), name) for name in names]
    kept = [installed[name.casefold()] for name in found if name.casefold() in installed]
    if not kept:
        notes.add(f"no font family of {', '.join(names)} is installed: DejaVu Sans serves instead")
    return list(dict.fromkeys(kept)) or ["DejaVu Sans"]


def families_for(texts: Iterable[str], families: list[str], notes: Notes) -> list[str]:
    """Return the families that these texts need, in the order in which Matplotlib is to ask them.

    They are the first of `families`, those of the rest that have a character which it lacks, and
    any installed one for what all of them lack; the fewer, the faster every text is laid out. A
    character that no installed font has is one warning. Mathtext asks one family only, so the one
    that has most characters of all mathtexts comes first.
    """
    texts = list(texts)
    first, *rest = families
    needed: dict[str, None] = {}
    for sign in dict.fromkeys(OWN_SIGNS + "".join(texts)):
        if _is_visible(sign) and not _has(first, sign):
            family = next((name for name in rest if _has(name, sign)), None) or _supplier(sign)
            if family:
                needed.setdefault(family)
            else:
                notes.add(f"no installed font has U+{ord(sign):04X} {sign}: a box stands for it")
    order = [first, *(name for name in rest if name in needed), *needed]
    return _math_first(list(dict.fromkeys(order)), filter(has_math, texts), notes)


def _math_first(families: list[str], texts: Iterable[str], notes: Notes) -> list[str]:
    signs = [sign for sign in dict.fromkeys("".join(texts)) if sign >= FIRST_WIDE]
    if not signs:
        return families
    best = max(families, key=lambda family: sum(_has(family, sign) for sign in signs))
    for sign in signs:
        if _is_visible(sign) and not _has(best, sign):
            notes.add(f"U+{ord(sign):04X} {sign} cannot be drawn beside mathtext")
    return [best, *(family for family in families if family != best)]


def _is_visible(sign: str) -> bool:
    return sign not in _INVISIBLE and unicodedata.category(sign) not in {"Cf", "Zs"}


def _supplier(sign: str) -> str | None:
    installed = _installed()
    ranked = [installed[name.casefold()] for name in FALLBACKS if name.casefold() in installed]
    others = sorted(installed[key] for key in installed if key != _LAST_RESORT)
    return next((family for family in [*ranked, *others] if _has(family, sign)), None)


def _installed() -> dict[str, str]:
    """Map the case-folded name of each installed family to its name."""
    return {entry.name.casefold(): entry.name for entry in FONTS.ttflist}


def _has(family: str, sign: str) -> bool:
    # get_font keeps fonts open, and Matplotlib empties its cache in a forked process.
    return bool(get_font(_path(family)).get_char_index(ord(sign)))


def _path(family: str) -> str:
    path: str = FONTS.findfont(FontProperties(family=family))
    return path
