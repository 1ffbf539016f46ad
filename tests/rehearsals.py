"""Runs an overlay's Services as processes of one machine, delivered to by its own Triggers."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import yaml
from manifests.objects import EVENTING, Overlay, Pod
from manifests.rules.programs import environment

from event_sinks import EventSink
from kilns import Kiln
from servers import wait_until

__all__ = ["Rehearsal", "rehearsal"]


class Rehearsal(NamedTuple):
    """The Broker, the Services by their names, and what stands for the JobSink."""

    broker: Kiln
    #: Where events are sent.
    ingress: str
    services: Mapping[str, Kiln]
    #: Takes what is to be a Job.
    jobsink: EventSink
    #: What the pod of such a Job runs, once it is given the event.
    job: Kiln


@contextmanager
def rehearsal(
    overlay: Overlay, folder: Path, *, hosts: Mapping[str, str], secrets: Mapping[str, str]
) -> Iterator[Rehearsal]:
    """Start every Service of an overlay by its own arguments and variables.

    `hosts` say where the addresses of the cluster are here, `secrets` what it keeps secret. What
    Knative does in a cluster is done by hand: it sets PORT and K_SERVICE. K_SINK is that of the
    manifests alone, as in first Revisions, which no SinkBinding has seen.
    """
    pods = {pod.owner["metadata"]["name"]: pod for pod in overlay.pods()}
    services = {
        name: _program(pod, folder / name, overlay) for name, pod in pods.items() if pod.is_service
    }
    jobsink = EventSink()
    addresses = {name: f"{kiln.url}/" for name, kiln in services.items()}
    addresses["long-jobs"] = jobsink.url
    broker = Kiln(
        folder / "broker",
        PLOTKILN_TRIGGERS=str(_triggers(overlay, folder)),
        PLOTKILN_SUBSCRIBERS=",".join(f"{name}={url}" for name, url in addresses.items()),
    )
    (declared,) = overlay.of(f"{EVENTING}/Broker")
    metadata = declared["metadata"]
    ingress = f"{broker.url}/broker/{metadata['namespace']}/{metadata['name']}"
    hosts = {**hosts, _sink(overlay): ingress}
    for name, kiln in services.items():
        kiln.settings = _here(kiln.settings, hosts) | {"K_SERVICE": name} | dict(secrets)
    job = _program(pods["long-jobs"], folder / "job", overlay)
    job.settings = _here(job.settings, hosts) | dict(secrets)
    with jobsink, _started([broker, *services.values()]):
        yield Rehearsal(broker, ingress, services, jobsink, job)


def _sink(overlay: Overlay) -> str:
    """Return the Broker's address in the cluster."""
    config = overlay.find("/ConfigMap", "plotkiln-sink")
    assert config is not None
    return str(config["data"]["K_SINK"])


def _program(pod: Pod, data: Path, overlay: Overlay) -> Kiln:
    program = pod.program
    assert program is not None
    settings = environment(overlay, pod) | {
        "PLOTKILN_DATA": str(data),
        "PLOTKILN_LOG_LEVEL": "WARNING",
    }
    settings = _here(settings, dict(_mounted(pod, data, overlay)))
    return Kiln(data, command=[sys.executable, "-m", "plotkiln", *program["args"]], **settings)


def _mounted(pod: Pod, data: Path, overlay: Overlay) -> Iterator[tuple[str, str]]:
    """Write each ConfigMap that a pod mounts; yield its place there and here."""
    assert pod.program is not None
    mounts = {one["name"]: one["mountPath"] for one in pod.program["volumeMounts"]}
    for volume in pod.spec["volumes"]:
        if "configMap" in volume:
            place = data / volume["name"]
            place.mkdir(parents=True)
            config = overlay.find("/ConfigMap", volume["configMap"]["name"])
            assert config is not None
            for name, content in config["data"].items():
                (place / name).write_text(content)
            yield mounts[volume["name"]], str(place)


def _triggers(overlay: Overlay, folder: Path) -> Path:
    """Write the Broker and its Triggers as they are applied."""
    place = folder / "triggers"
    place.mkdir(parents=True)
    objects = [*overlay.of(f"{EVENTING}/Broker", f"{EVENTING}/Trigger")]
    (place / "applied.yaml").write_text(yaml.safe_dump_all(objects))
    return place


def _here(settings: Mapping[str, str], hosts: Mapping[str, str]) -> dict[str, str]:
    found = dict(settings)
    for name, value in found.items():
        for there, here in hosts.items():
            found[name] = found[name].replace(there, here) if there in value else found[name]
    return found


@contextmanager
def _started(kilns: Sequence[Kiln]) -> Iterator[None]:
    with ExitStack() as stack:
        for one in kilns:
            stack.callback(one.__exit__, None, None, None)
            one.launch()
        for one in kilns:
            wait_until(one.ready, 120)
        yield
