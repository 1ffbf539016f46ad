"""Fonts for the render room's tests: those that Matplotlib ships, unless a test asks for more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import require
from plotkiln.render.fontlist import FONTS, use_fonts
from plotkiln.workers import installed_fonts


@pytest.fixture(scope="session", autouse=True)
def shipped_fonts() -> None:
    """Use the same fonts on every machine."""
    use_fonts([])


@pytest.fixture
def cjk_fonts(tmp_path: Path) -> Iterator[None]:
    """Use this machine's fonts, among which Noto Sans CJK must be."""
    use_fonts([Path(file) for file in installed_fonts().files], tmp_path)
    families = {entry.name for entry in FONTS.ttflist}
    try:
        require("Noto Sans CJK SC" in families, "fonts-noto-cjk")
        yield
    finally:
        use_fonts([])
