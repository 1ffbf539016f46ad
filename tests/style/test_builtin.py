import msgspec
import pytest

from eyesight import VISIONS, contrast, least_distance
from plotkiln.spec import FullSpec
from plotkiln.style.builtin import BUILTIN, FALLBACK_FAMILIES
from plotkiln.style.documents import parse_written
from plotkiln.style.sizes import picture_size

PALETTE = BUILTIN.palette or []


def test_the_built_in_style_could_be_stored() -> None:
    """The built-in style is a valid document, and reading it back changes nothing."""
    assert parse_written(msgspec.json.encode(BUILTIN)).style == BUILTIN


def test_the_picture_is_1200_by_720() -> None:
    """10 by 6 inches at 120 dots per inch."""
    assert picture_size(FullSpec(series=[]), BUILTIN)[:2] == (1200, 720)


def test_007acc_leads_the_palette() -> None:
    """The first series is drawn in #007ACC, in eight colours at least."""
    assert PALETTE[0] == "#007ACC"
    assert len(set(PALETTE)) == len(PALETTE) >= 8


@pytest.mark.parametrize("color", PALETTE)
def test_each_colour_stands_out_from_white(color: str) -> None:
    """A contrast of 3 to 1, as WCAG 2.2 asks of graphics (1.4.11)."""
    assert contrast(color, "#FFFFFF") >= 3


@pytest.mark.parametrize("vision", sorted(VISIONS))
def test_colours_stay_apart_for_everybody(vision: str) -> None:
    """No two colours of the palette fall together, whichever cones one lacks."""
    assert least_distance(PALETTE, vision) > 0.04


def test_fallback_families_cover_the_scripts() -> None:
    """Chinese, Japanese, Korean and emoji have a family; DejaVu Sans, always there, leads."""
    assert FALLBACK_FAMILIES[0] == "DejaVu Sans"
    for family in ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Symbola"):
        assert family in FALLBACK_FAMILIES
