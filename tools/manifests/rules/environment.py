"""What a pod's variables say: names that somebody reads, and values with which plotkiln starts."""

import re
from collections.abc import Iterator, Mapping

from manifests.objects import Overlay, Pod
from manifests.rules.programs import PROGRAMS, environment, program_of
from plotkiln.cli.arguments import parser
from plotkiln.errors import SettingsError
from plotkiln.settings import VARIABLES, read_settings

__all__ = [
    "commands_are_known",
    "front_doors_alone_are_open",
    "publishers_know_the_broker",
    "settings_are_read",
]

#: The settings; the addresses of Consul are read together.
_KNOWN = frozenset(variable.name for variable in VARIABLES) | {
    "CONSUL_HOST",
    "CONSUL_HTTP_ADDR",
    "CONSUL_HTTP_SSL",
    "CONSUL_PORT",
}

#: Read by obstore, and by OpenTelemetry's own libraries.
_OTHERS = re.compile(r"(AWS|OTEL)_[A-Z_]+\Z")

#: What stands for a value that the operator gives.
_STAND_INS: Mapping[str, str] = {
    "PLOTKILN_REDIS_URL": "redis://given:6379/0",
    "PLOTKILN_SIGNING_KEYS": "given:" + "A" * 43 + "=",
}

_VISIBILITY = "networking.knative.dev/visibility"

_PUBLISHES = "plotkiln.publishes"


def settings_are_read(overlay: Overlay) -> Iterator[str]:
    """Each variable is a setting, and plotkiln would start with them."""
    for pod in overlay.pods():
        if pod.program is None:
            continue
        said = environment(overlay, pod)
        for name in sorted(said):
            if name not in _KNOWN and not _OTHERS.match(name):
                yield f"{pod.name}: nobody reads {name}"
        yield from _refused(pod, {name: said[name] for name in said if name in _KNOWN})


def _refused(pod: Pod, said: Mapping[str, str]) -> Iterator[str]:
    values = {
        name: _STAND_INS.get(name, value) if value == "given" else value
        for name, value in said.items()
    }
    if pod.is_service:
        values["K_SERVICE"] = pod.owner["metadata"]["name"]
    try:
        read_settings(values)
    except SettingsError as error:
        yield f"{pod.name}: {error}"


def commands_are_known(overlay: Overlay) -> Iterator[str]:
    """Each pod of plotkiln runs a program that there is, with arguments that it takes."""
    for pod in overlay.pods():
        for container in pod.containers:
            if "plotkiln" not in container["image"] or container.get("args") == ["--version"]:
                continue
            try:
                parser().parse_args(container.get("args", []))
            except SystemExit:
                yield f"{pod.name}: plotkiln takes no {container.get('args')}"
            if program_of(container) is None:
                yield f"{pod.name}: {container.get('args')} is none of {', '.join(PROGRAMS)}"


def front_doors_alone_are_open(overlay: Overlay) -> Iterator[str]:
    """Who is reached from outside takes no events; who takes some is reached from inside alone."""
    subscribers = {
        trigger["spec"]["subscriber"]["ref"]["name"]
        for trigger in overlay.of("eventing.knative.dev/Trigger")
    }
    for pod in overlay.pods():
        program = program_of(pod.program or {})
        if not pod.is_service or program is None:
            continue
        name = pod.owner["metadata"]["name"]
        inside = pod.owner["metadata"].get("labels", {}).get(_VISIBILITY) == "cluster-local"
        if not inside and (name in subscribers or not program.is_front):
            yield f"{pod.name}: is open to the outside"
        accepts = environment(overlay, pod).get("PLOTKILN_EVENTS")
        if not inside and pod.containers[0]["args"] == ["serve"] and accepts != "off":
            yield f"{pod.name}: takes events from the outside"


def publishers_know_the_broker(overlay: Overlay) -> Iterator[str]:
    """Whatever sends events is told where: by K_SINK at first, a Service by the binding, too."""
    for pod in overlay.pods():
        program = program_of(pod.program or {})
        if program is None or not program.sends:
            continue
        labels = pod.owner["metadata"].get("labels", {})
        if pod.is_service and labels.get(_PUBLISHES) != "true":
            yield f"{pod.name}: no SinkBinding tells it where the broker is"
        if "K_SINK" not in environment(overlay, pod):
            yield f"{pod.name}: has no K_SINK"
    for sink in overlay.of("/ConfigMap"):
        address = sink.get("data", {}).get("K_SINK")
        for broker in overlay.of("eventing.knative.dev/Broker"):
            metadata = broker["metadata"]
            if address and not address.endswith(f"/{metadata['namespace']}/{metadata['name']}"):
                yield f"K_SINK={address} is not the address of {metadata['namespace']}'s broker"
