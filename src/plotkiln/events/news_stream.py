"""The Redis stream that carries news: a bounded list of entries, each with an id that orders."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from plotkiln.events.event import CloudEvent
from plotkiln.events.news import Heard, Item
from plotkiln.events.stored import from_stored, to_stored
from plotkiln.state.redis import redis_errors

if TYPE_CHECKING:
    from redis.asyncio import Redis

__all__ = ["BEGINNING", "STEP", "NewsStream"]

log = logging.getLogger("plotkiln.news")

_KEY = b"plotkiln:news"

#: Ids have two numbers, `1764134283123-0`; padded with zeros they order as text.
_SEQUENCE = re.compile(r"([0-9]{15})-([0-9]{10})\Z")

#: The sequence before all others.
BEGINNING = "000000000000000-0000000000"

#: An entry that has a place and says nothing: nobody listens to its topic.
_NO_NEWS = Item(topic="", event=CloudEvent(id="none", source="/live", type="plotkiln.live.none"))

#: Seconds that one command waits for news: less than a client has patience for an answer.
_BLOCK = 1.0

#: Entries that one command reads.
STEP = 100


class NewsStream:
    """Raises `StoreUnavailable` where Redis does not answer."""

    def __init__(self, redis: "Redis", *, window: int) -> None:
        """Take a client, and how many entries stay; Redis keeps up to a hundred more."""
        self._redis = redis
        self._window = window
        bound = redis.connection_pool.connection_kwargs.get("socket_timeout") or _BLOCK
        self._block = min(_BLOCK, bound / 2)

    async def append(self, items: Sequence[Item]) -> None:
        """Append them in one round trip."""
        with redis_errors():
            async with self._redis.pipeline(transaction=False) as pipe:
                for item in items:
                    pipe.xadd(_KEY, _fields(item), maxlen=self._window, approximate=True)
                await pipe.execute()

    async def end(self) -> str:
        """Return the sequence of the last entry; a stream that has none is begun by one."""
        with redis_errors():
            entries: Any = await self._redis.xrevrange(_KEY, count=1)
            name: Any = (
                entries[0][0] if entries else await self._redis.xadd(_KEY, _fields(_NO_NEWS))
            )
        return _sequence(name)

    async def reaches(self, sequence: str) -> bool:
        """Say whether all that came after an entry is there: it is as long as the entry is.

        A stream that was lost has others, and one that was trimmed beyond it has it no more.
        """
        if not _SEQUENCE.match(sequence):
            return False
        with redis_errors():
            name = _id(sequence)
            return bool(await self._redis.xrange(_KEY, name, name, count=1))

    async def follow(self, sequence: str) -> list[Heard]:
        """Return what comes after a sequence, a few at a time; none where none comes soon."""
        with redis_errors():
            answer: Any = await self._redis.xread(
                {_KEY: _id(sequence)}, count=STEP, block=round(self._block * 1000)
            )
        return [] if not answer else list(_heard(answer[0][1]))

    async def since(self, sequence: str) -> list[Heard]:
        """Return what is there after a sequence, a few at a time."""
        with redis_errors():
            entries: Any = await self._redis.xrange(_KEY, f"({_id(sequence)}", count=STEP)
        return list(_heard(entries))


def _fields(item: Item) -> dict[Any, Any]:
    fields = {b"topic": item.topic.encode(), b"event": to_stored(item.event)}
    return fields if item.owner is None else {**fields, b"owner": item.owner.encode()}


def _heard(entries: Sequence[tuple[bytes, Mapping[bytes, bytes]]]) -> Iterator[Heard]:
    for name, fields in entries:
        owner = fields.get(b"owner")
        try:
            item = Item(
                topic=fields[b"topic"].decode(),
                owner=None if owner is None else owner.decode(),
                event=from_stored(fields[b"event"]),
            )
        except (KeyError, ValueError, msgspec.MsgspecError) as error:
            log.warning("the entry %s of %s is no news: %r", name, _KEY, error)
            item = _NO_NEWS
        yield Heard(sequence=_sequence(name), item=item)


def _sequence(name: bytes) -> str:
    milliseconds, _, number = name.decode().partition("-")
    return f"{int(milliseconds):015d}-{int(number):010d}"


def _id(sequence: str) -> str:
    milliseconds, _, number = sequence.partition("-")
    return f"{int(milliseconds)}-{int(number)}"
