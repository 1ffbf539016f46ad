import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawings import restyled
from pixels import assert_golden, differing, pixels_of
from plotkiln.errors import RuleError
from plotkiln.render.fontlist import use_fonts
from plotkiln.style.builtin import BUILTIN
from plotkiln.templates.shipped.annotated_time_series import arranged
from templated import drawn_by, shipped

GOLDEN = Path(__file__).parent / "golden"

DARK = restyled(
    BUILTIN,
    figure={"facecolor": "#14171C"},
    font={"color": "#E6E8EB"},
    title={"color": "#FFFFFF", "loc": "left"},
    axes={
        "facecolor": "#14171C", "labelcolor": "#C3C8D0", "edgecolor": "#555C66",
        "grid_color": "#3A404A",
    },
    ticks={"color": "#555C66", "labelcolor": "#AEB4BD"},
    palette=["#4DA3FF", "#FF9F4D"],
)  # fmt: skip
STYLES = {"builtin": BUILTIN, "dark": DARK}

DAYS = [f"2026-{1 + n // 28:02d}-{1 + n % 28:02d}" for n in range(112)]
SERIES: dict[str, Any] = {
    "times": DAYS,
    "values": [None if 40 <= n < 44 else 50 + 20 * math.sin(n / 9) + n % 5 for n in range(112)],
    "events": [
        {"time": "2026-01-10", "label": "Price change"},
        {"time": "2026-01-12", "label": "Outage"},
        {"time": "2026-02-20", "label": "Release 2.0"},
        {"time": "2026-04-27", "label": "Audit"},
    ],
    "title": "Orders per day",
    "subtitle": "All regions",
    "unit": " k",
}
CITIES = ["Lisbon", "Oslo", "Turin", "Ghent", "Graz"]
TABLE: dict[str, Any] = {
    "data": {
        "month": [f"2026-{month:02d}" for month in range(1, 13)] * len(CITIES),
        "city": [city for city in CITIES for _ in range(12)],
        "rides": [
            20 + 9 * place + 6 * math.sin(month * (place + 1) / 3)
            for place in range(len(CITIES))
            for month in range(12)
        ],
    },
    "x": "month",
    "y": "rides",
    "panel": "city",
    "order": "value",
    "title": "Rides per day",
}
EXAMPLES: dict[str, tuple[tuple[int, int] | None, dict[str, Any]]] = {
    "odometer": (None, {"value": 1336}),
    "annotated-time-series": ((560, 340), SERIES),
    "small-multiples": ((560, 340), TABLE),
}


@pytest.fixture(scope="session", autouse=True)
def shipped_fonts() -> None:
    """Use the same fonts on every machine."""
    use_fonts([])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_goldens(name: str, style: str) -> None:
    """Each template that comes with plotkiln looks as it should, in a light and a dark style."""
    size, params = EXAMPLES[name]
    drawn = drawn_by(shipped(name), style=STYLES[style], size=size, **params)
    assert drawn.warnings == ()
    assert_golden(GOLDEN / f"{name}-{style}.png", drawn.data)


