"""Shipped styles on a few kinds, as they should look; each scaled to the same width."""

from pathlib import Path
from typing import Any

import pytest

from drawings import drawn
from pixels import assert_golden
from plotkiln.spec import FullSpec
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle
from plotkiln.style.models import Style
from plotkiln.style.resolution import resolve
from plotkiln.style.shipped import SHIPPED, shipped_document
from plotkiln.style.sizes import picture_size

GOLDEN = Path(__file__).parent / "golden" / "shipped"
WIDTH = 400

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]

SPECS: dict[str, dict[str, Any]] = {
    "lines": {
        "title": "Visits by source",
        "series": [
            {"name": name, "x": MONTHS, "y": [n + (n + at) % 4 for at in range(6)]}
            for n, name in enumerate(["Direct", "Search", "Mail", "Social", "Partner"])
        ],
        "axes": {"y": {"label": "Thousands"}},
        "annotations": [{"type": "line", "y": 4, "text": "Plan"}],
    },
    "bars": {
        "kind": "bar", "title": "Sales", "subtitle": "by region",
        "series": [
            {"name": name, "x": MONTHS[:4], "y": [3 + (n * at) % 3 for at in range(4)]}
            for n, name in enumerate(["North", "South", "West"])
        ],
    },
    "heatmap": {
        "kind": "heatmap", "x": MONTHS, "y": ["a", "b", "c"], "title": "Heatmap",
        "z": [[row * 6 + at for at in range(6)] for row in range(3)],
    },
    "pie": {
        "kind": "pie", "title": "Shares", "x": ["Alpha", "Beta", "Gamma", "Delta", "Rest"],
        "y": [40, 25, 18, 12, 5],
    },
}  # fmt: skip


def _style(name: str) -> Style:
    style = parse_written(shipped_document(name)).style
    known = KnownStyle(name=name, version=1, style=style, state="fresh")
    return resolve(name, {name: known}).style


@pytest.mark.parametrize("kind", list(SPECS))
@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "default"])
def test_a_shipped_style_looks_as_it_should(name: str, kind: str) -> None:
    """The picture, drawn to scale, equals the golden one; `default` is the built-in's."""
    style = _style(name)
    width, height, dpi = picture_size(FullSpec(series=[]), style)
    scale = WIDTH / width
    size = {"width": WIDTH, "height": round(height * scale), "dpi": dpi * scale}
    rendering = drawn(style, **SPECS[kind], size=size)
    assert rendering.warnings == ()
    assert_golden(GOLDEN / f"{name}-{kind}.png", rendering.data)
