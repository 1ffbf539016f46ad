"""Pods: what Knative lets them say, what they may do, and whether what they run fits into them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from manifests.objects import Overlay, Pod
from manifests.rules.programs import environment, program_of

__all__ = [
    "images_are_pinned",
    "pods_are_locked",
    "pods_fit",
    "probes_tell",
    "services_say_what_is_allowed",
]

#: What a Service's pod may say unless the cluster's operators allow more (config-features).
_POD_FIELDS = frozenset(
    {
        "automountServiceAccountToken",
        "containerConcurrency",
        "containers",
        "enableServiceLinks",
        "idleTimeoutSeconds",
        "imagePullSecrets",
        "responseStartTimeoutSeconds",
        "serviceAccountName",
        "timeoutSeconds",
        "volumes",
    }
)
_VOLUMES = frozenset({"configMap", "emptyDir", "name", "projected", "secret"})
_RESERVED_NAMES = frozenset({"PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION"})
_RESERVED_PORTS = frozenset({8008, 8012, 8013, 8022, 8112, 9090, 9091})

#: MiB: what the processes share, and the web process has for itself.
_SHARED = 192

_UNITS = {"Mi": 1, "Gi": 1024}


def services_say_what_is_allowed(overlay: Overlay) -> Iterator[str]:
    """No Service says what Knative's webhook refuses on a cluster as it comes."""
    for pod in overlay.pods():
        if not pod.is_service:
            continue
        for field in sorted(set(pod.spec) - _POD_FIELDS):
            yield f"{pod.name}: {field} is refused unless a feature is on"
        for volume in pod.spec["volumes"]:
            if set(volume) - _VOLUMES:
                yield f"{pod.name}: the volume {volume['name']} is refused unless a feature is on"
        for container in pod.containers:
            yield from _reserved(pod.name, container)


def _reserved(name: str, container: Mapping[str, Any]) -> Iterator[str]:
    for one in container.get("env", ()):
        if one["name"] in _RESERVED_NAMES:
            yield f"{name}: {one['name']} is set by Knative alone"
    ports = container["ports"]
    if len(ports) != 1 or ports[0].get("name") not in {"http1", "h2c", None}:
        yield f"{name}: has one port, named http1"
    if ports[0]["containerPort"] in _RESERVED_PORTS:
        yield f"{name}: the port {ports[0]['containerPort']} is Knative's own"


def pods_are_locked(overlay: Overlay) -> Iterator[str]:
    """No pod writes to its image, is root, has a token of Kubernetes', or gets service links."""
    accounts = {one["metadata"]["name"]: one for one in overlay.of("/ServiceAccount")}
    for pod in overlay.pods():
        if pod.spec.get("enableServiceLinks") is not False:
            yield f"{pod.name}: enableServiceLinks: a Service named `consul` would set CONSUL_PORT"
        account = accounts.get(pod.spec.get("serviceAccountName", ""), {})
        tokens = pod.spec.get(
            "automountServiceAccountToken", account.get("automountServiceAccountToken")
        )
        if tokens is not False and not _needs_token(environment(overlay, pod)):
            yield f"{pod.name}: has a token of Kubernetes'"
        for container in pod.containers:
            yield from _unlocked(pod, container)
        for volume in pod.spec.get("volumes", ()):
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{pod.name}: the volume {volume['name']} may fill the node"


def _needs_token(settings: Mapping[str, str]) -> bool:
    """Say whether a pod asks Kubernetes' API for the keys by which events are signed."""
    return "//kubernetes.default.svc" in settings.get("PLOTKILN_EVENTS_ISSUER", "")


def _unlocked(pod: Pod, container: Mapping[str, Any]) -> Iterator[str]:
    wanted = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsGroup": 65532,
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    said = {**pod.spec.get("securityContext", {}), **container.get("securityContext", {})}
    for field, value in wanted.items():
        if said.get(field) != value:
            yield f"{pod.name}: {field} is not {value}"
    mounts = {one["mountPath"] for one in container.get("volumeMounts", ())}
    if container is pod.program and "/tmp" not in mounts:  # noqa: S108 -- a pod's
        yield f"{pod.name}: has no /tmp to write to"


def images_are_pinned(overlay: Overlay) -> Iterator[str]:
    """Each image has a tag of one release, or a digest; none what moves."""
    for pod in overlay.pods():
        for container in pod.containers:
            _, _, tag = container["image"].rpartition("/")[2].partition(":")
            pinned = "@sha256:" in container["image"] or re.search(r"\d+\.\d+|\d{4}-\d\d-\d\d", tag)
            if not pinned:
                yield f"{pod.name}: the image {container['image']} is no one release's"


def probes_tell(overlay: Overlay) -> Iterator[str]:
    """Readiness is asked as fast as Knative can; life and start as what they are."""
    for pod in overlay.pods():
        if pod.is_service:
            container = pod.containers[0]
            for kind, path in (
                ("readinessProbe", "/health/ready"),
                ("startupProbe", "/health/live"),
                ("livenessProbe", "/health/live"),
            ):
                if container.get(kind, {}).get("httpGet", {}).get("path") != path:
                    yield f"{pod.name}: {kind} does not ask {path}"
            if set(container.get("readinessProbe", ())) != {"httpGet"}:
                yield f"{pod.name}: a readinessProbe that says when is not asked every 50 ms"


def pods_fit(overlay: Overlay) -> Iterator[str]:
    """Each container has bounds, and all that plotkiln may take at once stays below them."""
    for pod in overlay.pods():
        for container in pod.containers:
            resources = container.get("resources", {})
            if not {"cpu", "memory"} <= set(resources.get("requests", ())):
                yield f"{pod.name}: asks for no processor, or no memory"
            if "memory" not in resources.get("limits", ()):
                yield f"{pod.name}: has no limit of memory"
        yield from _overfull(overlay, pod)


def _overfull(overlay: Overlay, pod: Pod) -> Iterator[str]:
    container = pod.program
    program = program_of(container or {})
    if container is None or program is None or not program.draws:
        return
    settings = environment(overlay, pod)
    workers = int(settings.get("PLOTKILN_WORKERS", 0)) + int(
        settings.get("PLOTKILN_JOB_WORKERS", 0)
    )
    if not workers and pod.is_service:
        yield f"{pod.name}: PLOTKILN_WORKERS would be the node's processors"
    most = (
        max(workers, 1) * int(settings.get("PLOTKILN_WORKER_MEMORY", 1024))
        + int(settings.get("PLOTKILN_RECENT_SIZE", 64))
        + int(settings.get("PLOTKILN_MEMORY_RESERVE", 128))
        + _SHARED
    )
    limit = container["resources"].get("limits", {}).get("memory", "0Mi")
    if most > int(limit[:-2]) * _UNITS[limit[-2:]]:
        yield f"{pod.name}: may take {most} MiB, more than its {limit}"
