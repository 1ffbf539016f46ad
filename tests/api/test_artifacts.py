from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from pixels import differing, pixels_of


@pytest.fixture
def subject() -> str:
    """Return a subject of the test's own."""
    return f"page-{uuid4().hex[:12]}"


@pytest.fixture
def tell(client: httpx.Client, subject: str) -> Callable[[int], str]:
    """Return what says a total, and returns its picture's address."""

    def say(total: int, generation: int = 1) -> str:
        headers = {
            "ce-id": uuid4().hex,
            "ce-source": "/tests",
            "ce-type": "plotkiln.hits",
            "ce-specversion": "1.0",
            "ce-subject": subject,
        }
        data = {"total": total, "generation": generation}
        answer = client.post("/events", json=data, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        return f"/artifacts/hits-{subject}.png"

    return say


def test_a_total_is_shown_under_its_name(client: httpx.Client, tell: Callable[[int], str]) -> None:
    """The picture comes with its number and all headers of pictures."""
    answer = client.get(tell(1336))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["plotkiln-number"] == "1336"
    assert answer.headers["plotkiln-generation"] == "1"
    assert answer.headers["plotkiln-style"] == "default@0"
    assert answer.headers["plotkiln-style-state"] == "builtin"
    assert "source;desc=kept" in answer.headers["server-timing"]
    spec = {"template": "odometer", "params": {"value": 1336}}
    fresh = client.post("/plot", json=spec)
    assert differing(pixels_of(answer.content), pixels_of(fresh.content)) == 0


def test_who_holds_the_newest_is_told_so(client: httpx.Client, tell: Callable[[int], str]) -> None:
    """A matching tag is 304, with the number, until the next one."""
    address = tell(7)
    tag = client.get(address).headers["etag"]
    unchanged = client.get(address, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["plotkiln-number"] == "7"
    tell(8)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_what_comes_late_is_not_shown(client: httpx.Client, tell: Callable[..., str]) -> None:
    """An older number and an older generation are taken, and change nothing."""
    address = tell(8, 2)
    shown = client.get(address)
    tell(7, 2)
    tell(9, 1)
    assert client.get(address).headers["etag"] == shown.headers["etag"]


@pytest.mark.parametrize("path", ["nobody.png", "..%2fstyle.png", "nobody.gif"])
def test_a_name_without_a_picture_is_an_error_picture(client: httpx.Client, path: str) -> None:
    """An `<img>` shows why there is nothing; who asks for JSON gets the problem."""
    answer = client.get(f"/artifacts/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "image/svg+xml")
    problem = client.get(f"/artifacts/{path}", headers={"Accept": "application/json"})
    assert problem.headers["content-type"] == "application/problem+json"


def test_an_event_that_draws_nothing_useful_is_refused(client: httpx.Client) -> None:
    """A total that is none is refused for good, with the place and the rule."""
    headers = {"ce-id": "1", "ce-source": "/t", "ce-type": "plotkiln.hits", "ce-specversion": "1.0"}
    answer = client.post("/events", json={"total": -1, "generation": 1}, headers=headers)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["path"] == "subject"
    assert "rule hits-subject" in fault["message"]


def test_the_schema_of_rules_is_published(client: httpx.Client) -> None:
    """What a file of rules may hold can be checked without plotkiln."""
    answer = client.get("/schemas/rules")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["title"] == "plotkiln rules"
