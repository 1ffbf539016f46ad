"""How many sockets a process takes: never so many that it could take nothing else."""

import sys
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from ears import channel, listening
from kilns import Kiln
from plotkiln.cli.sockets import sockets_within
from redis_servers import RedisServer

pytestmark = pytest.mark.anyio


def limited(data: Path, redis: RedisServer, limits: str) -> Kiln:
    """Return a channel that a shell starts with limits of open files."""
    kiln = channel(data, redis)
    kiln._command = ["sh", "-c", f"{limits}; exec {sys.executable} -m plotkiln live"]
    return kiln


async def test_regression_sockets_leave_room_for_all_else(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    """Where few files may be open, one socket too many is 503, and health is answered."""
    with limited(tmp_path, redis_server, "ulimit -n 128") as kiln:
        assert '"sockets":64' in kiln.log.read_text()
        async with AsyncExitStack() as stack:
            for _ in range(64):
                await (await stack.enter_async_context(listening(kiln.url, "styles"))).hear()
            with pytest.raises(InvalidStatus) as raised:
                await stack.enter_async_context(listening(kiln.url, "styles"))
            assert raised.value.response.status_code == 503
            async with httpx.AsyncClient() as client:
                assert (await client.get(f"{kiln.url}/health/live")).status_code == 200


def test_a_low_soft_limit_is_raised(redis_server: RedisServer, tmp_path: Path) -> None:
    """What the shell allows by default is less than what it may be raised to."""
    with limited(tmp_path, redis_server, "ulimit -Sn 64; ulimit -Hn 4096") as kiln:
        limits = Path(f"/proc/{kiln.pid}/limits").read_text()
        row = next(row for row in limits.splitlines() if row.startswith("Max open files"))
        assert row.split()[3:5] == ["4096", "4096"]
        assert "fewer sockets" not in kiln.log.read_text()


def test_a_quarter_of_the_files_is_left() -> None:
    """There are never more than a process serves well."""
    assert [sockets_within(files) for files in (64, 128, 1024, 65_536)] == [1, 64, 768, 2000]
