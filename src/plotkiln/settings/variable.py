"""What is known of one environment variable."""

from collections.abc import Callable
from typing import Any

import msgspec

__all__ = ["Variable"]


class Variable(msgspec.Struct, frozen=True):
    """One environment variable."""

    name: str
    #: The member of `Settings` that it sets.
    member: str
    #: From text to value; raises ValueError with what is expected.
    read: Callable[[str], Any]
    #: What it means, with its unit.
    meaning: str
