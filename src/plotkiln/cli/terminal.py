"""Words for people: colour and progress on a terminal, plain when piped."""

import os
import sys
from typing import TextIO

from plotkiln.errors import PlotkilnError

__all__ = ["BOLD", "GREEN", "RED", "YELLOW", "clear_progress", "paint", "progress", "report"]

BOLD, RED, GREEN, YELLOW = "1", "31", "32", "33"


def paint(text: str, color: str, stream: TextIO | None = None) -> str:
    """Colour text for a terminal; as it is for a pipe, and where NO_COLOR is set (no-color.org)."""
    stream = stream or sys.stdout
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{color}m{text}\x1b[0m"


def progress(text: str) -> None:
    """Show what is being done, on a terminal alone; the next line replaces it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def clear_progress() -> None:
    """Take the progress line away."""
    progress("")


def report(error: PlotkilnError) -> None:
    """Print an error and every fault it lists to standard error."""
    clear_progress()
    label = paint("plotkiln:", RED, sys.stderr)
    if not error.faults:
        sys.stderr.write(f"{label} {error}\n")
        return
    sys.stderr.write(f"{label} {' '.join((type(error).__doc__ or '').split())}\n")
    for fault in error.faults:
        place = f"{paint(fault.path, BOLD, sys.stderr)}: " if fault.path else ""
        sys.stderr.write(f"  {place}{fault.message}\n")
