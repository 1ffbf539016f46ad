import pytest

from plotkiln.errors import SchemaError
from plotkiln.live.topics import MOST_TOPICS, checked_topics


def test_kinds_and_things_are_topics() -> None:
    """A topic is a kind, or one thing of it; said twice it is one."""
    given = ["jobs", "jobs/a2", "styles", "styles/default", "artifacts/hits-é.png", "jobs"]
    assert checked_topics(given, place="topic") == frozenset(given)
    assert checked_topics([], place="topic") == frozenset()


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "job",
        "jobs/",
        "jobs/a/b",
        "jobs/a b",
        "charts",
        "jobs\n",
        "jobs/a\n",
        "jobs/" + "a" * 201,
        1,
        None,
    ],
)
def test_all_else_is_refused_by_its_place(topic: object) -> None:
    """What is no topic is named by where it stands, and what is expected there."""
    with pytest.raises(SchemaError) as raised:
        checked_topics(["jobs", topic], place="topic")
    (fault,) = raised.value.faults
    assert fault.path == "topic[1]"
    assert "expected jobs" in fault.message


def test_topics_are_bounded() -> None:
    """One socket listens to a bounded number of things."""
    with pytest.raises(SchemaError, match="at most 64"):
        checked_topics([f"jobs/{n}" for n in range(MOST_TOPICS + 1)], place="topic")
