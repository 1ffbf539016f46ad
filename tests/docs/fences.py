"""Reads the documents: their code blocks, their links, the rows of their tables."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

__all__ = ["ROOT", "Block", "anchors", "blocks", "documents", "links", "rows"]

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


class Block(msgspec.Struct, frozen=True):
    """One fenced block of code."""

    document: Path
    #: The line of the fence, from 1.
    line: int
    #: The words behind the fence: the language, then our own marks.
    info: tuple[str, ...]
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for the names of tests."""
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def documents() -> list[Path]:
    """Return every document that is written for readers."""
    folders = (ROOT, ROOT / "bench", ROOT / "examples")
    flat = (path for folder in folders for path in folder.glob("*.md"))
    return sorted([*flat, *(ROOT / "docs").rglob("*.md")])


def blocks(document: Path) -> list[Block]:
    """Return the code blocks of one document, in order."""
    text = document.read_text()
    return [
        Block(
            document=document,
            line=text.count("\n", 0, found.start()) + 1,
            info=tuple(found["info"].split()),
            text=found["text"],
        )
        for found in _FENCE.finditer(text)
    ]


def links(document: Path) -> list[str]:
    """Return the targets of all links and pictures outside of code."""
    return _LINK.findall(_prose(document))


def anchors(document: Path) -> set[str]:
    """Return the fragments that the headings of a document make, as GitHub forms them."""
    headings = (
        re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(_prose(document))
    )
    return {heading.strip().replace(" ", "-") for heading in headings}


def rows(document: Path) -> Iterator[list[str]]:
    """Yield the cells of every row of every table of a document, heads and rulers left out."""
    lines = _prose(document).splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        is_head = following.startswith("|-")
        if line.startswith("|") and not line.startswith("|-") and not is_head:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def _prose(document: Path) -> str:
    return _FENCE.sub("", document.read_text())
