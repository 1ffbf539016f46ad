"""Candles that rise and fall."""

from typing import Any

from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex

from drawings import built, full

PRICES: dict[str, Any] = {
    "open": [1, 4, 2], "high": [5, 5, 2], "low": [0, 1, None], "close": [4, 2, 2],
}  # fmt: skip


def test_rising_candles_are_hollow_and_falling_ones_filled() -> None:
    """The bodies go from open to close, the wicks beyond them; a gap leaves a candle out."""
    with built(full(series=[{"kind": "candlestick", **PRICES}])) as plot:
        bodies: list[Any] = [c for c in plot.axes.collections if isinstance(c, PolyCollection)]
        heights = [(path.get_extents().y0, path.get_extents().y1) for c in bodies
                   for path in c.get_paths()]  # fmt: skip
        assert heights == [(1, 4), (2, 4)]
        faces = [to_hex(c.get_facecolor()[0]) for c in bodies]
        edges = [to_hex(c.get_edgecolor()[0]) for c in bodies]
        assert faces == ["#ffffff", "#222222"]
        assert edges == ["#007acc", "#222222"]
        wicks = [c for c in plot.axes.collections if isinstance(c, LineCollection)]
        assert sum(len(c.get_segments()) for c in wicks) == 4


def test_a_colour_is_for_both() -> None:
    """Where the spec insists on a colour, hollow and filled tell the two apart."""
    with built(full(series=[{"kind": "candlestick", "color": "#112233", **PRICES}])) as plot:
        edges = {to_hex(c.get_edgecolor()[0]) for c in plot.axes.collections}
        assert edges == {"#112233"}


def test_thin_candles_have_thin_outlines() -> None:
    """A hollow candle of a few pixels is still seen to be hollow."""
    few = full(series=[{"kind": "candlestick", **PRICES}])
    many: dict[str, Any] = {name: [values[0]] * 300 for name, values in PRICES.items()}
    with built(few) as plot:
        wide = plot.axes.collections[0].get_linewidth()[0]
    with built(full(series=[{"kind": "candlestick", **many}])) as plot:
        assert plot.axes.collections[0].get_linewidth()[0] < wide / 2
