"""Every kind and variant as it should look; `pixels` has the tolerance and the way to renew."""

import math
from pathlib import Path
from typing import Any

import pytest

from drawings import drawn, restyled
from pixels import assert_golden
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.models import Style

GOLDEN = Path(__file__).parent / "golden"
SIZE = {"width": 480, "height": 288, "dpi": 58}

#: Values that look random and are the same everywhere.
NOISE = [math.sin(n * n * 0.37) + math.sin(n * 1.7) / 2 for n in range(400)]
QUARTERS = ["Q1", "Q2", "Q3", "Q4"]
MONTHS = [f"2024-{month:02d}-01" for month in range(1, 13)]
HILL = [[math.sin(n / 5) + math.cos(row / 4) * n / 12 - 1 for n in range(24)] for row in range(14)]

STACK: list[dict[str, Any]] = [
    {"name": name, "x": QUARTERS, "y": [3 + NOISE[4 * place + n] for n in range(4)]}
    for place, name in enumerate(["North", "South", "West"])
]

#: Working days of five weeks.
CANDLES: dict[str, list[Any]] = {
    "day": [f"2024-03-{day:02d}" for day in range(1, 32) if (day + 4) % 7 < 5],
    "Open": [50 + NOISE[n] * 3 for n in range(21)],
    "High": [50 + max(NOISE[n], NOISE[n + 1]) * 3 + 1 for n in range(21)],
    "Low": [50 + min(NOISE[n], NOISE[n + 1]) * 3 - 1 for n in range(21)],
    "Close": [50 + NOISE[n + 1] * 3 for n in range(21)],
    "mean": [50 + sum(NOISE[n : n + 5]) for n in range(21)],
}

