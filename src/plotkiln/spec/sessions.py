"""Sessions: a time axis on which only the times of candles take room.

Nights, weekends and holidays leave no holes: the candles stand at 0, 1, 2, …, and every other time
stands between the two candles that it lies between.
"""

from bisect import bisect_right
from itertools import pairwise

import msgspec

from plotkiln.spec.full import FullAnnotation, FullAxis, FullColumn, FullPanel, FullSeries
from plotkiln.spec.pictures import Picture

__all__ = ["in_sessions", "panels_in_sessions", "remarks_in_sessions"]


def in_sessions(picture: Picture) -> Picture:
    """Move the series of a picture with candles over times to the places of its sessions."""
    axis = picture.x_axis
    if axis is None or axis.type != "time":
        return picture
    sessions = _sessions(picture.series)
    if not sessions:
        return picture
    series = [_moved(one, sessions) for one in picture.series]
    ends = {
        name: None if value is None else _place(value, sessions)
        for name, value in (("low", axis.low), ("high", axis.high))
    }
    settled = msgspec.structs.replace(axis, sessions=sessions, **ends)
    return msgspec.structs.replace(picture, series=series, x_axis=settled)


def panels_in_sessions(
    picture: Picture, panels: list[FullPanel]
) -> tuple[Picture, list[FullPanel]]:
    """Move the series of all panels to the places of the sessions that the whole picture has."""
    moved = in_sessions(picture)
    sessions = moved.x_axis.sessions if moved.x_axis else None
    if sessions is None:
        return moved, panels
    return moved, [
        msgspec.structs.replace(
            panel, series=[_moved(one, sessions) for one in panel.series], x_axis=None
        )
        for panel in panels
    ]


def remarks_in_sessions(remarks: list[FullAnnotation], axis: FullAxis) -> list[FullAnnotation]:
    """Move remarks to the places of an axis's sessions, where it has some."""
    if axis.sessions is None:
        return remarks
    sessions = axis.sessions
    return [
        remark
        if remark.x is None
        else msgspec.structs.replace(remark, x=[_place(at, sessions) for at in remark.x])
        for remark in remarks
    ]


def _sessions(series: list[FullSeries]) -> list[float]:
    """Return the times of all candles, in rising order."""
    columns = [one.x.values for one in series if one.kind == "candlestick" and one.x]
    return sorted({at for values in columns for at in values if isinstance(at, float)})


def _moved(series: FullSeries, sessions: list[float]) -> FullSeries:
    if series.x is None:
        return series
    places = [_place(at, sessions) if isinstance(at, float) else None for at in series.x.values]
    return msgspec.structs.replace(series, x=FullColumn("number", [*places]))


def _place(at: float, sessions: list[float]) -> float:
    """Return where a time stands; before the first session and after the last a step is usual."""
    last = len(sessions) - 1
    index = bisect_right(sessions, at) - 1
    if 0 <= index < last:
        return index + (at - sessions[index]) / (sessions[index + 1] - sessions[index])
    step = _usual_step(sessions)
    return (at - sessions[0]) / step if index < 0 else last + (at - sessions[last]) / step


def _usual_step(sessions: list[float]) -> float:
    """Return the median of the days from one session to the next; 1 for a single session."""
    steps = sorted(after - before for before, after in pairwise(sessions))
    return steps[len(steps) // 2] if steps else 1.0
