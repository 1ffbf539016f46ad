"""The hit counter's two Triggers, for the embedded broker: no YAML is read at a cold start.

A cluster is given the same in `deploy/knative/base/hit-counter/`; a test compares them.
"""

from plotkiln.counter.counting import HITS, NEW_HIT
from plotkiln.events.delivery import Delivery, Destination
from plotkiln.events.filters import Attributes
from plotkiln.events.triggers import DEFAULT_BROKER, Topology, Trigger

__all__ = ["DRAWING", "TOPOLOGY"]

#: Tried for 17 minutes: longer than a Redis takes to come back.
_COUNTING = Delivery(retry=11, backoff_delay=0.5, timeout=30.0)

#: Tried for four minutes; whatever is given up then, the next total heals.
DRAWING = Delivery(retry=9, backoff_delay=0.5, timeout=120.0)

TOPOLOGY = Topology(
    triggers={
        DEFAULT_BROKER: [
            Trigger(
                name="default/new-hits-to-counter",
                broker=DEFAULT_BROKER,
                filter=Attributes({"type": NEW_HIT}),
                subscriber=Destination(ref="hit-counter"),
                delivery=_COUNTING,
            ),
            Trigger(
                name="default/hits-to-picture",
                broker=DEFAULT_BROKER,
                filter=Attributes({"type": HITS}),
                subscriber=Destination(ref="hit-picture"),
                delivery=DRAWING,
            ),
        ]
    }
)
