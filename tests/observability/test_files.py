"""The dashboard and the alerts speak of metrics that there are, and each alert has its runbook."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from conftest import require
from plotkiln.api.metric_table import COUNTERS, GAUGES, HISTOGRAMS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/observability"

_PROMTOOL = ROOT / ".cache/prometheus/usr/bin/promtool"

#: Labels that Prometheus adds to whatever it scrapes.
_TARGET = {"namespace", "pod", "service", "revision", "le"}

_RULES = yaml.safe_load((FOLDER / "rules.yaml").read_text())
_EVERY = [rule for group in _RULES["groups"] for rule in group["rules"]]
_ALERTS = [rule for rule in _EVERY if "alert" in rule]
_RECORDED = {rule["record"] for rule in _EVERY if "record" in rule}
_DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())
_PANELS = [panel for panel in _DASHBOARD["panels"] if panel["type"] != "row"]


def _series() -> dict[str, set[str]]:
    """Return the name of every series that is exposed, with its labels."""
    found = {f"plotkiln_{name}_total": set(labels) for name, (labels, _) in COUNTERS.items()}
    found |= {f"plotkiln_{name}": set(labels) for name, (labels, _) in GAUGES.items()}
    for name, (labels, _) in HISTOGRAMS.items():
        for part in ("bucket", "sum", "count"):
            found[f"plotkiln_{name}_{part}"] = set(labels)
    return found


def _selectors(expression: Any) -> Iterator[promql_parser.VectorSelector]:
    """Yield every series that a parsed expression asks for."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
        return
    for name in ("vector_selector", "expr", "lhs", "rhs", "args"):
        below = getattr(expression, name, None)
        for one in below if isinstance(below, list) else [below]:
            if one is not None:
                yield from _selectors(one)


def _check(text: str) -> set[str]:
    """Parse an expression, and return the names that it asks for; each has the labels asked for."""
    text = text.replace("$__rate_interval", "5m").replace("$namespace", ".*")
    known = _series()
    names: set[str] = set()
    for selector in _selectors(promql_parser.parse(text)):
        assert selector.name
        names.add(selector.name)
        if selector.name in _RECORDED:
            continue
        assert selector.name in known, f"{selector.name} is not exposed"
        asked = {matcher.name for matcher in selector.matchers.matchers}
        assert asked <= known[selector.name] | _TARGET, f"{selector.name} has no {asked}"
    return names


@pytest.mark.parametrize(
    "rule", _EVERY, ids=lambda rule: str(rule.get("alert", rule.get("record")))
)
def test_every_rule_asks_for_what_there_is(rule: dict[str, Any]) -> None:
    """Each expression is PromQL, and every series and label in it is exposed."""
    assert _check(rule["expr"])


@pytest.mark.parametrize("panel", _PANELS, ids=lambda panel: str(panel["title"]))
def test_every_panel_asks_for_what_there_is(panel: dict[str, Any]) -> None:
    """Each query of the dashboard is PromQL, and every series and label in it is exposed."""
    for target in panel["targets"]:
        assert _check(target["expr"])
        assert target["datasource"]["uid"] == "${datasource}"
        assert "$namespace" in target["expr"]


def test_every_metric_has_a_panel() -> None:
    """Nothing is measured that the dashboard does not show."""
    shown = {
        name for panel in _PANELS for target in panel["targets"] for name in _check(target["expr"])
    }
    shown = {re.sub("_(bucket|sum|count)$", "", name) for name in shown}
    every = {re.sub("_(bucket|sum|count)$", "", name) for name in _series()}
    assert every - shown == set()


def test_panels_do_not_overlap() -> None:
    """Every cell of the grid has one panel at most; ids and titles come once."""
    cells = [
        (column, line)
        for panel in _DASHBOARD["panels"]
        for column in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for line in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(column for column, _ in cells) < 24
    for name in ("id", "title"):
        values = [panel[name] for panel in _DASHBOARD["panels"]]
        assert len(values) == len(set(values)), name


@pytest.mark.parametrize("alert", _ALERTS, ids=lambda alert: str(alert["alert"]))
def test_every_alert_has_its_runbook(alert: dict[str, Any]) -> None:
    """A section of its own says what it means, what to look at, how, and what to do."""
    file, _, anchor = alert["annotations"]["runbook"].partition("#")
    assert anchor == alert["alert"].lower()
    sections = re.split(r"^## ", (ROOT / file).read_text(), flags=re.MULTILINE)
    section = next(one for one in sections if one.split("\n")[0].lower() == anchor)
    parts = re.split(r"^### ", section, flags=re.MULTILINE)
    headings = [part.split("\n")[0] for part in parts[1:]]
    assert headings == ["What it means", "What to look at", "What to do"]
    assert "```sh" in parts[2]
    assert all(len(part.split()) > 15 for part in parts[1:])
    assert alert["labels"]["severity"] in {"page", "ticket", "info"}


def test_no_runbook_is_for_no_alert() -> None:
    """The runbook has no section of an alert that is gone."""
    text = (ROOT / "docs/runbook.md").read_text()
    headings = set(re.findall(r"^## (Plotkiln\w+)$", text, re.MULTILINE))
    assert headings == {alert["alert"] for alert in _ALERTS}


def test_the_operator_gets_the_same_rules() -> None:
    """PrometheusRule and the plain file hold the same groups."""
    rule = yaml.safe_load((FOLDER / "prometheus-rule.yaml").read_text())
    assert rule["spec"] == _RULES


def test_the_kustomization_holds_everything() -> None:
    """A cluster is given the dashboard as it is, the rules, the monitor and its way in."""
    require(shutil.which("kubectl"), "kubectl", mend="your distribution")
    built = subprocess.run(
        ["kubectl", "kustomize", str(FOLDER)], check=True, capture_output=True, text=True
    )
    objects = {one["kind"]: one for one in yaml.safe_load_all(built.stdout)}
    assert objects.keys() == {"ConfigMap", "NetworkPolicy", "PodMonitor", "PrometheusRule"}
    assert json.loads(objects["ConfigMap"]["data"]["plotkiln.json"]) == _DASHBOARD


def test_alerts_fire_on_what_they_are_for() -> None:
    """Promtool plays series to the rules, and compares what fires."""
    promtool = shutil.which("promtool") or (_PROMTOOL if _PROMTOOL.exists() else None)
    require(promtool, "promtool")
    command = [str(promtool), "test", "rules", "rules.test.yaml"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
