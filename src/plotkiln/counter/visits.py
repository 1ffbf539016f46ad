"""Visits: each is said to whoever counts, and shown what was counted so far."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import msgspec

from plotkiln.artifacts import Artifact, Artifacts, Renderings
from plotkiln.counter.counting import NEW_HIT
from plotkiln.counter.odometers import odometer
from plotkiln.counter.subjects import page_of, picture_of
from plotkiln.errors import StoreUnavailable
from plotkiln.events.event import CloudEvent

__all__ = ["Shown", "Visits"]

log = logging.getLogger("plotkiln.counter")

#: Seconds that a page waits to hear whether its picture was ever drawn.
_PATIENCE = 0.25


class Shown(msgspec.Struct, frozen=True):
    """A picture of a total."""

    data: bytes
    media_type: str


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
        #: Pictures that were seen; none of them goes away again.
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
                self._seen.add(name)
        return f"{self._public}/{name}" if drawn else None

    async def picture(self, subject: str) -> Shown:
        """Return the picture as it is.

        Where there is none the number is drawn by hand: 0 before the first hit, the last known one
        where the bytes are gone, none where the stores do not answer.
        """
        record: Artifact | None = None
        try:
            record = await self._artifacts.get(picture_of(subject))
            if record is None:
                return _by_hand(0)
            found = await self._renderings.get(record.digest, "png")
        except StoreUnavailable as error:
            log.warning("the picture of %s cannot be read: %s", subject, error)
            return _by_hand(record.number if record else None)
        return _by_hand(record.number) if found is None else Shown(found.data, record.media_type)


def _by_hand(number: int | None) -> Shown:
    return Shown(odometer(number), "image/svg+xml")
