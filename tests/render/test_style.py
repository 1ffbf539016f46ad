"""Every member of a style changes the picture, and only where it should."""

import math
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from drawings import built, drawn, full, restyled, texts_of
from pixels import Pixels, pixels_of
from plotkiln.render.boxes import Box
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.models import Style

SPEC: dict[str, Any] = {
    "title": "Title",
    "subtitle": "Subtitle",
    "series": [{"name": "one", "y": [0, 3, 2]}, {"name": "two", "y": [2, 1, 4]}],
    "axes": {"x": {"label": "Abscissa"}, "y": {"label": "Ordinate"}},
    "legend": {"position": "right"},
    "size": {"width": 480, "height": 300, "dpi": 72},
}

#: The base, in which frame, legend box and all spines are seen.
BASE = restyled(
    legend={"frameon": True},
    axes={"spines": ["left", "bottom", "right", "top"], "linewidth": 1.0},
    watermark={"text": "Mark", "rotation": 0.0},
)

PURE = "#FF00FF"

#: Section, member, another value, and what alone changes: named in `_regions`; None for anything.
MEMBERS: list[tuple[str, str, Any, str | None]] = [
    ("figure", "facecolor", PURE, None),
    ("font", "family", ["DejaVu Serif"], None),
    ("font", "size", 16.0, None),
    ("font", "color", PURE, "subtitle"),
    ("title", "fontsize", 20.0, None),
    ("title", "fontsize", "small", None),
    ("title", "fontweight", "light", "title"),
    ("title", "color", PURE, "title"),
    ("title", "loc", "left", "heading"),
    ("axes", "facecolor", PURE, "axes"),
    ("axes", "labelcolor", PURE, "labels"),
    ("axes", "labelsize", "x-large", None),
    ("axes", "labelweight", "bold", None),
    ("axes", "edgecolor", PURE, "spines"),
    ("axes", "linewidth", 3.0, "spines"),
    ("axes", "spines", ["left"], "spines"),
    ("axes", "grid", False, "axes"),
    ("axes", "grid_axis", "x", "axes"),
    ("axes", "grid_color", PURE, "axes"),
    ("axes", "grid_linestyle", "-", "axes"),
    ("axes", "grid_linewidth", 3.0, "axes"),
    ("axes", "grid_alpha", 1.0, "axes"),
    ("legend", "fontsize", "large", None),
    ("legend", "frameon", False, "legend"),
    ("legend", "facecolor", PURE, "legend"),
    ("legend", "edgecolor", PURE, "legend"),
    ("legend", "labelcolor", PURE, "legend"),
    ("lines", "linewidth", 5.0, "drawing"),
    ("lines", "linestyle", ":", "drawing"),
    ("lines", "marker", "s", "drawing"),
    ("lines", "markersize", 10.0, "drawing"),
    ("ticks", "color", PURE, "ticks"),
    ("ticks", "labelcolor", PURE, "ticks"),
    ("ticks", "labelsize", "x-large", None),
    ("ticks", "direction", "in", None),
    ("ticks", "length", 12.0, None),
    ("ticks", "width", 3.0, "ticks"),
    ("watermark", "text", "Other", "watermark"),
    ("watermark", "x", 0.3, "watermark"),
    ("watermark", "y", 0.3, "watermark"),
    ("watermark", "fontsize", 60.0, "watermark"),
    ("watermark", "color", PURE, "watermark"),
    ("watermark", "alpha", 0.9, "watermark"),
    ("watermark", "rotation", 60.0, "watermark"),
]


@pytest.fixture(scope="module")
def base() -> Pixels:
    """Draw the base once."""
    return pixels_of(drawn(BASE, **SPEC).data)


