"""Every name that an object names: there is such an object, here or as given."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.objects import SERVING, Object, Overlay, Pod, group_kind, name_of
from manifests.rules.delivery import destinations

__all__ = ["names_lead_somewhere", "policies_select_pods"]


def names_lead_somewhere(overlay: Overlay) -> Iterator[str]:
    """Brokers, Services, JobSinks, ConfigMaps, Secrets with their keys, accounts: all are there."""
    for one in overlay.objects:
        if group_kind(one).partition("/")[0].endswith("knative.dev"):
            for ref in destinations(one):
                yield from _missing(overlay, one, ref)
    for pod in overlay.pods():
        yield from _missing_of(overlay, pod)
    for one in overlay.of("/ConfigMap"):
        secret = one.get("data", {}).get("auth.secret.ref.name")
        if secret and not _holds(overlay, "Secret", secret, "protocol"):
            yield f"{name_of(one)}: there is no Secret {secret}"
    for one in overlay.of(f"{SERVING}/DomainMapping"):
        secret = one["spec"].get("tls", {}).get("secretName", "")
        if not _holds(overlay, "Secret", secret, "tls.crt"):
            yield f"{name_of(one)}: there is no Secret {secret} with tls.crt"


def _missing_of(overlay: Overlay, pod: Pod) -> Iterator[str]:
    account = pod.spec.get("serviceAccountName")
    if account and overlay.find("/ServiceAccount", account) is None:
        yield f"{pod.name}: there is no ServiceAccount {account}"
    for kind, name, key in _sources(pod):
        if not _holds(overlay, kind, name, key):
            yield f"{pod.name}: there is no {kind} {name}" + (f" with {key}" if key else "")


def _missing(overlay: Overlay, one: Object, ref: Mapping[str, Any]) -> Iterator[str]:
    group = ref["apiVersion"].rpartition("/")[0]
    kind, name = ref["kind"], ref["name"]
    if kind == "ConfigMap":
        found = _holds(overlay, kind, name, None)
    else:
        found = overlay.find(f"{group}/{kind}", name) is not None
    if not found:
        yield f"{name_of(one)}: there is no {kind} {name}"


def _sources(pod: Pod) -> Iterator[tuple[str, str, str | None]]:
    """Yield each ConfigMap and Secret that a pod cannot start without, with a key of it."""
    for container in pod.containers:
        for source in container.get("envFrom", ()):
            yield from ((kind, one["name"], None) for kind, one in _named(source, "Ref"))
        for variable in container.get("env", ()):
            chosen = variable.get("valueFrom", {})
            yield from ((kind, one["name"], one["key"]) for kind, one in _named(chosen, "KeyRef"))
    for volume in pod.spec.get("volumes", ()):
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"], None
        if "secret" in volume and not volume["secret"].get("optional"):
            yield "Secret", volume["secret"]["secretName"], None


def _named(source: Mapping[str, Any], ending: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind, member in (("ConfigMap", "configMap"), ("Secret", "secret")):
        if member + ending in source:
            yield kind, source[member + ending]


def _holds(overlay: Overlay, kind: str, name: str, key: str | None) -> bool:
    applied = overlay.find(f"/{kind}", name)
    if applied is None:
        return overlay.is_given(kind, name, key)
    return key is None or key in {**applied.get("data", {}), **applied.get("stringData", {})}


def policies_select_pods(overlay: Overlay) -> Iterator[str]:
    """Each NetworkPolicy is about pods that there will be, and every pod is behind one."""
    labels = [pod.labels for pod in overlay.pods()]
    for policy in overlay.of("networking.k8s.io/NetworkPolicy"):
        for selector in _selectors(policy):
            if not any(_selects(selector, one) for one in labels):
                yield f"{name_of(policy)}: selects no pod: {selector}"
    everybody = [
        one
        for one in overlay.of("networking.k8s.io/NetworkPolicy")
        if not one["spec"]["podSelector"] and "ingress" not in one["spec"]
    ]
    if not everybody:
        yield "no NetworkPolicy closes what the others do not open"


def _selectors(policy: Object) -> Iterator[Mapping[str, Any]]:
    spec = policy["spec"]
    yield spec["podSelector"]
    for direction, whom in (("ingress", "from"), ("egress", "to")):
        for rule in spec.get(direction, ()):
            for peer in rule.get(whom, ()):
                if "podSelector" in peer and "namespaceSelector" not in peer:
                    yield peer["podSelector"]


def _selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for one in selector.get("matchExpressions", ()):
        there = one["key"] in labels
        if one["operator"] == "Exists" and not there:
            return False
        if one["operator"] == "In" and labels.get(one["key"]) not in one["values"]:
            return False
    return True
