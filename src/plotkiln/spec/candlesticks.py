"""Candlesticks: what a price was when a period began and ended, and how far it went between."""

from collections.abc import Iterator

import msgspec

from plotkiln.spec.axes import without_nonpositive
from plotkiln.spec.columns import number_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn, FullSeries
from plotkiln.spec.models import AxisType
from plotkiln.spec.pictures import full_series

__all__ = ["candle_series"]

#: Open, high, low, close of one candle, with its index.
_Candle = tuple[int, float, float, float, float]


def candle_series(
    draft: Draft, x: FullColumn, y_type: AxisType, faults: Faults
) -> FullSeries | None:
    """Settle the prices of a candlestick; note the first candle that lies outside of its range."""
    prices = {name: number_column(source, name, faults) for name, source in draft.prices.items()}
    known = {name: column for name, column in prices.items() if column is not None}
    if len(known) < len(prices):
        return None
    if y_type == "log":
        known = {
            name: without_nonpositive(draft.prices[name].path, column, faults)
            for name, column in known.items()
        }
    candles = list(_candles(x, known))
    if not candles:
        faults.add(draft.path, "has no candle with x, open, high, low and close: fill some gaps")
    _check_ranges(draft, candles, faults)
    plain = {
        name: [None if isinstance(value, str) else value for value in column.values]
        for name, column in known.items()
    }
    return msgspec.structs.replace(full_series(draft, x=x), **plain)


def _candles(x: FullColumn, prices: dict[str, FullColumn]) -> Iterator[_Candle]:
    """Yield every candle that lacks nothing."""
    columns = (prices[name].values for name in ("open", "high", "low", "close"))
    for index, (at, opened, high, low, closed) in enumerate(zip(x.values, *columns, strict=True)):
        if (
            at is not None
            and isinstance(opened, float)
            and isinstance(high, float)
            and isinstance(low, float)
            and isinstance(closed, float)
        ):
            yield index, opened, high, low, closed


def _check_ranges(draft: Draft, candles: list[_Candle], faults: Faults) -> None:
    for index, opened, high, low, closed in candles:
        if high < max(opened, closed):
            message = f"{shown(high)} is below open or close: high is the greatest of the four"
            faults.add(draft.prices["high"].at(index), message)
            return
        if low > min(opened, closed):
            message = f"{shown(low)} is above open or close: low is the least of the four"
            faults.add(draft.prices["low"].at(index), message)
            return
