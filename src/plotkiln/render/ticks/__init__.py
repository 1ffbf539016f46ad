"""Ticks: round positions, short labels, and as many as there is room for."""

from plotkiln.render.ticks.categories import (
    CategoryScale,
    fit_categories_across,
    fit_categories_beside,
)
from plotkiln.render.ticks.fitting import Scale, Ticks, fit_horizontal, fit_vertical
from plotkiln.render.ticks.levels import LevelScale
from plotkiln.render.ticks.logs import LogScale
from plotkiln.render.ticks.numbers import LinearScale
from plotkiln.render.ticks.sessions import SessionScale
from plotkiln.render.ticks.times import TimeScale
from plotkiln.render.ticks.writing import NumberWriting

__all__ = [
    "CategoryScale",
    "LevelScale",
    "LinearScale",
    "LogScale",
    "NumberWriting",
    "Scale",
    "SessionScale",
    "Ticks",
    "TimeScale",
    "fit_categories_across",
    "fit_categories_beside",
    "fit_horizontal",
    "fit_vertical",
]
