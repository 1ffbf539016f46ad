"""What a picture shows, in words, where the spec brings no alternative text."""

from plotkiln.render.mathtext import clean
from plotkiln.spec.full import FullSeries, FullSpec

__all__ = ["all_series", "described", "named"]

_NAMES = {
    "line": "line chart",
    "step": "step chart",
    "scatter": "scatter plot",
    "bar": "bar chart",
    "area": "area chart",
    "errorbar": "errorbar chart",
    "candlestick": "candlestick chart",
    "histogram": "histogram",
    "box": "box plot",
    "violin": "violin plot",
    "heatmap": "heatmap",
    "contour": "contour plot",
    "hexbin": "hexbin plot",
    "waterfall": "waterfall chart",
    "polar": "polar plot",
    "radar": "radar chart",
    "pie": "pie chart",
}

#: More names than this are counted.
MOST_NAMES = 8


def named(spec: FullSpec) -> str:
    """Return the picture's name: its title, else its kind."""
    return clean(" ".join((spec.title or "").split())) or _kinds(spec).capitalize()


def described(spec: FullSpec) -> str:
    """Return the alternative text: the spec's own, else kind, axes and series by name."""
    if spec.alt:
        return clean(spec.alt)
    parts = [_kinds(spec).capitalize()]
    labels = [axis.label for axis in (spec.y_axis, spec.x_axis) if axis and axis.label]
    if labels:
        parts.append(" by ".join(labels))
    names = [series.name for series in all_series(spec) if series.name]
    if names:
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        parts.append(f"showing {', '.join(names[:MOST_NAMES])}{more}")
    head, *details = parts
    said = f"{head}: {', '.join(details)}." if details else f"{head}."
    return clean(" ".join(f"{spec.title}. {said}".split()) if spec.title else said)


def all_series(spec: FullSpec) -> list[FullSeries]:
    """Return the series of a spec, or those of its panels: each once by number."""
    found = {number: one for panel in spec.panels for number, one in zip(
        panel.numbers, panel.series, strict=True)}  # fmt: skip
    return spec.series or [found[number] for number in sorted(found)]


def _kinds(spec: FullSpec) -> str:
    names = dict.fromkeys(_NAMES[series.kind] for series in all_series(spec))
    return " and ".join(names) or "empty chart"
