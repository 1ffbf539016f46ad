"""What names a counter, and where its total is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.counter.subjects import PATTERN, is_subject, picture_of, shows_total


@given(st.from_regex(PATTERN, fullmatch=True).filter(is_subject))
def test_the_picture_of_every_subject_is_open(subject: str) -> None:
    """Where a page shows its total, whoever sees the page sees the picture."""
    assert shows_total(f"/artifacts/{picture_of(subject)}")


@pytest.mark.parametrize(
    "path",
    [
        "/artifacts/report.png",
        "/artifacts/hits.svg",
        "/artifacts/hits-.png",
        "/artifacts/hits-UP.png",
        "/artifacts/hits-home.png",
        "/artifacts/hitsfoo.png",
        "/artifacts/hits-a/../report.png",
        "/charts/hits.png",
        "/hits.png",
        "hits.png",
    ],
)
def test_no_other_picture_is(path: str) -> None:
    """What is no counter's total stays with those who may see it."""
    assert not shows_total(path)
