"""How the text of a variable becomes a value; each raises `ValueError` with what is expected."""

import re
from collections.abc import Callable
from pathlib import Path

__all__ = ["allow", "flag", "folder", "level", "number", "whole"]


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"expected a whole number from {least} to {most}")
        return int(text)

    return read


def number(least: float) -> Callable[[str], float]:
    """Return what reads a decimal number that has a lower bound."""

    def read(text: str) -> float:
        if not re.fullmatch(r"\d+(\.\d+)?", text) or float(text) < least:
            raise ValueError(f"expected a number of at least {least:g}")
        return float(text)

    return read


def flag(text: str) -> bool:
    """Read 0 or 1."""
    if text not in {"0", "1"}:
        raise ValueError("expected 0 or 1")
    return text == "1"


def allow(text: str) -> bool:
    """Read `allow`, the word that unlocks what is unsafe."""
    if text != "allow":
        raise ValueError("expected allow, or nothing")
    return True


def level(text: str) -> str:
    """Read the name of a log level, in any case."""
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    if text.upper() not in levels:
        raise ValueError(f"expected one of {', '.join(levels)}")
    return text.upper()


def folder(text: str) -> Path:
    """Read a path, from the home or the working directory if it is not absolute."""
    return Path(text).expanduser().absolute()
