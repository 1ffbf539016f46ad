# ruff: noqa: INP001 -- a script, run by hand
"""Write src/plotkiln/style/rc_table.py from the installed Matplotlib; run by hand.

    python tools/generate_rc_table.py

What an rcParam accepts is told by its validator; how far it may go, and which ones are more than
looks, is decided here.
"""

import sys
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
import msgspec
from matplotlib import image, rcsetup

from plotkiln.style.rc_kinds import Kind

TABLE = Path(__file__).parents[1] / "src" / "plotkiln" / "style" / "rc_table.py"

#: More than looks, or nothing that a chart here could show: refused by name.
REFUSED = (
    "_internal.*", "agg.*", "animation.*", "axes.formatter.use_locale", "axes.prop_cycle",
    "axes3d.mouserotationstyle", "axes3d.snap_rotation", "axes3d.trackball*", "backend*",
    "boxplot.bootstrap", "boxplot.vertical", "boxplot.whiskers", "contour.algorithm", "date.epoch",
    "docstring.*", "figure.autolayout", "figure.constrained_layout.*", "figure.dpi",
    "figure.figsize", "figure.hooks", "figure.max_open_warning", "figure.raise_window",
    "figure.subplot.*", "font.enable_last_resort", "hist.bins", "interactive", "keymap.*",
    "macosx.*", "path.effects", "pcolor.shading", "pdf.*", "pgf.*", "ps.*", "savefig.*", "svg.*",
    "text.hinting_factor", "text.kerning_factor", "text.latex.*", "text.parse_math", "text.usetex",
    "timezone", "tk.*", "toolbar", "webagg.*",
)  # fmt: skip

#: Bounds of numbers by name; the first pattern that fits counts. Points unless Matplotlib says
#: otherwise; font-relative lengths of the legend are in units of its font size.
BOUNDS: tuple[tuple[str, tuple[float, float]], ...] = (
    ("font.size", (0.5, 500)),
    ("*alpha*", (0, 1)),
    ("path.simplify_threshold", (0, 1)),
    ("*threshold", (0, 20)),
    ("path.sketch", (1, 1000)),
    ("image.aspect", (0.01, 100)),
    ("image.lut", (2, 1024)),
    ("axes.formatter.limits", (-50, 50)),
    ("axes.formatter.min_exponent", (0, 20)),
    ("axes.[xyz]margin", (-0.4, 5)),
    ("axes.titley", (-1, 2)),
    ("*.minor.ndivs", (1, 20)),
    ("legend.numpoints", (1, 10)),
    ("legend.scatterpoints", (1, 10)),
    ("legend.*width", (0, 100)),
    ("legend.*", (0, 20)),
    ("*pad", (-100, 200)),
    ("*width", (0, 100)),
    ("*size", (0, 100)),
    ("*thick", (0, 100)),
    ("*_pattern", (0, 100)),
)

SIZES = ("xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large")
WEIGHTS = (
    "ultralight", "light", "normal", "regular", "medium", "semibold", "bold", "heavy", "black",
)  # fmt: skip
STRETCHES = (
    "ultra-condensed", "extra-condensed", "condensed", "semi-condensed", "normal", "semi-expanded",
    "expanded", "extra-expanded", "ultra-expanded",
)  # fmt: skip
DASHES = ("-", "--", "-.", ":", "solid", "dashed", "dashdot", "dotted", "none")
LEGEND_PLACES = (
    "best", "upper right", "upper left", "lower left", "lower right", "right", "center left",
    "center right", "lower center", "upper center", "center",
)  # fmt: skip
MARKERS = (
    "none", ".", "o", "v", "^", "<", ">", "s", "p", "P", "*", "h", "H", "+", "x", "X", "D",
    "d", "|", "_",
)  # fmt: skip

#: Kinds of many rcParams, by the name they have in the table.
NAMED = {
    "_BOOLEAN": Kind(boolean=True),
    "_COLOR": Kind(color=True),
    "_WIDTH": Kind(number=(0, 100)),
    "_SIZE": Kind(words=SIZES, number=(0.5, 500)),
    "_WEIGHT": Kind(words=WEIGHTS, number=(1, 1000), whole=True),
    "_DASHES": Kind(words=DASHES, number=(0, 100), numbers=(2, 16), only_list=True, dashes=True),
    "_MARKER": Kind(words=MARKERS),
    "_FAMILIES": Kind(texts=True, pattern=r"[^\s,\x00-\x1f][^,\x00-\x1f]{0,99}"),
    "_MATH": Kind(pattern=r"[A-Za-z][A-Za-z0-9 ]{0,60}(:(italic|oblique|bold)){0,2}"),
    "_TIMES": Kind(pattern=r"(%[aAbBdHIjmMpSyYfzZ%]|[^%\x00-\x1f]){1,40}"),
}
#: The kind that a validator alone tells, by the validator's name.
BY_VALIDATOR = {
    "validate_bool": NAMED["_BOOLEAN"],
    "validate_color": NAMED["_COLOR"],
    "validate_color_or_auto": Kind(color=True, words=("auto",)),
    "validate_color_or_inherit": Kind(color=True, words=("inherit",)),
    "_validate_color_or_edge": Kind(color=True, words=("edge",)),
    "_validate_color_or_None": Kind(color=True, words=("None",)),
    "validate_axisbelow": Kind(boolean=True, words=("line",)),
    "validate_fontsize": NAMED["_SIZE"],
    "validate_fontsize_None": Kind(words=(*SIZES, "None"), number=(0.5, 500)),
    "validate_fontweight": NAMED["_WEIGHT"],
    "validate_fontstretch": Kind(words=STRETCHES, number=(1, 1000), whole=True),
    "validate_font_properties": NAMED["_MATH"],
    "validate_strlist": NAMED["_FAMILIES"],
    "_validate_marker": NAMED["_MARKER"],
    "_validate_mathtext_fallback": Kind(words=("cm", "stix", "stixsans", "None")),
    "_validate_legend_loc": Kind(words=LEGEND_PLACES),
    "_validate_linestyle": NAMED["_DASHES"],
    "_validate_linestyle_or_None": msgspec.structs.replace(
        NAMED["_DASHES"], words=(*DASHES, "None")
    ),
    "JoinStyle": Kind(words=("miter", "round", "bevel")),
    "CapStyle": Kind(words=("butt", "projecting", "round")),
}

