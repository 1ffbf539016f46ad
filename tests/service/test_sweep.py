"""The sweep keeps what events leave behind within its bounds."""

from pathlib import Path

import pytest

from plotkiln.cli.composition import open_composition
from plotkiln.events.event import CloudEvent
from plotkiln.events.triggers import DEFAULT_BROKER
from plotkiln.identity import ANONYMOUS
from plotkiln.settings import read_settings
from plotkiln.workers import installed_fonts

pytestmark = pytest.mark.anyio


def event(number: int) -> CloudEvent:
    """Return an event that nobody wants."""
    return CloudEvent(id=str(number), source="/", type="unwanted")


async def test_delivered_events_go(tmp_path: Path) -> None:
    """Beyond PLOTKILN_EVENTS_KEEP the oldest events are removed, and counted."""
    told = {"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_EVENTS_KEEP": "2"}
    async with open_composition(read_settings(told), installed_fonts()) as composition:
        brokers = composition.services.brokers
        for number in range(5):
            await brokers.accept(ANONYMOUS, DEFAULT_BROKER, event(number))
        swept = await composition.sweep.sweep()
        assert swept.others["events"] == 3
        page = await brokers.page(ANONYMOUS)
    assert [one.id for one in page.events] == ["4", "3"]


async def test_replies_go(tmp_path: Path) -> None:
    """What is beyond PLOTKILN_EVENTS_WINDOW is forgotten, and counted."""
    told = {"PLOTKILN_DATA": str(tmp_path), "PLOTKILN_EVENTS_WINDOW": "0.00000001"}
    async with open_composition(read_settings(told), installed_fonts()) as composition:
        for number in range(3):
            await composition.services.events.receive(ANONYMOUS, event(number))
        swept = await composition.sweep.sweep()
        assert swept.others["replies"] == 3
        assert (await composition.sweep.sweep()).others["replies"] == 0
