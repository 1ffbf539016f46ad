from pathlib import Path

from plotkiln.counter.counting import HITS, NEW_HIT
from plotkiln.counter.topology import TOPOLOGY
from plotkiln.events.event import CloudEvent
from plotkiln.events.triggers import DEFAULT_BROKER, read_topology

DECLARED = Path(__file__).parents[2] / "deploy/knative/base/hit-counter"


def test_what_a_cluster_gets_is_built_in() -> None:
    """The embedded broker's triggers are those of the YAML, to the last field of delivery."""
    assert read_topology(DECLARED) == TOPOLOGY


def test_no_reply_goes_back_to_the_counter() -> None:
    """Each of the two events goes to one program, and what the counter replies not to itself."""
    for type_, name in ((NEW_HIT, "hit-counter"), (HITS, "hit-picture")):
        event = CloudEvent(id="1", source="/", type=type_, subject="home")
        (trigger,) = TOPOLOGY.matching(DEFAULT_BROKER, event)
        assert trigger.subscriber.ref == name
