"""Levels, areas and labelled lines."""

from typing import Any

import pytest

from drawings import built, drawn, full, texts_of

HILL = [[-((row - 3) ** 2) - (column - 4) ** 2 for column in range(9)] for row in range(7)]


def contour(**members: Any) -> Any:
    """Return one contour in full."""
    return full(series=[{"kind": "contour", "z": HILL, **members}])


def test_areas_lie_between_round_levels_around_all_values() -> None:
    """Without levels they are round numbers that leave no value outside."""
    with built(contour()) as plot:
        mappable: Any = plot.mappable
        assert mappable.levels[0] <= -25
        assert mappable.levels[-1] >= 0
        assert len(plot.figure.axes) == 2
        assert mappable.extend == "neither"


def test_values_beyond_the_given_levels_are_seen() -> None:
    """The colour bar ends in a tip at the side on which there are more values."""
    for levels, extend in (([-20, -10, 0], "min"), ([-30, -5], "max"), ([-20, -5], "both")):
        with built(contour(levels=levels)) as plot:
            mappable: Any = plot.mappable
            assert mappable.levels.tolist() == levels
            assert mappable.extend == extend


def test_lines_are_labelled_with_their_levels() -> None:
    """Each line that has room has its level on it; there is no colour bar."""
    with built(contour(levels=[-20, -10, -4], filled=False)) as plot:
        texts = {text.get_text() for text, _ in texts_of(plot)}
        assert {"−20", "−10", "−4"} <= texts
        assert len(plot.figure.axes) == 1
        assert len(plot.written) == 3


@pytest.mark.parametrize("filled", [True, False])
def test_a_plain_has_a_picture(filled: bool) -> None:
    """Equal heights, and levels that none of them reaches, are drawn without a crash."""
    flat = [[3, 3], [3, 3]]
    for members in ({"z": flat}, {"z": flat, "levels": [5, 6]}):
        series = [{"kind": "contour", "filled": filled, **members}]
        assert drawn(series=series).data.startswith(b"\x89PNG")
    assert "no level lies within the values of the contour" in drawn(series=series).warnings


def test_gaps_leave_holes() -> None:
    """A cell that is null has no area around it."""
    rows: list[list[float | None]] = [[float(at) for at in row] for row in HILL]
    rows[3][4] = None
    assert drawn(kind="contour", z=rows).data != drawn(kind="contour", z=HILL).data
