"""Rectangles in the pixels of a picture, measured from its lower left corner."""

from dataclasses import dataclass, replace

__all__ = ["Box"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its width; negative when nothing is left of it."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height; negative when nothing is left of it."""
        return self.top - self.bottom

    def less(
        self, *, left: float = 0, bottom: float = 0, right: float = 0, top: float = 0
    ) -> "Box":
        """Return what remains when so much is taken from each side."""
        return Box(self.left + left, self.bottom + bottom, self.right - right, self.top - top)

    def grown(self, by: float) -> "Box":
        """Return the rectangle that is larger by so much on every side."""
        return self.less(left=-by, bottom=-by, right=-by, top=-by)

    def at(self, left: float, bottom: float) -> "Box":
        """Return the same rectangle with another lower left corner."""
        return replace(
            self, left=left, bottom=bottom, right=left + self.width, top=bottom + self.height
        )

    def overlaps(self, other: "Box") -> bool:
        """Tell whether the two share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def holds(self, other: "Box") -> bool:
        """Tell whether the other lies wholly within."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.bottom <= other.bottom and other.top <= self.top
