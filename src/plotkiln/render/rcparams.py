"""A style as rcParams: Matplotlib's own words for how charts look."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.colors import to_hex
from matplotlib.mathtext import MathTextParser

from plotkiln.render.fonts import font_families
from plotkiln.render.notes import Notes
from plotkiln.style.models import (
    AxesStyle,
    FigureStyle,
    FontStyle,
    LegendStyle,
    LineStyle,
    Style,
    TickStyle,
    TitleStyle,
)

__all__ = ["DEFAULTS", "RC", "forget_mathtext", "rc_params", "set_param", "styled"]

#: The rcParams as they are now; their names are not spelled out as types here.
RC: Any = mpl.rcParams


#: Matplotlib's defaults, never a matplotlibrc; the backend stays, which is chosen per format.
DEFAULTS = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}

#: What makes output the same everywhere, and whole.
_OURS: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.formatter.use_locale": False,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "legend.fancybox": True,
    "pdf.compression": 6,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "plotkiln",
    "text.usetex": False,
}

#: rcParams that change more than looks, or that the drawing settles itself; a style's are ignored.
_REFUSED = (
    "animation.", "backend", "date.epoch", "docstring", "figure.autolayout", "figure.constrained",
    "figure.dpi", "figure.figsize", "figure.hooks", "figure.raise", "figure.subplot", "font.enable",
    "interactive", "keymap.", "macosx.", "pdf.", "pgf.", "ps.", "savefig.", "svg.", "text.latex",
    "text.parse_math", "text.usetex", "timezone", "tk.", "toolbar", "webagg.",
)  # fmt: skip

_SIDES = ("left", "bottom", "right", "top")


@contextmanager
def styled(params: dict[str, Any], rc: dict[str, Any], notes: Notes) -> Iterator[None]:
    """Set Matplotlib's defaults, then `params`, then a style's own `rc`; restore all at the end.

    An entry of `rc` that Matplotlib refuses is left out, with a warning.
    """
    with mpl.rc_context(), warnings.catch_warnings():
        # A missing glyph is a warning of the rendering, see families_for.
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from font")
        dict.update(RC, DEFAULTS)  # unlike rcParams.update, without validating each again
        RC.update(params)
        for key, value in rc.items():
            set_param(key, value, notes)
        with _own_mathtext() if any(key.startswith("mathtext.") for key in rc) else nullcontext():
            yield


@contextmanager
def _own_mathtext() -> Iterator[None]:
    """Keep parsed mathtext, which Matplotlib remembers whatever its rcParams, to one drawing."""
    forget_mathtext()
    try:
        yield
    finally:
        forget_mathtext()


def forget_mathtext() -> None:
    """Forget all parsed mathtext, and close the fonts that it holds."""
    parser: Any = MathTextParser
    parser._parse_cached.cache_clear()  # noqa: SLF001 -- there is no public way


def rc_params(style: Style, notes: Notes) -> dict[str, Any]:
    """Return the rcParams that say what a style's sections say, and none for what is not set."""
    said = {
        **_OURS,
        "figure.facecolor": (style.figure or FigureStyle()).facecolor,
        **_font(style.font or FontStyle(), notes),
        **_title(style.title or TitleStyle()),
        **_axes(style.axes or AxesStyle()),
        **_legend(style.legend or LegendStyle()),
        **_lines(style.lines or LineStyle()),
        **_ticks(style.ticks or TickStyle()),
        "axes.prop_cycle": cycler(color=style.palette) if style.palette else None,
    }
    return {key: value for key, value in said.items() if value is not None}


def set_param(key: str, value: Any, notes: Notes) -> None:
    """Set one of a style's own rcParams; a warning where it is refused."""
    if key.startswith(_REFUSED):
        notes.add(f"the style's rc.{key} is ignored: it changes more than looks")
        return
    try:
        RC[key] = value
    except (KeyError, ValueError, TypeError):
        notes.add(f"the style's rc.{key} is ignored: Matplotlib does not accept it")


def _font(font: FontStyle, notes: Notes) -> dict[str, Any]:
    families = font_families(font.family, notes) if font.family else ["DejaVu Sans"]
    return {"font.family": families, "font.size": font.size, "text.color": font.color}


def _title(title: TitleStyle) -> dict[str, Any]:
    return {
        "axes.titlesize": title.fontsize,
        "axes.titleweight": title.fontweight,
        "axes.titlecolor": title.color,
        "axes.titlelocation": title.loc,
    }


def _axes(axes: AxesStyle) -> dict[str, Any]:
    spines = (
        {f"axes.spines.{side}": side in axes.spines for side in _SIDES}
        if axes.spines is not None
        else {}
    )
    return {
        "axes.facecolor": axes.facecolor,
        "axes.labelcolor": axes.labelcolor,
        "axes.labelsize": axes.labelsize,
        "axes.labelweight": axes.labelweight,
        "axes.edgecolor": axes.edgecolor,
        "axes.linewidth": axes.linewidth,
        **spines,
        "axes.grid": axes.grid,
        "axes.grid.axis": axes.grid_axis,
        "grid.color": axes.grid_color,
        "grid.linestyle": axes.grid_linestyle,
        "grid.linewidth": axes.grid_linewidth,
        "grid.alpha": axes.grid_alpha,
    }


def _legend(legend: LegendStyle) -> dict[str, Any]:
    return {
        "legend.fontsize": legend.fontsize,
        "legend.frameon": legend.frameon,
        "legend.facecolor": legend.facecolor,
        "legend.edgecolor": legend.edgecolor,
        "legend.labelcolor": _digits(legend.labelcolor),
    }


def _digits(color: str | None) -> str | None:
    """Return a colour name of six or eight letters in digits, which Matplotlib 3.11 takes it for.

    `_validate_color_or_linecolor` refuses `orange` and `darkblue` where all others are accepted.
    """
    return to_hex(color) if color is not None and len(color) in {6, 8} else color


def _lines(lines: LineStyle) -> dict[str, Any]:
    return {
        "lines.linewidth": lines.linewidth,
        "lines.linestyle": lines.linestyle,
        "lines.marker": lines.marker,
        "lines.markersize": lines.markersize,
    }


def _ticks(ticks: TickStyle) -> dict[str, Any]:
    """Return the rcParams of both axes' ticks; minor ones are a little shorter and thinner."""
    minor = {"size": _times(ticks.length, 0.6), "width": _times(ticks.width, 0.75)}
    said: dict[str, Any] = {}
    for axis in ("xtick", "ytick"):
        said |= {
            f"{axis}.color": ticks.color,
            f"{axis}.labelcolor": ticks.labelcolor,
            f"{axis}.labelsize": ticks.labelsize,
            f"{axis}.direction": ticks.direction,
            f"{axis}.major.size": ticks.length,
            f"{axis}.major.width": ticks.width,
            f"{axis}.minor.size": minor["size"],
            f"{axis}.minor.width": minor["width"],
        }
    return said


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
