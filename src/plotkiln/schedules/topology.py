"""The Trigger of schedules, for the embedded broker: no YAML is needed on one machine."""

from plotkiln.events.delivery import Delivery, Destination
from plotkiln.events.filters import Attributes
from plotkiln.events.triggers import DEFAULT_BROKER, Trigger
from plotkiln.schedules.schedule import DUE

__all__ = ["PROGRAM", "WIDTH", "schedule_trigger"]

#: The name of the program that draws what is due.
PROGRAM = "schedules"

#: Deliveries that it is given at once: those of one schedule wait for each other there, where all
#: but the latest are passed over.
WIDTH = 256

#: Seconds that a delivery may take beyond its drawing.
_BESIDE = 60.0


def schedule_trigger(count: int, budget: float) -> Trigger:
    """Return what brings to our program what is due of so many schedules.

    `budget` is the seconds that one drawing may take. At worst all are due at once and drawn one
    after the other, behind those of the last time. What fails is tried for over an hour.
    """
    return Trigger(
        name="default/schedules-to-pictures",
        broker=DEFAULT_BROKER,
        filter=Attributes({"type": DUE}),
        subscriber=Destination(ref=PROGRAM),
        delivery=Delivery(retry=12, backoff_delay=1.0, timeout=(count + 1) * (budget + _BESIDE)),
    )
