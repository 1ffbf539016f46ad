"""Our own rules of manifests: every overlay keeps them, and each fails on what it is there for."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from manifests.building import OVERLAYS, combinations, kustomize, with_component
from manifests.objects import Given, Overlay, group_kind
from manifests.rules import RULES, broken

from conftest import require
from manifest_samples import GONE, KINDS, SAMPLES, Sample


def changed(overlay: Overlay, sample: Sample) -> Overlay:
    """Return a copy with the sample's change in it."""
    objects: Sequence[Any] = copy.deepcopy(overlay.objects)
    (there,) = (
        one
        for one in objects
        if group_kind(one) == KINDS[sample.kind] and _is_named(one, sample.name)
    )
    *way, last = sample.place.split(".")
    for step in way:
        there = there[int(step)] if isinstance(there, list) else there.setdefault(step, {})
    member = int(last) if isinstance(there, list) else last
    if sample.value is GONE:
        del there[member]
    else:
        there[member] = sample.value
    return overlay._replace(objects=objects)


def _is_named(one: Any, name: str) -> bool:
    found: str = one["metadata"]["name"]
    return found == name or found.startswith(f"{name}-")


@pytest.mark.parametrize("name", OVERLAYS)
def test_overlays_keep_the_rules(overlays: Callable[[str], Overlay], name: str) -> None:
    """What is applied has no fault."""
    assert broken(overlays(name)) == []


@pytest.mark.parametrize(("name", "component"), [*combinations()])
def test_every_option_keeps_the_rules(name: str, component: str) -> None:
    """Each overlay may have each component, and has no fault with it."""
    require(kustomize(), "kustomize")
    assert broken(with_component(name, component)) == []


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=[f"{one.rule}: {one.place.rpartition('.')[2]}" for one in SAMPLES]
)
def test_a_rule_finds_what_it_is_there_for(minimal: Overlay, sample: Sample) -> None:
    """Each rule fails on a sample that breaks it, and says what is wrong."""
    (rule,) = (one for one in RULES if one.__name__ == sample.rule)
    assert not [*rule(minimal)]
    found = [*rule(changed(minimal, sample))]
    assert any(sample.said in one for one in found), found


def test_every_rule_has_a_sample() -> None:
    """No rule is there that was never seen to fail."""
    assert {rule.__name__ for rule in RULES} == {sample.rule for sample in SAMPLES}


def test_what_is_given_counts_by_its_keys(production: Overlay) -> None:
    """A Secret that the README does not name, or without the key, is missing."""
    assert Given("Secret", "plotkiln-consul-read", frozenset({"token"})) in production.given
    less = [one for one in production.given if one.name != "plotkiln-kafka"]
    assert broken(production._replace(given=less)) == [
        "names_lead_somewhere: ConfigMap plotkiln-kafka: there is no Secret plotkiln-kafka"
    ]
    keyless = [one._replace(keys=frozenset()) for one in production.given]
    found = broken(production._replace(given=keyless))
    assert any("there is no Secret charts-example-tls with tls.crt" in one for one in found)