@pytest.mark.parametrize(
    ("section", "member", "value", "region"),
    MEMBERS,
    ids=[f"{m[0]}.{m[1]}={m[2]}" for m in MEMBERS],
)
def test_a_member_changes_the_picture_where_it_should(
    base: Pixels, section: str, member: str, value: Any, region: str | None
) -> None:
    """Another value gives other pixels, in the region that the member is about and nowhere else."""
    style = restyled(BASE, **{section: {member: value}})
    changed = pixels_of(drawn(style, **SPEC).data)
    differing = (changed != base).any(axis=2)
    assert differing.any()
    allowed = np.ones_like(differing) if region is None else _mask(region, style, base.shape)
    assert not (differing & ~allowed).any()
    if value == PURE:  # thin and translucent lines have a tint of it only
        red, green, blue = np.moveaxis(changed.astype(int), 2, 0)
        assert ((red > green + 20) & (blue > green + 20)).any()


def test_every_member_is_covered() -> None:
    """No member of a style is without a test here; those of size and reference are elsewhere."""
    tested = {(section, member) for section, member, _, _ in MEMBERS}
    for section in ("figure", "font", "title", "axes", "legend", "lines", "ticks", "watermark"):
        for member in getattr(BUILTIN, section).__struct_fields__:
            assert (section, member) in tested or member in {"figsize", "dpi"}


def test_the_palette_colours_the_series_in_turn() -> None:
    """The first series has the palette's first colour, the second the second."""
    style = restyled(BASE, palette=["#FF0000", "#00FF00"], watermark={"text": None})
    pixels = pixels_of(drawn(style, **SPEC).data)
    for color in ("#FF0000", "#00FF00"):
        assert (pixels == _rgb(color)).all(axis=2).any()


def test_beyond_the_palette_colours_differ_from_those_before() -> None:
    """No two of the first series have one colour, though the palette has fewer."""
    style = restyled(palette=["#3366CC", "#CC6633"])
    spec = full(series=[{"y": [n, n]} for n in range(6)])
    with built(spec, style) as plot:
        colors = {line.get_color() for line in plot.axes.lines}
    assert len(colors) == 6


def test_rc_changes_the_picture(base: Pixels) -> None:
    """An rcParam that no section has shows."""
    changed = pixels_of(drawn(restyled(BASE, rc={"axes.xmargin": 0.3}), **SPEC).data)
    assert (changed != base).any()


def test_figsize_and_dpi_make_the_size() -> None:
    """A picture measures inches times dots per inch where the spec does not say otherwise."""
    style = restyled(figure={"figsize": [4.0, 2.5], "dpi": 50.0})
    assert pixels_of(drawn(style, y=[1, 2]).data).shape == (125, 200, 3)


@pytest.mark.parametrize("angle", [-45.0, 0.0, 30.0, 90.0])
def test_the_watermark_is_rotated_counter_clockwise(angle: float) -> None:
    """Its pixels lie along a line of that angle."""
    y, x = np.nonzero(_watermark_pixels(rotation=angle, text="Internal Use Only"))
    spread = np.cov(np.stack((x, -y)))
    _, axes = np.linalg.eigh(spread)
    direction = math.degrees(math.atan2(axes[1, -1], axes[0, -1]))
    off = (direction - angle + 90) % 180 - 90
    assert abs(off) < 3


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.5), (0.3, 0.7), (0.6, 0.2)])
def test_the_watermark_is_centred_where_the_style_says(x: float, y: float) -> None:
    """Its centre stands at fractions of the picture, from the lower left corner."""
    rows, columns = np.nonzero(_watermark_pixels(x=x, y=y, rotation=0.0, text="OOOO"))
    assert abs((columns.min() + columns.max()) / 2 / 480 - x) < 0.02
    assert abs(1 - (rows.min() + rows.max()) / 2 / 300 - y) < 0.03


