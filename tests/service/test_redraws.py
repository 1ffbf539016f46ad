"""Events and changes of style that redraw named pictures."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from plotkiln.artifacts import Artifact, ArtifactOrder
from plotkiln.errors import PlotkilnError, RuleError, StoreUnavailable
from plotkiln.events.event import CloudEvent
from plotkiln.events.rules import read_rules
from plotkiln.service.redraws import Current, Redraws
from plotkiln.service.restyles import Restyles
from servers import eventually
from studios import Studio

pytestmark = pytest.mark.anyio


class Total:
    """A total that the test sets; it is asked for by subject."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self.failure: PlotkilnError | None = None
        self.asked: list[str] = []

    async def __call__(self, subject: str) -> Mapping[str, Any] | None:
        """Return what an event would say now."""
        self.asked.append(subject)
        if self.failure is not None:
            raise self.failure
        return {"total": self.total, "generation": 1}


def redraws(studio: Studio, current: Current | None = None, **rules: Any) -> Redraws:
    """Return what redraws `hits.png` for home, and what other rules say."""
    rule = {
        "name": "hits",
        "filters": [{"exact": {"type": "plotkiln.hits"}}],
        "artifact": "hits.png",
        "number": "data.total",
        "generation": "data.generation",
        "spec": {
            "template": "odometer",
            "params": {"value": {"$from": "data.total"}},
            "style": studio.style,
            "alt": studio.style,
        },
    }
    more = [{**rule, "name": name, **members} for name, members in rules.items()]
    read = read_rules(json.dumps({"rules": [rule, *more]}).encode())
    known = {"plotkiln.hits": current} if current else {}
    return Redraws(read, studio.service, current=known)


def hits(total: int, generation: int = 1) -> CloudEvent:
    """Return the event that says a total."""
    data = msgspec.json.encode({"total": total, "generation": generation})
    return CloudEvent(id="1", source="/c", type="plotkiln.hits", subject="home", data=data)


async def record(studio: Studio, name: str = "hits.png") -> Artifact:
    """Return what is recorded."""
    found = await studio.artifacts.get(name)
    assert found is not None
    return found


async def test_an_event_redraws_what_its_rules_say(studio: Studio) -> None:
    """Every rule that matches draws its picture; an event of another type draws none."""
    made = redraws(studio, other={"artifact": "other.svg"}, never={"filters": [NEVER]})
    await made.handle(hits(7))
    await made.handle(msgspec.structs.replace(hits(9), type="another"))
    assert list(await studio.artifacts.names()) == ["hits.png", "other.svg"]
    assert (await record(studio)).order == ArtifactOrder(1, 7)
    assert (await record(studio, "other.svg")).media_type == "image/svg+xml"


async def test_a_redelivery_changes_nothing(studio: Studio) -> None:
    """The same event twice, and an older one after it, leave the record as it is."""
    made = redraws(studio)
    await made.handle(hits(7))
    first = await record(studio)
    for event in (hits(7), hits(6), hits(90, generation=0)):
        await made.handle(event)
    assert await record(studio) == first


async def test_a_lost_event_is_healed_by_the_next(studio: Studio) -> None:
    """What is drawn is the total as it is now, and the events that came with it are spared."""
    total = Total(10)
    made = redraws(studio, total)
    await made.handle(hits(3))
    assert (await record(studio)).number == 10
    drawn, asked = studio.drawn, len(total.asked)
    for number in range(4, 10):
        await made.handle(hits(number))
    assert (studio.drawn, len(total.asked)) == (drawn, asked)
    assert set(total.asked) == {"home"}


