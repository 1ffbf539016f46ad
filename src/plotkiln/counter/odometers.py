"""An odometer as SVG, drawn by hand: for when there is no picture, without Matplotlib."""

__all__ = ["HEIGHT", "WIDTH", "odometer"]

#: Pixels of the odometer template's pictures.
WIDTH, HEIGHT = 280, 64

_DIGITS = 7
_EDGE, _GAP, _TOP = 10, 4, 9

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
    ' viewBox="0 0 {width} {height}"><title>{shown}</title>'
    '<defs><linearGradient id="d" x2="0" y2="1"><stop stop-color="#14110f"/>'
    '<stop offset=".42" stop-color="#4a433d"/><stop offset="1" stop-color="#14110f"/>'
    "</linearGradient></defs>"
    '<rect x=".5" y=".5" width="{right}" height="{bottom}" rx="8" fill="#d8d2cb"/>'
    '<g font-family="sans-serif" font-weight="700" font-size="30" text-anchor="middle"'
    ' fill="#fff">{drums}</g></svg>'
)


def odometer(number: int | None) -> bytes:
    """Draw a number on seven drums, or as many as it needs; None leaves them without one."""
    shown = "–" * _DIGITS if number is None else f"{number:0{_DIGITS}d}"
    wide = (WIDTH - 2 * _EDGE - (len(shown) - 1) * _GAP) / len(shown)
    return _FRAME.format(
        width=WIDTH,
        height=HEIGHT,
        right=WIDTH - 1,
        bottom=HEIGHT - 1,
        shown=shown,
        drums="".join(_drum(place, digit, wide) for place, digit in enumerate(shown)),
    ).encode()


def _drum(place: int, digit: str, wide: float) -> str:
    left = _EDGE + place * (wide + _GAP)
    return (
        f'<rect x="{left:.2f}" y="{_TOP}" width="{wide:.2f}" height="{HEIGHT - 2 * _TOP}" rx="4"'
        f' fill="url(#d)"/><text x="{left + wide / 2:.2f}" y="{HEIGHT / 2 + 11:g}">{digit}</text>'
    )
