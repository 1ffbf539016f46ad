"""Colours of series and slices in turn, and what is legible on them."""

from typing import Any

from matplotlib.colors import to_rgb, to_rgba

from plotkiln.render.rcparams import RC

__all__ = ["legible_on", "palette_color"]

#: What a colour is mixed with in each round through the palette, and how much of it.
_ROUNDS = ((1.0, 0.0), (1.0, 0.45), (0.0, 0.4))

Color = tuple[float, float, float, float]


def palette_color(number: int) -> Color:
    """Return the palette's colour at a number; the second time round lighter, the third darker."""
    palette = RC["axes.prop_cycle"].by_key().get("color", ["#007ACC"])
    around, place = divmod(number, len(palette))
    red, green, blue, alpha = to_rgba(palette[place])
    mixed, part = _ROUNDS[around % len(_ROUNDS)]
    red, green, blue = (value * (1 - part) + mixed * part for value in (red, green, blue))
    return red, green, blue, alpha


def legible_on(color: Any) -> str:
    """Return white or near-black, whichever is easier to read on a colour."""
    linear = [_linear(value) for value in to_rgb(color)]
    # Relative luminance and contrast as in WCAG 2.1.
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= 3.0 else "#222222"


def _linear(value: float) -> float:
    linear: float = value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
    return linear
