"""A template at work: the figure it is given, what stands around it, what is said of its faults."""

import random
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib._pylab_helpers import Gcf
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from plotkiln.errors import DrawingFailed, PlotkilnError
from plotkiln.render.fonts import families_for
from plotkiln.render.mathtext import clean
from plotkiln.render.notes import Notes
from plotkiln.render.plot import Plot
from plotkiln.render.provenance import Provenance, Record
from plotkiln.render.rcparams import RC, forget_mathtext
from plotkiln.render.ruler import Ruler
from plotkiln.render.sheets import blank_sheet
from plotkiln.render.watermarks import draw_watermark
from plotkiln.spec.full import FullSpec
from plotkiln.style.models import Style
from plotkiln.templates.loading import LoadedTemplate
from plotkiln.templates.places import told

__all__ = ["blamed", "build_template", "noted", "pyplot_session", "template_record"]

#: Parameters that are texts or numbers, as many as a description tells.
MOST_TOLD = 6

#: Matplotlib's registry of pyplot's figures, canvases and managers have no types.
_Gcf: Any = Gcf
_Manager: Any = FigureManagerBase
_Agg: Any = FigureCanvasAgg


def build_template(loaded: LoadedTemplate, spec: FullSpec, style: Style, notes: Notes) -> Plot:
    """Let a template draw on a figure of the right size, then lay the watermark over it.

    The style's rcParams are set, see `styled`, within a `pyplot_session`. Raises `RuleError` for
    parameters that do not fit, `DrawingFailed` when the template drew on another figure; what the
    template raises passes through.
    """
    wanted = list(RC["font.family"])
    looks = dict.copy(RC)
    texts = [*_texts_in(spec.params), *_watermark(style)]
    families = families_for(texts, wanted, Notes())
    figure = _figure(loaded, spec, style, families, notes)
    texts += _texts_on(figure)
    needed = families_for(texts, wanted, notes)
    if needed != families:  # it wrote what only other fonts have: everything is measured anew
        dict.update(RC, looks)
        figure = _figure(loaded, spec, style, needed, notes)
    canvas: Any = figure.canvas
    plot = Plot(spec, figure, None, Ruler(figure, canvas.get_renderer()), notes)
    draw_watermark(plot, style.watermark)
    return plot


@contextmanager
def pyplot_session() -> Iterator[None]:
    """Let pyplot be used inside, as in a fresh process, and leave nothing of it behind.

    rcParams are restored by `styled`, which surrounds this; the backend, pyplot's figures, parsed
    mathtext and the global random numbers are seen to here.
    """
    backend = dict.__getitem__(RC, "backend")
    RC["backend"] = "agg"
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.switch_backend("agg")
    forget_mathtext()
    try:
        yield
    finally:
        _Gcf.figs.clear()
        forget_mathtext()
        dict.__setitem__(RC, "backend", backend)


@contextmanager
def blamed(loaded: LoadedTemplate) -> Iterator[None]:
    """Raise `DrawingFailed` with the line of the template's code for whatever it raises inside."""
    try:
        yield
    except (PlotkilnError, MemoryError, KeyboardInterrupt):
        raise
    except BaseException as error:  # somebody else's code: it may raise anything
        message = told(error, loaded.root)
        raise DrawingFailed(f"{loaded.template.name}: {message}") from error


def template_record(loaded: LoadedTemplate, spec: FullSpec, provenance: Provenance) -> Record:
    """Say what a template's picture is: its title parameter or its title, and what it was given."""
    title = spec.params.get("title")
    name = title if isinstance(title, str) and title.strip() else loaded.template.title
    given = [
        f"{key} {value}"
        for key, value in spec.params.items()
        if key != "title" and isinstance(value, str | int | float)
    ]
    told_of = f"{loaded.template.title}: {', '.join(given[:MOST_TOLD])}." if given else ""
    description = spec.alt or told_of or loaded.template.description
    return Record(title=clean(name), description=clean(description), provenance=provenance)


def _figure(
    loaded: LoadedTemplate, spec: FullSpec, style: Style, families: list[str], notes: Notes
) -> Figure:
    """Run the template once on a new figure, which is also pyplot's current one."""
    RC["font.family"] = families
    random.seed(0)
    np.random.seed(0)
    _Gcf.figs.clear()
    figure = blank_sheet(spec, style)
    size, dpi = tuple(figure.get_size_inches()), figure.dpi
    _Gcf._set_new_active_manager(_Manager(_Agg(figure), 1))  # noqa: SLF001 -- what pyplot calls
    loaded.template(figure, **loaded.template.arguments(spec.params))
    _check_drawn(figure)
    if tuple(figure.get_size_inches()) != size or figure.dpi != dpi:
        notes.add("the template's own size is ignored: the spec and the style decide it")
        figure.set_dpi(dpi)
        figure.set_size_inches(size)
    return figure


@contextmanager
def noted(loaded: LoadedTemplate, notes: Notes) -> Iterator[None]:
    """Turn Python's warnings about the template's own lines into the picture's."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for warning in caught:
        file = warning.filename
        if not file.startswith(loaded.root) or issubclass(warning.category, DeprecationWarning):
            continue
        if warning.category is UserWarning:  # the template's own words to whoever asked
            notes.add(str(warning.message))
        else:
            below = file[len(loaded.root) :].lstrip("/") or loaded.template.name
            notes.add(f"{below} line {warning.lineno}: {warning.message}")


def _check_drawn(figure: Figure) -> None:
    """Raise `DrawingFailed` where pyplot's own figures have what the given one lacks."""
    own = [manager for manager in _Gcf.figs.values() if manager.canvas.figure is not figure]
    if own and len(figure.get_children()) <= 1:  # its background alone
        raise DrawingFailed(
            "The template drew on a figure of its own: draw on the one it is given, "
            "as in axes = figure.subplots()."
        )


def _texts_on(artist: Any) -> Iterator[str]:
    """Yield every text below an artist; axes that are turned off have no ticks to look for."""
    if isinstance(artist, Text):
        yield artist.get_text()
    hides = isinstance(artist, Axes) and not artist.axison
    for child in artist.get_children():
        if not (hides and isinstance(child, Axis)):
            yield from _texts_on(child)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts_in(member)
    elif isinstance(value, list):
        for item in value:
            yield from _texts_in(item)


def _watermark(style: Style) -> Iterator[str]:
    if style.watermark and style.watermark.text:
        yield style.watermark.text
