"""Starts the hit counter's programs, as a cluster would."""

import sys
from pathlib import Path

from kilns import Kiln

__all__ = ["program"]


def program(name: str, data: Path, **settings: str) -> Kiln:
    """Return one of `homepage`, `count` and `draw`; entering starts it."""
    return Kiln(data, command=[sys.executable, "-m", "plotkiln", "counter", name], **settings)
