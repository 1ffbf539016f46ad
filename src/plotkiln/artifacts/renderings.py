"""Renderings by digest, in memory, in a folder or in an object store (obstore)."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, from_url

from plotkiln.artifacts.published import PUBLISHED
from plotkiln.errors import SettingsError, StoreUnavailable
from plotkiln.spec.models import Format

__all__ = ["Renderings", "StoredRendering", "open_renderings"]


class StoredRendering(msgspec.Struct, frozen=True):
    """A rendering as it is kept: the picture, and what there is to say of it."""

    data: bytes
    warnings: tuple[str, ...] = ()


class _Kept(msgspec.Struct, frozen=True):
    """One stored object, as a sweep sees it."""

    path: str
    size: int
    modified: datetime


def open_renderings(url: str) -> "Renderings":
    """Open the store that a URL names: `memory://`, `file:///folder`, or one that obstore knows.

    Raises `SettingsError` for any other URL.
    """
    if url == "memory://":
        return Renderings(MemoryStore())
    scheme, _, path = url.partition("://")
    if scheme == "file" and path.startswith("/"):
        return Renderings(LocalStore(path, mkdir=True))
    try:
        return Renderings(from_url(url))
    except (BaseError, ValueError) as error:
        raise SettingsError(f"PLOTKILN_ARTIFACTS_URL={url}: {error}") from error


class Renderings:
    """Immutable pictures under their digest.

    A picture lies at `ab/abcd….png`, as it is, so that a bucket can serve it. Its warnings, if it
    has any, lie beside it at `ab/abcd….png.warnings` and are written first: whoever finds the
    picture finds them. Every method raises `StoreUnavailable` when the store fails.
    """

    def __init__(self, store: Any) -> None:
        self._store = store

    async def get(self, digest: str, format: Format) -> StoredRendering | None:  # noqa: A002
        """Return one rendering, None where there is none."""
        path = _path(digest, format)
        picture = await self._read(path)
        if picture is None:
            return None
        warnings = await self._read(_warnings_path(path))
        return StoredRendering(picture, _decode_warnings(warnings))

    async def put(self, digest: str, format: Format, rendering: StoredRendering) -> None:  # noqa: A002
        """Keep one rendering; it appears whole or not at all."""
        path = _path(digest, format)
        if rendering.warnings:
            await self._write(_warnings_path(path), msgspec.json.encode(rendering.warnings))
        await self._write(path, rendering.data)

    async def remove(self, digest: str, format: Format) -> None:  # noqa: A002 -- the field's word
        """Delete one rendering, if it is there."""
        path = _path(digest, format)
        await self._delete([path, _warnings_path(path)])

    async def sweep(self, *, max_age: timedelta, max_size: int) -> int:
        """Delete what is older than `max_age`, then the oldest past `max_size` bytes in all.

        What is published under a name of its own stays. Returns the number of deleted objects.
        """
        found = [entry async for entry in self._list() if not entry.path.startswith(PUBLISHED)]
        kept = sorted(found, key=lambda entry: entry.modified)
        oldest = datetime.now(UTC) - max_age
        excess = sum(entry.size for entry in kept) - max_size
        doomed = []
        for entry in kept:
            if entry.modified >= oldest and excess <= 0:
                break
            doomed.append(entry.path)
            excess -= entry.size
        await self._delete(doomed)
        return len(doomed)

    async def _read(self, path: str) -> bytes | None:
        try:
            found = await obstore.get_async(self._store, path)
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"Renderings cannot be read: {error}") from error

    async def _write(self, path: str, data: bytes) -> None:
        try:
            await obstore.put_async(self._store, path, data)
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"Renderings cannot be stored: {error}") from error

    async def _list(self) -> AsyncIterator[_Kept]:
        try:
            async for page in obstore.list(self._store):
                for entry in page:
                    yield _Kept(entry["path"], entry["size"], entry["last_modified"])
        except (BaseError, OSError) as error:
            raise StoreUnavailable(f"Renderings cannot be listed: {error}") from error

    async def _delete(self, paths: Iterable[str]) -> None:
        for path in paths:
            try:
                await obstore.delete_async(self._store, path)
            except FileNotFoundError:
                continue  # another process swept it first
            except (BaseError, OSError) as error:
                raise StoreUnavailable(f"Renderings cannot be deleted: {error}") from error


def _path(digest: str, format: Format) -> str:  # noqa: A002 -- the field's word
    return f"{digest[:2]}/{digest}.{format}"


def _warnings_path(path: str) -> str:
    return f"{path}.warnings"


def _decode_warnings(data: bytes | None) -> tuple[str, ...]:
    return () if data is None else msgspec.json.decode(data, type=tuple[str, ...])
