"""Styles for property tests: any member set to any value, and chains of them."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from plotkiln.style import models
from plotkiln.style.looks import KnownStyle, StyleState
from plotkiln.style.models import Style

__all__ = ["known", "styles"]

#: Few, so that styles meet in the same names; the first three say the same as members.
_NAMES = ("axes.grid", "grid.color", "xtick.labelsize", "axes.titlepad", "errorbar.capsize")


def known(
    name: str, style: Style, *, version: int = 1, state: StyleState = "fresh", **more: Any
) -> KnownStyle:
    """Return a style as a store knows it."""
    return KnownStyle(name=name, version=version, style=style, state=state, **more)


def _sections(section: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    # Merging looks at which members are set, not at what they are: numbers tell them apart.
    value = st.none() | st.integers(1, 9)
    members = st.fixed_dictionaries(dict.fromkeys(section.__struct_fields__, value))
    return st.none() | members.map(lambda chosen: section(**chosen))


def styles() -> st.SearchStrategy[Style]:
    """Return styles in which any member may be set, none makes sense, and `rc` has no nulls."""
    rc = st.dictionaries(st.sampled_from(_NAMES), st.integers(1, 9).map(float))
    return st.builds(
        Style,
        figure=_sections(models.FigureStyle),
        font=_sections(models.FontStyle),
        title=_sections(models.TitleStyle),
        axes=_sections(models.AxesStyle),
        legend=_sections(models.LegendStyle),
        lines=_sections(models.LineStyle),
        ticks=_sections(models.TickStyle),
        watermark=_sections(models.Watermark),
        palette=st.none() | st.lists(st.sampled_from(["red", "tan"]), min_size=1, max_size=2),
        rc=st.none() | rc,
    )
