"""A Service inside a cluster: the broker says nobody's name, and everybody else has to."""

import pytest

from kilns import Kiln

EVENT = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "/tests",
    "ce-type": "org.example.nothing",
}


def test_anyone_s_events_are_taken_where_all_else_needs_a_name(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whoever reaches the door may send events there, and do nothing else."""
    with (
        Kiln(
            tmp_path_factory.mktemp("ear"), PLOTKILN_IDENTITY="1", PLOTKILN_EVENTS="anyone"
        ) as kiln,
        kiln.client() as client,
    ):
        assert client.post("/events", headers=EVENT).status_code == 204
        assert client.get("/events").status_code == 401
        assert client.post("/plot", json={"y": [1, 2]}).status_code == 401
        asked = client.get("/openapi.json").json()["paths"]["/events"]
        assert "401" not in asked["post"]["responses"]
        assert "401" in asked["get"]["responses"]
