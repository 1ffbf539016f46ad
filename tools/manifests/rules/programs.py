"""What each program of plotkiln sends, replies and draws: what its manifests are held against."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from manifests.objects import Overlay, Pod

__all__ = [
    "PROGRAMS",
    "Program",
    "environment",
    "longest_work",
    "program_of",
    "variables",
]


class Program(NamedTuple):
    """One program, as its arguments name it."""

    #: Types of events that it sends by itself, to K_SINK.
    sends: frozenset[str] = frozenset()
    #: Types of the replies that it gives, by what it is delivered.
    replies: Mapping[str, str] = {}
    #: Whether it has render processes.
    draws: bool = False
    #: Whether it may be reached from outside of the cluster.
    is_front: bool = False


_JOBS = ("plotkiln.job.requested", "plotkiln.job.requested.long")

_CHANGES = frozenset({"plotkiln.artifact.updated", "plotkiln.style.changed"})

PROGRAMS: Mapping[str, Program] = {
    "serve": Program(
        sends=_CHANGES | set(_JOBS) | {"plotkiln.job.finished"},
        replies=dict.fromkeys(_JOBS, "plotkiln.job.finished"),
        draws=True,
        is_front=True,
    ),
    "live": Program(is_front=True),
    "counter homepage": Program(sends=frozenset({"plotkiln.new_hit"}), is_front=True),
    "counter count": Program(replies={"plotkiln.new_hit": "plotkiln.hits"}),
    "counter draw": Program(sends=_CHANGES, draws=True),
    "events keep": Program(),
    "job run": Program(sends=frozenset(_JOBS), draws=True),
    "sweep": Program(sends=frozenset(_JOBS)),
    "sweep --jobs": Program(sends=frozenset(_JOBS)),
    "styles seed": Program(),
    "--version": Program(),
}

#: Seconds that a cold start may add: an image that is there, a zygote, a store that is slow.
_COLD = 30.0


def program_of(container: Mapping[str, Any]) -> Program | None:
    """Return what a container runs, None where that is no program of plotkiln."""
    return PROGRAMS.get(" ".join(container.get("args", ())))


def environment(overlay: Overlay, pod: Pod) -> dict[str, str]:
    """Return what plotkiln reads in a pod; what is given by others is `given`."""
    return variables(overlay, pod.program or {})


def variables(overlay: Overlay, container: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables of any container, as `environment` does."""
    found: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        for member, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            if member in source:
                found |= _data(overlay, kind, source[member]["name"])
    for one in container.get("env", ()):
        found[one["name"]] = str(one.get("value", "given"))
    return found


def _data(overlay: Overlay, kind: str, name: str) -> dict[str, str]:
    applied = overlay.find(f"/{kind}", name)
    if applied is not None:
        data = applied.get("data", {})
        return dict(data) if kind == "ConfigMap" else dict.fromkeys(data, "given")
    return {key: "given" for one in overlay.given if one.name == name for key in one.keys}


def longest_work(overlay: Overlay, pod: Pod, *, jobs: bool) -> float:
    """Return the seconds after which a pod has answered, whatever it was asked, even cold."""
    program = program_of(pod.program or {})
    if program is None or not program.draws:
        return _COLD
    settings = environment(overlay, pod)
    if jobs:
        return float(settings.get("PLOTKILN_JOB_BUDGET", 600)) + _COLD
    # waiting for a process may take as long as drawing
    return 2 * float(settings.get("PLOTKILN_BUDGET", 20)) + _COLD
