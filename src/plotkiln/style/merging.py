"""Lay one style over another: what the upper one leaves out shows through."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from plotkiln.style.models import Style

__all__ = ["merge", "superseded"]

S = TypeVar("S", bound=msgspec.Struct)

_TICKS = {
    "color": ("color",),
    "labelcolor": ("labelcolor",),
    "labelsize": ("labelsize",),
    "direction": ("direction",),
    "length": ("major.size", "minor.size"),
    "width": ("major.width", "minor.width"),
}

#: The rcParams that say the same as a member, by section and member.
_SAME: dict[tuple[str, str], tuple[str, ...]] = {
    ("figure", "facecolor"): ("figure.facecolor",),
    ("font", "family"): ("font.family",),
    ("font", "size"): ("font.size",),
    ("font", "color"): ("text.color",),
    ("title", "fontsize"): ("axes.titlesize",),
    ("title", "fontweight"): ("axes.titleweight",),
    ("title", "color"): ("axes.titlecolor",),
    ("title", "loc"): ("axes.titlelocation",),
    ("axes", "facecolor"): ("axes.facecolor",),
    ("axes", "labelcolor"): ("axes.labelcolor",),
    ("axes", "labelsize"): ("axes.labelsize",),
    ("axes", "labelweight"): ("axes.labelweight",),
    ("axes", "edgecolor"): ("axes.edgecolor",),
    ("axes", "linewidth"): ("axes.linewidth",),
    ("axes", "spines"): tuple(f"axes.spines.{side}" for side in ("left", "bottom", "right", "top")),
    ("axes", "grid"): ("axes.grid",),
    ("axes", "grid_axis"): ("axes.grid.axis",),
    ("axes", "grid_color"): ("grid.color",),
    ("axes", "grid_linestyle"): ("grid.linestyle",),
    ("axes", "grid_linewidth"): ("grid.linewidth",),
    ("axes", "grid_alpha"): ("grid.alpha",),
    ("legend", "fontsize"): ("legend.fontsize",),
    ("legend", "frameon"): ("legend.frameon",),
    ("legend", "facecolor"): ("legend.facecolor",),
    ("legend", "edgecolor"): ("legend.edgecolor",),
    ("legend", "labelcolor"): ("legend.labelcolor",),
    ("lines", "linewidth"): ("lines.linewidth",),
    ("lines", "linestyle"): ("lines.linestyle",),
    ("lines", "marker"): ("lines.marker",),
    ("lines", "markersize"): ("lines.markersize",),
    **{
        ("ticks", member): tuple(f"{axis}.{name}" for axis in ("xtick", "ytick") for name in names)
        for member, names in _TICKS.items()
    },
}


def merge(over: Style, under: Style) -> Style:
    """Return `over` with what it leaves out taken from `under`.

    Sections merge member by member and `rc` name by name; lists (palette, families, spines) replace
    each other as a whole. A member that is null counts as left out. An rcParam of `under` that says
    the same as a member of `over` goes: within one document `rc` has the last word, but not over
    the documents that extend it.
    """
    merged = _merge_members(over, under)
    if over.rc is None and under.rc is None:
        return merged
    hidden = set(superseded(over))
    below = {name: value for name, value in _set_names(under) if name not in hidden}
    return msgspec.structs.replace(merged, rc={**below, **dict(_set_names(over))})


def superseded(style: Style) -> Iterator[str]:
    """Yield the rcParams that say the same as the members that `style` sets."""
    for (section, member), names in _SAME.items():
        if getattr(getattr(style, section), member, None) is not None:
            yield from names


def _merge_members(over: S, under: S) -> S:
    members = {
        name: _merge_values(getattr(over, name), getattr(under, name))
        for name in over.__struct_fields__
    }
    return type(over)(**members)


def _merge_values(over: Any, under: Any) -> Any:
    if over is None or under is None:
        return under if over is None else over
    return _merge_members(over, under) if isinstance(over, msgspec.Struct) else over


def _set_names(style: Style) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in (style.rc or {}).items() if value is not None)
