"""Servers to attack, and the count of what was tried."""

import base64
from collections import Counter
from collections.abc import Callable, Iterator

import httpx
import pytest

from issuers import Issuer
from kilns import Kiln
from people import guarded_kiln
from wires import request as request_bytes
from wires import sent

#: Keys of signed addresses.
RING = f"k2:{base64.b64encode(bytes(range(32))).decode()}"


@pytest.fixture(scope="session")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server without identity, as on somebody's desk, that is told little."""
    data = tmp_path_factory.mktemp("attacked") / "data"
    with Kiln(data, PLOTKILN_MAX_BODY="1", PLOTKILN_BODY_TIMEOUT="1") as running:
        yield running


@pytest.fixture(scope="session")
def guarded(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that asks who asks, and signs addresses; its limits are out of the way."""
    data = tmp_path_factory.mktemp("guarded") / "data"
    with guarded_kiln(issuer, data, PLOTKILN_SIGNING_KEYS=RING) as running:
        yield running


@pytest.fixture
def client(kiln: Kiln) -> Iterator[httpx.Client]:
    """Talk to it as a client of HTTP does."""
    with kiln.client() as opened:
        yield opened


@pytest.fixture(autouse=True)
def unshaken(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold after each attack that the server answers, and that no defect of ours was logged."""
    attacked = [request.getfixturevalue(name) for name in _SERVERS & set(request.fixturenames)]
    before = [len(running.log.read_bytes()) for running in attacked]
    yield
    for running, read in zip(attacked, before, strict=True):
        assert sent(running.port, request_bytes("GET", "/health/ready")).status == 200
        assert b"a defect of ours" not in running.log.read_bytes()[read:]


@pytest.fixture
def tried(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    """Return what notes how many attacks one test is, where it is several."""
    return lambda number: record_property("attacks", number)


#: Fixtures that are servers.
_SERVERS = {"kiln", "guarded", "shared"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many attacks were tried, by kind, and how many came through."""
    counted: dict[str, Counter[str]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.nodeid.startswith("tests/attacks/"):
                kind = report.nodeid.partition("tests/attacks/test_")[2].partition(".py")[0]
                number = dict(report.user_properties).get("attacks", 1)
                counted.setdefault(kind, Counter())[outcome] += int(number)
    if counted:
        terminalreporter.section("attacks")
    for kind, outcomes in sorted(counted.items()):
        held, fell = outcomes["passed"], outcomes["failed"]
        terminalreporter.write_line(f"{kind}: {held} held, {fell} came through")
