"""Keep what a cluster's broker gave up, and list it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from plotkiln.artifacts import DeadLetters
from plotkiln.documents import sha256_hex
from plotkiln.errors import InputError, NotFoundError
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import from_json, to_json

__all__ = ["DeadLetter", "DeadLetterService"]

log = logging.getLogger("plotkiln.events")

#: What Knative adds to an event that it gives up: where it could not go, with which status, and the
#: begin of the answer, in base64.
_DESTINATION, _CODE, _ANSWER = "knativeerrordest", "knativeerrorcode", "knativeerrordata"


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """One event that was given up, and why."""

    #: Day and digest: what `plotkiln events kept` prints it by.
    name: str
    type: str
    source: str
    id: str
    subject: str | None
    #: Address that did not take it, as the broker named it; empty where it did not.
    destination: str
    #: Status of the answer; empty where there was none.
    code: str


class DeadLetterService:
    """Handles every event by keeping it."""

    def __init__(self, letters: DeadLetters) -> None:
        """Take the store."""
        self._letters = letters

    async def handle(self, event: CloudEvent) -> None:
        """Keep an event. One that is delivered twice on a day is kept once for each destination."""
        destination = _extension(event, _DESTINATION)
        digest = sha256_hex(f"{event.source}\0{event.id}\0{destination}".encode())[:32]
        name = f"{datetime.now(UTC):%Y-%m-%d}/{digest}"
        await self._letters.put(name, to_json(event))
        told = {"dead_letter": name, "event": event.id, "type": event.type, "to": destination}
        log.warning("dead letter", extra={"fields": {**told, "code": _extension(event, _CODE)}})

    async def newest(self, limit: int) -> Sequence[DeadLetter]:
        """Return what is kept, the newest day first; what cannot be read is passed over."""
        found = [(name, await self._read(name)) for name in (await self._letters.names())[:limit]]
        return [_told(name, event) for name, event in found if event is not None]

    async def event(self, name: str) -> CloudEvent:
        """Return an event as its sender sent it; raises `NotFoundError`."""
        event = await self._read(name)
        if event is None:
            raise NotFoundError(f"There is no dead letter {name}.")
        return msgspec.structs.replace(event, extensions=_own(event.extensions))

    async def _read(self, name: str) -> CloudEvent | None:
        document = await self._letters.get(name)
        try:
            return None if document is None else from_json(document)
        except InputError as error:
            log.warning("the dead letter %s cannot be read: %s", name, error)
            return None


def _told(name: str, event: CloudEvent) -> DeadLetter:
    return DeadLetter(
        name=name,
        type=event.type,
        source=event.source,
        id=event.id,
        subject=event.subject,
        destination=_extension(event, _DESTINATION),
        code=_extension(event, _CODE),
    )


def _own(extensions: Mapping[str, str | int | bool]) -> dict[str, str | int | bool]:
    """Return what the broker did not add."""
    added = (_DESTINATION, _CODE, _ANSWER, "knativearrivaltime", "knativebrokerttl")
    return {name: value for name, value in extensions.items() if name not in added}


def _extension(event: CloudEvent, name: str) -> str:
    return str(event.extensions.get(name, ""))
