# ruff: noqa: INP001 -- a script, run by hand
"""Draw docs/images/style-NAME.png for every shipped style: one chart, scaled to the same width.

python tools/style_pictures.py
"""

import json
from pathlib import Path
from typing import Any

from plotkiln.render import Provenance, draw
from plotkiln.render.fontlist import use_fonts
from plotkiln.spec import FullSpec, Limits, parse_spec
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle
from plotkiln.style.resolution import resolve
from plotkiln.style.shipped import SHIPPED, shipped_document
from plotkiln.style.sizes import picture_size

IMAGES = Path(__file__).parents[1] / "docs" / "images"

#: Pixels of each picture.
WIDTH = 480

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug"]

SPEC: dict[str, Any] = {
    "title": "Readers by section",
    "series": [
        {"name": "News", "x": _MONTHS, "y": [82, 79, 85, 90, 88, 94, 91, 97]},
        {"name": "Science", "x": _MONTHS, "y": [41, 46, 52, 50, 57, 61, 60, 66]},
        {"name": "Sport", "x": _MONTHS, "y": [63, 60, 58, 61, 70, 78, 74, 69]},
        {"name": "Arts", "x": _MONTHS, "y": [28, 30, 27, 33, 31, 36, 38, 37]},
        {"name": "Travel", "x": _MONTHS, "y": [12, 15, 19, 24, 29, 26, 22, 17]},
    ],
    "axes": {"y": {"label": "Thousands", "limits": [0, 100]}},
}


def main() -> None:
    """Draw the pictures with the fonts that every Matplotlib ships."""
    use_fonts([])
    for name in SHIPPED:
        path = IMAGES / f"style-{name}.png"
        path.write_bytes(_drawn(name))
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def _drawn(name: str) -> bytes:
    style = parse_written(shipped_document(name)).style
    look = resolve(name, {name: KnownStyle(name=name, version=1, style=style, state="fresh")})
    width, height, dpi = picture_size(FullSpec(series=[]), look.style)
    scale = WIDTH / width
    size = {"width": WIDTH, "height": round(height * scale), "dpi": dpi * scale}
    parsed = parse_spec(json.dumps({**SPEC, "size": size}).encode(), Limits())
    told = Provenance(spec_digest=parsed.digest, style_digest=look.digest, digest="", versions={})
    return draw(parsed.full, look.style, format="png", provenance=told).data


if __name__ == "__main__":
    main()
