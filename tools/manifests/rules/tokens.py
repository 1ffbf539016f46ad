"""Where events come with tokens of the cluster's own: whom each is for, and who has one."""

from collections.abc import Iterator, Mapping
from typing import Any

from manifests.objects import EVENTING, Overlay, Pod, name_of
from manifests.rules.programs import environment, program_of

__all__ = ["deliveries_name_their_audience", "senders_have_a_token"]


def deliveries_name_their_audience(overlay: Overlay) -> Iterator[str]:
    """Each delivery names the audience that its Service asks for, and no other."""
    services = {pod.owner["metadata"]["name"]: pod for pod in overlay.pods() if pod.is_service}
    for one in overlay.of(f"{EVENTING}/Trigger", f"{EVENTING}/Broker"):
        spec = one["spec"]
        for holder in (spec.get("subscriber"), spec.get("delivery", {}).get("deadLetterSink")):
            if holder:
                ref = holder["ref"]
                pod = services.get(ref["name"]) if ref["kind"] == "Service" else None
                wanted = _asked_for(overlay, pod)
                if holder.get("audience") != wanted:
                    yield f"{name_of(one)}: {ref['kind']} {ref['name']} wants the audience {wanted}"


def _asked_for(overlay: Overlay, pod: Pod | None) -> str | None:
    settings = environment(overlay, pod) if pod else {}
    return settings.get("PLOTKILN_EVENTS_AUDIENCE") if _with_tokens(settings) else None


def _with_tokens(settings: Mapping[str, str]) -> bool:
    return settings.get("PLOTKILN_EVENTS") == "oidc"


def senders_have_a_token(overlay: Overlay) -> Iterator[str]:
    """Whoever sends events, and gets no token by a binding, mounts one for the Broker."""
    for pod in overlay.pods():
        program = program_of(pod.program or {})
        if pod.is_service or program is None or not program.sends:
            continue
        if _with_tokens(environment(overlay, pod)) and not _brokers(overlay) <= {*_tokens(pod)}:
            yield f"{pod.name}: has no token for the Broker at /oidc/token"


def _brokers(overlay: Overlay) -> set[str]:
    """Return the audience of each Broker."""
    found = (one["metadata"] for one in overlay.of(f"{EVENTING}/Broker"))
    return {f"eventing.knative.dev/broker/{one['namespace']}/{one['name']}" for one in found}


def _tokens(pod: Pod) -> Iterator[str]:
    """Yield the audience of each token at /oidc/token."""
    container: Mapping[str, Any] = pod.program or {}
    at = {one["name"]: one["mountPath"] for one in container.get("volumeMounts", ())}
    for volume in pod.spec.get("volumes", ()):
        for source in volume.get("projected", {}).get("sources", ()):
            token = source.get("serviceAccountToken", {})
            if (at.get(volume["name"]), token.get("path")) == ("/oidc", "token"):
                yield token["audience"]
