from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest

import plotkiln.style.shipped
from eyesight import VISIONS, contrast, least_distance, lightness
from plotkiln.errors import NotFoundError
from plotkiln.spec import FullSpec
from plotkiln.style.builtin import builtin_look
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.resolution import resolve
from plotkiln.style.shipped import SHIPPED, seed_hint, shipped_document
from plotkiln.style.sizes import picture_size

FOLDER = Path(plotkiln.style.shipped.__file__).parent


#: Where each sort of text, and each paper that it stands on, has its colour.
TEXTS = {
    "font": "color",
    "title": "color",
    "axes": "labelcolor",
    "ticks": "labelcolor",
    "legend": "labelcolor",
}
PAPERS = {"figure": "facecolor", "axes": "facecolor", "legend": "facecolor"}


def look_of(name: str) -> Look:
    """Return the look that a shipped style has once it is stored."""
    style = parse_written(shipped_document(name)).style
    return resolve(name, {name: KnownStyle(name=name, version=1, style=style, state="fresh")})


def members_of(name: str) -> Any:
    """Return the resolved members of a shipped style."""
    return msgspec.to_builtins(look_of(name).style)


def papers_of(name: str) -> list[str]:
    """Return the colours that texts and series stand on."""
    return [members_of(name)[section][member] for section, member in PAPERS.items()]


def test_every_document_is_named() -> None:
    """The folder holds the documents of the shipped styles, and no other."""
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_style_keeps_the_contract(name: str) -> None:
    """Each could be written by hand: nothing in it is unknown, and it extends no other."""
    parsed = parse_written(shipped_document(name))
    assert parsed.warnings == ()
    assert parsed.style.extends is None
    assert look_of(name).warnings == ()


def test_default_looks_as_the_built_in() -> None:
    """Storing the shipped `default` changes no picture until somebody edits it."""
    assert look_of("default").digest == builtin_look().digest


def test_the_looks_differ() -> None:
    """No two shipped styles are the same look."""
    assert len({look_of(name).digest for name in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("section", TEXTS)
@pytest.mark.parametrize("name", SHIPPED)
def test_texts_can_be_read(name: str, section: str) -> None:
    """Every text has a contrast of 4.5 on every paper, as WCAG 2.2 asks of text (1.4.3)."""
    color = members_of(name)[section][TEXTS[section]]
    assert min(contrast(color, paper) for paper in papers_of(name)) >= 4.5


@pytest.mark.parametrize("name", SHIPPED)
def test_series_stand_out(name: str) -> None:
    """Every colour of a palette has a contrast of 3 on every paper (WCAG 2.2, 1.4.11)."""
    colors, papers = members_of(name)["palette"], papers_of(name)
    assert min(contrast(color, paper) for color in colors for paper in papers) >= 3


@pytest.mark.parametrize("vision", sorted(VISIONS))
@pytest.mark.parametrize("name", SHIPPED)
def test_colours_stay_apart_for_everybody(name: str, vision: str) -> None:
    """No two colours fall together, whichever cones one lacks; least of all in `colour-blind`."""
    assert least_distance(members_of(name)["palette"], vision) > (
        0.1 if name == "colour-blind" else 0.04
    )


def test_print_stays_apart_in_grey() -> None:
    """Printed grey, any two series of `print` differ by 14 of 100 in lightness."""
    shades = [lightness(color) for color in members_of("print")["palette"]]
    assert min(abs(one - other) for one, other in combinations(shades, 2)) >= 14


def test_print_is_set_in_serifs() -> None:
    """`print` begins with a serif that every Matplotlib ships, and has one for Chinese."""
    first, *rest = members_of("print")["font"]["family"]
    assert first == "STIXGeneral"
    assert "Noto Serif CJK SC" in rest


def test_slide_fills_a_screen() -> None:
    """`slide` is 1920 × 1080 pixels, and no text is below 18 points."""
    slide = members_of("slide")
    assert picture_size(FullSpec(series=[]), look_of("slide").style)[:2] == (1920, 1080)
    sizes = [slide["font"]["size"], slide["title"]["fontsize"], slide["axes"]["labelsize"]]
    assert min(*sizes, slide["legend"]["fontsize"], slide["ticks"]["labelsize"]) >= 18


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    """A style that does not ship is not found, and the nearest that does is named."""
    with pytest.raises(NotFoundError, match="did you mean colour-blind"):
        shipped_document("color-blind")
    with pytest.raises(NotFoundError, match="default, dark"):
        shipped_document("xyzzy")


def test_only_what_ships_is_hinted_at() -> None:
    """The hint names the command for a style that ships, and nothing for another."""
    assert "plotkiln styles seed dark" in seed_hint("dark")
    assert seed_hint("house") == ""
