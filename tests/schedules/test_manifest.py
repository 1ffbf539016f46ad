"""What a cluster is given: PingSources that fire whenever something is due, and a Trigger."""

import json
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from plotkiln.errors import RuleError
from plotkiln.events.event import CloudEvent
from plotkiln.events.triggers import topology_of
from plotkiln.schedules.documents import read_schedules
from plotkiln.schedules.manifest import manifest
from plotkiln.schedules.schedule import Schedule
from plotkiln.schedules.topology import PROGRAM, schedule_trigger

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def schedules(*crons: str, **members: Any) -> list[Schedule]:
    """Read one schedule for each expression."""
    told = [
        {"name": f"s{at}", "cron": cron, "artifact": f"s{at}.png", "spec": {"y": [1]}, **members}
        for at, cron in enumerate(crons)
    ]
    return list(read_schedules(json.dumps({"schedules": told}).encode()))


def objects(*crons: str, **members: Any) -> list[dict[str, Any]]:
    """Return what is printed for some expressions."""
    text = manifest(schedules(*crons, **members), broker="b", service="s", namespace="n")
    return list(yaml.safe_load_all(text))


def test_each_schedule_is_a_ping_source() -> None:
    """It says the times, the zone, and the schedule's name, and sends to the Broker."""
    first, second, _ = objects("0 6 * * MON-FRI", "@monthly", timezone="Europe/Berlin")
    assert first == {
        "apiVersion": "sources.knative.dev/v1",
        "kind": "PingSource",
        "metadata": {"name": "schedule-s0", "labels": LABELS, "namespace": "n"},
        "spec": {
            "schedule": "0 6 * * MON-FRI",
            "timezone": "Europe/Berlin",
            "contentType": "application/json",
            "data": '{"schedule": "s0"}',
            "sink": {
                "ref": {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "b"}
            },
            "ceOverrides": {"extensions": {"plotkiln": "schedule"}},
        },
    }
    assert second["spec"]["schedule"] == "0 0 1 * *"


def test_all_objects_have_the_labels_to_prune_them_by() -> None:
    """What an earlier manifest made, and this one no longer does, is found by its labels."""
    assert [one["metadata"]["labels"] for one in objects("@daily", "@hourly")] == [LABELS] * 3


def test_the_trigger_takes_what_the_sources_send() -> None:
    """Events of these sources go to the Service, those of other sources do not."""
    *sources, trigger = objects("@daily")
    topology = topology_of([("m", {"apiVersion": trigger["apiVersion"], **BROKER}), ("m", trigger)])
    (source,) = sources
    extensions = source["spec"]["ceOverrides"]["extensions"]
    sent = CloudEvent(
        id="1", source="/apis", type="dev.knative.sources.ping", extensions=extensions
    )
    (matching,) = topology.matching(("n", "b"), sent)
    assert (matching.subscriber.ref, matching.subscriber.uri) == ("s", "/events")
    foreign = CloudEvent(id="1", source="/apis", type="dev.knative.sources.ping")
    assert not topology.matching(("n", "b"), foreign)


LABELS = {"app.kubernetes.io/name": "plotkiln", "app.kubernetes.io/component": "schedules"}

BROKER = {"kind": "Broker", "metadata": {"namespace": "n", "name": "b"}}


def test_what_a_ping_source_cannot_say_is_refused() -> None:
    """The last day of a month has no words there; every schedule that needs some is told."""
    with pytest.raises(RuleError) as caught:
        objects("0 0 L * *", "@daily", "0 0 * * MON#1", "0 0 * * 5L")
    assert [fault.path for fault in caught.value.faults] == ["s0.cron", "s2.cron", "s3.cron"]


WEEKDAYS = some.sampled_from("* 0 7 SUN MON-FRI 5-7 6,7 5/2 */3 1-7/2 FRI/1 TUE,7".split())  # noqa: SIM905
DAYS = some.sampled_from(["*", "1", "*/2", "13", "10-20"])


@settings(deadline=None)
@given(WEEKDAYS, DAYS)
def test_a_ping_source_fires_on_every_day_that_is_due(weekday: str, day: str) -> None:
    """Read as robfig/cron does, the expression names each of the schedule's days, maybe more."""
    (one,) = schedules(f"0 6 {day} * {weekday}")
    *_, told_day, _, told_weekday = objects(one.cron.text)[0]["spec"]["schedule"].split()
    for moment in islice(one.cron.following(NOW), 30):
        assert fires(told_day, told_weekday, moment)


def fires(day: str, weekday: str, moment: datetime) -> bool:
    """Say whether robfig/cron fires on a day: only a field that is a star is no bound."""
    on_day = moment.day in numbers(day, 1, 31)
    on_weekday = moment.isoweekday() % 7 in numbers(weekday, 0, 6)
    either = day != "*" and weekday != "*"
    return on_day or on_weekday if either else on_day and on_weekday


def numbers(field: str, least: int, most: int) -> set[int]:
    """Return what a field names; a number out of bounds is none of robfig/cron's."""
    names = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
    found: set[int] = set()
    for term in field.split(","):
        span, _, step = term.partition("/")
        begin, dash, end = span.partition("-")
        ends = [names.index(one) if one in names else one for one in (begin, end or begin)]
        low, high = (least, most) if span == "*" else map(int, ends)
        high = most if step and not dash else high
        assert least <= low <= high <= most, field
        found |= set(range(low, high + 1, int(step or 1)))
    return found


def test_the_embedded_broker_brings_what_is_due_to_our_program() -> None:
    """The Trigger takes these events, and waits while all schedules are drawn one by one."""
    (one,) = schedules("@daily")
    trigger = schedule_trigger(3, budget=600)
    assert trigger.filter.matches(one.event(NOW))
    assert not trigger.filter.matches(CloudEvent(id="1", source="/", type="plotkiln.hits"))
    assert trigger.subscriber.ref == PROGRAM
    assert trigger.delivery.timeout > 4 * 600
