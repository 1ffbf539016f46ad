import httpx
import pytest
from starlette.types import Receive, Scope, Send

from plotkiln.api.middleware import RequestRecord
from plotkiln.service import Metrics

pytestmark = pytest.mark.anyio


async def defective(scope: Scope, receive: Receive, send: Send) -> None:
    """Fail as only a defect does."""
    raise ZeroDivisionError("with a secret")


async def test_a_defect_is_a_problem_counted_as_500(caplog: pytest.LogCaptureFixture) -> None:
    """An exception that nobody expected is logged, counted and answered as 500, without details."""
    metrics = Metrics()
    transport = httpx.ASGITransport(RequestRecord(defective, metrics))
    async with httpx.AsyncClient(transport=transport, base_url="http://kiln") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text
    assert "with a secret" in caplog.text
    assert metrics.counters["http_requests", ("GET", "other", "500")] == 1
