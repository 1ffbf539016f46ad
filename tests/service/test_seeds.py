from pathlib import Path

import anyio
import pytest

from plotkiln.__about__ import __version__
from plotkiln.errors import NotFoundError
from plotkiln.identity import Principal
from plotkiln.service.seeds import seed
from plotkiln.style.shipped import SHIPPED, shipped_document
from style_stores import ConsulOpener, EmbeddedOpener, Opener

pytestmark = pytest.mark.anyio

GARDENER = Principal("gardener")
OURS = b'{"palette": ["#0B7285"]}'


@pytest.fixture(params=["consul", "embedded"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Return what opens the same, at first empty, styles time and again."""
    if request.param == "embedded":
        return EmbeddedOpener(tmp_path)
    return ConsulOpener(request.getfixturevalue("consul"))


async def test_every_shipped_style_is_stored_as_it_ships(opener: Opener) -> None:
    """An empty store gets all of them, byte for byte, each in a version of its own."""
    async with opener() as store:
        seeded = await seed(store, GARDENER)
        stored = (await store.list()).documents
    assert [(one.name, one.outcome) for one in seeded] == [(name, "written") for name in SHIPPED]
    assert {name: document.data for name, document in stored.items()} == {
        name: shipped_document(name) for name in SHIPPED
    }
    assert {one.name: int(one.version) for one in seeded} == {
        name: document.version for name, document in stored.items()
    }


async def test_what_is_stored_is_left(opener: Opener) -> None:
    """A name that is taken stays as it is, and is told with its version."""
    async with opener() as store:
        ours = await store.write("dark", OURS, expected=0)
        seeded = {one.name: one for one in await seed(store, GARDENER)}
        kept = await store.read("dark")
    assert kept == ours
    assert (seeded["dark"].outcome, seeded["dark"].version) == ("left", str(ours.version))
    assert {name for name, one in seeded.items() if one.outcome == "written"} == {*SHIPPED} - {
        "dark"
    }


async def test_seeding_twice_changes_nothing(opener: Opener) -> None:
    """The second time everything is left in the versions of the first."""
    async with opener() as store:
        first, second = await seed(store, GARDENER), await seed(store, GARDENER)
    assert {one.outcome for one in second} == {"left"}
    assert [one.version for one in first] == [one.version for one in second]


async def test_two_who_seed_at_once_write_each_style_once(opener: Opener) -> None:
    """Of two processes exactly one writes each style, and both tell the same version."""
    told = []

    async def one_process() -> None:
        async with opener() as store:
            told.append({one.name: one for one in await seed(store, GARDENER)})

    async with opener(), anyio.create_task_group() as group:
        group.start_soon(one_process)
        group.start_soon(one_process)
    for name in SHIPPED:
        assert sorted(seeded[name].outcome for seeded in told) == ["left", "written"]
        assert len({seeded[name].version for seeded in told}) == 1


async def test_the_history_says_where_it_came_from(opener: Opener) -> None:
    """The entry names who seeded, and the release that the style ships with."""
    async with opener() as store:
        await seed(store, GARDENER, ["print"])
        (entry,) = await store.history("print")
    assert (entry.who, entry.why) == ("gardener", f"shipped with plotkiln {__version__}")


async def test_a_name_that_does_not_ship_stores_nothing(opener: Opener) -> None:
    """One unknown name refuses all, before anything is written."""
    async with opener() as store:
        with pytest.raises(NotFoundError, match="did you mean slide"):
            await seed(store, GARDENER, ["dark", "slides"])
        assert (await store.list()).documents == {}
