"""Objects against cloudcoil's models of Kubernetes and Knative: run by an environment of its own.

Reads objects as JSON from standard input, and prints what is wrong with them as JSON.
"""

import importlib
import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

#: By group; models of the others are not to be had.
MODULES = {
    "": "kubernetes.core",
    "apps": "kubernetes.apps",
    "batch": "kubernetes.batch",
    "networking.k8s.io": "kubernetes.networking",
    "networking.internal.knative.dev": "knative_serving.internal.networking",
    "serving.knative.dev": "knative_serving.serving",
    "eventing.knative.dev": "knative_eventing.eventing",
    "sources.knative.dev": "knative_eventing.sources",
    "sinks.knative.dev": "knative_eventing.sinks",
}

#: What Knative reads, and its own schemas keep without naming it.
UNNAMED = (".spec.delivery.timeout",)


def faults(one: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a model refuses, and what it would drop."""
    group, _, version = one["apiVersion"].rpartition("/")
    module = importlib.import_module(f"cloudcoil.models.{MODULES[group]}.{version}")
    try:
        read = getattr(module, one["kind"]).model_validate(one)
    except (ValueError, TypeError) as error:
        yield str(error)
        return
    yield from _dropped(one, json.loads(read.model_dump_json(by_alias=True, exclude_unset=True)))


def _dropped(given: Any, kept: Any, path: str = "") -> Iterator[str]:
    if isinstance(given, dict):
        for name, value in given.items():
            if name in kept:
                yield from _dropped(value, kept[name], f"{path}.{name}")
            elif f"{path}.{name}" not in UNNAMED:
                yield f"{path}.{name}: is unknown"
    elif isinstance(given, list):
        for number, item in enumerate(given):
            yield from _dropped(item, kept[number], f"{path}[{number}]")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found: dict[str, list[str]] = {}
    for one in json.load(sys.stdin):
        name = f"{one['kind']} {one['metadata']['name']}"
        group = one["apiVersion"].rpartition("/")[0]
        found[name] = [*faults(one)] if group in MODULES else ["has no model"]
    json.dump(found, sys.stdout)
