from plotkiln.spec import FullSpec
from plotkiln.style.models import FigureStyle, Style
from plotkiln.style.sizes import PictureSize, picture_size

STYLE = Style(figure=FigureStyle(figsize=[5.0, 2.0], dpi=100.0))
SPEC = FullSpec(series=[])


def test_the_style_decides_what_the_spec_leaves_open() -> None:
    """Without a size in the spec, the style's inches times its dpi are the pixels."""
    assert picture_size(SPEC, STYLE) == PictureSize(500, 200, 100.0)


def test_the_specs_dpi_keeps_the_inches() -> None:
    """A spec that names only dpi gets the style's inches in more pixels, as for print."""
    spec = FullSpec(series=[], dpi=300.0)
    assert picture_size(spec, STYLE) == PictureSize(1500, 600, 300.0)


def test_the_specs_pixels_are_exact() -> None:
    """Pixels in the spec are the picture's; dpi then only scales text and lines."""
    spec = FullSpec(series=[], width=320, height=240, dpi=50.0)
    assert picture_size(spec, STYLE) == PictureSize(320, 240, 50.0)
    one = FullSpec(series=[], width=320)
    assert picture_size(one, STYLE) == PictureSize(320, 200, 100.0)
