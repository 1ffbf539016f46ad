"""Renderings by digest, in memory, in a folder or in an object store."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from plotkiln.artifacts.dead_letters import DEAD_LETTERS, DeadLetters
from plotkiln.artifacts.inputs import INPUTS, Inputs
from plotkiln.artifacts.names import MEDIA_TYPES
from plotkiln.artifacts.objects import Entry, Objects, open_objects
from plotkiln.artifacts.published import PUBLISHED
from plotkiln.spec.models import Format
from plotkiln.traces import span

__all__ = ["Renderings", "StoredRendering", "open_renderings"]

#: What a digest names never changes: caches need not ask again for a year, the most there is.
_CACHE_CONTROL = "public, max-age=31536000, immutable"


class StoredRendering(msgspec.Struct, frozen=True):
    """A rendering as it is kept: the picture, and what there is to say of it."""

    data: bytes
    warnings: tuple[str, ...] = ()


def open_renderings(url: str) -> "Renderings":
    """Open the store that a URL names: `memory://`, `file:///folder`, or one that obstore knows.

    Raises `SettingsError` for any other URL.
    """
    return Renderings(open_objects(url))


class Renderings:
    """Immutable pictures under their digest.

    A picture lies at `ab/abcd….png`, as it is, so that a bucket can serve it. Its warnings, if it
    has any, lie beside it at `ab/abcd….png.warnings` and are written first: whoever finds the
    picture finds them. Every method raises `StoreUnavailable` when the store fails.
    """

    def __init__(self, objects: Objects) -> None:
        """Take the store, which others may use beside this."""
        self._objects = objects

    @property
    def inputs(self) -> Inputs:
        """What jobs are drawn from, in the same store."""
        return Inputs(self._objects)

    @property
    def dead_letters(self) -> DeadLetters:
        """What a cluster's broker gave up, in the same store."""
        return DeadLetters(self._objects)

    async def get(self, digest: str, format: Format) -> StoredRendering | None:  # noqa: A002
        """Return one rendering, None where there is none."""
        with span("read rendering", {"plotkiln.digest": digest}):
            return await self._read(_path(digest, format))

    async def _read(self, path: str) -> StoredRendering | None:
        picture = await self._objects.read(path)
        if not picture:  # nor is an empty file one, which a power cut may leave
            return None
        warnings = await self._objects.read(_warnings_path(path))
        return StoredRendering(picture, _decode_warnings(warnings))

    async def put(
        self,
        digest: str,
        format: Format,  # noqa: A002 -- the field's word
        rendering: StoredRendering,
        *,
        create: bool = False,
    ) -> bool:
        """Keep one rendering; it appears whole or not at all. Return whether this call wrote it.

        Without `create` it is written over what is there. With it only one of many writers writes,
        to the others it is there already, and once it returns it is kept for sure.
        """
        with span("write rendering", {"plotkiln.digest": digest}):
            return await self._write(digest, format, rendering, create=create)

    async def _write(
        self,
        digest: str,
        format: Format,  # noqa: A002 -- the field's word
        rendering: StoredRendering,
        *,
        create: bool,
    ) -> bool:
        path = _path(digest, format)
        if rendering.warnings:
            warnings = msgspec.json.encode(rendering.warnings)
            await self._put(_warnings_path(path), warnings, "application/json", create=create)
        return await self._put(path, rendering.data, MEDIA_TYPES[format], create=create)

    async def address(self, digest: str, format: Format, *, lifetime: timedelta) -> str | None:  # noqa: A002
        """Return where whoever knows the address may fetch a picture for a time, past plotkiln.

        None where the store has no such addresses. Seven days are the most that S3 signs.
        """
        return await self._objects.address(_path(digest, format), lifetime=lifetime)

    async def remove(self, digest: str, format: Format) -> None:  # noqa: A002 -- the field's word
        """Delete one rendering, if it is there."""
        path = _path(digest, format)
        await self._objects.delete([path, _warnings_path(path)])

    async def sweep(self, *, max_age: timedelta | None, max_size: int | None) -> int:
        """Delete what is older than `max_age`, then the oldest past `max_size` bytes in all.

        None is no bound; without any the store is not even listed, which a large bucket charges.
        What is published under a name of its own stays, and so do the inputs of jobs and dead
        letters, which have sweeps of their own. What killed writers left of a picture goes. Returns
        the number of deleted objects.
        """
        doomed: list[str] = []
        if max_age is not None or max_size is not None:
            found = [entry async for entry in self._objects.list()]
            own = [entry for entry in found if not entry.path.startswith(_OTHERS)]
            doomed = _excess(own, max_age, max_size)
        await self._objects.delete(doomed)
        return len(doomed) + await self._objects.tidy()

    async def _put(self, path: str, data: bytes, media_type: str, *, create: bool) -> bool:
        headers = {"Content-Type": media_type, "Cache-Control": _CACHE_CONTROL}
        if create:
            return await self._objects.create(path, data, headers)
        await self._objects.write(path, data, headers)
        return True


#: What lies in the same store and is no rendering.
_OTHERS = (PUBLISHED, INPUTS, DEAD_LETTERS)


def _excess(entries: Iterable[Entry], max_age: timedelta | None, max_size: int | None) -> list[str]:
    """Return the paths of what is too old, and of the oldest until the rest is small enough."""
    kept = sorted(entries, key=lambda entry: entry.modified)
    oldest = datetime.min.replace(tzinfo=UTC) if max_age is None else datetime.now(UTC) - max_age
    excess = 0 if max_size is None else sum(entry.size for entry in kept) - max_size
    doomed = []
    for entry in kept:
        if entry.modified >= oldest and excess <= 0:
            break
        doomed.append(entry.path)
        excess -= entry.size
    return doomed


def _path(digest: str, format: Format) -> str:  # noqa: A002 -- the field's word
    return f"{digest[:2]}/{digest}.{format}"


def _warnings_path(path: str) -> str:
    return f"{path}.warnings"


def _decode_warnings(data: bytes | None) -> tuple[str, ...]:
    return () if data is None else msgspec.json.decode(data, type=tuple[str, ...])
