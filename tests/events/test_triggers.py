import textwrap
from pathlib import Path

import pytest
import yaml

from plotkiln.errors import SettingsError
from plotkiln.events.delivery import Delivery, Destination, is_retried, seconds
from plotkiln.events.event import CloudEvent
from plotkiln.events.triggers import DEFAULT_BROKER, read_topology

HITS = """\
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: {name: default, namespace: default}
spec:
  delivery:
    retry: 3
    backoffPolicy: linear
    backoffDelay: PT1.5S
    timeout: PT2M
    deadLetterSink: {ref: {apiVersion: v1, kind: Service, name: graveyard}}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: count}
spec:
  broker: default
  filters: [{exact: {type: plotkiln.new_hit}}]
  subscriber: {ref: {apiVersion: serving.knative.dev/v1, kind: Service, name: counter}}
---
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: {name: draw}
spec:
  broker: default
  filter: {attributes: {type: plotkiln.hits}}
  subscriber: {uri: "http://127.0.0.1:9/"}
  delivery: {retry: 1, backoffDelay: PT0.1S}
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: counter}
"""


def written(folder: Path, text: str) -> Path:
    """Write a file of YAML; return the folder."""
    (folder / "triggers.yaml").write_text(textwrap.dedent(text))
    return folder


def test_the_cluster_s_own_files_are_read(tmp_path: Path) -> None:
    """Brokers, triggers, filters and deliveries are found; other kinds are passed over."""
    topology = read_topology(written(tmp_path, HITS))
    count, draw = topology.triggers[DEFAULT_BROKER]
    assert (count.name, count.subscriber) == ("default/count", Destination(ref="counter"))
    assert count.delivery == Delivery(
        retry=3,
        backoff_policy="linear",
        backoff_delay=1.5,
        timeout=120,
        dead_letter=Destination(ref="graveyard"),
    )
    # what a Trigger says replaces the Broker's delivery, but for the place of dead letters
    assert draw.delivery == Delivery(
        retry=1, backoff_delay=0.1, dead_letter=Destination(ref="graveyard")
    )
    hit = CloudEvent(id="1", source="/", type="plotkiln.new_hit")
    assert topology.matching(DEFAULT_BROKER, hit) == [count]


def test_the_default_broker_needs_no_declaration(tmp_path: Path) -> None:
    """An empty folder has one broker, with no trigger."""
    assert read_topology(tmp_path).triggers == {DEFAULT_BROKER: []}


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    """Files with faults are refused as a whole, each fault by file, object and member."""
    text = """\
    apiVersion: eventing.knative.dev/v1
    kind: Trigger
    metadata: {name: wrong, namespace: pages}
    spec:
      broker: nowhere
      filters: [{regex: {type: x}}]
      subscriber: {uri: "ftp://x"}
      delivery: {retry: -1, backoffDelay: soon, backoffPolicy: cubic, deadLetterSink: {ref: {}}}
    """
    with pytest.raises(SettingsError) as refused:
        read_topology(written(tmp_path, text))
    places = [
        fault.path.removeprefix("triggers.yaml: Trigger wrong: ") for fault in refused.value.faults
    ]
    assert sorted(places) == [
        "spec.broker",
        "spec.delivery.backoffDelay",
        "spec.delivery.backoffPolicy",
        "spec.delivery.deadLetterSink",
        "spec.delivery.retry",
        "spec.filters[0].regex",
        "spec.subscriber",
    ]


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ("{delivery: [1]}", "delivery"),
        ("{delivery: soon}", "delivery"),
        ("{delivery: {backoffPolicy: []}}", "delivery.backoffPolicy"),
        ("{delivery: {retry: true}}", "delivery.retry"),
        ("{delivery: {retry: 1.5}}", "delivery.retry"),
        ("{delivery: {timeout: PT0S}}", "delivery.timeout"),
        ("{delivery: {timeout: [5]}}", "delivery.timeout"),
        ("{delivery: {deadLetterSink: []}}", "delivery.deadLetterSink"),
        ("{filter: [a]}", "filter"),
        ("{filter: {attributes: [a]}}", "filter.attributes"),
        ("{filters: {exact: {type: a}}}", "filters"),
        ("{filters: [a]}", "filters[0]"),
        ("{filters: [{any: a}]}", "filters[0].any"),
        ("{subscriber: [a]}", "subscriber"),
        ("{subscriber: {ref: {name: seen}, uri: 5}}", "subscriber.uri"),
    ],
)
def test_members_of_a_wrong_type_are_told(tmp_path: Path, spec: str, path: str) -> None:
    """Whatever stands where something else belongs is a fault with its place."""
    document = {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Trigger",
        "metadata": {"name": "wrong"},
        "spec": {"subscriber": {"ref": {"name": "seen"}}, **yaml.safe_load(spec)},
    }
    with pytest.raises(SettingsError) as refused:
        read_topology(written(tmp_path, yaml.safe_dump(document)))
    (fault,) = refused.value.faults
    assert fault.path == f"triggers.yaml: Trigger wrong: spec.{path}"


