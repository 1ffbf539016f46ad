"""Pictures compared pixel by pixel, with a tolerance that says what is equal enough."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Pixels", "assert_golden", "differing", "pixels_of"]

Pixels = NDArray[np.uint8]

#: Set to renew the golden pictures instead of comparing with them.
UPDATE = "PLOTKILN_TEST_UPDATE_GOLDENS"

#: A pixel differs when one of its channels does by more than this, of 255: antialiasing of one
#: FreeType or Agg release against another stays below.
TOLERANCE = 24
#: The part of a picture's pixels that may differ.
MOST_DIFFERING = 0.002


def pixels_of(data: bytes) -> Pixels:
    """Decode a picture into rows of red, green and blue; transparent pixels lie on white."""
    image = Image.open(io.BytesIO(data)).convert("RGBA")
    sheet = Image.new("RGBA", image.size, "white")
    sheet.alpha_composite(image)
    return np.asarray(sheet.convert("RGB"))


def differing(one: Pixels, other: Pixels, tolerance: int = 0) -> float:
    """Return the part of the pixels that differ by more than `tolerance` in a channel."""
    assert one.shape == other.shape, f"{one.shape} is not {other.shape}"
    distance = np.abs(one.astype(np.int16) - other.astype(np.int16)).max(axis=2)
    return float((distance > tolerance).mean())


def assert_golden(path: Path, data: bytes) -> None:
    """Hold a picture against the golden one; what was drawn is kept beside it where they differ."""
    if os.environ.get(UPDATE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return
    if not path.exists():
        pytest.fail(f"{path.name} is missing: look at the picture, then set {UPDATE}=1")
    part = differing(pixels_of(data), pixels_of(path.read_bytes()), TOLERANCE)
    if part > MOST_DIFFERING:
        drawn = path.with_suffix(".drawn.png")
        drawn.write_bytes(data)
        pytest.fail(f"{part:.2%} of {path.name} differs: compare {drawn}, or set {UPDATE}=1")
