"""Orders for render processes, and the type of the fixture that opens pools of them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from plotkiln.spec import Limits, parse_spec
from plotkiln.style.builtin import BUILTIN
from plotkiln.workers import Order, Pool

__all__ = ["OpenPool", "order_of"]

#: Opens a pool; the keywords are `PoolSize`'s, and places, reserve and counted.
OpenPool = Callable[..., AbstractAsyncContextManager[Pool]]


def order_of(spec: bytes = b'{"x": [1, 2, 3], "y": [4, 1, 7]}', format_: str = "png") -> Order:
    """Return an order in the built-in style."""
    return Order(
        spec=parse_spec(spec, Limits(points=10_000_000, pixels=1_000_000_000)).full,
        style=BUILTIN,
        format=format_,  # type: ignore[arg-type]  # a test may ask for anything
        spec_digest="0" * 64,
        style_digest="1" * 64,
        digest="2" * 64,
        versions={"plotkiln": "0"},
    )
