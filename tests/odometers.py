"""Reads the number from a picture of an odometer, by its pixels alone."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pixels import Pixels, pixels_of

__all__ = ["Odometer", "OdometerReader"]

#: The drums that are read; a number with more digits is read by none.
DRUMS = 7


class Odometer:
    """The drums of one style, learned from ten pictures of their own: 0000000 to 9999999."""

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        """Take what draws a number in the style, afresh."""
        ones = int("1" * DRUMS)
        self._digits = [pixels_of(draw(digit * ones)) for digit in range(10)]
        self._drums = list(_parts(self._changing))
        assert len(self._drums) == DRUMS, self._drums

    def read(self, picture: Pixels) -> int | None:
        """Return the number that a picture shows, None for one in which any pixel is another's."""
        if picture.shape != self._digits[0].shape:
            return None
        if not np.array_equal(picture[:, ~self._changing], self._digits[0][:, ~self._changing]):
            return None
        digits = [self._digit(picture, drum) for drum in self._drums]
        return None if None in digits else int("".join(map(str, digits)))

    def _digit(self, picture: Pixels, drum: slice) -> int | None:
        for digit, known in enumerate(self._digits):
            if np.array_equal(picture[:, drum], known[:, drum]):
                return digit
        return None

    @cached_property
    def _changing(self) -> NDArray[np.bool_]:
        """Say of each column whether digits show in it."""
        stacked = np.stack(self._digits)
        changing: NDArray[np.bool_] = (stacked != stacked[0]).any(axis=(0, 1, 3))
        return changing


class OdometerReader:
    """Reads pictures of several styles; each different one once."""

    def __init__(self, odometers: Sequence[Odometer]) -> None:
        """Take the styles that a picture may be in."""
        self._odometers = odometers
        self._read: dict[bytes, int | None] = {}

    def read(self, data: bytes) -> int | None:
        """Return the number of a picture, None where it is in none of the styles."""
        if data not in self._read:
            picture = pixels_of(data)
            found = (odometer.read(picture) for odometer in self._odometers)
            self._read[data] = next((number for number in found if number is not None), None)
        return self._read[data]


def _parts(changing: NDArray[np.bool_]) -> Iterator[slice]:
    """Yield the runs of columns that are true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], changing.astype(np.int8), [0]))))
    for start, end in edges.reshape(-1, 2):
        yield slice(int(start), int(end))
