"""What a cluster is given instead of the embedded scheduler: PingSources, and their Trigger.

A PingSource fires whenever its schedule may be due; which instant that is, and whether it is one,
is found out by whoever draws (`due`). So it may fire too often, as in an hour that comes twice. It
fires too seldom only for a time that a change of the clock leaves out: robfig/cron makes up for
none.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from plotkiln.errors import Fault, RuleError
from plotkiln.schedules.due import PING
from plotkiln.schedules.schedule import Schedule

__all__ = ["manifest"]

#: An extension attribute that the events of these PingSources have, and a Trigger can ask for.
_MARK = {"plotkiln": "schedule"}

#: What `kubectl apply --prune -l` finds the objects of schedules by that are no more.
_LABELS = {"app.kubernetes.io/name": "plotkiln", "app.kubernetes.io/component": "schedules"}

_HEAD = """\
# Made by `plotkiln schedules manifest`: change the schedules, and make it anew.
# The Service that draws needs the same file of schedules in PLOTKILN_SCHEDULES.
"""


def manifest(
    schedules: Sequence[Schedule], *, broker: str, service: str, namespace: str | None = None
) -> str:
    """Return YAML with a PingSource for each schedule, and a Trigger that brings all to a Service.

    Raises `RuleError` with every schedule whose expression a PingSource has no words for.
    """
    import yaml  # noqa: PLC0415 -- 10 ms, for this command alone

    faults = [fault for schedule in schedules for fault in _faults(schedule)]
    if faults:
        raise RuleError(faults=faults)
    objects = [*(_ping_source(one, broker) for one in schedules), _trigger(broker, service)]
    if namespace is not None:
        for one in objects:
            one["metadata"]["namespace"] = namespace
    return _HEAD + yaml.dump_all(objects, Dumper=yaml.CSafeDumper, sort_keys=False)


def _faults(schedule: Schedule) -> Iterator[Fault]:
    *_, day, _month, weekday = schedule.cron.fields.split()
    if "L" in day or "#" in weekday or "L" in weekday:
        told = f"{schedule.cron.text!r}: a PingSource knows no L and no #: name the days"
        yield Fault(f"{schedule.name}.cron", told)


def _ping_source(schedule: Schedule, broker: str) -> dict[str, Any]:
    return {
        "apiVersion": "sources.knative.dev/v1",
        "kind": "PingSource",
        "metadata": {"name": f"schedule-{schedule.name}", "labels": dict(_LABELS)},
        "spec": {
            "schedule": _ping_cron(schedule),
            "timezone": schedule.cron.timezone,
            "contentType": "application/json",
            "data": f'{{"schedule": "{schedule.name}"}}',
            "sink": {
                "ref": {
                    "apiVersion": "eventing.knative.dev/v1",
                    "kind": "Broker",
                    "name": broker,
                }
            },
            "ceOverrides": {"extensions": dict(_MARK)},
        },
    }


def _ping_cron(schedule: Schedule) -> str:
    """Return the expression as robfig/cron reads it: to it Sunday is 0, never 7."""
    *others, weekday = schedule.cron.fields.split()
    return " ".join([*others, _weekdays(weekday) if set("7/") & set(weekday) else weekday])


def _weekdays(field: str) -> str:
    """Return a field of weekdays, one by one."""
    days = {day for term in field.split(",") for day in _days(term)}
    return ",".join(str(day) for day in sorted(days))


def _days(term: str) -> Iterator[int]:
    span, _, step = term.partition("/")
    begin, dash, end = span.partition("-")
    if span == "*":
        begin, end = "0", "7"
    elif not dash:
        end = "7" if step else begin
    for day in range(_day(begin), _day(end) + 1, int(step or 1)):
        yield day % 7


def _day(text: str) -> int:
    names = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
    return names.index(text) if text in names else int(text)


def _trigger(broker: str, service: str) -> dict[str, Any]:
    return {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Trigger",
        "metadata": {"name": "schedules-to-pictures", "labels": dict(_LABELS)},
        "spec": {
            "broker": broker,
            "filter": {"attributes": {"type": PING, **_MARK}},
            "subscriber": {
                "ref": {
                    "apiVersion": "serving.knative.dev/v1",
                    "kind": "Service",
                    "name": service,
                },
                "uri": "/events",
            },
            # over an hour in all; the longest that a Service of Knative's may take at a time
            "delivery": {
                "retry": 12,
                "backoffPolicy": "exponential",
                "backoffDelay": "PT1S",
                "timeout": "PT600S",
            },
        },
    }
