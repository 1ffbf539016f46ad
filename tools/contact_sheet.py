# ruff: noqa: INP001 -- a script, run by hand
"""Draw specs in styles, one row and one column each, into one picture to judge by eye.

    python tools/contact_sheet.py sheet.png
    python tools/contact_sheet.py sheet.png --style dark --columns 4 --width 600 examples/pie.json

By default every example in every shipped style. With one style the specs fill `--columns`. Each
picture is drawn at its style's own size, then scaled down.
"""

import argparse
import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image, ImageDraw

from plotkiln.render import Provenance, draw
from plotkiln.render.fontlist import use_fonts
from plotkiln.spec import Limits, parse_spec
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle
from plotkiln.style.models import Style
from plotkiln.style.resolution import resolve
from plotkiln.workers import installed_fonts

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "src" / "plotkiln" / "style" / "shipped"

#: Pixels between two pictures, and above each for its name.
GAP, HEAD = 8, 14

_NOBODY = Provenance(spec_digest="", style_digest="", digest="", versions={})


def main() -> None:
    """Draw the sheet that the command line asks for."""
    options = _options()
    use_fonts([Path(file) for file in installed_fonts().files])
    specs = options.specs or sorted(
        set(ROOT.glob("examples/*.json")) - {ROOT / "examples/style.json"}
    )
    styles = options.style or [path.stem for path in sorted(SHIPPED.glob("*.json"))]
    cells = [
        (f"{spec.stem} · {style}", _drawn(spec, _style(style), options.width))
        for spec in specs
        for style in styles
    ]
    columns = options.columns if len(styles) == 1 else len(styles)
    _sheet(cells, columns, options.width).save(options.output)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Draw specs in styles into one picture.")
    parser.add_argument("output", type=Path)
    parser.add_argument("specs", type=Path, nargs="*")
    parser.add_argument("--style", action="append", help="a shipped style, or a file")
    parser.add_argument("--width", type=int, default=420, help="pixels of one picture")
    parser.add_argument("--columns", type=int, default=4, help="pictures in a row of one style")
    return parser.parse_intermixed_args()


def _style(name: str) -> Style:
    path = SHIPPED / f"{name}.json"
    style = parse_written((path if path.exists() else Path(name)).read_bytes()).style
    known = KnownStyle(name="shown", version=0, style=style, state="fresh")
    return resolve("shown", {"shown": known}).style


def _drawn(spec: Path, style: Style, width: int) -> Image.Image:
    full = parse_spec(spec.read_bytes(), Limits()).full
    rendering = draw(full, style, format="png", provenance=_NOBODY)
    for warning in rendering.warnings:
        print(f"{spec.stem}: {warning}")
    picture = Image.open(io.BytesIO(rendering.data)).convert("RGB")
    return picture.resize(
        (width, round(width * picture.height / picture.width)), Image.Resampling.LANCZOS
    )


def _sheet(cells: Iterable[tuple[str, Image.Image]], columns: int, width: int) -> Image.Image:
    cells = list(cells)
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    heights = [max(picture.height for _, picture in row) + GAP + HEAD for row in rows]
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, sum(heights) + GAP), "#B0B0B0")
    pen, top = ImageDraw.Draw(sheet), GAP
    for row, height in zip(rows, heights, strict=True):
        for place, (name, picture) in enumerate(row):
            left = GAP + place * (width + GAP)
            pen.text((left, top), name, fill="black")
            sheet.paste(picture, (left, top + HEAD))
        top += height
    return sheet


if __name__ == "__main__":
    main()
