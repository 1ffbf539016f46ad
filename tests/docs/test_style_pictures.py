"""The pictures of shipped styles in the documents show the styles as they ship."""

import pytest
from PIL import Image

from docs.fences import ROOT
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle
from plotkiln.style.resolution import resolve
from plotkiln.style.shipped import SHIPPED, shipped_document

MEND = "draw it anew: python tools/style_pictures.py"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_style_is_shown_as_it_ships(name: str) -> None:
    """The picture was drawn in the style of today, is shown, and weighs 40 kB at most."""
    style = parse_written(shipped_document(name)).style
    known = KnownStyle(name=name, version=1, style=style, state="fresh")
    path = ROOT / "docs" / "images" / f"style-{name}.png"
    with Image.open(path) as picture:
        assert picture.info["plotkiln:style"] == resolve(name, {name: known}).digest, MEND
    assert path.stat().st_size <= 40_000
    assert f"(images/{path.name})" in (ROOT / "docs" / "styles.md").read_text()
