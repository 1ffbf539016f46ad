"""Styles that ship with plotkiln: documents for a house to store, and to edit from then on."""

from pathlib import Path

from plotkiln.documents import nearest
from plotkiln.errors import NotFoundError

__all__ = ["SHIPPED", "seed_hint", "shipped_document"]

#: Their names, `default` first.
SHIPPED = ("default", "dark", "print", "slide", "colour-blind")


def shipped_document(name: str) -> bytes:
    """Return the document of a shipped style; raises `NotFoundError` where none has the name."""
    if name not in SHIPPED:
        hint = nearest(name, SHIPPED) or f": there are {', '.join(SHIPPED)}"
        raise NotFoundError(f"No style named {name!r} ships with plotkiln{hint}")
    return (Path(__file__).parent / f"{name}.json").read_bytes()


def seed_hint(name: str) -> str:
    """Return how to store a style of this name that ships; nothing where none does."""
    return f"; one ships: `plotkiln styles seed {name}` stores it" if name in SHIPPED else ""