async def test_a_redrawn_picture_is_not_redrawn_for_that(studio: Studio) -> None:
    """A rule that takes announcements draws because of other pictures' ones, not its own's."""
    kind = {"exact": {"type": "plotkiln.artifact.updated"}}
    shown = {"artifact": "hits-{data.of}.png", "number": "time", "spec": {"y": [1]}}
    made = redraws(studio, echo={**shown, "generation": "data.generation", "filters": [kind]})
    told = CloudEvent(
        id="1",
        source="/artifacts",
        type="plotkiln.artifact.updated",
        subject="hits-home.png",
        time="2026-03-01T09:30:00Z",
        data=b'{"of": "home", "generation": 1}',
    )
    await made.handle(told)
    assert not await studio.artifacts.names()
    await made.handle(msgspec.structs.replace(told, subject="other.png"))
    assert list(await studio.artifacts.names()) == ["hits-home.png"]


async def test_one_rule_does_not_hinder_another(studio: Studio) -> None:
    """Where one drawing cannot be made the others are, and the event counts as refused."""
    large = {"size": {"width": 20_000, "height": 20_000}, "y": [1]}
    made = redraws(studio, first={"artifact": "a.png", "spec": large}, then={"artifact": "z.png"})
    with pytest.raises(RuleError, match="pixels"):
        await made.handle(hits(7))
    assert list(await studio.artifacts.names()) == ["hits.png", "z.png"]


async def test_an_event_without_what_a_rule_needs_is_refused(studio: Studio) -> None:
    """An event that lacks a value is refused for good, before anything is drawn."""
    made = redraws(studio, other={"artifact": "{subject}.png"})
    with pytest.raises(RuleError, match=r"data\.generation"):
        await made.handle(msgspec.structs.replace(hits(7), data=b"{}"))
    assert not await studio.artifacts.names()


async def test_an_event_waits_for_the_store_of_totals(studio: Studio) -> None:
    """Where the total cannot be read the event is to be delivered again; then it is drawn."""
    total = Total(8)
    total.failure = StoreUnavailable()
    made = redraws(studio, total)
    with pytest.raises(StoreUnavailable):
        await made.handle(hits(7))
    total.failure = None
    await made.handle(hits(7))
    assert (await record(studio)).number == 8


async def test_a_change_of_style_redraws_in_the_background(studio: Studio) -> None:
    """A picture that nobody asks for follows its style, with the number of now."""
    total = Total(7)
    made = redraws(studio, total)
    await made.handle(hits(7))
    before = await record(studio)
    async with Restyles(studio.artifacts, made, studio.drawing_room.live):
        total.total = 12
        version = await studio.restyle(palette=["#AA0000"])
        await eventually(lambda: len(studio.told) >= 2 and is_of(studio, 12, version))
    after = await record(studio)
    assert after.style_digest != before.style_digest
    assert after.order == ArtifactOrder(1, 12)


async def test_a_start_brings_what_was_missed(studio: Studio) -> None:
    """What changed while nobody ran, a style or a total, shows soon after the start."""
    total = Total(7)
    made = redraws(studio, total, bad={"artifact": "bad.png"})
    await made.handle(hits(7))
    version = await studio.restyle(palette=["#00AA00"])
    await studio.artifacts.put(broken(await record(studio, "bad.png")))
    total.total = 9
    async with Restyles(studio.artifacts, made, studio.drawing_room.live):
        await eventually(lambda: is_of(studio, 9, version))
    assert (studio.public / "hits.png").exists()


NEVER = {"exact": {"type": "never"}}


def broken(artifact: Artifact) -> Artifact:
    """Return a record whose spec no rule makes any more, and nobody can draw."""
    return msgspec.structs.replace(artifact, spec=b'{"y": "none"}', cause=None, style_digest="")


def is_of(studio: Studio, number: int, version: int) -> bool:
    """Say whether the last that was told of hits.png is this number in this style."""
    told = [msgspec.json.decode(event.data or b"") for event in studio.told]
    mine = [one for one in told if one["name"] == "hits.png"]
    return bool(mine) and (mine[-1]["number"], mine[-1]["style"]) == (
        number,
        f"{studio.style}@{version}",
    )