#: What a validator does not tell.
BY_NAME = {
    "date.autoformatter.*": NAMED["_TIMES"],
    "font.style": Kind(words=("normal", "italic", "oblique")),
    "font.variant": Kind(words=("normal", "small-caps")),
    "image.cmap": Kind(words=tuple(sorted(mpl.colormaps))),
    "image.interpolation": Kind(words=tuple(sorted(image.interpolations_names))),
    "lines.marker": Kind(words=("none", "o", "s", "^", "v", "D", "x", "+", ".", "*")),
    "lines.linestyle": Kind(words=DASHES),
    "grid.linestyle": Kind(words=DASHES),
    "axes.titlecolor": Kind(color=True),
    "legend.facecolor": Kind(color=True),
    "legend.edgecolor": Kind(color=True),
    # Matplotlib 3.11 takes names of six and of eight letters for digits here.
    "legend.labelcolor": Kind(
        words=("linecolor", "markerfacecolor", "markeredgecolor"),
        pattern=r"#([0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})",
    ),
    "scatter.edgecolors": Kind(words=("face",), color=True),
    "text.language": Kind(words=("None",), pattern=r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}"),
}


def table() -> tuple[dict[str, Kind], list[str]]:
    """Return what each look accepts, and the names of all other rcParams."""
    names = sorted(map(str, mpl.rcParamsDefault))
    refused = [name for name in names if _fits(name, REFUSED)]
    return {name: _kind(name) for name in names if name not in refused}, refused


def source() -> str:
    """Return the module's text."""
    looks, refused = table()
    lines = [
        f'"""Every rcParam of Matplotlib {_minor()}: generated by tools/generate_rc_table.py."""',
        "",
        "from plotkiln.style.rc_kinds import Kind",
        "",
        '__all__ = ["LOOKS", "REFUSED"]',
        "",
        "# fmt: off",
        *(_wrapped(f"{name} = {_call(kind)}", indent="") for name, kind in NAMED.items()),
        "",
        "#: The rcParams that only change looks, and what each accepts.",
        "LOOKS: dict[str, Kind] = {",
        *(_wrapped(f'"{name}": {_named(kind)},', indent="    ") for name, kind in looks.items()),
        "}",
        "",
        "#: The others.",
        "REFUSED: frozenset[str] = frozenset((",
        _wrapped(" ".join(f'"{name}",' for name in refused), indent="    ", hang=""),
        "))",
    ]
    return "\n".join(lines) + "\n"


def _minor() -> str:
    return ".".join(mpl.__version__.split(".")[:2])


def _wrapped(row: str, *, indent: str, hang: str = "    ") -> str:
    return fill(
        row,
        100,
        initial_indent=indent,
        subsequent_indent=indent + hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _named(kind: Kind) -> str:
    return next((name for name, named in NAMED.items() if named == kind), _call(kind))


def _call(kind: Kind) -> str:
    members = msgspec.structs.asdict(kind).items()
    defaults = msgspec.structs.asdict(Kind())
    chosen = [f"{key}={_literal(value)}" for key, value in members if value != defaults[key]]
    return f"Kind({', '.join(chosen)})"


def _literal(value: Any) -> str:
    if isinstance(value, tuple):
        inner = ", ".join(_literal(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, str):
        raw = "r" if "\\" in value else ""
        return f'{raw}"{value}"'
    return repr(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)


def _kind(name: str) -> Kind:
    for pattern, kind in BY_NAME.items():
        if fnmatchcase(name, pattern):
            return kind
    validator = vars(rcsetup)["_validators"][name]  # no public name tells the kinds
    if isinstance(validator, rcsetup.ValidateInStrings):
        return Kind(words=tuple(validator.valid))
    return _kind_of(name, validator.__name__)


def _kind_of(name: str, validator: str) -> Kind:
    if validator in BY_VALIDATOR:
        return BY_VALIDATOR[validator]
    bounds = next((bounds for pattern, bounds in BOUNDS if fnmatchcase(name, pattern)), None)
    if bounds is None:
        sys.exit(f"{name} ({validator}) has no bounds: add it to BOUNDS, BY_NAME or REFUSED")
    return _number_kind(validator, bounds, ("None",) if validator.endswith("_or_None") else ())


def _number_kind(validator: str, bounds: tuple[float, float], none: tuple[str, ...]) -> Kind:
    whole = "int" in validator or "ndivs" in validator
    kinds = {
        "validate_floatlist": Kind(number=bounds, numbers=(2, 16), only_list=True, dashes=True),
        "validate_intlist": Kind(number=bounds, whole=True, numbers=(2, 2), only_list=True),
        "validate_sketch": Kind(words=("None",), number=bounds, numbers=(3, 3), only_list=True),
        "validate_aspect": Kind(words=("auto", "equal"), number=bounds),
        "_validate_minor_tick_ndivs": Kind(words=("auto",), number=bounds, whole=True),
    }
    return kinds.get(validator, Kind(words=none, number=bounds, whole=whole))


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


if __name__ == "__main__":
    TABLE.write_text(source(), encoding="utf-8")
