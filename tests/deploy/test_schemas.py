"""The overlays against models of Knative's objects, and the reading of definitions themselves."""

import copy
import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from manifests.building import OVERLAYS
from manifests.crds import faults, read_schemas
from manifests.objects import Object, Overlay

from conftest import require

PYTHON = Path(__file__).parents[2] / ".cache/manifests/bin/python"
MODELS = Path(__file__).parents[1] / "manifest_models.py"


def modelled(objects: Iterable[Object]) -> Mapping[str, list[str]]:
    """Return what the models say of each object."""
    require(PYTHON.exists(), "cloudcoil")
    done = subprocess.run(
        [PYTHON, MODELS], input=json.dumps([*objects]), capture_output=True, text=True, check=True
    )
    found: Mapping[str, list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", OVERLAYS)
def test_models_take_every_object(overlays: Callable[[str], Overlay], name: str) -> None:
    """Each object is read by the model of its kind, and nothing that it says is dropped."""
    found = modelled(overlays(name).objects)
    assert len(found) == len(overlays(name).objects)
    assert {one: said for one, said in found.items() if said} == {}


def test_models_refuse_what_is_wrong(minimal: Overlay) -> None:
    """A word of the wrong type is refused, and one that nobody knows is seen to go."""
    plot: Any = copy.deepcopy(minimal.find("serving.knative.dev/Service", "plot"))
    plot["spec"]["template"]["spec"]["containerConcurency"] = 3
    sink: Any = copy.deepcopy(minimal.find("sinks.knative.dev/JobSink", "long-jobs"))
    sink["spec"]["job"] = "job"
    found = modelled([plot, sink])
    assert found["Service plot"] == [".spec.template.spec.containerConcurency: is unknown"]
    assert "job" in found["JobSink long-jobs"][0]


DEFINITION = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec:
  group: example.org
  names: {kind: Kiln}
  versions:
    - name: v1
      served: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: {type: integer, minimum: 1, maximum: 9}
                heat: {x-kubernetes-int-or-string: true}
                mode: {type: string, enum: [slow, fast]}
                name: {type: string, pattern: "^[a-z]+$"}
                open: {type: boolean}
                tiles: {type: array, items: {type: object, properties: {glaze: {type: string}}}}
                notes: {type: object, additionalProperties: {type: string}}
                extra: {type: object, x-kubernetes-preserve-unknown-fields: true}
                since: {type: string, nullable: true}
    - name: v0
      served: false
      schema: {openAPIV3Schema: {type: object}}
"""

GOOD = {"size": 3, "heat": "80%", "mode": "slow", "name": "a", "open": True, "since": None}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"heat": 80, "tiles": [{"glaze": "blue"}], "notes": {"a": "b"}, "extra": {"a": 1}}, []),
        ({"size": "3"}, ["Kiln one.spec.size: expected integer"]),
        ({"size": True}, ["Kiln one.spec.size: expected integer"]),
        ({"size": 0}, ["Kiln one.spec.size: 0 is less than 1"]),
        ({"size": 10}, ["Kiln one.spec.size: 10 is more than 9"]),
        ({"heat": 0.5}, ["Kiln one.spec.heat: expected a number or a text"]),
        ({"mode": "hot"}, ["Kiln one.spec.mode: 'hot' is none of ['slow', 'fast']"]),
        ({"name": "A"}, ["Kiln one.spec.name: 'A' does not match ^[a-z]+$"]),
        ({"open": "yes"}, ["Kiln one.spec.open: expected boolean"]),
        ({"notes": {"a": 1}}, ["Kiln one.spec.notes.a: expected string"]),
        ({"doors": 2}, ["Kiln one.spec.doors: is unknown, and would be dropped"]),
        (
            {"tiles": [{}, {"glase": "blue"}]},
            ["Kiln one.spec.tiles[1].glase: is unknown, and would be dropped"],
        ),
    ],
)
def test_definitions_are_read_as_a_server_reads_them(
    tmp_path: Path, change: dict[str, Any], said: list[str]
) -> None:
    """Types, bounds and unknown members count; what is to be preserved is."""
    (tmp_path / "kiln.yaml").write_text(DEFINITION)
    schemas = read_schemas(tmp_path)
    assert [*schemas] == [("example.org/v1", "Kiln")]
    kiln = {
        "apiVersion": "example.org/v1",
        "kind": "Kiln",
        "metadata": {"name": "one"},
        "spec": {**GOOD, **change},
    }
    assert [*faults([kiln], schemas)] == said


def test_what_must_be_there_is_missed(tmp_path: Path) -> None:
    """A required member that is absent is a fault; objects of other kinds are passed over."""
    (tmp_path / "kiln.yml").write_text(DEFINITION)
    schemas = read_schemas(tmp_path)
    kiln = yaml.safe_load(
        "{apiVersion: example.org/v1, kind: Kiln, metadata: {name: one}, spec: {}}"
    )
    assert [*faults([kiln], schemas)] == ["Kiln one.spec.size: is missing"]
    assert [*faults([{**kiln, "kind": "Oven"}], schemas)] == []
