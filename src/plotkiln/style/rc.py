"""rcParams in a style: which ones, and how far. Known without Matplotlib, which is not here."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from plotkiln.documents import nearest, path_of, shown
from plotkiln.errors import Fault
from plotkiln.spec.colors import is_color
from plotkiln.style.rc_kinds import Kind
from plotkiln.style.rc_table import LOOKS, REFUSED

__all__ = ["accepts", "rc_faults", "unknown_names"]

#: Families in one fallback list, and words shown in one message.
MOST_FAMILIES = 20
_SHOWN_WORDS = 24

#: Why an rcParam is refused, by the beginning of its name; the first that fits counts.
_REASONS = (
    ("axes.prop_cycle", "the colours of the series are the member palette"),
    ("figure.figsize", "the size is the member figure.figsize"),
    ("figure.dpi", "the resolution is the member figure.dpi"),
    ("hist.bins", "the number of bins belongs to the spec: bins"),
    ("boxplot.vertical", "the direction belongs to the spec: orientation"),
    ("boxplot.", "it changes what is computed from the data, not how it looks"),
    ("contour.", "it changes what is computed from the data, not how it looks"),
    ("pcolor.", "it changes what is computed from the data, not how it looks"),
    ("timezone", "it changes what the times say, not how they look"),
    ("date.epoch", "it changes what the times say, not how they look"),
    ("axes.formatter.use_locale", "it makes the picture depend on the machine that draws it"),
    ("font.enable_last_resort", "missing glyphs are reported, and drawn as boxes"),
    ("text.parse_math", "whether text is mathtext is for the spec to say, by its $ signs"),
    ("text.usetex", "it would start LaTeX"),
    ("text.latex", "it would start LaTeX"),
    ("pgf.", "it would start LaTeX"),
    ("text.", "Matplotlib is about to remove it"),
    ("path.effects", "it takes Python objects"),
    ("figure.hooks", "it runs code"),
    ("figure.subplot", "margins are computed so that nothing is clipped"),
    ("figure.autolayout", "margins are computed so that nothing is clipped"),
    ("figure.constrained_layout", "margins are computed so that nothing is clipped"),
    ("savefig.", "it concerns how pictures are stored, which plotkiln settles"),
    ("pdf.", "it concerns how pictures are stored, which plotkiln settles"),
    ("ps.", "it concerns how pictures are stored, which plotkiln settles"),
    ("svg.", "it concerns how pictures are stored, which plotkiln settles"),
    ("agg.", "it concerns how pictures are computed, not how they look"),
    ("backend", "it concerns how pictures are computed, not how they look"),
    ("animation.", "it concerns films"),
    ("_internal", "it is internal to Matplotlib"),
    ("docstring", "it is internal to Matplotlib"),
    ("", "it concerns windows and keys; here are none"),
)


def rc_faults(rc: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with an `rc` section: names, values, bounds; null is a missing entry.

    Whatever passes here, `matplotlib.rcParams` accepts.
    """
    for name, value in rc.items():
        kind = LOOKS.get(name)
        if kind is None:
            yield Fault(path_of(["rc", name]), _refusal(name))
        elif value is not None and not accepts(kind, value):
            yield Fault(f"rc.{name}", f"expected {_wording(kind)}, got {shown(value)}")


def unknown_names(rc: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names in an `rc` section that are no rcParam of the Matplotlib in use."""
    return (name for name in rc if name not in LOOKS and name not in REFUSED)


def accepts(kind: Kind, value: Any) -> bool:
    """Tell whether a JSON value is one that an rcParam of this kind may have."""
    if isinstance(value, bool):
        return kind.boolean
    if isinstance(value, int | float):
        return not kind.only_list and _within(kind, value)
    if isinstance(value, str):
        return _is_text(kind, value)
    return isinstance(value, list) and _is_list(kind, value)


def _within(kind: Kind, value: float) -> bool:
    if kind.number is None or (kind.whole and value != int(value)):
        return False
    low, high = kind.number
    return low <= value <= high


def _is_text(kind: Kind, value: str) -> bool:
    if value in kind.words or (kind.color and is_color(value)):
        return True
    return bool(kind.pattern) and re.fullmatch(kind.pattern, value) is not None


def _is_list(kind: Kind, value: list[Any]) -> bool:
    if kind.texts:
        return 0 < len(value) <= MOST_FAMILIES and all(
            isinstance(item, str) and _is_text(kind, item) for item in value
        )
    if kind.numbers is None or not all(_is_number(item) for item in value):
        return False
    least, most = kind.numbers
    if not least <= len(value) <= most or not all(_within(kind, item) for item in value):
        return False
    return not kind.dashes or (len(value) % 2 == 0 and any(item > 0 for item in value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _refusal(name: str) -> str:
    if name not in REFUSED:
        return f"there is no rcParam of this name{nearest(name, LOOKS)}"
    reason = next(reason for start, reason in _REASONS if name.startswith(start))
    return f"this rcParam is more than looks and is refused: {reason}"


def _wording(kind: Kind) -> str:
    alternatives = [
        *(["true or false"] if kind.boolean else []),
        *(["a colour"] if kind.color else []),
        *([_number_wording(kind)] if kind.number else []),
        *(["a font family, or a list of them"] if kind.texts else []),
        *([f"text of the form {kind.pattern}"] if kind.pattern and not kind.texts else []),
        *([_words_wording(kind.words)] if kind.words else []),
    ]
    return " or ".join(alternatives)


def _number_wording(kind: Kind) -> str:
    assert kind.number is not None
    low, high = kind.number
    if not kind.numbers:
        return f"{'a whole' if kind.whole else 'a'} number from {low:g} to {high:g}"
    least, most = kind.numbers
    count = f"{least}" if least == most else f"{least} to {most}"
    each = f"{'whole ' if kind.whole else ''}numbers from {low:g} to {high:g}"
    dashes = ", evenly many and one above 0" if kind.dashes else ""
    return f"a list of {count} {each}{dashes}"


def _words_wording(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return words[0]
    rest = ", …" if len(words) > _SHOWN_WORDS else ""
    return f"one of {', '.join(words[:_SHOWN_WORDS])}{rest}"
