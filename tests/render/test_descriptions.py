from typing import Any

import pytest

from drawings import full
from plotkiln.render.descriptions import described, named


@pytest.mark.parametrize(
    ("spec", "name", "words"),
    [
        ({"y": [1]}, "Line chart", "Line chart."),
        ({"y": [1], "title": "T\nU"}, "T U", "T U. Line chart."),
        ({"y": [1], "alt": "My words"}, "Line chart", "My words"),
        (
            {"kind": "bar", "y": [1], "axes": {"x": {"label": "Day"}, "y": {"label": "Hits"}}},
            "Bar chart",
            "Bar chart: Hits by Day.",
        ),
        (
            {"series": [{"y": [1], "name": "a"}, {"y": [1], "kind": "bar", "name": "b"}]},
            "Line chart and bar chart",
            "Line chart and bar chart: showing a, b.",
        ),
        (
            {"series": [{"y": [1], "name": str(n)} for n in range(10)]},
            "Line chart",
            "Line chart: showing 0, 1, 2, 3, 4, 5, 6, 7 and 2 more.",
        ),
    ],
)
def test_a_picture_is_described_in_words(spec: dict[str, Any], name: str, words: str) -> None:
    """The spec's own words come first; else its kinds, axes and series are named."""
    assert (named(full(**spec)), described(full(**spec))) == (name, words)
