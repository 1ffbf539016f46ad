"""What the reference lists is what there is: settings, calls, problems, metrics, kinds, options."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from docs.fences import ROOT, rows
from plotkiln.api.identity_operations import OPERATIONS as IDENTITY_OPERATIONS
from plotkiln.api.metric_table import COUNTERS, GAUGES, HISTOGRAMS
from plotkiln.api.openapi import API_OPERATIONS
from plotkiln.cli.arguments import parser
from plotkiln.cli.exits import Exit
from plotkiln.counter.homepage import OPERATIONS as HIT_OPERATIONS
from plotkiln.jobs import TRANSITIONS
from plotkiln.live.routes import OPERATIONS as LIVE_OPERATIONS
from plotkiln.service.problems import PROBLEMS
from plotkiln.settings import VARIABLES, read_settings
from plotkiln.spec import KINDS, Spec
from plotkiln.style.models import Style

DOCS = ROOT / "docs"

#: Understood beside the variables that set one member each, with a value that changes something.
_JOINED = {
    "CONSUL_HTTP_ADDR": {"CONSUL_HTTP_ADDR": "consul:8500"},
    "CONSUL_HTTP_SSL": {"CONSUL_HTTP_ADDR": "consul:8501", "CONSUL_HTTP_SSL": "true"},
    "CONSUL_HOST": {"CONSUL_HOST": "consul"},
    "CONSUL_PORT": {"CONSUL_HOST": "consul", "CONSUL_PORT": "8600"},
}


def _table(name: str) -> dict[str, list[str]]:
    """Return the rows of a document's tables by their first cell, freed of its back quotes."""
    return {cells[0].strip("`"): cells[1:] for cells in rows(DOCS / name)}


def test_every_setting_is_documented_and_no_other() -> None:
    """docs/settings.md lists every variable that is read, and nothing else."""
    assert _table("settings.md").keys() == {one.name for one in VARIABLES} | _JOINED.keys()


@pytest.mark.parametrize("name", [variable.name for variable in VARIABLES])
def test_defaults_are_documented(name: str) -> None:
    """Setting a variable to its documented default changes nothing; where none is, none is."""
    default = _table("settings.md")[name][0].strip("`")
    unset = read_settings({})
    if default:
        assert read_settings({name: default}) == unset
    else:
        member = next(variable.member for variable in VARIABLES if variable.name == name)
        assert not getattr(unset, member)


@pytest.mark.parametrize("name", _JOINED)
def test_joined_variables_are_read(name: str) -> None:
    """Each variable that is documented without a member of its own changes what is read."""
    environment = _JOINED[name]
    without = {key: value for key, value in environment.items() if key != name}
    assert read_settings(environment) != read_settings(without)


def test_every_call_is_documented() -> None:
    """docs/http.md lists every operation, and no other."""
    listed = {name for name in _table("http.md") if " /" in name}
    served = (*API_OPERATIONS, *HIT_OPERATIONS, *LIVE_OPERATIONS, *IDENTITY_OPERATIONS)
    assert listed == {f"{one.method} {one.path}" for one in served}


def test_every_problem_is_documented() -> None:
    """docs/http.md lists every kind of problem with its status."""
    listed = {
        (int(cells[0]), cells[1].strip("`"))
        for cells in rows(DOCS / "http.md")
        if cells[0].isdecimal() and cells[1].strip("`").replace("-", "").isalpha()
    }
    assert listed == {(kind.status, kind.slug) for kind in PROBLEMS}


def test_every_change_of_a_job_is_documented() -> None:
    """docs/jobs.md lists every change of state that may be, and no other."""
    cells = [[cell.strip("`") for cell in row[:2]] for row in rows(DOCS / "jobs.md")]
    listed = {(before, after) for before, after in cells if before in TRANSITIONS}
    assert listed == {(before, after) for before in TRANSITIONS for after in TRANSITIONS[before]}


def test_every_metric_is_documented() -> None:
    """docs/metrics.md lists every metric with its labels, and no other."""
    table = {name: cells for name, cells in _table("metrics.md").items() if "plotkiln_" in name}
    known = {f"plotkiln_{name}_total": labels for name, (labels, _) in COUNTERS.items()}
    known |= {f"plotkiln_{name}": labels for name, (labels, _) in {**GAUGES, **HISTOGRAMS}.items()}
    shown = {name: cells[0].replace("`", "").replace(" ", "") for name, cells in table.items()}
    assert shown == {name: ",".join(labels) for name, labels in known.items()}


def test_every_metric_that_is_recorded_is_exposed() -> None:
    """Whatever the code counts stands in the table of `/metrics`."""
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    known = {"count": COUNTERS, "gauge": GAUGES, "shift": GAUGES, "observe": HISTOGRAMS}
    for method, table in known.items():
        told = {part.partition('"')[0] for part in sources.split(f'{method}("')[1:]}
        assert {name for name in told if name.isidentifier()} <= table.keys(), method


def test_every_kind_is_documented() -> None:
    """docs/spec.md says of every kind what it needs and takes, and has a section for it."""
    text, table = (DOCS / "spec.md").read_text(), _table("spec.md")
    for kind, rule in KINDS.items():
        assert f"### {kind}\n" in text
        shown = {word.strip("`,") for cell in table[kind] for word in cell.split()} - {"or"}
        assert shown == set(rule.takes)


def test_every_member_of_a_spec_is_documented() -> None:
    """docs/spec.md lists every member of a spec."""
    text = (DOCS / "spec.md").read_text()
    assert [name for name in Spec.__struct_fields__ if f"`{name}`" not in text] == []


def test_every_member_of_a_style_is_documented() -> None:
    """docs/styles.md lists every section of a style with all of its members."""
    table = _table("styles.md")
    for field in msgspec.structs.fields(Style):
        for member in _members(field.type):
            assert f"`{member}`" in table[field.name][0], f"{field.name}.{member}"
        assert field.name in table


def test_every_option_is_documented() -> None:
    """docs/cli.md names every command, act and option."""
    text = (DOCS / "cli.md").read_text()
    assert [name for name in sorted(set(_names(parser()))) if name not in text] == []


def test_every_exit_code_is_documented() -> None:
    """docs/cli.md lists every exit code."""
    listed = {int(name) for name in _table("cli.md") if name.isdecimal()}
    assert listed == set(Exit)


@pytest.mark.parametrize("path", sorted((DOCS / "adr").glob("0*.md")), ids=lambda path: path.name)
def test_decisions_have_their_parts(path: Path) -> None:
    """A decision has context, choice, consequences and measurement, and stands in the list."""
    text = path.read_text()
    parts = ["Context", "Choice", "Consequences", "Measurement"]
    assert [line.removeprefix("## ") for line in text.splitlines() if line[:3] == "## "] == parts
    assert path.name in (DOCS / "adr" / "README.md").read_text()


def _members(kind: object) -> Iterator[str]:
    """Yield the members of a section; none for what is no section."""
    for option in getattr(kind, "__args__", ()):
        if isinstance(option, type) and issubclass(option, msgspec.Struct):
            yield from option.__struct_fields__


def _names(commands: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the commands and long options of a parser and of those below it."""
    for action in commands._actions:
        yield from (option for option in action.option_strings if option not in {"-h", "--help"})
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield name
                yield from _names(below)
