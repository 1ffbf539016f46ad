import inspect
import re

import pytest

from plotkiln import errors
from plotkiln.cli.exits import Exit, exit_of
from plotkiln.errors import Fault, PlotkilnError, RuleError, StoreUnavailable
from plotkiln.service.problems import PROBLEMS, problem_members, problem_of

CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, PlotkilnError)
]


def drawn_parents() -> dict[str, str]:
    """Read the tree in the module's docstring: error → the one above it."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        if not (drawn := re.match(r"^([│├└─ ]*)([A-Z]\w+)( |$)", line)):
            continue
        depth, name = len(drawn[1]) // 4, drawn[2]
        path[depth:] = [name]
        if depth:
            parents[name] = path[depth - 1]
    return parents


def test_the_tree_is_drawn() -> None:
    """The docstring's tree is the tree of the classes."""
    actual = {found.__name__: found.__mro__[1].__name__ for found in CLASSES}
    del actual["PlotkilnError"]
    assert drawn_parents() == actual


def test_a_store_s_own_words_are_for_the_log() -> None:
    """Whoever asked is told what cannot be done; the log, in one line, why."""
    dump = OSError("connecting to redis://user:word@10.0.0.7\n\nDebug source:\nRetryError(")
    error = StoreUnavailable("Renderings cannot be read", why=dump)
    assert problem_of(error).detail == "Renderings cannot be read."
    assert str(error) == "Renderings cannot be read: connecting to redis://user:word@10.0.0.7"
    assert str(StoreUnavailable("Redis fails", why=TimeoutError())) == "Redis fails: TimeoutError"
    assert problem_of(StoreUnavailable("Away.")).detail == "Away."
    assert problem_of(StoreUnavailable()).detail == "A store does not answer."


@pytest.mark.parametrize("kind", CLASSES)
def test_the_docstring_is_the_message(kind: type[PlotkilnError]) -> None:
    """An error without a message says what its class says; with faults, it lists them."""
    assert str(kind()) == " ".join((kind.__doc__ or "").split())
    assert str(kind(faults=[Fault("x[1]", "too odd")])) == "x[1]: too odd"


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_has_an_answer(kind: type[PlotkilnError]) -> None:
    """Each error has a status that fits it, and an exit code other than 0."""
    problem = problem_of(kind())
    assert 400 <= problem.status < 600
    assert exit_of(kind()) is not Exit.OK


def test_a_problem_can_be_kept() -> None:
    """As a mapping it is what JSON shows: each fault with its place, and nothing that is empty."""
    members = problem_members(RuleError("no", faults=[Fault("y[1]", "too odd")]))
    assert members.pop("errors") == [{"path": "y[1]", "message": "too odd"}]
    assert members == {
        "type": "/docs#rules",
        "title": "The document cannot be used as it is",
        "status": 422,
        "detail": "no",
    }
    assert "errors" not in problem_members(RuleError())


def test_no_row_hides_another() -> None:
    """In the table of answers a subclass never stands behind its base."""
    for place, row in enumerate(PROBLEMS):
        earlier = [before.error for before in PROBLEMS[:place]]
        assert not any(issubclass(row.error, before) for before in earlier), row.slug


def test_the_first_faults_are_the_message() -> None:
    """A message stays short however many faults there are; all of them stay in `faults`."""
    many = RuleError(faults=[Fault(f"y[{number}]", "no") for number in range(100)])
    assert str(many).count("y[") == 5
    assert len(many.faults) == 100
