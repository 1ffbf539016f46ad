"""The Trigger of schedules, for the embedded broker: no YAML is needed on one machine."""

import msgspec

from plotkiln.events.delivery import Delivery, Destination
from plotkiln.events.event import CloudEvent
from plotkiln.events.filters import Attributes
from plotkiln.events.triggers import DEFAULT_BROKER, Topology, Trigger
from plotkiln.schedules.schedule import DUE, SOURCE

__all__ = ["PROGRAM", "with_schedules"]

#: The name of the program that draws what is due.
PROGRAM = "schedules"

#: Attempts after the first, and the seconds before that one, doubled for each: over an hour.
_RETRY, _BACKOFF = 12, 1.0


def with_schedules(topology: Topology, *, budget: float) -> Topology:
    """Return a topology in which somebody takes what is due: as declared, else our own program.

    `budget` is the seconds that one drawing may take; one that waits for another takes two.
    """
    sample = CloudEvent(id="1", source=SOURCE, type=DUE, subject="any")
    if topology.matching(DEFAULT_BROKER, sample):
        return topology
    trigger = Trigger(
        name="default/schedules-to-pictures",
        broker=DEFAULT_BROKER,
        filter=Attributes({"type": DUE}),
        subscriber=Destination(ref=PROGRAM),
        delivery=Delivery(retry=_RETRY, backoff_delay=_BACKOFF, timeout=2 * budget + 60),
    )
    declared = topology.triggers.get(DEFAULT_BROKER, ())
    triggers = {**topology.triggers, DEFAULT_BROKER: [*declared, trigger]}
    return msgspec.structs.replace(topology, triggers=triggers)
