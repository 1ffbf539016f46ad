"""One drawing from spec and style to bytes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg

from plotkiln.errors import DrawingFailed
from plotkiln.render.annotations import draw_annotations
from plotkiln.render.descriptions import all_series, described, named
from plotkiln.render.facets import draw_facets
from plotkiln.render.fontlist import ensure_fonts
from plotkiln.render.fonts import families_for
from plotkiln.render.formats import draw_pdf, draw_svg, encode_jpeg, encode_png, encode_webp
from plotkiln.render.kinds import draw_series
from plotkiln.render.layout import arrange
from plotkiln.render.notes import Notes
from plotkiln.render.plot import TO_RIGHT, Plot
from plotkiln.render.provenance import Provenance, Record
from plotkiln.render.rcparams import RC, rc_params, styled
from plotkiln.render.ruler import Ruler
from plotkiln.render.sheets import blank_sheet
from plotkiln.render.sides import add_right_axis
from plotkiln.render.stages import Stages, Tell
from plotkiln.render.templated import (
    blamed,
    build_template,
    noted,
    pyplot_session,
    template_record,
)
from plotkiln.render.watermarks import draw_watermark
from plotkiln.spec.full import FullSpec
from plotkiln.spec.models import Format
from plotkiln.style.models import Style
from plotkiln.templates.loading import LoadedTemplate
from plotkiln.templates.reporting import listening

__all__ = ["Rendering", "build", "draw"]

#: What Matplotlib raises for input that it cannot draw.
_REFUSALS = (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)


#: Matplotlib's backends have no types.
_Agg: Any = RendererAgg


class Rendering(msgspec.Struct, frozen=True):
    """A finished picture."""

    data: bytes
    #: What could not be drawn as asked: missing glyphs, dropped points, cut labels.
    warnings: tuple[str, ...]
    #: Milliseconds by stage: build, draw, encode.
    stages: Mapping[str, float]


def draw(
    spec: FullSpec,
    style: Style,
    *,
    format: Format,  # noqa: A002 -- the spec's own word
    provenance: Provenance,
    template: LoadedTemplate | None = None,
    tell: Tell = lambda _stage, _fraction, _message: None,
) -> Rendering:
    """Draw a spec in a style; the same input gives the same bytes.

    `style` is complete: what it leaves out is Matplotlib's default. Its `rc` never breaks a
    drawing: where Matplotlib refuses it, it is left out with a warning. `template` is the one that
    the spec names; `tell` is told how far the drawing is. Raises `DrawingFailed` when Matplotlib
    refuses the drawing or the template fails, `RuleError` when it does not take the spec's
    parameters.
    """
    ensure_fonts()
    rc = dict(style.rc or {})
    job = _Job(spec, style, format, _record(spec, template, provenance), template, tell)
    try:
        return _drawn(job, rc)
    except DrawingFailed:
        if not rc:
            raise
    rendering = _drawn(job, {})
    warning = "the style's rc is left out: Matplotlib could not draw with it"
    return msgspec.structs.replace(rendering, warnings=(*rendering.warnings, warning))


class _Job(NamedTuple):
    """One drawing to be made."""

    spec: FullSpec
    style: Style
    format: Format
    record: Record
    template: LoadedTemplate | None
    tell: Tell


def _record(spec: FullSpec, template: LoadedTemplate | None, provenance: Provenance) -> Record:
    if template is not None:
        return template_record(template, spec, provenance)
    return Record(title=named(spec), description=described(spec), provenance=provenance)


def _drawn(job: _Job, rc: dict[str, Any]) -> Rendering:
    notes = Notes()
    params = rc_params(job.style, notes)
    stages = Stages(job.tell)
    try:
        with styled(params, rc, notes), _surroundings(job.template, notes, stages):
            plot = _built(job, notes)
            stages.begin("draw")
            data = _PRINTERS[job.format](plot, job.record, stages)
    except _REFUSALS as error:
        raise DrawingFailed(f"Matplotlib could not draw this: {error}") from error
    return Rendering(data, notes.texts(), stages.end())


@contextmanager
def _surroundings(template: LoadedTemplate | None, notes: Notes, stages: Stages) -> Iterator[None]:
    """Put around a template what it may use, and what tells of its faults."""
    if template is None:
        yield
        return
    with pyplot_session(), blamed(template), noted(template, notes), listening(stages.told):
        yield


def _built(job: _Job, notes: Notes) -> Plot:
    if job.template is None:
        return build(job.spec, job.style, notes)
    return build_template(job.template, job.spec, job.style, notes)


def build(spec: FullSpec, style: Style, notes: Notes) -> Plot:
    """Build the figure: series first, which decide the limits, then all around them, by measure.

    The style's rcParams are set, see `styled`.
    """
    RC["font.family"] = families_for(_texts(spec, style), RC["font.family"], notes)
    figure = blank_sheet(spec, style)
    renderer: Any = _Agg(1, 1, figure.dpi)  # measures as the one that draws, without its pixels
    plot = Plot(spec, figure, None, Ruler(figure, renderer), notes)
    if spec.panels:
        draw_facets(plot)
    else:
        _draw_single(plot)
    draw_watermark(plot, style.watermark)
    return plot


def _draw_single(plot: Plot) -> None:
    """Draw all series into the same axes, then what stands around them."""
    plot.axes = plot.figure.add_axes((0, 0, 1, 1))
    plot.axes.set_autoscale_on(False)  # set_limits scales them, once
    if plot.spec.y2_axis is not None:
        add_right_axis(plot)
    draw_series(plot)
    arranged = arrange(plot)
    for finish in plot.finishers:
        finish()
    draw_annotations(plot, arranged.axes, (*arranged.taken, *plot.written))


def _texts(spec: FullSpec, style: Style) -> Iterator[str]:
    """Yield every text that is drawn."""
    yield from filter(None, (spec.title, spec.subtitle, spec.legend_title))
    yield from (panel.name for panel in spec.panels)
    yield from (series.name for series in all_series(spec) if series.name)
    yield from (remark.text for remark in spec.annotations if remark.text)
    for axis in (spec.x_axis, spec.y_axis, spec.y2_axis):
        if axis:
            yield from filter(None, (axis.label, axis.prefix, axis.suffix, axis.format))
            yield from axis.categories or ()
    if spec.y2_axis:
        yield TO_RIGHT
    for series in spec.series:
        if series.kind == "pie" and series.x:
            yield from (str(value) for value in series.x.values if value is not None)
    if style.watermark and style.watermark.text:
        yield style.watermark.text


def _raster(
    encode: Callable[[FigureCanvasAgg, Record], bytes],
) -> "_Printer":
    def print_raster(plot: Plot, record: Record, stages: Stages) -> bytes:
        canvas: Any = FigureCanvasAgg(plot.figure)
        canvas.draw()
        stages.begin("encode")
        return encode(canvas, record)

    return print_raster


def _print_svg(plot: Plot, record: Record, _stages: Stages) -> bytes:
    size = plot.figure.bbox
    return draw_svg(plot.figure, (int(size.width), int(size.height)), record)


def _print_pdf(plot: Plot, record: Record, _stages: Stages) -> bytes:
    return draw_pdf(plot.figure, record)


#: Draws and returns the bytes; tells where encoding begins, if that is an act of its own.
_Printer = Callable[[Plot, Record, Stages], bytes]

_PRINTERS: Mapping[Format, _Printer] = {
    "png": _raster(encode_png),
    "webp": _raster(encode_webp),
    "jpeg": _raster(encode_jpeg),
    "svg": _print_svg,
    "pdf": _print_pdf,
}
