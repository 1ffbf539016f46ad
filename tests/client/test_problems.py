import msgspec
import pytest

import plotkiln
from plotkiln import errors
from plotkiln.client.problems import KINDS, refusal
from plotkiln.errors import Fault, PlotkilnError
from plotkiln.service.problems import PROBLEMS, ProblemKind, problem_of
from steps import answer


def test_every_problem_is_known() -> None:
    """The client has an error for each kind of problem that the server describes, and no more."""
    assert KINDS.keys() == {row.slug for row in PROBLEMS}


@pytest.mark.parametrize("row", PROBLEMS, ids=lambda row: row.slug)
def test_errors_come_back_as_they_went(row: ProblemKind) -> None:
    """What the server raises the client raises: its class, its words, its faults."""
    sent = row.error("It says why.", faults=[Fault("series[1].y[7]", "is a text")])
    found = refusal(answer(row.status, msgspec.json.encode(problem_of(sent))))
    assert isinstance(found, KINDS[row.slug])
    assert issubclass(row.error, KINDS[row.slug]) or row.slug == "drawing"
    assert (str(found), found.faults) == (str(sent), sent.faults)


def test_what_is_told_beside_the_words() -> None:
    """Retry-After is an attribute, the request's id a note."""
    body = b'{"type": "/docs#queue-full", "status": 429, "detail": "Full.", "request_id": "ab12"}'
    found = refusal(answer(429, body, retry_after="7"))
    assert isinstance(found, errors.QueueFull)
    assert found.retry_after == 7
    assert errors.QueueFull.retry_after == 1
    assert found.__notes__ == ["In the server's log: request ab12"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, errors.NotFoundError),
        (413, errors.TooLargeError),
        (502, errors.UnavailableError),
        (503, errors.UnavailableError),
        (504, errors.UnavailableError),
        (418, PlotkilnError),
    ],
)
def test_answers_of_others_are_errors_too(status: int, kind: type[PlotkilnError]) -> None:
    """What a proxy, or another server, says is told by its status, and what it began with."""
    found = refusal(answer(status, b"<html>Bad Gateway</html>"))
    assert type(found) is kind
    assert "is this a plotkiln server?" in str(found)
    assert found.__notes__ == ["It began: <html>Bad Gateway</html>"]


def test_unknown_kinds_go_by_their_status() -> None:
    """A problem of a newer server is the error of its status, with its own words."""
    found = refusal(answer(412, b'{"type": "/docs#new", "status": 412, "detail": "New."}'))
    assert type(found) is errors.PreconditionFailed
    assert str(found) == "New."


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://kiln", "http://", "/x"])
def test_what_is_no_address(url: str) -> None:
    """A server's address is told to be none before anything is sent."""
    with pytest.raises(errors.SettingsError, match="begins with http"):
        plotkiln.Client(url)


def test_where_no_server_answers() -> None:
    """A refused connection is one error of ours, without a chain of others behind it."""
    with (
        plotkiln.Client("http://127.0.0.1:1") as client,
        pytest.raises(
            errors.UnavailableError, match=r"127\.0\.0\.1:1: no server answers"
        ) as caught,
    ):
        client.render(y=[1])
    assert caught.value.__suppress_context__