@pytest.mark.parametrize("part", ["metadata", "spec"])
@pytest.mark.parametrize("kind", ["Broker", "Trigger"])
def test_parts_of_a_wrong_type_are_told(tmp_path: Path, kind: str, part: str) -> None:
    """An object whose metadata or spec is a list is refused."""
    document = {"apiVersion": "eventing.knative.dev/v1", "kind": kind, part: ["wrong"]}
    with pytest.raises(SettingsError) as refused:
        read_topology(written(tmp_path, yaml.safe_dump(document)))
    assert refused.value.faults[0].path == f"triggers.yaml: {kind} : {part}"


def test_lists_are_unpacked(tmp_path: Path) -> None:
    """What `kubectl get` writes is read as the files that it came from."""
    items = [document for document in yaml.safe_load_all(HITS) if document]
    listed = {"apiVersion": "v1", "kind": "List", "items": items}
    topology = read_topology(written(tmp_path, yaml.safe_dump(listed)))
    assert [one.name for one in topology.triggers[DEFAULT_BROKER]] == [
        "default/count",
        "default/draw",
    ]


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        (None, "http://counter:80/base/"),
        ("/events", "http://counter:80/events"),
        ("events?a=b", "http://counter:80/base/events?a=b"),
        ("https://elsewhere/", "https://elsewhere/"),
    ],
)
def test_a_uri_beside_a_ref_is_relative_to_it(uri: str | None, address: str) -> None:
    """RFC 3986, as the cluster resolves it."""
    assert Destination(ref="counter", uri=uri).at("http://counter:80/base/") == address


def test_a_name_is_declared_once(tmp_path: Path) -> None:
    """Two Triggers of one name would be one in a cluster, hence neither is taken here."""
    (tmp_path / "more.yaml").write_text(HITS)
    with pytest.raises(SettingsError) as refused:
        read_topology(written(tmp_path, HITS))
    places = [fault.path for fault in refused.value.faults]
    assert places == ["triggers.yaml: Trigger default/count", "triggers.yaml: Trigger default/draw"]


def test_broken_yaml_is_told(tmp_path: Path) -> None:
    """A file that is no YAML is an error of the settings."""
    with pytest.raises(SettingsError, match="cannot be read"):
        read_topology(written(tmp_path, "{"))


def test_pauses_are_knative_s() -> None:
    """Retries follow after d, 2d, 4d, or after 0, d, 2d where the policy is linear."""
    growing = Delivery(retry=3, backoff_delay=0.2)
    assert [growing.pause(attempts) for attempts in range(1, 5)] == [0.2, 0.4, 0.8, None]
    even = Delivery(retry=3, backoff_delay=0.2, backoff_policy="linear")
    assert [even.pause(attempts) for attempts in range(1, 5)] == [0, 0.2, 0.4, None]
    assert Delivery(retry=0).pause(1) is None


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (500, True),
        (503, True),
        (404, True),
        (408, True),
        (409, True),
        (429, True),
        (400, False),
        (401, False),
        (403, False),
        (413, False),
        (422, False),
        (302, False),
    ],
)
def test_which_statuses_are_retried(status: int, again: bool) -> None:
    """The table of Eventing's data plane."""
    assert is_retried(status) == again


@pytest.mark.parametrize(
    ("duration", "length"),
    [("PT0.2S", 0.2), ("PT5M", 300), ("P1DT1H", 90000), ("PT1M30S", 90), ("P2D", 172800)],
)
def test_durations(duration: str, length: float) -> None:
    """ISO 8601 durations, as far as they have one length."""
    assert seconds(duration) == length


@pytest.mark.parametrize("duration", ["", "P", "PT", "5s", "P1Y", "PT1H2", "pt1s", "P9999999999D"])
def test_what_is_no_duration(duration: str) -> None:
    """Anything else is refused, years and months too."""
    with pytest.raises(ValueError, match="ISO 8601"):
        seconds(duration)
