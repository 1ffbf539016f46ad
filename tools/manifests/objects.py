"""The objects of one overlay, and what is asked of them again and again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

__all__ = ["Given", "Object", "Overlay", "Pod", "name_of"]

Object = Mapping[str, Any]

SERVING = "serving.knative.dev"
EVENTING = "eventing.knative.dev"

#: Where the pod of each kind stands.
_TEMPLATES: Mapping[str, Sequence[str]] = {
    f"{SERVING}/Service": ("spec", "template"),
    "apps/Deployment": ("spec", "template"),
    "apps/DaemonSet": ("spec", "template"),
    "apps/StatefulSet": ("spec", "template"),
    "batch/Job": ("spec", "template"),
    "batch/CronJob": ("spec", "jobTemplate", "spec", "template"),
    "sinks.knative.dev/JobSink": ("spec", "job", "spec", "template"),
}


class Given(NamedTuple):
    """What an overlay's README says that its operator creates."""

    kind: str
    name: str
    keys: frozenset[str]


class Pod(NamedTuple):
    """What a pod will be, and whose it is."""

    owner: Object
    labels: Mapping[str, str]
    spec: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How a fault calls it: `Service plot`."""
        return name_of(self.owner)

    @property
    def is_service(self) -> bool:
        """Whether Knative Serving runs it."""
        return group_kind(self.owner) == f"{SERVING}/Service"

    @property
    def containers(self) -> Sequence[Mapping[str, Any]]:
        """Return its containers, those before its start included."""
        return [*self.spec.get("initContainers", ()), *self.spec["containers"]]

    @property
    def program(self) -> Mapping[str, Any] | None:
        """Return the container that runs plotkiln for as long as the pod is there, if one does."""
        found = [one for one in self.spec["containers"] if "plotkiln" in one["image"]]
        return found[0] if found else None


class Overlay(NamedTuple):
    """Everything that an overlay applies, and everything that it takes for given."""

    objects: Sequence[Object]
    given: Sequence[Given] = ()

    def of(self, *kinds: str) -> Iterator[Object]:
        """Yield the objects of these kinds: `eventing.knative.dev/Trigger`, `/Secret`."""
        return (one for one in self.objects if group_kind(one) in kinds)

    def find(self, kind: str, name: str) -> Object | None:
        """Return one object, None where it is not applied."""
        return next((one for one in self.of(kind) if one["metadata"]["name"] == name), None)

    def pods(self) -> Iterator[Pod]:
        """Yield what every object will run."""
        for one in self.objects:
            place = _TEMPLATES.get(group_kind(one))
            if place:
                template = one
                for step in place:
                    template = template[step]
                yield Pod(one, _labels(one, template), template["spec"])

    def is_given(self, kind: str, name: str, key: str | None = None) -> bool:
        """Say whether the operator creates it, with this key in it."""
        return any(
            one.kind == kind and one.name == name and (key is None or key in one.keys)
            for one in self.given
        )


def group_kind(one: Object) -> str:
    """Return `serving.knative.dev/Service`, `/Service`."""
    group, slash, _ = one["apiVersion"].rpartition("/")
    return f"{group if slash else ''}/{one['kind']}"


def name_of(one: Object) -> str:
    """Return how a fault calls an object."""
    return f"{one['kind']} {one['metadata']['name']}"


def _labels(owner: Object, template: Object) -> Mapping[str, str]:
    """Return the labels of its pods; Knative Serving adds the Service's name."""
    labels = dict(template.get("metadata", {}).get("labels", {}))
    if group_kind(owner) == f"{SERVING}/Service":
        labels["serving.knative.dev/service"] = owner["metadata"]["name"]
    return labels
