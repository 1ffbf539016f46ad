"""Measuring texts before they are drawn: in pixels, by the renderer that will draw them."""

from dataclasses import dataclass, field
from typing import Any

from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

__all__ = ["Ruler", "TextStyle"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How one kind of text is set."""

    #: Points.
    size: float
    weight: str | int = "normal"

    def scaled(self, factor: float) -> "TextStyle":
        """Return the same at another size."""
        return TextStyle(self.size * factor, self.weight)


@dataclass(slots=True)
class Ruler:
    """Measures texts in the pixels of one figure."""

    figure: Figure
    renderer: Any
    _fonts: dict[TextStyle, FontProperties] = field(default_factory=dict)
    _widths: dict[tuple[str, TextStyle], float] = field(default_factory=dict)
    _blocks: dict[tuple[str, TextStyle, float], tuple[float, float]] = field(default_factory=dict)

    def pixels(self, points: float) -> float:
        """Return the pixels of so many points."""
        return float(points * self.figure.dpi / 72)

    def size(self, relative: float | str) -> float:
        """Return the points of a font size, which may be a word such as `small`."""
        return float(FontProperties(size=relative).get_size_in_points())

    def width(self, line: str, style: TextStyle) -> float:
        """Measure one line: its advance in pixels."""
        if not line:
            return 0.0
        if (line, style) not in self._widths:
            self._widths[line, style] = self._advance(line, style)
        return self._widths[line, style]

    def _advance(self, line: str, style: TextStyle) -> float:
        is_math = is_math_text(line)
        line = line if is_math else line.replace("\\$", "$")
        measured = self.renderer.get_text_width_height_descent(line, self._font(style), is_math)
        return float(measured[0])

    def block(self, text: str, style: TextStyle, rotation: float = 0) -> tuple[float, float]:
        """Measure a text of one or more lines: width and height in pixels, after rotation."""
        key = (text, style, rotation)
        if key not in self._blocks:
            self._blocks[key] = self._measure(*key)
        return self._blocks[key]

    def line_height(self, style: TextStyle) -> float:
        """Return the height of one line, in pixels."""
        return self.block("Ag", style)[1]

    def _measure(self, text: str, style: TextStyle, rotation: float) -> tuple[float, float]:
        if not text:
            return 0.0, 0.0
        artist = Text(0, 0, text, fontproperties=self._font(style), rotation=rotation)
        artist.set_figure(self.figure)
        box = artist.get_window_extent(self.renderer)
        return float(box.width), float(box.height)

    def _font(self, style: TextStyle) -> FontProperties:
        if style not in self._fonts:
            self._fonts[style] = FontProperties(size=style.size, weight=style.weight)
        return self._fonts[style]
