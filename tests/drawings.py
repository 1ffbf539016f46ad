"""Drawings for tests of the render room: from specs as users write them, in the built-in style."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from plotkiln.render import Provenance, Rendering, draw
from plotkiln.render.boxes import Box
from plotkiln.render.drawing import build
from plotkiln.render.notes import Notes
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import rc_params, styled
from plotkiln.render.watermarks import TOPMOST
from plotkiln.spec import FullSpec, Limits, parse_spec
from plotkiln.spec.models import Format
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.models import Style

__all__ = ["PROVENANCE", "built", "drawn", "full", "overlaps", "restyled", "strays", "texts_of"]

PROVENANCE = Provenance(
    spec_digest="5" * 64,
    style_digest="7" * 64,
    digest="d" * 64,
    versions={"matplotlib": "3", "plotkiln": "0"},
)

#: Texts may share so many pixels: boxes of text are a little larger than what is seen of it.
SHARED = 1.0


def full(**spec: Any) -> FullSpec:
    """Return a spec in full from its members as users write them."""
    return parse_spec(json.dumps(spec).encode(), Limits()).full


def drawn(style: Style = BUILTIN, format: Format = "png", **spec: Any) -> Rendering:  # noqa: A002 -- the spec's own word
    """Draw a spec from its members as users write them."""
    return draw(full(**spec), style, format=format, provenance=PROVENANCE)


def restyled(base: Style = BUILTIN, **sections: dict[str, Any] | Any) -> Style:
    """Return a style with members of some sections replaced."""
    replaced = {
        name: msgspec.structs.replace(getattr(base, name), **value)
        if isinstance(value, dict) and name != "rc"
        else value
        for name, value in sections.items()
    }
    return msgspec.structs.replace(base, **replaced)


@contextmanager
def built(spec: FullSpec, style: Style = BUILTIN) -> Iterator[Plot]:
    """Build a figure and draw it once, so that every text has its final place."""
    notes = Notes()
    with styled(rc_params(style, notes), dict(style.rc or {}), notes):
        plot = build(spec, style, notes)
        canvas: Any = FigureCanvasAgg(plot.figure)
        canvas.draw()
        plot.ruler.renderer = canvas.get_renderer()
        yield plot


def texts_of(plot: Plot) -> list[tuple[Text, Box]]:
    """Return every text that is seen, with its place; the watermark, laid over all, is none."""
    found: Any = plot.figure.findobj(Text)
    seen = [text for text in found if text.get_visible() and text.get_text().strip()]
    shown = [text for text in seen if _is_shown(text) and text.get_zorder() < TOPMOST]
    return [(text, _box(text, plot)) for text in shown]


def strays(plot: Plot) -> list[str]:
    """Name the texts that reach beyond the picture."""
    size = plot.figure.bbox
    sheet = Box(0, 0, size.width, size.height).grown(SHARED)
    return [text.get_text() for text, box in texts_of(plot) if not sheet.holds(box)]


def overlaps(plot: Plot) -> list[tuple[str, str]]:
    """Name the pairs of texts that overlap; slanted ones, whose boxes do, are not compared."""
    found = [
        (text, box.grown(-SHARED)) for text, box in texts_of(plot) if text.get_rotation() % 90 == 0
    ]
    return [
        (one.get_text(), other.get_text())
        for index, (one, box) in enumerate(found)
        for other, second in found[index + 1 :]
        if box.overlaps(second)
    ]


def _is_shown(text: Text) -> bool:
    """Tell whether a text belongs to an axes that is shown, or to none."""
    axes: Any = text.axes
    own = axes is None or axes.axison or text in axes.texts
    ticks = (
        [tick for axis in ("xaxis", "yaxis") for tick in getattr(axes, axis).get_major_ticks()]
        if axes
        else []
    )
    labels = {label for tick in ticks for label in (tick.label1, tick.label2)}
    return own and (text not in labels or _is_within(text, axes))


def _is_within(text: Text, axes: Any) -> bool:
    """Tell whether a tick label stands at a tick within the axes' limits; others are not drawn."""
    x, y = text.get_position()
    across, up = sorted(axes.get_xlim()), sorted(axes.get_ylim())
    horizontal = text in {tick.label1 for tick in axes.xaxis.get_major_ticks()}
    slack = 1e-6 * (across[1] - across[0] if horizontal else up[1] - up[0])
    low, high = across if horizontal else up
    at = x if horizontal else y
    return bool(low - slack <= at <= high + slack)


def _box(text: Text, plot: Plot) -> Box:
    extent = text.get_window_extent(plot.ruler.renderer)
    return Box(extent.x0, extent.y0, extent.x1, extent.y1)
