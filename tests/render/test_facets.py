"""Panels: their places, axes, titles and the one legend."""

from typing import Any

import pytest

from drawings import built, drawn, full, texts_of
from plotkiln.spec import FullSpec

NAMES = ["Athens", "Bergen", "Cork", "Dublin", "Essen"]


def faceted(count: int = 5, **members: Any) -> FullSpec:
    """Return lines in panels; panel n has values from n on, ten times as high at each step."""
    rows = [
        {"city": NAMES[n], "x": x, "one": n + x, "two": 10 * n - x}
        for n in range(count)
        for x in range(4)
    ]
    facets = {"by": "city"} | members.pop("facets", {})
    return full(data=rows, facets=facets, **members)


def test_every_value_has_a_panel_with_its_name() -> None:
    """All are of one size, in rows from the top left."""
    with built(faceted(facets={"columns": 2})) as plot:
        places = [axes.get_position() for axes in plot.figure.axes]
        assert len(places) == 5
        assert len({(round(at.width, 6), round(at.height, 6)) for at in places}) == 1
        assert [round(at.x0, 3) for at in places[:2]] == [round(at.x0, 3) for at in places[2:4]]
        assert places[0].y0 > places[2].y0 > places[4].y0
        assert set(NAMES) <= {text.get_text() for text, _ in texts_of(plot)}


@pytest.mark.parametrize(
    ("share", "same_x", "same_y"),
    [("both", True, True), ("x", True, False), ("y", False, True), ("none", False, False)],
)
def test_axes_reach_as_far_as_the_spec_says(share: str, same_x: bool, same_y: bool) -> None:
    """Shared ones have the same limits in all panels."""
    rows = [{"by": n, "x": x * 10**n, "y": x * 100**n} for n in range(3) for x in range(1, 4)]
    with built(full(data=rows, facets={"by": "by", "share": share})) as plot:
        assert (len({axes.get_xlim() for axes in plot.figure.axes}) == 1) is same_x
        assert (len({axes.get_ylim() for axes in plot.figure.axes}) == 1) is same_y


def test_shared_axes_are_labelled_once() -> None:
    """Tick labels stand beside the first of a row and beneath the last of a column."""
    with built(faceted(facets={"columns": 3}, axes={"y": {"suffix": " kg"}})) as plot:
        labelled = [
            (
                any(label.get_text() for label in axes.get_xticklabels()),
                any(label.get_text() for label in axes.get_yticklabels()),
            )
            for axes in plot.figure.axes
        ]
        assert labelled == [
            (False, True), (False, False), (True, False), (True, True), (True, False),
        ]  # fmt: skip


def test_there_is_one_legend() -> None:
    """It names each series once and stands outside of all panels; colours are the same in all."""
    with built(faceted()) as plot:
        assert len(plot.figure.legends) == 1
        names = [text.get_text() for text in plot.figure.legends[0].get_texts()]
        assert names == ["one", "two"]
        colors = {tuple(line.get_color() for line in axes.lines) for axes in plot.figure.axes}
        assert len(colors) == 1


def test_a_series_that_a_panel_lacks_leaves_its_colour_to_nobody() -> None:
    """The second series has the second colour, also where it is alone."""
    rows = [{"by": "a", "x": 1, "one": 1, "two": 2}, {"by": "b", "x": 1, "one": None, "two": 2}]
    with built(full(data=rows, facets={"by": "by"})) as plot:
        first, second = (axes.lines for axes in plot.figure.axes)
        assert second[0].get_color() == first[1].get_color()


def test_histograms_count_in_the_same_bins() -> None:
    """Panels that share x have bars of one width at the same places."""
    spec = full(kind="histogram", x=[1.5, 2, 3, 7, 8, 9.25], facets={"by": list("aaabbb")})
    with built(spec) as plot:
        edges = [
            [round(path.get_extents().x0, 6) for path in axes.collections[0].get_paths()]
            for axes in plot.figure.axes
        ]
        assert edges[0] == edges[1]


def test_remarks_stand_in_every_panel() -> None:
    """A line and its text are drawn once for each."""
    with built(faceted(2, annotations=[{"type": "line", "y": 5, "text": "Goal"}])) as plot:
        assert [text.get_text() for text, _ in texts_of(plot)].count("Goal") == 2


def test_panels_lie_as_bars_do() -> None:
    """Horizontal bars share the axis of their categories, labelled at the left."""
    rows = [{"by": n, "x": x, "y": n} for n in (1, 2) for x in ("p", "q")]
    spec = full(kind="bar", orientation="horizontal", data=rows, facets={"by": "by", "columns": 2})
    with built(spec) as plot:
        texts = [text.get_text() for text, _ in texts_of(plot)]
        assert texts.count("p") == 1


@pytest.mark.parametrize("size", [(16, 16), (60, 40), (120, 90), (300, 200)])
def test_the_smallest_pictures_are_drawn(size: tuple[int, int]) -> None:
    """Panels give up their ticks, then their titles, and say so."""
    sizes = {"width": size[0], "height": size[1], "dpi": 100}
    rows = [{"by": name, "x": x, "y": x} for name in NAMES for x in (1, 2)]
    rendering = drawn(data=rows, facets={"by": "by"}, size=sizes, title="Title")
    assert rendering.data.startswith(b"\x89PNG")
    assert any("too small for ticks" in text for text in rendering.warnings) is (size[0] < 300)


def test_the_description_names_kinds_and_series_once() -> None:
    """Panels do not repeat what they have in common."""
    rows = [{"by": n, "x": 1, "one": 1} for n in range(3)]
    data = drawn(format="svg", data=rows, facets={"by": "by"}).data.decode()
    assert ">Line chart: showing one.</desc>" in data
