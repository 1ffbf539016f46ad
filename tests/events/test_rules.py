import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from plotkiln.artifacts import ArtifactOrder, Cause, Drawing
from plotkiln.counter.rules import HIT_RULES
from plotkiln.errors import InputError, MalformedError, RuleError, SchemaError, SettingsError
from plotkiln.events.event import CloudEvent
from plotkiln.events.rules import Rule, load_rules, read_rules, rules_digest
from plotkiln.events.values import EventValues

READING = CloudEvent(
    id="1",
    source="/boiler",
    type="reading",
    subject="kitchen",
    time="2026-03-01T09:30:00.25Z",
    extensions={"sequence": "0042", "urgent": True},
    data=b'{"series": [{"unit": "K", "y": [1, 2.5]}], "total": 7, "half": 0.5, "gap": null}',
)

RULE = {
    "name": "temperatures",
    "filters": [{"exact": {"type": "reading"}}],
    "artifact": "temperature-{subject}.svg",
    "number": "sequence",
    "spec": {
        "title": {"$text": "{subject}, {{{data.series[0].unit}}}: {data.half}"},
        "y": {"$from": "data.series[0].y"},
        "kind": {"$from": "data.kind", "default": "line"},
        "axes": {"y": {"label": {"$from": "data.series[0].unit"}}},
    },
}


def one(**members: Any) -> Rule:
    """Read one rule; members replace those of the example."""
    (rule,) = read_rules(json.dumps({"rules": [{**RULE, **members}]}).encode())
    return rule


def test_an_event_fills_the_places() -> None:
    """Values and texts come from the event; everything else is drawn as the rule says it."""
    rule = one()
    assert rule.matches(READING)
    drawing = rule.drawing(READING)
    assert drawing.name == "temperature-kitchen.svg"
    assert drawing.order == ArtifactOrder(0, 42)
    assert drawing.cause == Cause(rule="temperatures", type="reading", subject="kitchen")
    assert json.loads(drawing.spec) == {
        "title": "kitchen, {K}: 0.5",
        "y": [1, 2.5],
        "kind": "line",
        "axes": {"y": {"label": "K"}},
    }


def test_the_digest_of_rules_is_of_what_they_say() -> None:
    """It is the same for the same rules, in any order, and another for others."""
    first, second = one(), one(name="more")
    assert rules_digest([first, second]) == rules_digest([second, one()])
    assert rules_digest([first]) != rules_digest([one(number="data.total")])


def test_other_events_draw_nothing() -> None:
    """A rule is for the events that pass all its filters."""
    assert not one().matches(msgspec.structs.replace(READING, type="other"))
    both = [{"exact": {"type": "reading"}}, {"prefix": {"subject": "bath"}}]
    assert not one(filters=both).matches(READING)


@pytest.mark.parametrize(
    "filters",
    [
        [{"exact": {"type": "plotkiln.artifact.updated"}}],
        [{"prefix": {"type": "plotkiln."}}],
        [{"suffix": {"subject": ".svg"}}],
    ],
)
def test_a_rule_that_causes_itself_is_refused(filters: list[dict[str, Any]]) -> None:
    """A picture's own announcement does not draw it; those of other pictures may."""
    with pytest.raises(RuleError) as refused:
        one(filters=filters, artifact="all.svg", number="time")
    assert [fault.path for fault in refused.value.faults] == ["rules[0].filters"]
    others = [*filters, {"not": {"exact": {"subject": "all.svg"}}}]
    assert one(filters=others, artifact="all.svg", number="time")


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("data.total", 7),
        ("sequence", 42),
        ("time", 1772357400250000),
        ("data.series[0].y[0]", 1),
    ],
)
def test_the_number_of_an_event(path: str, number: int) -> None:
    """A number is whole, be it one of JSON or text; a time counts in microseconds."""
    assert one(number=path).drawing(READING).order == ArtifactOrder(0, number)
    assert one(number="data.total", generation=path).drawing(READING).order.generation == number


@pytest.mark.parametrize(
    "path",
    ["data.half", "data.series", "subject", "data.gap", "data.none", "urgent", "data.total.x"],
)
def test_what_is_no_number(path: str) -> None:
    """An event without a usable number is refused for good, with the path and the rule."""
    with pytest.raises(RuleError, match="rule temperatures") as refused:
        one(number=path).drawing(READING)
    assert [fault.path for fault in refused.value.faults] == [path]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"subject": None}, "subject"),
        ({"subject": "../etc"}, "artifact"),
        ({"subject": "x" * 120}, "artifact"),
        ({"data": b"{}"}, "data.half"),
        ({"data": None}, "data.half"),
        ({"data": b"{"}, "data"),
        ({"datacontenttype": "text/plain"}, "datacontenttype"),
    ],
)
def test_an_event_that_does_not_fit(changes: dict[str, Any], path: str) -> None:
    """What an event lacks is told by its path in the event."""
    spec = {"title": {"$text": "{data.half}"}}
    with pytest.raises(RuleError) as refused:
        one(spec=spec).drawing(msgspec.structs.replace(READING, **changes))
    assert [fault.path for fault in refused.value.faults] == [path]


