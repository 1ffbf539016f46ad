"""What the channel itself says, and what it is told: CloudEvents in JSON, as all on it are."""

import os
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Literal

import msgspec

from plotkiln.errors import Fault, MalformedError, SchemaError
from plotkiln.events.event import CloudEvent
from plotkiln.events.json_format import from_json, to_json
from plotkiln.live.topics import checked_topics

__all__ = ["HEARTBEAT", "SUBPROTOCOL", "control", "subscription"]

#: The subprotocol of CloudEvents in their JSON format (WebSockets protocol binding, section 1.5).
SUBPROTOCOL = "cloudevents.json"

#: Seconds between two signs of life.
HEARTBEAT = 20

_SUBSCRIBE = "plotkiln.live.subscribe"

#: Names the events of this process, which nobody keeps.
_PROCESS = os.urandom(6).hex()
_NUMBERS = count(1)

Kind = Literal["welcome", "heartbeat", "dropped", "subscribed", "refused"]


class _Topics(msgspec.Struct):
    """The data of a subscription."""

    topics: Sequence[object]


def control(kind: Kind, data: Mapping[str, object], *, sequence: str) -> str:
    """Return an event of the channel's own; `sequence` is where its listener stands."""
    event = CloudEvent(
        id=f"{_PROCESS}-{next(_NUMBERS)}",
        source="/live",
        type=f"plotkiln.live.{kind}",
        datacontenttype="application/json",
        extensions={"sequence": sequence},
        data=msgspec.json.encode(data),
    )
    return to_json(event).decode()


def subscription(text: str | None) -> frozenset[str]:
    """Return the topics that a frame asks for; raises `InputError` for what asks for nothing."""
    if text is None:
        raise MalformedError("expected an event as text, found a binary frame")
    event = from_json(text.encode())
    if event.type != _SUBSCRIBE:
        raise SchemaError(faults=[Fault("type", f"expected {_SUBSCRIBE}, found {event.type}")])
    try:
        data = msgspec.json.decode(event.data or b"", type=_Topics)
    except msgspec.DecodeError as error:
        raise SchemaError(faults=[Fault("data", f'expected {{"topics": […]}}: {error}')]) from error
    return checked_topics(data.topics, place="topics")
