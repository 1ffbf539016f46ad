"""Examples for OpenAPI and the plain pages: small, and proved to draw by the tests."""

from typing import Any

import msgspec

from plotkiln.spec import encode_spec

__all__ = ["ENCODED_EXAMPLE", "SPEC_EXAMPLES", "STYLE_EXAMPLES"]

#: The classic picture: a line with round markers.
_CLASSIC: dict[str, Any] = {
    "x": [1, 2, 3, 4, 5, 6, 7, 8],
    "y": [4, 1, 7, 5, 2, 8, 3, 6],
    "title": "Dynamically Styled Plot",
    "axes": {"x": {"label": "X-axis"}, "y": {"label": "Y-axis"}},
}

ENCODED_EXAMPLE = encode_spec(msgspec.json.encode({"x": [1, 2, 3], "y": [4, 1, 7]}))

SPEC_EXAMPLES: dict[str, Any] = {
    "shortest": {"x": [1, 2, 3], "y": [4, 1, 7]},
    "classic": _CLASSIC,
    "stacked bars": {
        "title": "Sales by quarter",
        "kind": "bar",
        "stack": True,
        "data": {
            "quarter": ["Q1", "Q2", "Q3", "Q4"],
            "North": [12, 15, 11, 18],
            "South": [9, 8, 14, 13],
        },
        "axes": {"y": {"label": "Units", "suffix": " k"}},
    },
    "time": {
        "title": "Temperature",
        "x": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"],
        "y": [3.5, None, 2.1, 4.8],
        "axes": {"y": {"suffix": " °C"}},
    },
}

STYLE_EXAMPLES: dict[str, Any] = {
    "house style": {
        "figure": {"figsize": [10, 6], "dpi": 120},
        "title": {"fontsize": 16, "fontweight": "bold", "color": "#333333"},
        "axes": {"grid": True, "grid_linestyle": "--", "grid_alpha": 0.6},
        "watermark": {"text": "Internal Use Only", "rotation": 30, "alpha": 0.2},
    },
    "heir": {"extends": "default", "palette": ["#0b7285", "#e8590c"]},
}
