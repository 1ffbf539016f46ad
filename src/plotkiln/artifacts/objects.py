"""Bytes under paths: in memory, in a folder or in an object store (obstore), with our errors."""

import asyncio
import logging
import math
import os
import re
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError
from obstore.store import AzureStore, GCSStore, LocalStore, MemoryStore, S3Store, from_url

from plotkiln.errors import SettingsError, StoreUnavailable

__all__ = ["Entry", "Objects", "open_objects"]

log = logging.getLogger("plotkiln.artifacts")

#: Stores that sign addresses by their credentials.
_SIGNING = (AzureStore, GCSStore, S3Store)

#: Age from which what is created once more is written once more, so that a sweep spares it; and
#: from which nobody writes at a file any more.
_AGED = timedelta(hours=1)

#: Ends the names of files that are being written.
_LEFTOVER = re.compile(r"#\d+$")


class Entry(msgspec.Struct, frozen=True):
    """One stored object, as a sweep sees it."""

    path: str
    size: int
    modified: datetime


def open_objects(url: str) -> "Objects":
    """Open the store that a URL names: `memory://`, `file:///folder`, or one that obstore knows.

    Raises `SettingsError` for any other URL.
    """
    if url == "memory://":
        return Objects(MemoryStore())
    scheme, _, path = url.partition("://")
    if scheme == "file" and path.startswith("/"):
        return Objects(LocalStore(path, mkdir=True))
    try:
        return Objects(from_url(url))
    except (BaseError, ValueError) as error:
        raise SettingsError(f"PLOTKILN_ARTIFACTS_URL={url}: {error}") from error


class Objects:
    """Objects that appear whole or not at all; every method raises `StoreUnavailable`.

    A folder's file is written beside its place and renamed. `what` names the objects in messages.
    """

    def __init__(self, store: Any, what: str = "Renderings") -> None:
        """Take a store of obstore's."""
        self._store = store
        self._what = what

    def named(self, what: str) -> "Objects":
        """Return the same store for other objects."""
        return Objects(self._store, what)

    async def read(self, path: str) -> bytes | None:
        """Return an object, None where there is none."""
        try:
            found = await obstore.get_async(self._store, path)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"{self._what} cannot be read", why=error) from error

    async def read_to_end(self, path: str) -> bytes | None:
        """Return an object as `read` does, for a process that may end right after.

        obstore's own threads let go of what they read a moment later, and abort an interpreter that
        is gone by then: one process in five that reads and ends.
        """
        try:
            return await asyncio.to_thread(lambda: bytes(obstore.get(self._store, path).bytes()))
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"{self._what} cannot be read", why=error) from error

    async def write(self, path: str, data: bytes, headers: dict[str, str]) -> None:
        """Write an object, over what is there. `headers` are told to browsers, by a bucket."""
        try:
            await obstore.put_async(self._store, path, data, attributes=self._attributes(headers))
        except (BaseError, OSError) as error:
            raise self._not_stored(error) from error

    async def create(self, path: str, data: bytes, headers: dict[str, str]) -> bool:
        """Write an object unless it is there already; return whether this call wrote it.

        What lies under one path is always the same: one of another size was torn by a power cut,
        say, and is replaced, and so is one that a sweep might soon take for old. Afterwards a
        folder's file survives a power cut. On a bucket this is `If-None-Match: *`.
        """
        created = await self._create(path, data, headers)
        if not created and not await self._stands(path, len(data)):
            await self.write(path, data, headers)
        if isinstance(self._store, LocalStore):
            await self._settle(path)
        return created

    async def list(self, prefix: str = "") -> AsyncIterator[Entry]:
        """Yield every object whose path begins with these folders."""
        try:
            async for page in obstore.list(self._store, prefix or None):
                for entry in page:
                    yield Entry(entry["path"], entry["size"], entry["last_modified"])
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"{self._what} cannot be listed", why=error) from error

    async def paths_to_end(self, prefix: str) -> Sequence[str]:
        """Return the paths below these folders, as `list`; for a process as in `read_to_end`."""
        try:
            return await asyncio.to_thread(self._paths, prefix)
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"{self._what} cannot be listed", why=error) from error

    def _paths(self, prefix: str) -> Sequence[str]:
        return [entry["path"] for page in obstore.list(self._store, prefix) for entry in page]

    async def delete(self, paths: Iterable[str]) -> None:
        """Delete objects, those that are there."""
        for path in paths:
            try:
                await obstore.delete_async(self._store, path)
            except FileNotFoundError:
                continue  # another process swept it first
            except (BaseError, OSError) as error:
                raise StoreUnavailable(f"{self._what} cannot be deleted", why=error) from error

    async def tidy(self) -> int:
        """Delete what writers left in a folder that were killed; return the number of files.

        They write `name#1` first, which is no object to anybody. One of an hour is nobody's.
        """
        if not isinstance(self._store, LocalStore):
            return 0
        try:
            return await asyncio.to_thread(_delete_leftovers, Path(str(self._store.prefix)))
        except OSError as error:
            raise StoreUnavailable(f"{self._what} cannot be deleted", why=error) from error

    async def address(self, path: str, *, lifetime: timedelta) -> str | None:
        """Return an address that whoever knows it may read for a time; None where none is signed.

        Nothing is asked of the store: the object need not be there.
        """
        if not isinstance(self._store, _SIGNING):
            return None
        try:
            return await obstore.sign_async(self._store, "GET", path, lifetime)
        except (BaseError, OSError) as error:
            log.warning("no address could be signed: %s", error)
            return None

    async def _create(self, path: str, data: bytes, headers: dict[str, str]) -> bool:
        try:
            await obstore.put_async(
                self._store,
                path,
                data,
                mode="create",
                attributes=self._attributes(headers),
                use_multipart=False,  # parts are put together without the condition
            )
        except AlreadyExistsError:
            return False
        except (NotSupportedError, NotImplementedError):
            await self.write(path, data, headers)  # a bucket without conditions: it is the same
        except (BaseError, OSError) as error:
            raise self._not_stored(error) from error
        return True

    async def _stands(self, path: str, size: int) -> bool:
        """Say whether an object is whole, and stays for a while."""
        try:
            found = await obstore.head_async(self._store, path)
        except FileNotFoundError:
            return False  # swept meanwhile
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"{self._what} cannot be read", why=error) from error
        return found["size"] == size and datetime.now(UTC) - found["last_modified"] < _AGED

    async def _settle(self, path: str) -> None:
        """Have the disk keep a file, and its name."""
        file = Path(str(self._store.prefix), path)
        try:
            await asyncio.to_thread(_synchronise, [file, file.parent])
        except FileNotFoundError:
            return  # swept meanwhile
        except OSError as error:
            raise self._not_stored(error) from error

    def _attributes(self, headers: dict[str, str]) -> Any:
        """Return what an object tells of itself; a folder's files can tell nothing."""
        return None if isinstance(self._store, LocalStore) else headers

    def _not_stored(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(f"{self._what} cannot be stored", why=error)


def _delete_leftovers(folder: Path) -> int:
    oldest = time.time() - _AGED.total_seconds()
    found = [file for file in folder.rglob("*#*") if _LEFTOVER.search(file.name)]
    aged = [file for file in found if _modified(file) < oldest]
    for file in aged:
        file.unlink(missing_ok=True)
    return len(aged)


def _modified(file: Path) -> float:
    """Return when a file was written; one that is gone meanwhile is new."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _synchronise(paths: Iterable[Path]) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
