"""Concurrency and time limits: what one pod takes, when the next begins, what ends it."""

from collections.abc import Iterator

from manifests.objects import Overlay, Pod
from manifests.rules.programs import environment, program_of

__all__ = ["concurrency_is_what_is_drawn", "limits_are_fields", "sockets_live"]

#: Seconds: the most that a cluster as it comes allows.
_MOST = 600

#: Seconds for which a pod that ends is kept from SIGTERM, since it may still be asked; its grace is
#: its `timeoutSeconds`.
_QUIET = 30

_PREFIX = "autoscaling.knative.dev/"


def concurrency_is_what_is_drawn(overlay: Overlay) -> Iterator[str]:
    """Each pod takes what it renders and lets wait; the autoscaler aims at what it renders."""
    for pod, concurrency, target in _services(overlay):
        program = program_of(pod.program or {})
        if program is None or not concurrency:
            continue
        if _annotation(pod, "target-utilization-percentage") != "100":
            yield f"{pod.name}: aims at 70% of its target"
        settings = environment(overlay, pod)
        workers, jobs = (
            int(settings.get(name, 0)) for name in ("PLOTKILN_WORKERS", "PLOTKILN_JOB_WORKERS")
        )
        taken = jobs or workers + int(settings.get("PLOTKILN_QUEUE", 64))
        wanted = (taken, jobs or workers) if program.draws else (target, concurrency)
        if (concurrency, target) != wanted:
            yield f"{pod.name}: containerConcurrency and target are not {wanted}"


def limits_are_fields(overlay: Overlay) -> Iterator[str]:
    """Both time limits stand in the Service, within the cluster's, and leave time to end."""
    for pod, concurrency, _ in _services(overlay):
        limit, start = (
            pod.spec.get(name, -1) for name in ("timeoutSeconds", "responseStartTimeoutSeconds")
        )
        if not _QUIET < limit <= _MOST:
            yield f"{pod.name}: timeoutSeconds is not between {_QUIET} and {_MOST}"
        if concurrency and start != limit:
            yield f"{pod.name}: responseStartTimeoutSeconds is not timeoutSeconds, but 300"
        if "idleTimeoutSeconds" in pod.spec:
            yield f"{pod.name}: idleTimeoutSeconds ends sockets and quiet streams"


def sockets_live(overlay: Overlay) -> Iterator[str]:
    """Sockets come to one Service in any number, and live as long as a request may take."""
    for pod, concurrency, _ in _services(overlay):
        if (pod.program or {}).get("args") == ["live"]:
            limits = pod.spec.get("timeoutSeconds"), pod.spec.get("responseStartTimeoutSeconds")
            if (concurrency, *limits) != (0, _MOST, 0):
                yield f"{pod.name}: is not unlimited in sockets, and in time until they answer"


def _services(overlay: Overlay) -> Iterator[tuple[Pod, int, int]]:
    for pod in overlay.pods():
        if pod.is_service:
            target = int(_annotation(pod, "target") or 0)
            yield pod, pod.spec.get("containerConcurrency", 0), target


def _annotation(pod: Pod, name: str) -> str | None:
    said: str | None = pod.owner["spec"]["template"]["metadata"]["annotations"].get(_PREFIX + name)
    return said
