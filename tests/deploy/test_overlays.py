"""What stands in several places of `deploy/knative` is the same in all of them."""

import copy
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from manifests.building import OVERLAYS, ROOT, build, kustomize, overlay
from manifests.objects import EVENTING, Overlay, group_kind

from conftest import require
from plotkiln import __version__
from plotkiln.schedules.documents import read_schedules
from plotkiln.schedules.manifest import manifest
from redis_servers import RedisServer
from servers import Consul, free_port, wait_until


@pytest.mark.parametrize("name", OVERLAYS)
def test_the_image_is_this_version(overlays: Callable[[str], Overlay], name: str) -> None:
    """Every pod of plotkiln runs the release that the manifests came with."""
    images = {
        one["image"]
        for pod in overlays(name).pods()
        for one in pod.containers
        if "plotkiln" in one["image"]
    }
    assert {image.rpartition(":")[2] for image in images} == {__version__}


@pytest.mark.parametrize("name", OVERLAYS)
def test_one_place_says_the_namespace(tmp_path: Path, name: str) -> None:
    """Changed there it is changed everywhere, in addresses and claims, too."""
    require(kustomize(), "kustomize")
    shutil.copytree(ROOT, tmp_path / "knative")
    place = tmp_path / "knative/finish/namespace.yaml"
    place.write_text(place.read_text().replace("namespace: plotkiln\n", "namespace: elsewhere\n"))
    objects = build(tmp_path / "knative/overlays" / name)
    for one in objects:
        unbound = group_kind(one) in {
            "/Namespace",
            "networking.internal.knative.dev/ClusterDomainClaim",
        }
        assert one["metadata"].get("namespace") == (None if unbound else "elsewhere")
        if unbound:
            assert "elsewhere" in {one["metadata"]["name"], one.get("spec", {}).get("namespace")}
    (sink,) = (one for one in objects if one["metadata"]["name"] == "plotkiln-sink")
    assert sink["data"]["K_SINK"].endswith("/elsewhere/default")


def test_a_changed_setting_makes_a_new_revision(tmp_path: Path) -> None:
    """Whatever reads the settings names them by their content, and so does no other."""
    require(kustomize(), "kustomize")
    shutil.copytree(ROOT, tmp_path / "knative")
    with (tmp_path / "knative/base/settings.env").open("a") as settings:
        settings.write("PLOTKILN_LOG_LEVEL=DEBUG\n")
    before, after = overlay("minimal"), Overlay(build(tmp_path / "knative/overlays/minimal"))
    for was, becomes in zip(before.pods(), after.pods(), strict=True):
        reads = "plotkiln-settings-" in str(was.spec)
        assert (was.spec != becomes.spec) is reads


def test_pings_are_made_of_the_schedules() -> None:
    """`plotkiln schedules manifest` made what the component applies."""
    folder = ROOT / "components/schedules"
    schedules = read_schedules((folder / "schedules.yaml").read_bytes())
    assert (folder / "pings.yaml").read_text() == manifest(
        schedules, broker="default", service="render"
    )


def test_kafka_has_no_leftover_of_channels(production: Overlay) -> None:
    """A Broker of another class has its own configuration, and its own address."""
    (broker,) = production.of(f"{EVENTING}/Broker")
    assert broker["metadata"]["annotations"] == {"eventing.knative.dev/broker.class": "Kafka"}
    assert production.find("/ConfigMap", broker["spec"]["config"]["name"]) is not None
    sink = production.find("/ConfigMap", "plotkiln-sink")
    assert sink is not None
    assert sink["data"]["K_SINK"].startswith("http://kafka-broker-ingress.knative-eventing.svc")


def test_those_who_write_styles_have_the_token(production: Overlay) -> None:
    """The front door and the seeds may write; everything else reads."""
    found = {pod.name: _secret(pod.spec) for pod in production.pods() if pod.program}
    writers = {name for name in found if found[name].endswith("-write")}
    assert writers == {"Service plot", "Job seed-styles"}
    assert {found[name] for name in set(found) - writers} == {"plotkiln-consul-read"}


def _secret(spec: Any) -> str:
    (name,) = (one["secret"]["secretName"] for one in spec["volumes"] if "secret" in one)
    return str(name)


def command(minimal: Overlay, name: str, **places: str) -> list[str]:
    """Return how a store of the trial is started, with its places replaced."""
    store: Any = copy.deepcopy(minimal.find("apps/StatefulSet", name))
    (container,) = store["spec"]["template"]["spec"]["containers"]
    words = [*container["command"], *container["args"]]
    for there, here in places.items():
        words = [word.replace(f"/{there}", here) for word in words]
    return words


@contextmanager
def running(words: list[str], folder: Path) -> Iterator[None]:
    """Run a command while inside."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_the_trial_s_redis_forgets_nothing(minimal: Overlay, tmp_path: Path) -> None:
    """Its arguments are taken: it evicts nothing, and keeps a log of what was written."""
    require(RedisServer.binary(), "redis-server")
    port = free_port()
    words = [*command(minimal, "redis", data=str(tmp_path)), "--port", str(port)]
    with running(words, tmp_path):
        wait_until(lambda: _redis(port, "PING"))
        assert b"noeviction" in _redis(port, "CONFIG GET maxmemory-policy")
        assert b"yes" in _redis(port, "CONFIG GET appendonly")


def _redis(port: int, words: str) -> bytes:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as opened:
        opened.sendall(words.encode() + b"\r\n")
        return opened.recv(4096)
    return b""


def test_the_trial_s_consul_leads_itself(minimal: Overlay, tmp_path: Path) -> None:
    """Its arguments are taken, and it is its own leader again after a restart."""
    require(Consul.binary(), "consul")
    words = command(minimal, "consul", **{"consul/data": str(tmp_path / "data")})
    words[0] = Consul.binary() or words[0]
    ports = {kind: free_port() for kind in ("http", "server", "serf-lan", "serf-wan", "dns")}
    words += [f"-{kind}-port={port}" for kind, port in ports.items()]
    leader = f"http://127.0.0.1:{ports['http']}/v1/status/leader"
    for _ in range(2):
        with running(words, tmp_path):
            wait_until(lambda: _leads(leader), 90)


def _leads(address: str) -> bool:
    with suppress(httpx.TransportError):
        return len(httpx.get(address).text) > len('""')
    return False


def test_files_are_each_used_by_somebody() -> None:
    """Nothing lies in the folders that no kustomization names."""
    named = set[Path]()
    for file in ROOT.rglob("kustomization.yaml"):
        named |= {
            (file.parent / word).resolve() for word in _words(yaml.safe_load(file.read_text()))
        }
    there = {file for file in ROOT.rglob("*") if file.suffix in {".yaml", ".env"}}
    unused = {file.relative_to(ROOT) for file in there if file.resolve() not in named}
    assert {file for file in unused if file.name != "kustomization.yaml"} == set()


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str) and "\n" not in value:
        yield value
