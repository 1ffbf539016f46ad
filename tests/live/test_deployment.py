"""What a cluster is told of the live channel's Service."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from plotkiln.cli.arguments import parser
from plotkiln.settings import read_settings

DECLARED = Path(__file__).parents[2] / "deploy/knative/components/live"


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
    """Its command is one that there is, and its settings are ones that are read."""
    (container,) = service["spec"]["template"]["spec"]["containers"]
    assert parser().parse_args(container["args"]).command == "live"
    given = {one["name"]: one["value"] for one in container["env"]}
    outside = {
        "K_SERVICE": service["metadata"]["name"],
        "CONSUL_HTTP_ADDR": "consul:8500",
        "PLOTKILN_ARTIFACTS_URL": "s3://charts",
        "PLOTKILN_LIVE_ORIGINS": "https://charts.example",
        "PLOTKILN_REDIS_URL": "redis://redis/0",
    }
    settings = read_settings({**given, **outside})
    assert settings.live_origins == ("https://charts.example",)
