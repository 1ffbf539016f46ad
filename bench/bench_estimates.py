"""Compares what drawings are estimated at with what the renderer takes for them.

Processor time of this process, so that neighbours on the machine count for nothing. The constants
of plotkiln/service/estimates.py come from here: where a ratio is far from 1 for good, mend them.
What counts is the large: whether a drawing passes a budget of many seconds.
"""

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from measuring import data_folder, report
from plotkiln.render import Provenance, draw, prepare
from plotkiln.service.estimates import estimated_seconds
from plotkiln.spec import FullSpec, Limits, parse_spec
from plotkiln.spec.models import Format
from plotkiln.style.builtin import BUILTIN
from plotkiln.workers import installed_fonts

_RANDOM = random.Random(1)  # noqa: S311 -- no secret
_PROVENANCE = Provenance(spec_digest="", style_digest="", digest="", versions={})
_LIMITS = Limits(points=10_000_000, pixels=100_000_000)

Spec = dict[str, Any]


def main() -> None:
    """Draw each shape in its formats; the first drawing of each format does not count."""
    with data_folder() as cache:
        prepare([Path(file) for file in installed_fonts().files], cache)
        for warmed in _FORMATS:
            _measure({"y": [1, 2]}, warmed)
        rows = {
            f"{name}, {format_}": _compared(spec(), format_)
            for name, (spec, formats) in _SHAPES.items()
            for format_ in formats
        }
    ratios = sorted(row["ratio"] for row in rows.values())
    report(
        "How long will a drawing take: estimated, and as it is?",
        "s",
        {"rows": rows, "ratio": {"least": ratios[0], "most": ratios[-1]}},
    )


def _compared(spec: Spec, format_: Format) -> dict[str, float]:
    estimate, measured = _measure(spec, format_)
    return {
        "estimated": round(estimate, 3),
        "measured": round(measured, 3),
        "ratio": round(estimate / measured, 2),
    }


def _measure(spec: Spec, format_: Format) -> tuple[float, float]:
    """Return the seconds that a spec is estimated at, and those that it takes."""
    full: FullSpec = parse_spec(msgspec.json.encode(spec), _LIMITS).full
    start = time.process_time()
    draw(full, BUILTIN, format=format_, provenance=_PROVENANCE)
    return estimated_seconds(full, BUILTIN, format_), time.process_time() - start


def _noise(count: int) -> list[float]:
    return [round(_RANDOM.gauss(0, 1), 4) for _ in range(count)]


def _walk(count: int) -> list[float]:
    values, value = [], 0.0
    for step in _noise(count):
        value += step
        values.append(round(value, 4))
    return values


def _named(count: int) -> list[str]:
    return [f"category {number}" for number in range(count)]


def _one(kind: str, **members: Any) -> Spec:
    return {"series": [{"kind": kind, **members}]}


def _of(kind: str, count: int) -> Callable[[], Spec]:
    """Return what makes a series of a kind, of numbers over numbers."""
    return lambda: _one(kind, x=list(range(count)), y=_noise(count))


def _around(kind: str, count: int) -> Callable[[], Spec]:
    """Return what makes a series of a kind over categories."""
    return lambda: _one(kind, x=_named(count), y=[abs(value) + 1 for value in _noise(count)])


def _candles(count: int) -> Spec:
    closes = _walk(count)
    opens = [0.0, *closes[:-1]]
    pairs = list(zip(opens, closes, strict=True))
    return _one(
        "candlestick",
        x=list(range(count)),
        open=opens,
        close=closes,
        high=[max(pair) + 1 for pair in pairs],
        low=[min(pair) - 1 for pair in pairs],
    )


def _grid(kind: str, side: int, **members: Any) -> Spec:
    """Return a grid of hills with some noise on them."""
    steps = range(side)
    rows = [
        [abs(column - side / 2) + abs(row - side / 2) + _RANDOM.random() for column in steps]
        for row in steps
    ]
    return _one(kind, x=list(steps), y=list(steps), z=rows, **members)


