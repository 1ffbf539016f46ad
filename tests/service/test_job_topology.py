from pathlib import Path
from typing import Any

import pytest
import yaml

from plotkiln.cli.eventing import _completed
from plotkiln.counter.topology import TOPOLOGY
from plotkiln.events.event import CloudEvent
from plotkiln.events.triggers import DEFAULT_BROKER, Topology, read_topology, topology_of
from plotkiln.service.job_publishing import REQUESTED, REQUESTED_LONG
from plotkiln.service.job_topology import job_trigger

DECLARED = Path(__file__).parents[2] / "deploy/knative/base/jobs"


def asking(type_: str) -> CloudEvent:
    """Return an event that asks for a job."""
    return CloudEvent(id="1", source="/jobs", type=type_, subject="abc")


def loaded(name: str) -> list[Any]:
    """Return the objects of a file."""
    return [*yaml.safe_load_all((DECLARED / name).read_text())]


def env(container: dict[str, Any]) -> dict[str, str]:
    """Return a container's variables that stand in its YAML."""
    return {one["name"]: one["value"] for one in container["env"]}


def test_what_a_cluster_gets_is_built_in() -> None:
    """The built-in Trigger wants what the cluster's two want, and delivers as the first does."""
    declared = read_topology(DECLARED)
    (service,) = loaded("services.yaml")
    budget = float(env(service["spec"]["template"]["spec"]["containers"][0])["PLOTKILN_JOB_BUDGET"])
    built_in = job_trigger(budget)
    (render,) = declared.matching(DEFAULT_BROKER, asking(REQUESTED))
    (sink,) = declared.matching(DEFAULT_BROKER, asking(REQUESTED_LONG))
    assert (render.subscriber.ref, render.subscriber.uri) == ("render", "/events")
    assert sink.subscriber.ref == "long-jobs"
    assert render.delivery == built_in.delivery
    assert built_in.filter.matches(asking(REQUESTED))
    assert built_in.filter.matches(asking(REQUESTED_LONG))
    assert not built_in.filter.matches(asking("plotkiln.job.finished"))


def test_a_delivery_outlasts_what_it_waits_for() -> None:
    """No delivery ends before the Service's answer, and no Job before its drawing."""
    (service,), (sink,) = loaded("services.yaml"), loaded("jobsink.yaml")
    revision = service["spec"]["template"]["spec"]
    (render,) = read_topology(DECLARED).matching(DEFAULT_BROKER, asking(REQUESTED))
    assert render.delivery.timeout >= revision["timeoutSeconds"]
    assert revision["timeoutSeconds"] > float(env(revision["containers"][0])["PLOTKILN_JOB_BUDGET"])
    job = sink["spec"]["job"]["spec"]
    drawing = float(env(job["template"]["spec"]["containers"][0])["PLOTKILN_JOB_BUDGET"])
    assert drawing > 600
    assert job["activeDeadlineSeconds"] > drawing


def declared(*triggers: dict[str, Any]) -> Topology:
    """Return the topology of Triggers with these specs."""
    return topology_of(
        (
            "triggers.yaml",
            {
                "apiVersion": "eventing.knative.dev/v1",
                "kind": "Trigger",
                "metadata": {"name": f"trigger-{number}"},
                "spec": spec,
            },
        )
        for number, spec in enumerate(triggers)
    )


def wants(type_: str, ref: str) -> dict[str, Any]:
    """Return the spec of a Trigger for one type."""
    return {"filter": {"attributes": {"type": type_}}, "subscriber": {"ref": {"name": ref}}}


@pytest.mark.parametrize(
    ("topology", "added"),
    [
        (TOPOLOGY, True),
        (declared(), True),
        (declared({"subscriber": {"ref": {"name": "log"}}}), True),
        (declared(wants(REQUESTED, "elsewhere")), True),
        (declared(wants(REQUESTED, "jobs")), False),
        (declared(wants(REQUESTED, "elsewhere"), wants(REQUESTED_LONG, "sink")), False),
        (read_topology(DECLARED), False),
    ],
)
def test_jobs_are_rendered_whatever_is_declared(topology: Topology, added: bool) -> None:
    """The built-in Trigger is there unless one that is declared takes these very events."""
    trigger = job_trigger(600)
    completed = _completed(topology, [trigger])
    assert (trigger in completed.triggers[DEFAULT_BROKER]) is added
