"""Knative's annotations and labels: known ones, where they count, with values that are taken."""

import re
from collections.abc import Callable, Iterator, Mapping

from manifests.objects import SERVING, Overlay, group_kind, name_of

__all__ = ["annotations_count"]

Check = Callable[[str], bool]


def _whole(least: int, most: int | None = None) -> Check:
    def check(text: str) -> bool:
        return text.isdecimal() and least <= int(text) and (most is None or int(text) <= most)

    return check


def _of(*words: str) -> Check:
    return lambda text: text in words


def _matching(pattern: str) -> Check:
    return lambda text: bool(re.fullmatch(pattern, text))


#: What counts on a Revision's template alone; on a Service the webhook refuses it.
_TEMPLATE: Mapping[str, Check] = {
    "autoscaling.knative.dev/class": _of("kpa.autoscaling.knative.dev"),
    "autoscaling.knative.dev/metric": _of("concurrency", "rps"),
    "autoscaling.knative.dev/target": lambda text: float(text) >= 0.01,
    "autoscaling.knative.dev/target-utilization-percentage": _whole(1, 100),
    "autoscaling.knative.dev/target-burst-capacity": lambda text: text == "-1" or int(text) >= 0,
    "autoscaling.knative.dev/min-scale": _whole(0),
    "autoscaling.knative.dev/max-scale": _whole(0),
    "autoscaling.knative.dev/initial-scale": _whole(0),
    "autoscaling.knative.dev/activation-scale": _whole(2),
    "autoscaling.knative.dev/scale-down-delay": _matching(r"\d+(s|m|h)"),
    "autoscaling.knative.dev/window": _matching(r"\d+(s|m|h)"),
    "autoscaling.knative.dev/scale-to-zero-pod-retention-period": _matching(r"\d+(s|m)|1h"),
    "serving.knative.dev/progress-deadline": _matching(r"\d+(s|m)"),
}

#: Elsewhere, by kind.
_ELSEWHERE: Mapping[str, Mapping[str, Check]] = {
    f"{SERVING}/Service": {
        "serving.knative.dev/rollout-duration": _matching(r"\d+(s|m)"),
        "networking.knative.dev/visibility": _of("cluster-local"),
    },
    f"{SERVING}/DomainMapping": {
        "networking.knative.dev/http-protocol": _of("enabled", "redirected"),
        "kourier.knative.dev/disable-http2": _of("true"),
    },
    "eventing.knative.dev/Broker": {
        "eventing.knative.dev/broker.class": _of("MTChannelBasedBroker", "Kafka"),
        "messaging.knative.dev/async-handler": _of("true", "false"),
    },
    "eventing.knative.dev/Trigger": {
        "kafka.eventing.knative.dev/delivery.order": _of("ordered", "unordered"),
    },
}

_RETENTION = "autoscaling.knative.dev/scale-to-zero-pod-retention-period"


def annotations_count(overlay: Overlay) -> Iterator[str]:
    """Each is one that Knative knows, where it reads it, with a value that it takes."""
    for one in overlay.objects:
        known = _ELSEWHERE.get(group_kind(one), {})
        yield from _unknown(name_of(one), one["metadata"], known)
    for service in overlay.of(f"{SERVING}/Service"):
        name, template = f"{name_of(service)}'s template", service["spec"]["template"]["metadata"]
        yield from _unknown(name, template, _TEMPLATE)
        if template["annotations"].get(_RETENTION) != "5m":
            yield f"{name}: {_RETENTION} is not 5m"


def _unknown(
    name: str, metadata: Mapping[str, Mapping[str, str]], known: Mapping[str, Check]
) -> Iterator[str]:
    for kind in ("annotations", "labels"):
        for key, value in metadata.get(kind, {}).items():
            if "knative.dev/" not in key:
                continue
            if key not in known:
                yield f"{name}: {key} counts for nothing here"
            elif not isinstance(value, str) or not _takes(known[key], value):
                yield f"{name}: {key}: {value!r} is not taken"


def _takes(check: Check, value: str) -> bool:
    try:
        return check(value)
    except ValueError:
        return False