def _facets(panels: int, count: int) -> Spec:
    total = panels * count
    names = [f"panel {number % panels}" for number in range(total)]
    data = {"by": names, "x": _noise(total), "y": _noise(total)}
    return {"data": data, "kind": "scatter", "x": "x", "y": "y", "facets": {"by": "by"}}


def _many(count: int) -> Spec:
    return {"series": [{"y": _walk(50), "name": f"series {number}"} for number in range(count)]}


def _remarks(count: int) -> Spec:
    texts = [{"type": "text", "x": at % 50, "y": 0, "text": f"remark {at}"} for at in range(count)]
    return {"y": _walk(50), "annotations": texts}


def _sized(side: int) -> Callable[[], Spec]:
    return lambda: {"y": _walk(100), "size": {"width": side, "height": side}}


_FORMATS: tuple[Format, ...] = ("png", "svg", "pdf", "webp", "jpeg")
_RASTER: tuple[Format, ...] = ("png",)
_BOTH: tuple[Format, ...] = ("png", "svg")

#: What is drawn, and in which formats.
_SHAPES: dict[str, tuple[Callable[[], Spec], tuple[Format, ...]]] = {
    "next to nothing": (lambda: {"y": [1, 2]}, _FORMATS),
    "smooth line of 1 000 000": (lambda: {"y": _walk(1_000_000)}, _RASTER),
    "noisy line of 1 000 000": (_of("line", 1_000_000), _RASTER),
    "step of 300 000": (_of("step", 300_000), _BOTH),
    "area of 300 000": (_of("area", 300_000), _BOTH),
    "bars, 100 000": (_of("bar", 100_000), _BOTH),
    "errorbars, 50 000": (
        lambda: _one("errorbar", x=list(range(50_000)), y=_noise(50_000), error=[0.3] * 50_000),
        _BOTH,
    ),
    "candles, 30 000": (lambda: _candles(30_000), ("png", "svg", "pdf")),
    "scatter of 300 000": (_of("scatter", 300_000), _BOTH),
    "scatter of 30 000 sizes": (
        lambda: _one("scatter", x=_noise(30_000), y=_noise(30_000), size=[9.0, 1.0] * 15_000),
        ("png", "svg", "pdf"),
    ),
    "histogram of 1 000 000": (lambda: _one("histogram", x=_noise(1_000_000)), _RASTER),
    "violin of 300 000": (lambda: _one("violin", y=_noise(300_000)), _RASTER),
    "hexbin of 300 000": (
        lambda: _one("hexbin", x=_noise(300_000), y=_noise(300_000)),
        _BOTH,
    ),
    "heatmap of 100 × 100": (lambda: _grid("heatmap", 100), _BOTH),
    "heatmap of 1 000 × 1 000": (lambda: _grid("heatmap", 1000), _RASTER),
    "contour of 300 × 300": (lambda: _grid("contour", 300), _BOTH),
    "contour lines of 300 × 300": (lambda: _grid("contour", 300, filled=False), _RASTER),
    "polar of 100 000": (
        lambda: _one("polar", x=[at % 360 for at in range(100_000)], y=_noise(100_000)),
        _BOTH,
    ),
    "radar of 500": (_around("radar", 500), _RASTER),
    "pie of 500": (_around("pie", 500), _RASTER),
    "waterfall of 500": (_around("waterfall", 500), _RASTER),
    "bars over 1 000 categories": (_around("bar", 1000), _RASTER),
    "200 named series": (lambda: _many(200), _BOTH),
    "36 panels of 1 000": (lambda: _facets(36, 1000), _BOTH),
    "200 remarks": (lambda: _remarks(200), _RASTER),
    "5 000 × 5 000 pixels": (_sized(5000), ("png", "webp", "jpeg", "svg")),
}


if __name__ == "__main__":
    main()
