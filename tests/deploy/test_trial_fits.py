"""The trial fits beside Knative into the nodes that the operator's guide asks for."""

from collections.abc import Iterator, Mapping

from manifests.objects import Overlay, Pod

from docs.fences import ROOT

#: What the pods of Kubernetes, Serving, Kourier and Eventing ask for: cores, MiB.
_UPSTREAM = (2.8, 1700)

#: What the queue-proxy beside each Service asks for (`queue-sidecar-cpu-request`).
_BESIDE = 0.025

_MEBIBYTES = {"Mi": 1, "Gi": 1024}


def test_the_trial_fits_beside_knative(minimal: Overlay) -> None:
    """All pods at once find room, and publishers twice: their binding makes a second Revision."""
    guide = (ROOT / "docs/operating.md").read_text()
    assert "nodes with four processors and 8 GiB together" in guide
    asked = [one for pod in minimal.pods() for one in _asked(pod)]
    assert _UPSTREAM[0] + sum(cores for cores, _ in asked) <= 4
    assert _UPSTREAM[1] + sum(memory for _, memory in asked) <= 8 * 1024


def _asked(pod: Pod) -> Iterator[tuple[float, int]]:
    """Yield what each of its pods asks for, as often as there may be one at the first apply."""
    publishes = pod.owner["metadata"].get("labels", {}).get("plotkiln.publishes") == "true"
    own = [_of(one["resources"]["requests"]) for one in pod.spec["containers"]]
    cores = sum(one for one, _ in own) + _BESIDE * pod.is_service
    for _ in range(1 + publishes):
        yield cores, sum(one for _, one in own)


def _of(requests: Mapping[str, str]) -> tuple[float, int]:
    memory = requests["memory"]
    cores = float(requests["cpu"].removesuffix("m")) / (1000 if "m" in requests["cpu"] else 1)
    return cores, int(memory[:-2]) * _MEBIBYTES[memory[-2:]]
