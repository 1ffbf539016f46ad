"""Whose events a server takes, by PLOTKILN_EVENTS."""

from collections.abc import Iterator

import httpx
import pytest

from kilns import Kiln
from servers import wait_until

EVENT = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "/tests",
    "ce-type": "org.example.nothing",
}

DOORS = ("/events", "/broker/default/default")


@pytest.fixture(scope="module")
def deaf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Start a server that takes no events."""
    with (
        Kiln(tmp_path_factory.mktemp("deaf"), PLOTKILN_EVENTS="off") as kiln,
        kiln.client() as client,
    ):
        yield client


#: GET /events is another operation: it lists what the broker of this process did.
CLOSED = [
    *((door, method) for door in DOORS for method in ("POST", "OPTIONS", "PUT", "DELETE", "TRACE")),
    (DOORS[1], "GET"),
    (DOORS[1], "HEAD"),
]


@pytest.mark.parametrize(("door", "method"), CLOSED)
def test_where_no_events_are_taken_there_is_no_door(
    deaf: httpx.Client, door: str, method: str
) -> None:
    """Off, both doors are 404 as any address where nothing is, for those who ask whether, too."""
    answer = deaf.request(method, door, headers=EVENT)
    assert answer.status_code == 404
    assert "allow" not in answer.headers
    if method != "HEAD":
        assert answer.json()["detail"] == deaf.post("/nowhere").json()["detail"]


def test_what_is_closed_is_not_described(deaf: httpx.Client) -> None:
    """The description has none of them; what the broker of this process did can be listed."""
    paths = deaf.get("/openapi.json").json()["paths"]
    assert paths["/events"].keys() == {"get"}
    assert "/broker/{namespace}/{name}" not in paths
    assert "/broker/" not in deaf.get("/docs").text
    assert deaf.get("/events").status_code == 200


def test_a_server_counts_its_own_hits(deaf: httpx.Client) -> None:
    """What is said within the process goes through no door."""
    assert deaf.get("/hits/inside").status_code == 200
    wait_until(lambda: deaf.get("/counters/inside").json()["total"] == 1)


@pytest.mark.parametrize("door", DOORS)
def test_events_of_anybody_are_taken_without_identity(client: httpx.Client, door: str) -> None:
    """By default a server without identity takes everybody's events."""
    assert client.post(door, headers=EVENT).is_success


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Start a server that asks who it is, yet takes events of whoever reaches it."""
    data = tmp_path_factory.mktemp("trusting")
    with (
        Kiln(data, PLOTKILN_EVENTS="anyone", PLOTKILN_IDENTITY="1") as kiln,
        kiln.client() as client,
    ):
        yield client


@pytest.mark.parametrize("token", ["", "Bearer of.the.broker"])
@pytest.mark.parametrize("door", DOORS)
def test_anyone_says_no_name(trusting: httpx.Client, door: str, token: str) -> None:
    """Whatever the broker shows, or does not, its events are taken; all else needs a name."""
    shown = {"Authorization": token} if token else {}
    assert trusting.post(door, headers={**EVENT, **shown}).is_success
    assert trusting.get("/events", headers=shown).status_code == 401


def test_what_is_open_is_described_so(trusting: httpx.Client) -> None:
    """The description asks nothing of who sends an event there."""
    paths = trusting.get("/openapi.json").json()["paths"]
    assert paths["/events"]["post"]["security"] == []
    assert paths["/events"]["get"]["security"] != []
