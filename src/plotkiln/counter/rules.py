"""The built-in rules: the hit counter's pictures are redrawn by what is counted."""

from typing import Any

import msgspec

from plotkiln.counter.counting import HITS
from plotkiln.counter.subjects import HOME

__all__ = ["HIT_RULES"]

_TOTAL: dict[str, Any] = {
    "number": "data.total",
    "generation": "data.generation",
    "spec": {
        "template": "odometer",
        "params": {"value": {"$from": "data.total"}, "digits": 7},
        "alt": {"$text": "{data.total} hits"},
    },
}

_RULES = [
    {
        "name": "hits",
        "filters": [{"exact": {"type": HITS, "subject": HOME}}],
        "artifact": "hits.png",
        **_TOTAL,
    },
    {
        "name": "hits-subject",
        "filters": [{"exact": {"type": HITS}}, {"not": {"exact": {"subject": HOME}}}],
        "artifact": "hits-{subject}.png",
        **_TOTAL,
    },
]

#: As a file of rules has them; a rule of the same name replaces one of these.
HIT_RULES = msgspec.json.encode({"rules": _RULES})