@pytest.mark.parametrize("format_", ["svg", "pdf", "webp", "jpeg"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_format(name: str, format_: Any) -> None:
    """Each is drawn in every format."""
    size, params = EXAMPLES[name]
    drawn = drawn_by(shipped(name), format=format_, size=size, **params)
    assert len(drawn.data) > 1000
    assert drawn.warnings == ()


@pytest.mark.parametrize("size", [(16, 16), (64, 400), (900, 64), (2000, 1200)])
@pytest.mark.parametrize("name", EXAMPLES)
def test_any_size(name: str, size: tuple[int, int]) -> None:
    """Each is drawn at any size, however little there is room for."""
    data = drawn_by(shipped(name), size=size, **EXAMPLES[name][1]).data
    assert pixels_of(data).shape[:2] == (size[1], size[0])


def test_the_counters_seven_digits() -> None:
    """1336 is 0001336: the fourth drum differs from that of 336, the first three do not."""
    odometer = shipped("odometer")
    assert odometer.template.size == (280, 64)
    seen = [
        pixels_of(drawn_by(odometer, size=None, value=value).data) for value in (1336, 2336, 1337)
    ]
    assert seen[0].shape == (64, 280, 3)
    drums = [[column[:, n * 40 : n * 40 + 40] for n in range(7)] for column in seen]
    changed = [differing(one, two) > 0 for one, two in zip(drums[0], drums[1], strict=True)]
    assert changed == [False, False, False, True, False, False, False]
    changed = [differing(one, two) > 0 for one, two in zip(drums[0], drums[2], strict=True)]
    assert changed == [False] * 6 + [True]


def test_a_longer_number_gets_more_drums() -> None:
    """A total of more digits than asked for is shown whole."""
    odometer = shipped("odometer")
    long = drawn_by(odometer, size=(400, 64), value=123456789)
    nine = drawn_by(odometer, size=(400, 64), value=123456789, digits=9)
    assert differing(pixels_of(long.data), pixels_of(nine.data)) == 0


@pytest.mark.parametrize(
    ("name", "changes", "paths"),
    [
        ("annotated-time-series", {"values": [1, 2]}, ["params.values"]),
        ("annotated-time-series", {"values": [None] * 112}, ["params.values"]),
        ("annotated-time-series", {"times": ["soon", "2026-02-30", *DAYS[2:]]},
         ["params.times[0]", "params.times[1]"]),
        ("annotated-time-series", {"events": [{"time": "x", "label": "y"}]},
         ["params.events[0].time"]),
        ("small-multiples", {"x": "moth", "panel": "town"}, ["params.x", "params.panel"]),
        ("small-multiples", {"y": "city"}, ["params.y"]),
        ("small-multiples", {"data": []}, ["params.x", "params.y", "params.panel"]),
        ("small-multiples", {"data": {"month": [1], "city": ["a"], "rides": [1, 2]}},
         ["params.data"]),
        ("small-multiples", {"highlight": ["Olso"]}, ["params.highlight[0]"]),
        ("odometer", {"value": -1}, ["params.value"]),
    ],
)  # fmt: skip
def test_faults_have_paths(name: str, changes: dict[str, Any], paths: list[str]) -> None:
    """What does not fit together is told with the place of each fault."""
    with pytest.raises(RuleError) as caught:
        drawn_by(shipped(name), **{**EXAMPLES[name][1], **changes})
    assert [fault.path for fault in caught.value.faults] == paths


def test_records_are_a_table() -> None:
    """Small multiples take records as they take columns."""
    columns = TABLE["data"]
    records = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    small = shipped("small-multiples")
    by_columns = drawn_by(small, **TABLE).data
    assert drawn_by(small, **{**TABLE, "data": json.loads(json.dumps(records))}).data == by_columns


def test_events_outside_are_told() -> None:
    """Events before or after the line, and those without room, are warnings."""
    outside = {"time": "2030-01-01", "label": "Later"}
    crowd = [{"time": "2026-02-01", "label": f"Event number {n}"} for n in range(40)]
    params = {**SERIES, "events": [outside, *crowd]}
    first, second = drawn_by(shipped("annotated-time-series"), **params).warnings
    assert first == "1 of the events are outside of the times"
    assert second.endswith("of the events are without room for their names")


@given(
    st.lists(st.tuples(st.floats(0, 800), st.floats(5, 300)), max_size=25).map(sorted),
    st.integers(1, 8),
)
def test_names_never_overlap(events: list[tuple[float, float]], lanes: int) -> None:
    """Names of events overlap neither each other nor another's line, and stay in the picture."""
    places, widths = [at for at, _ in events], [width for _, width in events]
    found = [label for label in arranged(places, widths, (0, 900), lanes, 4) if label]
    assert all(0 <= label.lane < lanes for label in found)
    assert all(label.left >= -2.01 and label.right <= 902.01 for label in found)
    for index, one in enumerate(found):
        assert not any(one.meets(other) for other in found[index + 1 :])


def test_few_names_all_find_a_place() -> None:
    """Events that are as crowded as a busy week all find a lane."""
    places = [100.0, 110.0, 112.0, 300.0, 700.0, 795.0]
    assert None not in arranged(places, [120.0] * 6, (0, 800), 4, 4)
