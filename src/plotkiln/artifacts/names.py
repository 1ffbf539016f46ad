"""Artifacts: names that point to renderings, and the order in which they may change."""

import re
from collections.abc import Sequence
from typing import Protocol

import msgspec

from plotkiln.spec.models import Format

__all__ = [
    "MEDIA_TYPES",
    "MOST_NUMBER",
    "NAME_PATTERN",
    "Artifact",
    "ArtifactOrder",
    "Artifacts",
    "Cause",
    "Drawing",
    "format_of",
    "newer",
]

#: Letters, digits and `._-`, and the format as the ending: safe in addresses, keys and files.
NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,119}\.(png|svg|pdf|webp|jpeg)$"

#: The greatest number that every reader of JSON holds exactly.
MOST_NUMBER = 2**53 - 1

#: Media type of each format, the one that is preferred first.
MEDIA_TYPES: dict[Format, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
}


class ArtifactOrder(msgspec.Struct, frozen=True, order=True):
    """Where a picture stands among those of its name: the generation first, then the number."""

    #: Which run of its number this is; a reset raises it.
    generation: int = 0
    #: Grows within a generation.
    number: int = 0


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """Why a name shows what it shows: a rule, and the event that it matched."""

    rule: str
    #: Type and subject of the event.
    type: str
    subject: str | None = None


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """What a name shall show."""

    name: str
    order: ArtifactOrder
    #: What to draw, as JSON.
    spec: bytes
    #: The style that it is drawn in whatever the spec says, as `name@sha256:…`; empty: the spec's.
    pin: str = ""
    #: Nobody waits for it: it may take as long as a job.
    patient: bool = False
    cause: Cause | None = None


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """What a name points to."""

    name: str
    #: The rendering's digest.
    digest: str
    generation: int = 0
    number: int = 0
    #: The content of the style that it is drawn in.
    style_digest: str
    media_type: str
    owner: str
    #: What is drawn, as JSON; it is drawn again in another style, or when its bytes were swept.
    spec: bytes = b""
    #: Name and version of the style: `default@42`.
    style: str = ""
    #: The style that it stays in, as `name@sha256:…`; empty: it follows a change of its style.
    pin: str = ""
    #: It may have taken as long as a job: nobody who looks waits for it to be drawn once more.
    patient: bool = False
    cause: Cause | None = None
    #: Grows with each change of this record; 0: not stored yet.
    version: int = 0

    @property
    def order(self) -> ArtifactOrder:
        """Where it stands among the pictures of its name."""
        return ArtifactOrder(self.generation, self.number)

    @property
    def drawing(self) -> Drawing:
        """What it shows, to be drawn once more."""
        return Drawing(
            name=self.name,
            order=self.order,
            spec=self.spec,
            pin=self.pin,
            patient=self.patient,
            cause=self.cause,
        )


def newer(record: Artifact | None, candidate: Artifact) -> bool:
    """Say whether `candidate` replaces `record`.

    It does with a higher generation, else with a higher number, else, both equal, in another style:
    whoever draws does so in the current one.
    """
    if record is None or candidate.order > record.order:
        return True
    return candidate.order == record.order and candidate.style_digest != record.style_digest


def format_of(name: str) -> Format | None:
    """Return the format that ends a name, None for what is no name of an artifact."""
    found = re.fullmatch(NAME_PATTERN.strip("^$"), name)
    return next((known for known in MEDIA_TYPES if found and found[1] == known), None)


class Artifacts(Protocol):
    """Artifacts by name; every method raises `StoreUnavailable` when the store fails."""

    async def get(self, name: str) -> Artifact | None:
        """Return what a name points to, None where there is no such name."""

    async def put(self, artifact: Artifact) -> Artifact:
        """Replace the record of version `artifact.version` (0 creates); return the stored one.

        Compared and set in one step. Raises `PreconditionFailed` when the stored version is
        another.
        """

    async def remove(self, name: str) -> None:
        """Forget a name, if it is there."""

    async def names(self, *, after: str = "", limit: int = 100) -> Sequence[str]:
        """Return the first `limit` names that come after one, in the order of their bytes."""
