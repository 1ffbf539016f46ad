"""What the drawing could not do as asked, gathered for the user."""

__all__ = ["Notes"]

#: More warnings than this help nobody; the rest is counted.
MOST_NOTES = 20


class Notes:
    """Warnings of one rendering: each once, in the order in which they arose."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def add(self, text: str) -> None:
        """Keep one warning; the same one again is dropped."""
        self._texts.setdefault(text)

    def count(self) -> int:
        """Return how many there are, to come back to with `forget_after`."""
        return len(self._texts)

    def forget_after(self, count: int) -> None:
        """Drop all but the first `count`: what they told of is not drawn after all."""
        self._texts = dict.fromkeys(list(self._texts)[:count])

    def texts(self) -> tuple[str, ...]:
        """Return all warnings; past 20 they are counted instead."""
        texts = list(self._texts)
        if len(texts) <= MOST_NOTES:
            return tuple(texts)
        return (*texts[:MOST_NOTES], f"and {len(texts) - MOST_NOTES} more warnings")


def quoted(text: str, most: int = 40) -> str:
    """Return a text in quotes on one line, cut to `most` characters, for use in a warning."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= most else line[: most - 1] + '…'}”"