def test_every_fault_of_a_file_has_its_place() -> None:
    """All faults of all rules come at once."""
    faulty = {
        **RULE,
        "filters": [{"exct": {"type": "x"}}],
        "artifact": "{data.x y}",
        "number": "Data",
        "generation": "data..x",
        "spec": {
            "titel": "x",
            "title": {"$text": "}"},
            "y": [{"$from": "data[", "els": 1}],
            "x": {"$text": 5},
        },
    }
    repeated = {**RULE, "artifact": "no-ending"}
    with pytest.raises(RuleError) as refused:
        read_rules(json.dumps({"rules": [RULE, faulty, repeated]}).encode())
    assert {fault.path for fault in refused.value.faults} == {
        "rules[1].name",
        "rules[1].filters[0].exct",
        "rules[1].artifact",
        "rules[1].number",
        "rules[1].generation",
        "rules[1].spec.titel",
        "rules[1].spec.title.$text",
        "rules[1].spec.y[0].$from",
        "rules[1].spec.y[0].els",
        "rules[1].spec.x.$text",
        "rules[2].artifact",
        "rules[2].name",
    }


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (b"", MalformedError),
        (b"[]", SchemaError),
        (b'{"rules": [{}]}', SchemaError),
        (json.dumps({"rules": [{**RULE, "numbr": "x"}]}).encode(), SchemaError),
        (json.dumps({"rules": [{**RULE, "filters": []}]}).encode(), SchemaError),
    ],
)
def test_what_is_no_file_of_rules(document: bytes, error: type[InputError]) -> None:
    """A document that breaks the published schema is refused by it."""
    with pytest.raises(error):
        read_rules(document)


def test_the_hit_counter_is_two_rules() -> None:
    """The home page's picture is hits.png; every other subject has one of its own."""
    assert drawn(HIT_RULES, "home") == ["hits.png"]
    assert drawn(HIT_RULES, "blog") == ["hits-blog.png"]


def test_a_file_adds_rules_and_replaces_by_name(tmp_path: Path) -> None:
    """Rules of a file stand beside the built-in ones; one of the same name takes its place."""
    own = {**RULE, "filters": [{"exact": {"type": "plotkiln.hits"}}], "artifact": "own.png"}
    own |= {"number": "data.total", "spec": {"y": [1]}}
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"rules": [own, {**own, "name": "hits", "artifact": "mine.png"}]}))
    event = hits("home")
    found = [
        rule.drawing(event).name for rule in load_rules(file, HIT_RULES) if rule.matches(event)
    ]
    assert sorted(found) == ["mine.png", "own.png"]
    assert len(load_rules(None, HIT_RULES)) == 2


@pytest.mark.parametrize("text", ["{", '{"rules": [{"name": "a"}]}', None])
def test_a_faulty_file_is_a_fault_of_the_settings(tmp_path: Path, text: str | None) -> None:
    """A file that cannot be used is named with the setting."""
    file = tmp_path / "rules.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsError, match=r"PLOTKILN_RULES=.*rules\.json"):
        load_rules(file, HIT_RULES)


@given(some.text(max_size=30), some.integers(0, 2**53 - 1))
def test_text_of_an_event_is_never_read_as_notation(text: str, number: int) -> None:
    """What an event brings is a value, whatever it looks like."""
    data = {"text": text, "object": {"$from": "data.text"}, "number": number}
    values = EventValues(msgspec.structs.replace(READING, data=msgspec.json.encode(data)))
    assert values.text("{data.text}{data.number}") == f"{text}{number}"
    assert values.filled([{"$from": "data.object"}]) == [{"$from": "data.text"}]


def hits(subject: str) -> CloudEvent:
    """Return the event that says a total."""
    data = b'{"total": 1336, "generation": 2}'
    return CloudEvent(id="1", source="/c", type="plotkiln.hits", subject=subject, data=data)


def drawn(rules: bytes, subject: str) -> list[str]:
    """Return the names that a total of a subject draws, all in the counter's form."""
    event = hits(subject)
    drawings: list[Drawing] = [
        rule.drawing(event) for rule in read_rules(rules) if rule.matches(event)
    ]
    for drawing in drawings:
        assert drawing.order == ArtifactOrder(2, 1336)
        spec = json.loads(drawing.spec)
        assert (spec["template"], spec["params"]) == ("odometer", {"value": 1336, "digits": 7})
    return [drawing.name for drawing in drawings]
