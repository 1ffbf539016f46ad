import json

import pytest

from plotkiln.errors import InputError
from plotkiln.events.json_format import from_json
from plotkiln.live.messages import control, subscription


def test_what_the_channel_says_is_an_event_of_its_own() -> None:
    """Each has its type, the sequence where it is said, its data, and an id that is no other's."""
    first, second = (
        control("dropped", {"count": 3, "topics": ["jobs"]}, sequence="7") for _ in "12"
    )
    event = from_json(first.encode())
    assert (event.type, event.source) == ("plotkiln.live.dropped", "/live")
    assert event.extensions == {"sequence": "7"}
    assert json.loads(event.data or b"") == {"count": 3, "topics": ["jobs"]}
    assert event.id != from_json(second.encode()).id


def test_a_subscription_names_topics() -> None:
    """An event of the type with topics in its data is a subscription."""
    assert subscription(frame({"topics": ["jobs", "styles/a"]})) == {"jobs", "styles/a"}
    assert subscription(frame({"topics": []})) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "hello",
        "[]",
        "{}",
        '{"specversion":"1.0","id":"1","source":"/","type":"else","data":{"topics":[]}}',
        '{"specversion":"1.0","id":"1","source":"/","type":"plotkiln.live.subscribe"}',
    ],
)
def test_a_frame_that_is_no_subscription_is_refused(text: str | None) -> None:
    """What is no event, of another type, or has no topics, says why it cannot be used."""
    with pytest.raises(InputError):
        subscription(text)


@pytest.mark.parametrize(
    "data", [1, [], {}, {"topics": "jobs"}, {"topics": [1]}, {"topics": ["x"]}]
)
def test_a_subscription_with_other_data_is_refused(data: object) -> None:
    """Data that name no topics are refused."""
    with pytest.raises(InputError):
        subscription(frame(data))


def frame(data: object) -> str:
    """Return a subscription as it is sent."""
    event = {"specversion": "1.0", "id": "1", "source": "/t", "type": "plotkiln.live.subscribe"}
    return json.dumps({**event, "data": data})
