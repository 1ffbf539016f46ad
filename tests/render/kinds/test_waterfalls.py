"""Bars of a waterfall, and what is written at them."""

from typing import Any

from matplotlib.collections import PolyCollection

from drawings import built, drawn, full, texts_of

SPEC: dict[str, Any] = {"kind": "waterfall", "x": ["a", "b", "c"], "y": [5, -2, None]}


def test_rises_falls_and_totals_differ_in_colour_and_hatch() -> None:
    """Only falls are hatched, so that they are told apart in grey too."""
    with built(full(**SPEC)) as plot:
        bars: list[Any] = [c for c in plot.axes.collections if isinstance(c, PolyCollection)]
        assert [bool(one.get_hatch()) for one in bars] == [False, True, False]
        assert len({tuple(one.get_facecolor()[0]) for one in bars}) == 3
        ends = [(path.get_extents().y0, path.get_extents().y1) for c in bars
                for path in c.get_paths()]  # fmt: skip
        assert ends == [(0, 5), (3, 5), (0, 3)]


def test_values_are_written_as_the_axis_writes_them() -> None:
    """Changes have their sign, totals have not."""
    with built(full(**SPEC, axes={"y": {"prefix": "€", "format": ".1f"}})) as plot:
        texts = {text.get_text() for text, _ in texts_of(plot)}
        assert {"+€5.0", "−€2.0", "€3.0"} <= texts
        assert len(plot.written) == 3


def test_values_without_room_are_told() -> None:
    """All of them are left out where one does not fit."""
    many: dict[str, Any] = {"x": list(range(60)), "y": [1000 + n for n in range(60)]}
    rendering = drawn(kind="waterfall", **many, size={"width": 300, "height": 200})
    assert any("values of the bars are left out" in text for text in rendering.warnings)
