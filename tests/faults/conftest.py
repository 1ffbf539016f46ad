"""Real Consuls to break, and a report of what was lost: printed as JSON after the tests."""

import json

import pytest

from load import Report

_COUNTS: pytest.StashKey[dict[str, object]] = pytest.StashKey()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Return what adds one case to the report."""
    counts = request.config.stash.setdefault(_COUNTS, {})

    def add(case: str, counted: dict[str, object]) -> None:
        counts[case] = counted

    return add


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the report, one JSON object."""
    counts = config.stash.get(_COUNTS, {})
    if counts:
        terminalreporter.section("faults: what was counted")
        terminalreporter.write_line(json.dumps(counts, indent=1))
