import json
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kilns import Kiln
from patients import Sheet, patient_kiln, submit
from redis_servers import RedisServer
from servers import wait_until

LIVE = [sys.executable, "-m", "plotkiln", "live"]


@pytest.fixture
def shared(redis_url: str, tmp_path: Path) -> Iterator[tuple[Kiln, Kiln]]:
    """Start a server and, in a process of its own, the live channel; Redis is between them."""
    named = f"{redis_url}?client_name=live"
    with (
        patient_kiln(tmp_path, PLOTKILN_REDIS_URL=redis_url) as kiln,
        Kiln(kiln.data, command=LIVE, PLOTKILN_REDIS_URL=named) as live,
    ):
        yield kiln, live


def waits_for_news(redis: RedisServer) -> bool:
    """Say whether the live channel has asked Redis for news."""
    clients = redis.command("CLIENT", "LIST").splitlines()
    return any({b"name=live", b"cmd=xread"} <= set(client.split()) for client in clients)


def test_a_job_is_followed_at_the_live_channel(shared: tuple[Kiln, Kiln], tmp_path: Path) -> None:
    """The process of the live channel holds long polls back until the job changes elsewhere."""
    kiln, live = shared
    sheet = Sheet(tmp_path / "sheet", 60)
    with kiln.client() as client, live.client() as follower, ThreadPoolExecutor(1) as threads:
        address = f"/jobs/{submit(client, sheet.spec())['id']}"
        wait_until(lambda: follower.get(address).json()["state"] == "running")
        end = threads.submit(follower.get, address, headers={"Prefer": "wait=50"})
        sheet.tell(0)
        answer = end.result()
        assert answer.json()["state"] == "succeeded"
        assert answer.headers["preference-applied"] == "wait=50"
        assert answer.json() == client.get(address).json()
        held = follower.get(address, headers={"If-None-Match": answer.headers["etag"]})
        assert held.status_code == 304
        assert follower.delete(address).status_code == 405
        assert follower.get("/jobs").status_code == 404


def test_the_live_channel_ends_without_waiting(
    shared: tuple[Kiln, Kiln], redis_server: RedisServer, tmp_path: Path
) -> None:
    """At SIGTERM its long polls are answered with what is, and the process ends."""
    kiln, live = shared
    sheet = Sheet(tmp_path / "sheet", 60)
    with kiln.client() as client, closing(HTTPConnection("127.0.0.1", live.port)) as poll:
        address = f"/jobs/{submit(client, sheet.spec())['id']}"
        wait_until(lambda: client.get(address).json()["state"] == "running")
        poll.request("GET", address, headers={"Prefer": "wait=55"})
        wait_until(lambda: waits_for_news(redis_server))  # so the poll is held back
        os.kill(live.pid, signal.SIGTERM)
        assert json.load(poll.getresponse())["state"] == "running"
        assert live.stop(within=20) == 0
        client.delete(address)