@pytest.mark.parametrize("place", [{"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0}, {"fontsize": 400.0}])
def test_the_watermark_stays_whole(place: dict[str, float]) -> None:
    """Near an edge it moves inward, and larger than the picture it shrinks."""
    seen = _watermark_pixels(text="Internal Use Only", **place)
    assert seen.any()
    edges = (seen[0], seen[-1], seen[:, 0], seen[:, -1])
    assert not any(edge.any() for edge in edges)


def test_the_watermark_lies_over_everything() -> None:
    """It is seen on a heatmap that fills the axes."""
    style = restyled(watermark={"text": "MARK", "color": PURE, "alpha": 1.0, "fontsize": 60.0})
    pixels = pixels_of(drawn(style, kind="heatmap", z=[[1, 2], [3, 4]], size=SPEC["size"]).data)
    assert (pixels == _rgb(PURE)).all(axis=2).sum() > 500


def test_without_text_there_is_no_watermark() -> None:
    """A watermark of spaces or of nothing draws nothing."""
    plain = drawn(**SPEC).data
    for text in (None, "", "  "):
        assert drawn(restyled(watermark={"text": text}), **SPEC).data == plain


def test_a_style_that_says_nothing_is_drawn_in_matplotlib_s_own() -> None:
    """Every section may be missing."""
    assert drawn(Style(), y=[1, 2]).data.startswith(b"\x89PNG")


def test_a_family_that_is_not_installed_is_passed_over() -> None:
    """The next of the list serves without a word; one warning when none of them is installed."""
    second = restyled(font={"family": ["No Such Font", "DejaVu Serif"]})
    serif = drawn(restyled(font={"family": ["DejaVu Serif"]}), **SPEC)
    assert drawn(second, **SPEC).data == serif.data
    assert drawn(second, **SPEC).warnings == ()
    none = drawn(restyled(font={"family": ["No Such Font"]}), **SPEC)
    assert [text for text in none.warnings if "No Such Font" in text] == list(none.warnings)
    assert len(none.warnings) == 1


@pytest.mark.parametrize("family", ["sans-serif", "serif", "monospace"])
def test_generic_families_are_those_that_matplotlib_ships(family: str) -> None:
    """A generic name is the same font on every machine."""
    names = {"sans-serif": "DejaVu Sans", "serif": "DejaVu Serif", "monospace": "DejaVu Sans Mono"}
    generic = drawn(restyled(font={"family": family}), **SPEC)
    assert generic.data == drawn(restyled(font={"family": names[family]}), **SPEC).data
    assert generic.warnings == ()


def _watermark_pixels(**members: Any) -> Any:
    mark = {"color": PURE, "alpha": 1.0, **members}
    style = restyled(figure={"facecolor": "#FFFFFF"}, watermark=mark)
    plain = pixels_of(drawn(**SPEC).data)
    return (pixels_of(drawn(style, **SPEC).data) != plain).any(axis=2)


def _rgb(color: str) -> Any:
    return np.round(np.array(to_rgb(color)) * 255).astype(int)


def _mask(region: str, style: Style, shape: tuple[int, ...]) -> Any:
    mask = np.zeros(shape[:2], dtype=bool)
    boxes = [box for one in (BASE, style) for box in _regions(region, one)]
    for box in boxes:
        rows = slice(max(int(shape[0] - box.top - 2), 0), int(shape[0] - box.bottom + 3))
        mask[rows, max(int(box.left - 2), 0) : int(box.right + 3)] = True
    return mask


def _regions(region: str, style: Style) -> list[Box]:
    """Return where something stands in a style, in pixels from the lower left corner."""
    with built(full(**SPEC), style) as plot:
        places = {artist.get_text(): box for artist, box in texts_of(plot)}
        extent = plot.axes.get_window_extent(plot.ruler.renderer)
        axes = Box(extent.x0, extent.y0, extent.x1, extent.y1)
        outer = plot.figure.legends[0].get_window_extent(plot.ruler.renderer)
        legend = Box(outer.x0, outer.y0, outer.x1, outer.y1)
        title = places["Title"]
        return {
            "title": [title],
            "subtitle": [places["Subtitle"]],
            "heading": [Box(0, places["Subtitle"].bottom, 480, title.top)],
            "labels": [places["Abscissa"], places["Ordinate"]],
            "axes": [axes],
            "spines": [axes.grown(3)],
            "ticks": [Box(0, 0, axes.right + 2, axes.top + 8)],
            "legend": [legend],
            "drawing": [axes, legend],
            "watermark": [Box(0, 0, 480, 300)],
        }[region]