SPECS: dict[str, dict[str, Any]] = {
    "line": {
        "title": "Classic", "x": [1, 2, 3, 4, 5], "y": [4, 1, 7, 3, 5],
        "axes": {"x": {"label": "Step"}, "y": {"label": "Value"}},
    },
    "line-gaps": {"x": [1, 2, 3, 4, 5, 6, 7, 8], "y": [1, 2, None, 3, 4, None, 6, None]},
    "line-dense": {"y": [math.sin(n / 40) for n in range(2000)], "title": "Dense"},
    "line-times": {
        "x": MONTHS, "y": [20_000 + 4000 * value for value in NOISE[:12]], "title": "Months",
        "axes": {"y": {"prefix": "€"}},
    },
    "line-log": {
        "y": [3, 40, 900, 12_000, 2e5, 3e7], "axes": {"y": {"type": "log", "label": "Log"}},
    },
    "line-limits": {
        "y": [1, 5, 9], "axes": {"y": {"limits": [0, 10], "format": ".1f"}, "x": {"reverse": True}},
    },
    "line-legend": {
        "title": "Fifteen series",
        "series": [{"name": f"Series {n}", "y": [n, n + NOISE[n], n + 1]} for n in range(15)],
    },
    "line-long-texts": {
        "title": "A title that is too long for one line of so small a picture, and so is wrapped",
        "subtitle": "The subtitle beneath it is set a little smaller",
        "y": [1, 2, 3], "axes": {"y": {"label": "Milliseconds"}},
    },
    "step": {"kind": "step", "y": [1, 3, 2, 4, 3], "series": None, "title": "Steps"},
    "step-mid": {"series": [{"kind": "step", "where": "mid", "y": [1, 3, 2, 4, 3]}]},
    "scatter": {"kind": "scatter", "x": NOISE[:80], "y": NOISE[100:180], "title": "Scatter"},
    "scatter-shades": {
        "series": [{
            "kind": "scatter", "x": NOISE[:60], "y": NOISE[100:160],
            "z": [n * 10 for n in range(60)], "size": [10 + n for n in range(60)],
        }],
    },
    "bar": {"kind": "bar", "x": QUARTERS, "y": [3, None, 5, -2], "title": "Bars and a gap"},
    "bar-grouped": {"kind": "bar", "series": STACK, "title": "Grouped"},
    "bar-stacked": {"kind": "bar", "series": STACK, "stack": True, "title": "Stacked"},
    "bar-horizontal": {
        "kind": "bar", "orientation": "horizontal", "title": "Lying",
        "x": ["A short one", "One that is quite a bit longer than the others", "Last"],
        "y": [5, 3, 8], "axes": {"y": {"label": "Hours"}},
    },
    "bar-times": {"kind": "bar", "x": MONTHS, "y": [abs(value) for value in NOISE[:12]]},
    "bar-numbers": {"kind": "bar", "x": [2019, 2020, 2022], "y": [1e6, 2e6, 3e6]},
    "bar-many": {
        "kind": "bar", "x": [f"Category {n}" for n in range(24)], "y": [n % 7 for n in range(24)],
    },
    "bar-line": {
        "title": "Bars and a line",
        "series": [
            {"kind": "bar", "name": "Sales", "x": QUARTERS, "y": [3, 4, 5, 6]},
            {"kind": "line", "name": "Margin", "x": QUARTERS, "y": [1, 2, 2, 3]},
        ],
    },
    "area": {
        "kind": "area",
        "series": [{"name": "a", "y": [2, 4, 3]}, {"name": "b", "y": [3, 1, 2]}],
    },
    "area-stacked": {
        "kind": "area", "stack": True,
        "series": [{**one, "x": MONTHS[:4]} for one in STACK],
    },
    "errorbar": {
        "title": "Errors", "series": [
            {
                "kind": "errorbar", "name": "a", "x": [1, 2, 3, 4], "y": [5, 7, 6, 9],
                "error": [[1, 2], [0.5, 1], None, [2, 1]], "x_error": 0.2,
            },
            {
                "kind": "errorbar", "name": "b", "x": [1, 2, 3, 4], "y": [2, 3, 2.5, 4],
                "error": 0.6, "linestyle": "--", "marker": "s",
            },
        ],
    },
    "errorbar-categories": {
        "kind": "errorbar",
        "series": [{"name": n, "x": QUARTERS, "y": NOISE[:4], "error": 0.3} for n in "abc"],
    },
    "bar-errors": {
        "kind": "bar",
        "series": [
            {"name": n, "x": QUARTERS, "y": [3, 4, -2, 5], "error": [1, 0.5, 0.8, 1]} for n in "ab"
        ],
    },
    "candlestick": {
        "title": "Candles",
        "data": CANDLES,
        "series": [
            {"kind": "candlestick", "x": "day", "name": "Price"},
            {"x": "day", "y": "mean", "marker": "none"},
        ],
        "annotations": [{"type": "band", "x": ["2024-03-08", "2024-03-11"], "text": "Weekend"}],
    },
    "candlestick-categories": {
        "series": [{
            "kind": "candlestick", "x": QUARTERS, "open": [1, 2, 3, 4], "close": [2, 1.5, 4, 4],
            "low": [0.5, 1, None, 3], "high": [2.5, 2, 4, 5], "color": "#555555",
        }],
    },
    "histogram": {"kind": "histogram", "x": NOISE, "title": "Histogram"},
    "histogram-two": {
        "kind": "histogram",
        "series": [{"name": "a", "x": NOISE[:200]}, {"name": "b", "x": [v + 1 for v in NOISE]}],
    },
    "histogram-beside": {
        "kind": "histogram",
        "series": [{"name": str(n), "x": NOISE[n * 90 : n * 90 + 90], "bins": 5} for n in range(4)],
    },
    "box": {
        "kind": "box", "x": [QUARTERS[n % 4] for n in range(200)],
        "y": [value + (n == 3) * 9 for n, value in enumerate(NOISE[:200])], "title": "Boxes",
    },
    "box-groups": {
        "kind": "box",
        "series": [
            {"name": name, "x": [QUARTERS[n % 3] for n in range(90)], "y": NOISE[k : k + 90]}
            for k, name in enumerate(["before", "after"])
        ],
    },
    "box-horizontal": {
        "kind": "box", "orientation": "horizontal",
        "series": [{"name": name, "y": NOISE[k : k + 90]} for k, name in enumerate(["a", "b"])],
    },
    "violin": {
        "kind": "violin", "title": "Violins", "x": [QUARTERS[n % 4] for n in range(400)],
        "y": [value + n % 4 for n, value in enumerate(NOISE)],
    },
    "violin-groups": {
        "kind": "violin",
        "series": [
            {"name": name, "x": [QUARTERS[n % 3] for n in range(90)], "y": NOISE[k : k + 90]}
            for k, name in enumerate(["before", "after"])
        ],
    },
    "violin-horizontal": {
        "kind": "violin", "orientation": "horizontal",
        "series": [
            {"name": name, "y": [10**v for v in NOISE[k : k + 90]]} for k, name in enumerate("ab")
        ],
        "axes": {"y": {"type": "log"}},
    },
    "heatmap": {
        "kind": "heatmap", "x": QUARTERS, "y": ["a", "b", "c"], "title": "Heatmap",
        "z": [[1, 2, 3, 4], [5, 6, None, 8], [9, 10, 11, 12]],
    },
    "heatmap-numbers": {
        "kind": "heatmap", "z": [[NOISE[row * 20 + n] for n in range(20)] for row in range(12)],
    },
    "contour": {
        "title": "Contour", "series": [{"kind": "contour", "z": HILL, "levels": 6}],
        "axes": {"x": {"label": "East"}, "y": {"label": "North"}},
    },
    "contour-lines": {"series": [{"kind": "contour", "z": HILL, "filled": False}]},
    "contour-levels": {
        "series": [{"kind": "contour", "z": HILL, "levels": [-2, -1, 0.5, 0.8]}],
    },
    "hexbin": {
        "title": "Hexbin",
        "series": [{
            "kind": "hexbin", "gridsize": 15,
            "x": [a + b for a, b in zip(NOISE[:-7], NOISE[7:], strict=True)],
            "y": [a * 3 for a in NOISE[:-7]],
        }],
    },
    "hexbin-log": {
        "series": [{
            "kind": "hexbin", "gridsize": 12, "norm": "log",
            "x": [10 ** (a * b) for a, b in zip(NOISE[:-7], NOISE[7:], strict=True)],
            "y": NOISE[:-7],
        }],
        "axes": {"x": {"type": "log"}},
    },
    "waterfall": {
        "kind": "waterfall", "title": "Waterfall", "y": [100, 24, -31, None, 12, -9, None],
        "x": ["Start", "Up", "Down", "Half", "More", "Less", "End"], "axes": {"y": {"prefix": "€"}},
    },
    "waterfall-negative": {
        "kind": "waterfall", "x": ["a", "b", "c", "d"], "y": [3, -8, 2.5, -1],
    },
    "polar": {
        "title": "Polar",
        "series": [
            {"kind": "polar", "name": "a", "x": list(range(0, 361, 10)), "y": [
                2 + math.cos(3 * n * math.pi / 18) for n in range(37)]},
            {"kind": "polar", "name": "b", "x": [10, 80, 200], "y": [3, 1, 2], "linestyle": "none"},
        ],
    },
    "radar": {
        "kind": "radar", "title": "Radar",
        "data": {
            "what": ["Speed", "Range", "Weight", "Price", "Comfort and more"],
            "one": [3, 4, 2, 5, 4], "two": [4, 2, None, 3, 5], "three": [1, 5, 5, 2, 2],
        },
    },
    "pie": {
        "kind": "pie", "x": ["Alpha", "Beta", "Gamma", "Tiny", "Tinier"], "y": [50, 30, 17, 2, 1],
        "title": "Pie",
    },
    "donut": {"kind": "pie", "hole": 0.6, "x": ["Alpha", "Beta", "Gamma"], "y": [5, 3, 2]},
    "pie-legend": {"kind": "pie", "x": [f"Slice {n}" for n in range(12)], "y": list(range(1, 13))},
    "two-axes": {
        "title": "Two axes",
        "series": [
            {"kind": "bar", "name": "Left", "x": QUARTERS, "y": [3, 5, 2, 4]},
            {"name": "Right", "x": QUARTERS, "y": [100, 300, 250, 80], "axis": "y2"},
        ],
        "axes": {"y2": {"label": "Right", "suffix": " %"}, "y": {"label": "Left"}},
    },
    "two-axes-behind": {
        "series": [
            {"kind": "area", "y": [1, 3, 2], "axis": "y2"},
            {"y": [30, 1000, 10], "name": "Front"},
        ],
        "axes": {"y": {"type": "log"}, "y2": {"grid": True}},
    },
    "facets": {
        "title": "Facets", "facets": {"by": [QUARTERS[n % 4] for n in range(40)], "columns": 3},
        "series": [
            {"name": "one", "x": [n // 4 for n in range(40)], "y": NOISE[:40]},
            {"name": "two", "x": [n // 4 for n in range(40)], "y": NOISE[40:80]},
        ],
        "axes": {"x": {"label": "Step"}, "y": {"label": "Value"}},
    },
    "facets-own-axes": {
        "kind": "bar", "facets": {"by": [n // 4 for n in range(12)], "share": "none"},
        "x": [f"Item {n}" for n in range(12)], "y": [n**2 for n in range(12)],
    },
    "annotations": {
        "y": [10 + n / 2 + 3 * NOISE[n] for n in range(30)],
        "annotations": [
            {"type": "line", "y": 20, "text": "Target", "color": "#D55E00"},
            {"type": "band", "x": [10, 14], "text": "Freeze"},
            {"type": "text", "x": 20, "y": 18, "text": "Remark"},
        ],
    },
    "mathtext": {
        "title": "$\\sqrt{x^2}$ for $5 to $10", "x": ["$\\alpha$", "$\\beta$"], "y": [1, 2],
        "kind": "bar",
    },
}  # fmt: skip

STYLES: dict[str, Style] = {
    "watermark": restyled(watermark={"text": "Internal Use Only"}),
    "dark": restyled(
        figure={"facecolor": "#1E1E1E"},
        font={"color": "#DDDDDD", "family": ["DejaVu Serif"]},
        title={"color": "#FFFFFF", "loc": "left"},
        axes={"facecolor": "#2A2A2A", "labelcolor": "#CCCCCC", "grid_axis": "y"},
        ticks={"labelcolor": "#AAAAAA", "direction": "in"},
        legend={"labelcolor": "#CCCCCC"},
        palette=["#4FC3F7", "#FFB74D"],
    ),
}


@pytest.mark.parametrize("name", list(SPECS))
def test_a_kind_looks_as_it_should(name: str) -> None:
    """The picture equals the golden one within the tolerance."""
    spec = {key: value for key, value in SPECS[name].items() if value is not None}
    assert_golden(GOLDEN / f"{name}.png", drawn(BUILTIN, **spec, size=SIZE).data)


@pytest.mark.parametrize("name", list(STYLES))
def test_a_style_looks_as_it_should(name: str) -> None:
    """The same chart in another style equals its golden picture."""
    rendering = drawn(STYLES[name], **SPECS["bar-line"], size=SIZE)
    assert_golden(GOLDEN / f"style-{name}.png", rendering.data)


@pytest.mark.usefixtures("cjk_fonts")
def test_chinese_looks_as_it_should() -> None:
    """Title, labels and categories in Chinese equal their golden picture."""
    spec: dict[str, Any] = {
        "kind": "bar",
        "title": "各季度销售额",
        "subtitle": "百万元",
        "x": ["一季度", "二季度", "三季度"],
        "y": [120, 150, 180],
        "axes": {"y": {"label": "金额", "suffix": " 万"}},
    }
    assert_golden(GOLDEN / "chinese.png", drawn(BUILTIN, **spec, size=SIZE).data)
