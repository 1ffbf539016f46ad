import asyncio
import sqlite3
from contextlib import aclosing
from pathlib import Path

import pytest

from plotkiln.errors import StoreUnavailable
from plotkiln.state import Database
from plotkiln.style.stores.embedded import EmbeddedStyles

pytestmark = pytest.mark.anyio


async def test_versions_go_on_after_opening_again(tmp_path: Path) -> None:
    """A version is not used again by a later process, though every document was deleted."""
    path = tmp_path / "styles.db"
    async with Database(path) as database, EmbeddedStyles(database) as styles:
        stored = await styles.write("a", b"1", expected=0)
        await styles.delete("a", expected=stored.version)
    async with Database(path) as database, EmbeddedStyles(database) as styles:
        again = await styles.write("a", b"1", expected=0)
    assert again.version > stored.version


async def test_a_watch_ends_when_the_database_is_closed(tmp_path: Path) -> None:
    """Whoever watches a store that is closed under them is told that it is away."""
    async with Database(tmp_path / "styles.db") as database, EmbeddedStyles(database) as styles:
        watch = styles.watch()
        await anext(watch)
    async with aclosing(watch):
        await styles_written_elsewhere(tmp_path / "styles.db")
        with pytest.raises(StoreUnavailable):
            await anext(watch)


async def styles_written_elsewhere(path: Path) -> None:
    """Write one style as another process would."""
    async with Database(path) as database, EmbeddedStyles(database) as styles:
        await styles.write("elsewhere", b"{}", expected=0)


async def test_commits_of_other_stores_change_nothing(tmp_path: Path) -> None:
    """What other stores commit to the same file wakes the watch, whose listing is as it was."""
    path = tmp_path / "state.db"
    async with Database(path) as database, EmbeddedStyles(database) as styles:
        await styles.write("a", b"1", expected=0)
        async with aclosing(styles.watch()) as watch:
            first = await anext(watch)
            with sqlite3.connect(path) as other:
                other.execute("CREATE TABLE others (number INTEGER) STRICT")
            other.close()
            async with asyncio.timeout(20):
                assert await anext(watch) == first
