"""A style in somebody's own Matplotlib session, until it is taken off again."""

import warnings
from types import TracebackType
from typing import Any, Self

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure

from plotkiln.render.notes import Notes
from plotkiln.render.plot import Plot
from plotkiln.render.rcparams import DEFAULTS, RC, forget_mathtext, rc_params, set_param
from plotkiln.render.ruler import Ruler
from plotkiln.render.watermarks import draw_watermark
from plotkiln.spec.full import FullSpec
from plotkiln.style.looks import Look
from plotkiln.style.models import FigureStyle, Style

__all__ = ["AppliedStyle"]

#: Begins of the rcParams that stay as the session has them: windows, keys, and how files are
#: written. What `matplotlib.style.use` leaves alone is among them.
_OF_THE_SESSION = (
    "animation.", "backend", "date.epoch", "docstring", "figure.hooks", "figure.max_open_warning",
    "figure.raise_window", "interactive", "keymap.", "macosx.", "pdf.", "pgf.", "ps.", "savefig.",
    "svg.", "text.latex", "timezone", "tk.", "toolbar", "webagg.",
)  # fmt: skip

#: Matplotlib's backends have no types.
_Agg: Any = RendererAgg


class AppliedStyle:
    """A style that is applied; as a context manager it is taken off at the end.

    Applied are all rcParams that a picture in this style is drawn with: fonts, colours, the
    palette, lines, ticks, grid, legend, and the size and resolution of new figures. What a
    matplotlibrc or a former style said of looks counts for nothing meanwhile. Figures that are
    there already do not change.
    """

    def __init__(self, look: Look) -> None:
        """Apply a look; what cannot be applied, as a font that is missing, is a warning."""
        #: The style with all that it extends; its name, version and digest.
        self.look = look
        self._before = _session()
        notes = Notes()
        dict.update(RC, {key: value for key, value in DEFAULTS.items() if _is_look(key)})
        RC.update(_params(look.style, notes))
        for key, value in (look.style.rc or {}).items():
            set_param(key, value, notes)
        forget_mathtext()
        for text in notes.texts():
            warnings.warn(f"{look.name}: {text}", UserWarning, stacklevel=3)

    def restore(self) -> None:
        """Set all rcParams to what they were before the style was applied."""
        dict.update(RC, self._before)
        forget_mathtext()

    def watermark(self, figure: Figure) -> None:
        """Write the style's watermark over a figure, if it has one; call this last."""
        width, height = figure.bbox.size
        ruler = Ruler(figure, _Agg(width, height, figure.dpi))
        empty = FullSpec(series=[], x_axis=None, y_axis=None)
        draw_watermark(Plot(empty, figure, None, ruler, Notes()), self.look.style.watermark)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.restore()

    def __repr__(self) -> str:
        return f"<{self.look.name}@{self.look.version}, {self.look.state}>"


def _params(style: Style, notes: Notes) -> dict[str, Any]:
    """Return the rcParams of a style, and of the sheet, which specs have a say in as well."""
    figure = style.figure or FigureStyle()
    sheet = {"figure.figsize": figure.figsize, "figure.dpi": figure.dpi}
    said = {**rc_params(style, notes), **sheet}
    return {key: value for key, value in said.items() if value is not None and _is_look(key)}


def _session() -> dict[str, Any]:
    """Return all rcParams but the backend, which may change while a style is applied."""
    saved = dict.copy(RC)
    return {key: value for key, value in saved.items() if key != "backend"}


def _is_look(key: str) -> bool:
    return not key.startswith(_OF_THE_SESSION)
