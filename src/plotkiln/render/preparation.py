"""What a process does once, before it draws or forks those that draw."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from plotkiln.render.drawing import draw
from plotkiln.render.fontlist import use_fonts
from plotkiln.render.provenance import Provenance
from plotkiln.render.rcparams import forget_mathtext
from plotkiln.spec.full import FullAxis, FullColumn, FullSeries, FullSpec
from plotkiln.spec.models import Format
from plotkiln.style.models import Style

__all__ = ["prepare", "warm_up"]

_NOBODY = Provenance(spec_digest="", style_digest="", digest="", versions={})


def prepare(font_files: Sequence[Path], cache: Path) -> None:
    """Choose the fonts and draw a small PNG: processes forked from here are then warm for it.

    `cache` is a folder that keeps what was read from the font files; see `use_fonts`.
    """
    use_fonts(font_files, cache)
    _draw_small("png")


def warm_up() -> Iterator[Format]:
    """Draw a small picture in one other format a step: nobody who wants a PNG waits for these."""
    rest: tuple[Format, ...] = ("svg", "pdf", "webp", "jpeg")
    for format in rest:  # noqa: A001 -- the spec's own word
        _draw_small(format)
        yield format


def _draw_small(format: Format) -> None:  # noqa: A002 -- the spec's own word
    draw(_small(), Style(), format=format, provenance=_NOBODY)
    # Parsed mathtext keeps fonts open, whose file positions forked processes would share.
    forget_mathtext()


def _small() -> FullSpec:
    """Return a spec that touches what charts commonly have."""
    x = FullColumn("number", [0.0, 1.0, 2.0])
    series = [
        FullSeries(kind="line", name="a", x=x, y=FullColumn("number", [1.0, None, 2.0])),
        FullSeries(kind="scatter", name="$b$", x=x, y=x),
        FullSeries(kind="bar", name="c", x=x, y=x),
    ]
    axis = FullAxis(type="linear", label="x")
    return FullSpec(
        series=series,
        x_axis=axis,
        y_axis=FullAxis(type="linear"),
        title="$x$ é",
        width=160,
        height=120,
    )
