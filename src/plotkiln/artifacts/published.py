"""Pictures at keys of their own, where visitors fetch them and wake nothing.

The record decides what a name shows, the public key follows: it is replaced on condition of what
was read there, and never by a picture that comes before the one that it shows.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import msgspec
import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    NotSupportedError,
    PreconditionError,
)
from obstore.store import MemoryStore, from_url

from plotkiln.artifacts.names import Artifact
from plotkiln.errors import SettingsError, StoreUnavailable

__all__ = [
    "PUBLISHED",
    "ConditionalKeys",
    "Place",
    "Published",
    "open_published",
    "place_of",
    "read_place",
]

#: What the keys begin with; a sweep of renderings leaves them alone.
PUBLISHED = "published/"

#: Caches ask whether it is still the newest each time: a picture changes under its address.
CACHE_CONTROL = "no-cache"

#: The order of a picture, in the object's own metadata.
_METADATA = "plotkiln-place"
_PLACE = re.compile(r"(\d+)\.(\d+)\.(\d+)")

#: Lost races after which somebody else must be making progress.
_TRIES = 100


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a picture stands among all that were ever recorded under its name."""

    generation: int
    number: int
    #: The record's version: the same number is drawn again in another style.
    version: int

    def __str__(self) -> str:
        return f"{self.generation}.{self.number}.{self.version}"


class Published(Protocol):
    """Keys that the public reads; every method raises `StoreUnavailable` when the store fails."""

    async def publish(self, artifact: Artifact, data: bytes) -> bool:
        """Show a recorded picture under its name, unless what is there comes later.

        Returns whether it was written.
        """

    async def remove(self, name: str) -> None:
        """Show nothing under a name any more."""


def open_published(url: str) -> Published:
    """Open the public keys of the store that a URL names, as `open_renderings` does.

    Raises `SettingsError` for a URL that names none.
    """
    if url == "memory://":
        return ConditionalKeys(MemoryStore())
    scheme, _, path = url.partition("://")
    if scheme == "file" and path.startswith("/"):
        from plotkiln.artifacts.published_folder import PublicFolder  # noqa: PLC0415 -- POSIX only

        return PublicFolder(Path(path) / PUBLISHED)
    try:
        return ConditionalKeys(from_url(url))
    except (BaseError, ValueError) as error:
        raise SettingsError(f"PLOTKILN_ARTIFACTS_URL={url}: {error}") from error


def place_of(artifact: Artifact) -> Place:
    """Return where a recorded picture stands."""
    return Place(artifact.generation, artifact.number, artifact.version)


def read_place(text: str) -> Place | None:
    """Return the place that `str` wrote, None for any other text."""
    found = _PLACE.fullmatch(text)
    return Place(*map(int, found.groups())) if found else None


class ConditionalKeys:
    """Keys of a store that writes on condition: S3, GCS, Azure (obstore), memory.

    If-None-Match for a new key, If-Match with the tag that was read for one that is there.
    """

    def __init__(self, store: Any) -> None:
        self._store = store

    async def publish(self, artifact: Artifact, data: bytes) -> bool:
        """Show a recorded picture under its name, unless what is there comes later."""
        for _ in range(_TRIES):
            place, condition = await self._found(artifact.name)
            if place is not None and place >= place_of(artifact):
                return False
            if await self._put(artifact, data, condition):
                return True
        raise StoreUnavailable(f"{artifact.name} is published by too many at once.")

    async def remove(self, name: str) -> None:
        """Show nothing under a name any more."""
        try:
            await obstore.delete_async(self._store, PUBLISHED + name)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StoreUnavailable("Published pictures cannot be deleted", why=error) from error

    async def _found(self, name: str) -> tuple[Place | None, Any]:
        """Return what is there, and the condition that it still is."""
        try:
            found = await obstore.get_async(self._store, PUBLISHED + name)
        except FileNotFoundError:
            return None, "create"
        except (BaseError, OSError) as error:
            raise StoreUnavailable("Published pictures cannot be read", why=error) from error
        tags = {key: found.meta.get(key) for key in ("e_tag", "version")}
        condition = {key: tag for key, tag in tags.items() if tag}
        return read_place(_metadata(found.attributes)), condition

    async def _put(self, artifact: Artifact, data: bytes, condition: Any) -> bool:
        """Write on condition; return False where somebody else wrote first."""
        attributes = {
            "Content-Type": artifact.media_type,
            "Cache-Control": CACHE_CONTROL,
            _METADATA: str(place_of(artifact)),
        }
        key = PUBLISHED + artifact.name
        try:
            await obstore.put_async(
                self._store, key, data, mode=condition, attributes=attributes, use_multipart=False
            )
        except (AlreadyExistsError, PreconditionError):
            return False
        except (NotSupportedError, NotImplementedError) as error:
            raise SettingsError(
                f"PLOTKILN_ARTIFACTS_PUBLIC_URL: this store has no conditional writes: {error}"
            ) from error
        except (BaseError, OSError) as error:
            raise StoreUnavailable("Pictures cannot be published", why=error) from error
        return True


def _metadata(attributes: Mapping[str, str]) -> str:
    return next((text for name, text in attributes.items() if name.lower() == _METADATA), "")
