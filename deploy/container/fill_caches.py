"""Runs inside a staged tree, by its own Python: writes what every first start would write."""

from pathlib import Path

from plotkiln.cli.caches import PREPARED
from plotkiln.render.fontlist import use_fonts
from plotkiln.workers import installed_fonts

fonts = installed_fonts()
use_fonts([Path(file) for file in fonts.files], PREPARED / f"fonts-{fonts.fingerprint[:16]}")
