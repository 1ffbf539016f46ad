"""Named pictures, with real renders through a real pool."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pixels import differing, pixels_of
from plotkiln.artifacts import Artifact, ArtifactOrder, Drawing
from plotkiln.errors import NotFoundError, RuleError, StoreUnavailable
from plotkiln.identity import ANONYMOUS, Principal, Scope
from servers import eventually
from studios import Studio

pytestmark = pytest.mark.anyio

TOO_LARGE: dict[str, Any] = {"y": [1], "size": {"width": 20_000, "height": 20_000}}


async def test_a_name_shows_what_was_drawn_last(studio: Studio) -> None:
    """The picture is that of the number, the record says which, and it is announced."""
    with pytest.raises(NotFoundError, match=r"hits\.png"):
        await studio.seen()
    stored = await studio.update(1336)
    artifact, data = await studio.seen()
    assert artifact == stored
    assert (artifact.generation, artifact.number, artifact.media_type) == (0, 1336, "image/png")
    assert differing(pixels_of(data), pixels_of(await studio.fresh(1336))) == 0
    (event,) = studio.told
    assert (event.type, event.subject) == ("plotkiln.artifact.updated", "hits.png")
    assert msgspec.json.decode(event.data or b"")["number"] == 1336


async def test_a_picture_of_somebody_is_shown_to_whoever_sees_it(studio: Studio) -> None:
    """To anybody else there is no such name; what events drew is nobody's, and shown to all."""
    ann, bob = (Principal(name, frozenset({Scope.RENDER})) for name in ("user:ann", "user:bob"))
    admin = Principal("user:root", frozenset({Scope.ADMIN}))
    await studio.service.update(ann, studio.drawing(3))
    for who in (ann, admin):
        assert (await studio.service.show(who, "hits.png")).artifact.number == 3
    with pytest.raises(NotFoundError, match=r"hits\.png"):
        await studio.service.show(bob, "hits.png")
    await studio.service.remove(ANONYMOUS, "hits.png")
    await studio.update(4)
    assert (await studio.service.show(bob, "hits.png")).artifact.number == 4


async def test_regression_unannounced_while_unpublished(studio: Studio) -> None:
    """A picture that cannot be made public for now is announced, and made public later."""
    studio.public.write_text("in the way of the folder")
    with pytest.raises(StoreUnavailable):
        await studio.update(1)
    assert [event.subject for event in studio.told] == ["hits.png"]
    studio.public.unlink()
    await studio.update(1)
    assert (studio.public / "hits.png").exists()
    assert len(studio.told) == 1


async def test_what_comes_late_draws_nothing(studio: Studio) -> None:
    """An older number, an older generation, and the same once more change and cost nothing."""
    await studio.update(7, generation=1)
    drawn = studio.drawn
    for number, generation in [(6, 1), (9, 0), (7, 1)]:
        stored = await studio.update(number, generation)
        assert stored.order == ArtifactOrder(1, 7)
    assert (await studio.update(0, generation=2)).order == ArtifactOrder(2, 0)
    assert studio.drawn == drawn + 1
    assert len(studio.told) == 2


async def test_a_burst_is_drawn_in_few_pictures(studio: Studio) -> None:
    """Of a thousand numbers at once, in any order, one or two are drawn, the newest at last."""
    drawn = studio.drawn
    numbers = [(number * 617) % 1000 for number in range(1000)]
    stored = await asyncio.gather(*map(studio.update, numbers))
    assert all(one.number >= number for one, number in zip(stored, numbers, strict=True))
    assert (await studio.seen())[0].number == 999
    assert studio.drawn - drawn <= 2


async def test_a_stream_is_drawn_in_few_pictures(studio: Studio) -> None:
    """Of numbers that come sixteen at a time, as from a broker, two in sixteen are drawn."""
    drawn, lanes = studio.drawn, asyncio.Semaphore(16)

    async def deliver(number: int) -> None:
        async with lanes:
            await studio.update(number)

    await asyncio.gather(*map(deliver, range(320)))
    assert (await studio.seen())[0].number == 319
    assert studio.drawn - drawn <= 40


async def test_the_newest_number_is_asked_for_before_drawing(studio: Studio) -> None:
    """A number that nobody told is drawn with the next one that somebody does."""

    async def newest() -> Drawing:
        return studio.drawing(40)

    await studio.service.update(ANONYMOUS, studio.drawing(3), newest=newest)
    assert (await studio.seen())[0].number == 40
    await studio.service.update(ANONYMOUS, studio.drawing(41), newest=newest)
    assert (await studio.seen())[0].number == 41


async def test_processes_share_one_order(studio: Studio) -> None:
    """Two processes that draw at once never set a name back."""
    other, orders, over = studio.open(), [ArtifactOrder()], asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            record = await studio.artifacts.get("hits.png")
            orders.append(record.order if record else ArtifactOrder())
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(
        *(studio.update(number) for number in (5, 1, 9, 7)),
        *(other.update(ANONYMOUS, studio.drawing(number)) for number in (6, 2, 8, 10)),
    )
    over.set()
    await watching
    assert orders == sorted(orders)
    artifact, data = await studio.seen()
    assert artifact.number == 10
    assert differing(pixels_of(data), pixels_of(await studio.fresh(10))) == 0


