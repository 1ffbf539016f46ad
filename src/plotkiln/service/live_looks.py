"""What the use cases are told of the stored styles, without asking the store."""

from collections.abc import Callable, Mapping
from typing import Protocol

from plotkiln.style.looks import DEFAULT, KnownStyle, Look

__all__ = ["LiveLooks"]


class LiveLooks(Protocol):
    """What is known of the stored styles; none of it waits for the store."""

    @property
    def reachable(self) -> bool:
        """Whether the store answers."""

    @property
    def fault(self) -> str | None:
        """Why it does not."""

    async def settled(self) -> None:
        """Wait, for a short time at most, until the stored styles were read once."""

    def known(self) -> Mapping[str, KnownStyle]:
        """Return the last good document of every style."""

    def look(self, name: str = DEFAULT) -> Look:
        """Return the look of a style."""

    def on_change(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `listener` with the names whose look changed; return what ends that."""
