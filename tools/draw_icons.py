# ruff: noqa: INP001 -- a script, run by hand
"""Draw the app's icons from pwa/public/icons/kiln.svg, in Chromium.

    python tools/draw_icons.py

Draws them into the folder of the SVG: two sizes on nothing, and one that launchers may cut to their
own shape: there the mark stays within the middle 80%, as the W3C's maskable icons ask.
"""

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parents[1] / "pwa" / "public" / "icons"

#: The paper of the app in its light theme.
PAPER = "#faf7f2"

#: File → (side in pixels, share of it that the mark takes, ground).
ICONS = {
    "kiln-192.png": (192, 1.0, "transparent"),
    "kiln-512.png": (512, 1.0, "transparent"),
    "kiln-maskable-512.png": (512, 0.62, PAPER),
}


def main() -> None:
    """Draw all icons."""
    mark = (FOLDER / "kiln.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page()
        for name, (side, share, ground) in ICONS.items():
            _small(_drawn(page, mark, side, share, ground)).save(FOLDER / name, optimize=True)
        browser.close()


def _drawn(page: Page, mark: str, side: int, share: float, ground: str) -> bytes:
    """Return a PNG of the mark in the middle of a square."""
    page.set_viewport_size({"width": side, "height": side})
    style = f"body {{ margin: 0; background: {ground}; display: grid; place-items: center; "
    style += f"height: {side}px }} svg {{ width: {side * share}px; height: auto }}"
    page.set_content(f"<style>{style}</style>{mark}")
    return page.screenshot(omit_background=True)


def _small(png: bytes) -> Image.Image:
    """Return the picture in 64 colours, which its few hues and their edges need."""
    return Image.open(io.BytesIO(png)).quantize(64, method=Image.Quantize.FASTOCTREE)


if __name__ == "__main__":
    main()
