"""What a cluster is told of the live channel's Service."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from plotkiln.cli.arguments import parser

DECLARED = Path(__file__).parents[2] / "deploy/knative/base/live"


@pytest.fixture
def service() -> dict[str, Any]:
    """Return the Service."""
    (declared,) = yaml.safe_load_all((DECLARED / "services.yaml").read_text())
    loaded: dict[str, Any] = declared
    return loaded


def test_no_time_limit_but_the_longest_ends_a_socket(service: dict[str, Any]) -> None:
    """A socket lives as long as a request may, in a pod that takes as many as come."""
    template = service["spec"]["template"]["spec"]
    assert template["timeoutSeconds"] == 600
    assert template["responseStartTimeoutSeconds"] == 0
    assert "idleTimeoutSeconds" not in template
    assert template["containerConcurrency"] == 0


def test_the_service_runs_the_channel(service: dict[str, Any]) -> None:
    """Its command is one that there is."""
    (container,) = service["spec"]["template"]["spec"]["containers"]
    assert parser().parse_args(container["args"]).command == "live"
