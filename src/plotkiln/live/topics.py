"""Topics: what one can listen to."""

import re
from collections.abc import Sequence

from plotkiln.errors import Fault, SchemaError

__all__ = ["MOST_TOPICS", "TOPIC", "checked_topics"]

#: Topics of one socket.
MOST_TOPICS = 64

#: All of a kind, or one thing of it.
TOPIC = r"^(jobs|styles|artifacts)(/[^/\s]{1,200})?$"

_TOPIC = re.compile(TOPIC.strip("^$"))


def checked_topics(given: Sequence[object], *, place: str) -> frozenset[str]:
    """Return what is asked for; raises `SchemaError` with every fault, by its place."""
    faults = [
        Fault(f"{place}[{number}]", "expected jobs, jobs/ID, styles, styles/NAME, or artifacts")
        for number, topic in enumerate(given)
        if not (isinstance(topic, str) and _TOPIC.fullmatch(topic))
    ]
    if len(given) > MOST_TOPICS:
        faults.append(Fault(place, f"at most {MOST_TOPICS} topics: listen to a kind as a whole"))
    if faults:
        raise SchemaError(faults=faults)
    return frozenset(map(str, given))
