"""Triggers: what they want, to whom it goes, how often, and where it goes if it cannot."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.objects import EVENTING, Object, Overlay, Pod, group_kind, name_of
from manifests.rules.programs import longest_work, program_of
from plotkiln.events.delivery import seconds

__all__ = [
    "deliveries_are_complete",
    "deliveries_outlast_work",
    "filters_are_exact",
    "no_event_goes_round",
]

_FIELDS = ("retry", "backoffPolicy", "backoffDelay", "timeout", "deadLetterSink")

_TRIGGER = f"{EVENTING}/Trigger"


def deliveries_are_complete(overlay: Overlay) -> Iterator[str]:
    """Each Trigger says every field: one that says any loses what its Broker says of the others."""
    for one in overlay.of(_TRIGGER, f"{EVENTING}/Broker"):
        delivery = one["spec"].get("delivery", {})
        for field in _FIELDS:
            if field not in delivery:
                yield f"{name_of(one)}: delivery.{field} is missing"
        if "retryAfterMax" in delivery:
            yield f"{name_of(one)}: delivery.retryAfterMax is refused unless an alpha feature is on"
        for field in ("backoffDelay", "timeout"):
            if field in delivery and _seconds(delivery[field]) is None:
                yield f"{name_of(one)}: delivery.{field}: {delivery[field]!r} is no duration"


def _seconds(text: str) -> float | None:
    try:
        return seconds(text)
    except ValueError:
        return None


def filters_are_exact(overlay: Overlay) -> Iterator[str]:
    """Each Trigger wants one type of events, by an exact text: every class of Broker knows that."""
    for one in overlay.of(_TRIGGER):
        if not one["spec"].get("filter", {}).get("attributes", {}).get("type"):
            yield f"{name_of(one)}: wants no type of events"
        if "filters" in one["spec"]:
            yield f"{name_of(one)}: `filters` overrides `filter`, and not every Broker knows it"


def deliveries_outlast_work(overlay: Overlay) -> Iterator[str]:
    """No attempt ends before its Service has answered: from a cold start, the longest render."""
    for trigger, pod in _served(overlay):
        timeout = _seconds(trigger["spec"]["delivery"]["timeout"]) or 0.0
        longest = longest_work(overlay, pod, jobs=_is_long(trigger))
        if timeout < longest:
            yield f"{name_of(trigger)}: delivery.timeout is less than {pod.name}'s {longest:g} s"
        if pod.spec["timeoutSeconds"] < longest:
            yield f"{pod.name}: timeoutSeconds is less than {longest:g}"


def _is_long(trigger: Object) -> bool:
    """Say whether its events are drawn with the time limit of jobs."""
    wanted = trigger["spec"]["filter"]["attributes"]
    type_: str = wanted["type"]
    return type_.startswith("plotkiln.job.") or wanted.get("plotkiln") == "schedule"


def _served(overlay: Overlay) -> Iterator[tuple[Object, Pod]]:
    pods = {pod.owner["metadata"]["name"]: pod for pod in overlay.pods() if pod.is_service}
    for trigger in overlay.of(_TRIGGER):
        ref = trigger["spec"]["subscriber"]["ref"]
        if ref["kind"] == "Service" and ref["name"] in pods:
            yield trigger, pods[ref["name"]]


def no_event_goes_round(overlay: Overlay) -> Iterator[str]:
    """No reply comes back, by whatever way, to the Service that gave it; nor what it sends."""
    leads = _leads(overlay)
    for type_, following in leads.items():
        seen, ahead = set[str](), set(following)
        while ahead:
            seen |= ahead
            ahead = {after for one in ahead for after in leads.get(one, ())} - seen
        if type_ in seen:
            yield f"events of type {type_} lead to events of type {type_}"
    for trigger, pod in _served(overlay):
        program, wanted = program_of(pod.program or {}), trigger["spec"]["filter"]["attributes"]
        # a job that is asked for again is another attempt, with an event of its own
        is_job = wanted["type"].startswith("plotkiln.job.requested")
        if program and wanted["type"] in program.sends and not is_job:
            yield f"{name_of(trigger)}: {pod.name} is sent what it sends"


def _leads(overlay: Overlay) -> Mapping[str, set[str]]:
    """Return which type of event is the reply to which."""
    leads: dict[str, set[str]] = {}
    for trigger, pod in _served(overlay):
        program = program_of(pod.program or {})
        type_ = trigger["spec"]["filter"]["attributes"]["type"]
        if program and type_ in program.replies:
            leads.setdefault(type_, set()).add(program.replies[type_])
    return leads


def destinations(one: Object) -> Iterator[Mapping[str, Any]]:
    """Yield each `ref` of an object of Eventing or Serving."""
    spec = one["spec"]
    delivery = spec.get("delivery", {})
    for holder in (spec.get("subscriber"), delivery.get("deadLetterSink"), spec.get("sink"), spec):
        if holder and "ref" in holder:
            yield holder["ref"]
    subject = spec.get("subject", {})
    if "name" in subject:
        yield subject
    if group_kind(one) == _TRIGGER:
        yield {"apiVersion": f"{EVENTING}/v1", "kind": "Broker", "name": spec["broker"]}
