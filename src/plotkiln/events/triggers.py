"""Brokers and Triggers, as a cluster's YAML declares them (eventing.knative.dev/v1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from plotkiln.documents import is_written_within
from plotkiln.errors import Fault, SettingsError
from plotkiln.events.delivery import Delivery, Destination, read_delivery, read_destination
from plotkiln.events.event import CloudEvent
from plotkiln.events.filters import Filter, read_filters

__all__ = ["DEFAULT_BROKER", "BrokerName", "Topology", "Trigger", "read_topology", "topology_of"]

API_VERSION = "eventing.knative.dev/v1"

#: How many times as long as a file its objects may be, written out, and some characters beside.
_ALIASED, _LEAST = 8, 1 << 20

#: Namespace and name.
BrokerName = tuple[str, str]

#: It exists without being declared.
DEFAULT_BROKER: BrokerName = ("default", "default")


class Trigger(msgspec.Struct, frozen=True, kw_only=True):
    """Which events of one broker go where, and how."""

    #: Namespace and name: `default/hits-to-picture`.
    name: str
    broker: BrokerName
    filter: Filter
    subscriber: Destination
    delivery: Delivery = Delivery()


class Topology(msgspec.Struct, frozen=True, kw_only=True):
    """Every broker, and the triggers of each."""

    triggers: Mapping[BrokerName, Sequence[Trigger]]

    def matching(self, broker: BrokerName, event: CloudEvent) -> list[Trigger]:
        """Return the triggers of a broker that want an event."""
        return [one for one in self.triggers.get(broker, ()) if one.filter.matches(event)]

    def beside(self, trigger: Trigger) -> "Topology":
        """Return this topology with one trigger more."""
        there = self.triggers.get(trigger.broker, ())
        return Topology(triggers={**self.triggers, trigger.broker: [*there, trigger]})

    def destinations(self) -> Iterator[tuple[Trigger, Destination]]:
        """Yield everything that must be resolved: subscribers, and places of dead letters."""
        for triggers in self.triggers.values():
            for trigger in triggers:
                yield trigger, trigger.subscriber
                if trigger.delivery.dead_letter:
                    yield trigger, trigger.delivery.dead_letter


def read_topology(place: Path) -> Topology:
    """Read a YAML file, or every one of a folder.

    Lists are unpacked, and objects of other kinds are passed over: the files may hold everything
    that a cluster gets.
    Raises `SettingsError` with every fault, each with its file and its place in that.
    """
    import yaml  # noqa: PLC0415 -- 10 ms, for those who declare triggers

    files = sorted(place.glob("*.y*ml")) if place.is_dir() else [place]
    documents: list[tuple[str, Any]] = []
    try:
        for file in files:
            data = file.read_bytes()
            loaded = list(yaml.load_all(data, Loader=yaml.CSafeLoader))
            if not is_written_within(loaded, _ALIASED * len(data) + _LEAST):
                raise SettingsError(f"{file} would be endless if it were written out.")
            documents += [(file.name, document) for document in loaded]
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise SettingsError(f"The triggers in {place} cannot be read: {error}") from error
    return topology_of(documents)


def topology_of(documents: Iterable[tuple[str, Any]]) -> Topology:
    """Return what declared objects say; each comes with the name of its file.

    Raises `SettingsError` with every fault.
    """
    faults: list[Fault] = []
    ours = [
        (file, document)
        for file, document in _unpacked(documents)
        if document.get("apiVersion") == API_VERSION
    ]
    for file, document in ours:
        faults += _shape_faults(file, document)
    brokers: dict[BrokerName, Delivery] = {DEFAULT_BROKER: Delivery()}
    for file, document in ours:
        if document.get("kind") == "Broker":
            space, name = _name(document)
            path = f"{file}: Broker {name}: spec.delivery"
            given = _spec(document).get("delivery")
            brokers[space, name] = read_delivery(given, Delivery(), path, faults)
    triggers: dict[BrokerName, list[Trigger]] = {broker: [] for broker in brokers}
    names: set[str] = set()
    for file, document in ours:
        if document.get("kind") == "Trigger":
            trigger = _trigger(document, brokers, file, faults)
            triggers.setdefault(trigger.broker, []).append(trigger)
            if trigger.name in names:
                mend = "is declared twice: rename one of them"
                faults.append(Fault(f"{file}: Trigger {trigger.name}", mend))
            names.add(trigger.name)
    if faults:
        raise SettingsError(faults=faults)
    return Topology(triggers=triggers)


def _unpacked(documents: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each object, those of a List (as `kubectl get -o yaml` writes it) one by one."""
    for file, document in documents:
        if not isinstance(document, dict):
            continue
        items = document.get("items")
        if document.get("apiVersion") == "v1" and isinstance(items, list):
            yield from _unpacked((file, item) for item in items)
        else:
            yield file, document


def _shape_faults(file: str, document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each part of an object that is no mapping."""
    for part in ("metadata", "spec"):
        if not isinstance(document.get(part, {}), dict | None):
            path = f"{file}: {document.get('kind')} {_name(document)[1]}: {part}"
            yield Fault(path, "expected members with their values")


def _trigger(
    document: Mapping[str, Any],
    brokers: Mapping[BrokerName, Delivery],
    file: str,
    faults: list[Fault],
) -> Trigger:
    space, name = _name(document)
    path, spec = f"{file}: Trigger {name}: spec", _spec(document)
    broker = (space, str(spec.get("broker", "default")))
    if broker not in brokers:
        known = ", ".join("/".join(one) for one in sorted(brokers))
        faults.append(Fault(f"{path}.broker", f"there is no such broker; declared are {known}"))
    delivery = brokers.get(broker, Delivery())
    return Trigger(
        name=f"{space}/{name}",
        broker=broker,
        filter=read_filters(spec, path, faults),
        subscriber=read_destination(spec.get("subscriber"), f"{path}.subscriber", faults),
        delivery=read_delivery(spec.get("delivery"), delivery, f"{path}.delivery", faults),
    )


def _name(document: Mapping[str, Any]) -> BrokerName:
    metadata = document.get("metadata")
    given = metadata if isinstance(metadata, dict) else {}
    return str(given.get("namespace", "default")), str(given.get("name", ""))


def _spec(document: Mapping[str, Any]) -> Mapping[str, Any]:
    spec = document.get("spec")
    return spec if isinstance(spec, dict) else {}
