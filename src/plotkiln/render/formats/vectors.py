"""SVG and PDF: paths and text, with the record of their making."""

import io
import re
from typing import Any

from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from plotkiln.render.formats.xmp import escape, rdf
from plotkiln.render.provenance import Record

__all__ = ["draw_pdf", "draw_svg"]

_HEAD = re.compile(r"\A.*?<svg\s(?P<attributes>[^>]*)>\s*", re.DOTALL)
_VIEW_BOX = re.compile(r'viewBox="[^"]*"')


def draw_svg(figure: Figure, size: tuple[int, int], record: Record) -> bytes:
    """Draw a figure as SVG of `size` in pixels.

    Text is drawn as paths: it looks the same wherever it is shown, whatever fonts are there. What
    it says is in the title and the description, for those who listen.
    """
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(buffer, metadata=nothing)
    return _headed(buffer.getvalue(), size, record).encode()


def draw_pdf(figure: Figure, record: Record) -> bytes:
    """Draw a figure as PDF; text stays text, in TrueType fonts."""
    buffer = io.BytesIO()
    digests = " ".join(f"{key}={value}" for key, value in record.digests().items())
    about = {
        "Title": record.title,
        "Subject": record.description,
        "Keywords": digests,
        "Creator": record.software,
        "Producer": "Matplotlib",
        "CreationDate": None,
    }
    kept = {key: value for key, value in about.items() if value or key == "CreationDate"}
    canvas: Any = FigureCanvasPdf(figure)
    canvas.print_pdf(buffer, metadata=kept)
    return buffer.getvalue()


def _headed(svg: str, size: tuple[int, int], record: Record) -> str:
    """Replace the head of Matplotlib's SVG: pixels instead of points, a role, texts, the record."""
    match = _HEAD.match(svg)
    view_box = _VIEW_BOX.search(match["attributes"]) if match else None
    if match is None or view_box is None:
        raise ValueError("Matplotlib wrote an SVG without a head")
    names = 'aria-labelledby="plotkiln-title plotkiln-desc"'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{size[0]}" height="{size[1]}" {view_box[0]} version="1.1" role="img" {names}>\n'
        f'<title id="plotkiln-title">{escape(record.title)}</title>\n'
        f'<desc id="plotkiln-desc">{escape(record.description)}</desc>\n'
        f"<metadata>{rdf(record)}</metadata>\n{svg[match.end() :]}"
    )
