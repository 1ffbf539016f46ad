"""Opens the style stores under test, as any number of processes would."""

import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from plotkiln.state import Database
from plotkiln.style.history import Retention
from plotkiln.style.stores import StyleStore
from plotkiln.style.stores.consul import ConsulStyles
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.embedded import EmbeddedStyles
from servers import Consul

__all__ = ["ConsulOpener", "EmbeddedOpener", "Opener"]


class EmbeddedOpener:
    """Opens one file of styles time and again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "styles.db"

    @property
    def place(self) -> tuple[str, str]:
        """The file, and no prefix."""
        return str(self.path), ""

    def forget(self) -> None:
        """Begin anew with nothing; no process may have it open."""
        for path in self.path.parent.glob(f"{self.path.name}*"):
            path.unlink()

    @asynccontextmanager
    async def __call__(self, retention: Retention | None = None) -> AsyncIterator[StyleStore]:
        """Open the store as another process would."""
        async with (
            Database(self.path) as database,
            EmbeddedStyles(database, retention=retention) as styles,
        ):
            yield styles

    async def change(self, name: str, data: bytes | None) -> None:
        """Write or remove a document without plotkiln: nothing enters the history."""
        async with Database(self.path) as database:
            await database.write(lambda connection: _change(connection, name, data))


class ConsulOpener:
    """Opens the styles below a prefix of their own time and again."""

    def __init__(self, agent: Consul) -> None:
        self.agent = agent
        self.forget()

    @property
    def place(self) -> tuple[str, str]:
        """Consul's address and the prefix."""
        return self.agent.url, self.prefix

    def forget(self) -> None:
        """Begin anew with nothing."""
        self.prefix = f"test/{secrets.token_hex(8)}/styles"

    def __call__(
        self, retention: Retention | None = None
    ) -> AbstractAsyncContextManager[StyleStore]:
        """Open the store as another process would."""
        config = ConsulConfig(address=self.agent.url, wait=5)
        return ConsulStyles(config, prefix=self.prefix, retention=retention)

    async def change(self, name: str, data: bytes | None) -> None:
        """Write or remove a document as Consul's UI does."""
        if data is None:
            self.agent.delete(f"{self.prefix}/{name}")
        else:
            self.agent.put(f"{self.prefix}/{name}", data)


Opener = EmbeddedOpener | ConsulOpener


def _change(connection: sqlite3.Connection, name: str, data: bytes | None) -> None:
    (index,) = connection.execute(
        "UPDATE styles_index SET value = value + 1 RETURNING value"
    ).fetchone()
    connection.execute("DELETE FROM styles WHERE name = ?", (name,))
    if data is not None:
        connection.execute("INSERT INTO styles VALUES (?, ?, ?)", (name, index, data))
