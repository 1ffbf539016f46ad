"""Counting: an event `plotkiln.new_hit` in, an event `plotkiln.hits` with the total out."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from plotkiln.counter.subjects import HOME, is_subject
from plotkiln.counter.totals import Total, Totals
from plotkiln.errors import Fault, RuleError
from plotkiln.events.event import CloudEvent, moment

__all__ = ["HITS", "NEW_HIT", "Counting", "total_event"]

#: Somebody looked at a page; `subject` names its counter.
NEW_HIT = "plotkiln.new_hit"

#: A counter has come to a total: its data is `{"total": n, "generation": g}`.
HITS = "plotkiln.hits"

_SOURCE = "/counters"

#: Set by brokers when an event comes in.
_ARRIVAL = "knativearrivaltime"


class Counting:
    """Counts hits; keeps nothing itself, so that any number of processes may count."""

    def __init__(
        self, totals: Totals, *, count: Callable[[str, str], None] = lambda _name, _label: None
    ) -> None:
        """Take the totals; `count` gets the name of a counter of metrics and its label."""
        self._totals = totals
        self._count = count

    async def handle(self, event: CloudEvent) -> CloudEvent | None:
        """Count a hit and return its total as an event; None for events of any other type.

        A redelivery of the event gets the same reply. Raises `RuleError` when the subject can name
        no counter or the event is out of the dedupe window, `StoreUnavailable` when it must be
        delivered again.
        """
        if event.type != NEW_HIT:
            return None
        subject = HOME if event.subject is None else event.subject
        if not is_subject(subject):
            raise RuleError(faults=[Fault("subject", f"{subject[:80]!r} names no counter")])
        time = _time_of(event)
        counted = await self._totals.add(subject, event.source, event.id, time=time)
        self._count("hits", "duplicate" if counted.duplicate else "counted")
        total = Total(subject=subject, generation=counted.generation, total=counted.total)
        return _event((event.source, event.id), total, time or datetime.now(UTC))

    async def current(self, subject: str) -> dict[str, int] | None:
        """Return the data that a total of now would have; None where nothing was counted."""
        if not is_subject(subject):
            return None
        total = await self._totals.read(subject)
        return None if total == Total(subject=subject) else _data(total)


def _time_of(event: CloudEvent) -> datetime | None:
    """Return when the hit happened, else when a broker took it."""
    for said in (event.time, event.attribute(_ARRIVAL)):
        if said:
            try:
                return moment(said)
            except ValueError:  # an arrival time that is none; `time` was checked
                continue
    return None


def total_event(total: Total) -> CloudEvent:
    """Return the event that tells a total which no hit led to: the 0 after a reset."""
    name = (total.subject, str(total.generation), str(total.total))
    return _event(name, total, datetime.now(UTC))


def _event(name: tuple[str, ...], total: Total, time: datetime) -> CloudEvent:
    return CloudEvent(
        id=hashlib.sha256(msgspec.json.encode(name)).hexdigest()[:32],
        source=_SOURCE,
        type=HITS,
        subject=total.subject,
        time=time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        datacontenttype="application/json",
        data=msgspec.json.encode(_data(total)),
    )


def _data(total: Total) -> dict[str, int]:
    return {"total": total.total, "generation": total.generation}