async def test_what_cannot_be_drawn_fails_alone(studio: Studio) -> None:
    """Numbers that wait together with one that cannot be drawn are drawn; that one is refused."""
    results = await asyncio.gather(
        studio.update(1),
        studio.update(2, **TOO_LARGE),
        studio.update(3, y="none"),
        studio.update(1),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [Artifact, RuleError, RuleError, Artifact]
    assert (await studio.seen())[0].number == 1


async def test_a_name_that_is_none_is_refused(studio: Studio) -> None:
    """A name without a format is nobody's."""
    wrong = msgspec.structs.replace(studio.drawing(1), name="hits")
    with pytest.raises(RuleError, match="names no picture"):
        await studio.service.update(ANONYMOUS, wrong)


async def test_visitors_see_todays_style(studio: Studio) -> None:
    """Whoever asks after a style has changed gets the number in the new one."""
    stored = await studio.update(5)
    _, old = await studio.seen()
    version = await studio.restyle(palette=["#AA0000"])
    after, new = await studio.seen()
    assert (after.order, after.style) == (stored.order, f"{studio.style}@{version}")
    assert differing(pixels_of(old), pixels_of(new)) > 0
    assert differing(pixels_of(new), pixels_of(await studio.fresh(5))) == 0
    told = [msgspec.json.decode(event.data or b"")["style"] for event in studio.told]
    assert told == [stored.style, after.style]


async def test_who_does_not_know_todays_style_changes_none(studio: Studio) -> None:
    """A process that has lost the style store leaves a picture in the style that it has."""
    stored = await studio.update(5)
    version = await studio.restyle(palette=["#00AA00"])
    lost = studio.open(styles_known=False)
    assert await lost.update(ANONYMOUS, studio.drawing(5)) == stored
    shown = await lost.show(ANONYMOUS, "hits.png")
    assert (shown.artifact, shown.style, shown.state) == (stored, stored.style, "stale")
    assert (await studio.update(5)).style == f"{studio.style}@{version}"


async def test_a_style_that_is_gone_leaves_the_picture(studio: Studio) -> None:
    """A picture whose style cannot be had any more is shown as it is."""
    stored = await studio.update(1)
    live = studio.drawing_room.live
    version = live.known()[studio.style].version
    await studio.drawing_room.services.styles.delete(ANONYMOUS, studio.style, expected=version)
    await eventually(lambda: studio.style not in live.known())
    shown = await studio.service.show(ANONYMOUS, "hits.png")
    assert (shown.artifact, shown.state) == (stored, "stale")


async def test_swept_bytes_are_drawn_again(studio: Studio, studio_data: Path) -> None:
    """A picture whose bytes are gone comes back, byte for byte."""
    stored = await studio.update(5)
    _, before = await studio.seen()
    file = studio_data / "renderings" / stored.digest[:2] / f"{stored.digest}.png"
    await asyncio.to_thread(file.unlink)
    artifact, after = await studio.seen()
    assert (artifact, after) == (stored, before)


async def test_bytes_that_cannot_come_back_are_replaced(studio: Studio) -> None:
    """Where a picture cannot be drawn as it was, its record points to one as it is now."""
    stored = await studio.update(5)
    other = msgspec.structs.replace(stored, digest="0" * 64)
    await studio.artifacts.put(other)
    artifact, data = await studio.seen()
    assert (artifact.digest, artifact.order) == (stored.digest, stored.order)
    record = await studio.artifacts.get("hits.png")
    assert record is not None
    assert (record.digest, record.version) == (stored.digest, 3)
    assert data == await studio.fresh(5)


async def test_the_public_key_follows(studio: Studio) -> None:
    """The picture lies at its public key, and a number that comes late does not change it."""
    for number in (3, 5, 4):
        await studio.update(number)
    assert (studio.public / "hits.png").read_bytes() == await studio.fresh(5)


async def test_a_picture_that_was_recorded_only_becomes_public(studio: Studio) -> None:
    """What a process recorded before it died is published by the redelivery of its event."""
    stored = await studio.update(5)
    (studio.public / "hits.png").unlink()
    (studio.public / ".hits.png.json").unlink()
    assert await studio.open().update(ANONYMOUS, studio.drawing(5)) == stored
    assert (studio.public / "hits.png").read_bytes() == await studio.fresh(5)


async def test_regression_a_reset_after_all_is_lost_becomes_public(
    studio: Studio, tmp_path: Path
) -> None:
    """Once records are lost the key keeps its picture; the next generation replaces it."""
    for number in (28, 29, 30):
        await studio.update(number, generation=1)
    with closing(sqlite3.connect(tmp_path / "names.sqlite", timeout=10)) as connection, connection:
        connection.execute("DELETE FROM artifacts")
    await studio.update(1, generation=1)
    assert (studio.public / "hits.png").read_bytes() == await studio.fresh(30)
    with closing(sqlite3.connect(tmp_path / "names.sqlite", timeout=10)) as connection, connection:
        connection.execute("DELETE FROM artifacts")
    stored = await studio.update(0, generation=2)
    assert stored.version == 1
    assert (studio.public / "hits.png").read_bytes() == await studio.fresh(0)
