"""Colours as people see them: contrast, lightness, and distance for those who lack some cones."""

from itertools import combinations

__all__ = ["VISIONS", "contrast", "least_distance", "lightness"]

Triple = tuple[float, ...]

#: Linear sRGB as people see it who lack the red, green or blue cones (Machado et al., 2009).
VISIONS: dict[str, tuple[Triple, ...]] = {
    "all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "no blue": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lightness(color: str) -> float:
    """Return how light a colour is when it is printed grey: CIE L*, from 0 to 100."""
    luminance = _luminance(color)
    if luminance <= 216 / 24389:
        return luminance * 24389 / 27
    return 116 * float(luminance ** (1 / 3)) - 16


def least_distance(palette: list[str], vision: str) -> float:
    """Return the distance, in OKLab, of the two colours that are most alike to such eyes."""
    seen = [_oklab(_times(VISIONS[vision], _linear(color))) for color in palette]
    return min(
        float(sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5)
        for one, other in combinations(seen, 2)
    )


def _luminance(color: str) -> float:
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), _linear(color), strict=True))


def _linear(color: str) -> Triple:
    """Return #RRGGBB as linear red, green and blue."""
    channels = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def _times(matrix: tuple[Triple, ...], vector: Triple) -> Triple:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _oklab(color: Triple) -> Triple:
    """Return linear sRGB as OKLab, in which distances are as people see them."""
    cones = _times(
        ((0.4122, 0.5363, 0.0514), (0.2119, 0.6807, 0.1074), (0.0883, 0.2817, 0.6300)), color
    )
    return _times(
        ((0.2105, 0.7936, -0.0041), (1.9780, -2.4286, 0.4506), (0.0259, 0.7828, -0.8087)),
        tuple(max(cone, 0.0) ** (1 / 3) for cone in cones),
    )
