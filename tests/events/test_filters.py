"""Trigger filters, against the examples of the Subscriptions API and of Knative's data plane."""

from typing import Any

import pytest

from plotkiln.errors import Fault
from plotkiln.events.event import CloudEvent
from plotkiln.events.filters import read_filters, types_of

EVENT = CloudEvent(
    id="7",
    source="https://example.com/cloudevents/spec/pull",
    type="com.github.pull.create",
    subject="cloudevents/spec/pull/123",
    extensions={"hops": 3, "urgent": True},
)


def passes(spec: dict[str, Any]) -> bool:
    """Say whether the event passes a Trigger's spec."""
    faults: list[Fault] = []
    wanted = read_filters(spec, "spec", faults)
    assert not faults
    return wanted.matches(EVENT)


@pytest.mark.parametrize(
    ("item", "passing"),
    [
        ({"exact": {"type": "com.github.pull.create"}}, True),
        ({"exact": {"type": "com.github.pull.create", "subject": "another"}}, False),
        ({"exact": {"subject": "CLOUDEVENTS/spec/pull/123"}}, False),
        ({"prefix": {"type": "com.github.pull", "subject": "cloudevents/spec"}}, True),
        ({"prefix": {"type": "com.github.issue"}}, False),
        ({"suffix": {"type": ".create", "subject": "/123"}}, True),
        ({"suffix": {"type": ".deleted"}}, False),
        ({"exact": {"hops": "3", "urgent": "true"}}, True),
        ({"exact": {"absent": "x"}}, False),
        ({"not": {"exact": {"absent": "x"}}}, True),
        ({"all": [{"exact": {"type": "com.github.pull.create"}}, {"prefix": {"id": "7"}}]}, True),
        ({"all": [{"exact": {"type": "com.github.pull.create"}}, {"prefix": {"id": "8"}}]}, False),
        ({"any": [{"exact": {"type": "com.example"}}, {"suffix": {"type": ".create"}}]}, True),
        ({"any": [{"exact": {"type": "com.example"}}, {"suffix": {"type": ".x"}}]}, False),
        ({"not": {"any": [{"prefix": {"type": "com."}}, {"prefix": {"type": "org."}}]}}, False),
        ({"exact": {"specversion": "1.0"}}, True),
    ],
)
def test_dialects(item: dict[str, Any], passing: bool) -> None:
    """Each dialect says of each event what the specification says."""
    assert passes({"filters": [item]}) == passing


@pytest.mark.parametrize(
    ("attributes", "passing"),
    [
        ({}, True),
        ({"type": "com.github.pull.create"}, True),
        ({"type": ""}, True),
        ({"time": ""}, False),
        ({"type": "com.github.pull"}, False),
        ({"urgent": "true", "subject": ""}, True),
    ],
)
def test_older_filters(attributes: dict[str, str], passing: bool) -> None:
    """`filter.attributes` is exact, and an empty text is any value that is set."""
    assert passes({"filter": {"attributes": attributes}}) == passing


def test_filters_override_filter() -> None:
    """With both, `filters` alone decides; its items must all pass."""
    older = {"filter": {"attributes": {"type": "nothing"}}}
    assert passes({**older, "filters": [{"prefix": {"type": "com."}}]})
    assert not passes({"filters": [{"prefix": {"type": "com."}}, {"prefix": {"type": "org."}}]})
    assert passes({})


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ({"filters": {"exact": {"type": "x"}}}, "spec.filters"),
        ({"filters": [{"exact": {"type": "x"}, "suffix": {"id": "y"}}]}, "spec.filters[0]"),
        ({"filters": [{"regex": {"type": "x"}}]}, "spec.filters[0].regex"),
        ({"filters": [{"cesql": "type = 'x'"}]}, "spec.filters[0].cesql"),
        ({"filters": [{"exact": {"type": 3}}]}, "spec.filters[0].exact.type"),
        ({"filters": [{"exact": {"Type": "x"}}]}, "spec.filters[0].exact.Type"),
        ({"filters": [{"exact": {}}]}, "spec.filters[0].exact"),
        ({"filters": [{"any": []}]}, "spec.filters[0].any"),
        (
            {"filters": [{"not": {"all": [{"prefix": {"id": ""}}]}}]},
            "spec.filters[0].not.all[0].prefix.id",
        ),
        ({"filter": {"attributes": {"type": 3}}}, "spec.filter.attributes.type"),
    ],
)
def test_faults_of_filters(spec: dict[str, Any], place: str) -> None:
    """A filter that cannot be read is told with its place."""
    faults: list[Fault] = []
    read_filters(spec, "spec", faults)
    assert [fault.path for fault in faults] == [place]


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ({}, set()),
        ({"filter": {"attributes": {"type": "a", "source": "/x"}}}, {"a"}),
        ({"filter": {"attributes": {"type": ""}}}, set()),
        ({"filters": [{"any": [{"exact": {"type": "a"}}, {"exact": {"type": "b"}}]}]}, {"a", "b"}),
        ({"filters": [{"prefix": {"type": "a"}}, {"not": {"exact": {"type": "b"}}}]}, set()),
    ],
)
def test_types_are_read_off_a_filter(spec: dict[str, Any], types: set[str]) -> None:
    """Those that it names one by one; a beginning, or what it does not want, names none."""
    assert types_of(read_filters(spec, "spec", [])) == types
