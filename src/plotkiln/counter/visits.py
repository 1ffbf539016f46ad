"""Visits: each is said to whoever counts, and shown what was counted so far."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import msgspec

from plotkiln.artifacts import Artifact, Artifacts, Renderings
from plotkiln.artifacts.names import format_of
from plotkiln.counter.counting import NEW_HIT
from plotkiln.counter.odometers import odometer
from plotkiln.counter.subjects import page_of, picture_of
from plotkiln.errors import StoreUnavailable
from plotkiln.events.event import CloudEvent

__all__ = ["Shown", "Visits"]

log = logging.getLogger("plotkiln.counter")

#: Names of pictures that a process remembers to have seen.
_MOST_SEEN = 10_000

#: Seconds that a page waits to hear whether its picture was ever drawn.
_PATIENCE = 0.25


class Shown(msgspec.Struct, frozen=True):
    """A picture of a total."""

    data: bytes
    media_type: str
    #: Whether it is a stand-in for the picture.
    by_hand: bool = False


class Visits:
    """What pages do: say that they were looked at, and show a picture; none of it is waited for."""

    def __init__(
        self,
        say: Callable[[CloudEvent], object],
        artifacts: Artifacts,
        renderings: Renderings,
        *,
        public_url: str = "",
    ) -> None:
        """Take `say`, which has an event sent behind our back, and where pictures are.

        `public_url` is where browsers find published pictures; empty: `/artifacts` here.
        """
        self._say = say
        self._artifacts = artifacts
        self._renderings = renderings
        self._public = (public_url or "/artifacts").rstrip("/")
        #: Pictures that were seen: none of them goes away again.
        self._seen: set[str] = set()

    def hit(self, subject: str) -> None:
        """Say that somebody looked at a page."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self._say(
            CloudEvent(
                id=uuid4().hex, source=page_of(subject), type=NEW_HIT, subject=subject, time=now
            )
        )

    async def address(self, subject: str) -> str | None:
        """Return where the picture is; None where nothing was drawn yet.

        A store that fails, or takes its time, is not waited for.
        """
        name = picture_of(subject)
        try:
            async with asyncio.timeout(_PATIENCE):
                drawn = name in self._seen or await self._artifacts.get(name)
        except (TimeoutError, StoreUnavailable) as error:
            log.warning("whether there is a picture %s is not known: %s", name, error)
            drawn = True
        else:
            if drawn:
                self._remember(name)
        return f"{self._public}/{name}" if drawn else None

    async def picture(self, subject: str) -> Shown:
        """Return the picture as it is.

        Where there is none the number is drawn by hand: 0 before the first hit, the last known one
        where the bytes are gone, none where the stores do not answer.
        """
        try:
            record = await self.record(picture_of(subject))
        except StoreUnavailable as error:
            log.warning("the picture of %s is not known: %s", subject, error)
            return _by_hand(None)
        return _by_hand(0) if record is None else await self.shown(record)

    async def record(self, name: str) -> Artifact | None:
        """Return what a name shows, None where there is no such name.

        Raises `StoreUnavailable`.
        """
        return await self._artifacts.get(name)

    async def shown(self, record: Artifact) -> Shown:
        """Return the bytes of a recorded picture; where they are not to be had, its number."""
        format_ = format_of(record.name)
        assert format_ is not None  # no other name is recorded
        try:
            found = await self._renderings.get(record.digest, format_)
        except StoreUnavailable as error:
            log.warning("the picture %s cannot be read: %s", record.name, error)
            return _by_hand(record.number)
        return _by_hand(record.number) if found is None else Shown(found.data, record.media_type)

    def _remember(self, name: str) -> None:
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen.add(name)


def _by_hand(number: int | None) -> Shown:
    return Shown(odometer(number), "image/svg+xml", by_hand=True)
