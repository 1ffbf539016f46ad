import msgspec
import pytest

from plotkiln.artifacts.names import MEDIA_TYPES
from plotkiln.service.estimates import Estimates, KnownTimes, TemplateTimes, estimated_seconds
from plotkiln.service.plans import Plan
from plotkiln.service.templates import TemplateUse
from plotkiln.spec import FullSpec, Limits, parse_spec
from plotkiln.spec.models import Format
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.looks import Look

LOOK = Look(name="default", version=0, state="builtin", style=BUILTIN, digest="cd" * 32)
DIAL = TemplateUse(name="dial", source="folder", code="1", key="a", foreign=True)


def full_of(**spec: object) -> FullSpec:
    """Return a spec in full."""
    return parse_spec(msgspec.json.encode(spec), Limits()).full


def scatter(count: int) -> FullSpec:
    """Return a scatter whose points have sizes of their own."""
    numbers = list(range(count))
    return full_of(series=[{"kind": "scatter", "x": numbers, "y": numbers, "size": numbers}])


def seconds(full: FullSpec, format_: Format = "png") -> float:
    """Estimate a chart in the built-in style."""
    return estimated_seconds(full, BUILTIN, format_)


def plan_of(spec: str = "spec", template: TemplateUse | None = None) -> Plan:
    """Return a plan of a spec, by its digest."""
    return Plan(digest="", format="svg", look=LOOK, spec_digest=spec, data=b"", template=template)


def test_a_small_chart_is_quick() -> None:
    """A chart as most are takes a fraction of a second in any format."""
    for format_ in MEDIA_TYPES:
        assert 0.01 < seconds(full_of(y=[1, 2, 3]), format_) < 0.2


def test_what_is_slow_passes_a_budget() -> None:
    """Paths by the hundred thousand take SVG beyond what somebody waits for, yet not PNG."""
    large = scatter(250_000)
    assert seconds(large, "svg") > 8
    assert seconds(large, "pdf") > 8
    assert seconds(large, "png") < 2


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ({"y": [1] * 10}, {"y": [1] * 100_000}),
        ({"y": [1, 2]}, {"y": [1, 2], "size": {"width": 4000, "height": 4000}}),
        ({"y": [1, 2]}, {"y": [1, 2], "annotations": [{"type": "line", "y": 1}] * 50}),
        ({"y": [1, 2]}, {"series": [{"y": [1, 2]}] * 20}),
        (
            {"series": [{"y": [1, 2]}] * 20},
            {"series": [{"y": [1, 2], "name": f"{number}"} for number in range(20)]},
        ),
        (
            {"kind": "bar", "x": ["a", "b"], "y": [1, 2]},
            {"kind": "bar", "x": [f"{number}" for number in range(90)], "y": [1] * 90},
        ),
        (
            {"data": {"c": ["a"] * 8, "y": [1] * 8}, "y": "y", "facets": {"by": "c"}},
            {"data": {"c": list("abcdefgh"), "y": [1] * 8}, "y": "y", "facets": {"by": "c"}},
        ),
        (
            {"series": [{"kind": "heatmap", "x": [1, 2], "y": [1, 2], "z": [[1, 2]] * 2}]},
            {"series": [{"kind": "heatmap", "x": [*range(90)], "y": [1, 2], "z": [[1] * 90] * 2}]},
        ),
    ],
)
def test_more_takes_longer(less: dict[str, object], more: dict[str, object]) -> None:
    """Points, pixels, remarks, series, names, categories, panels and cells all count."""
    assert seconds(full_of(**more)) > seconds(full_of(**less))


def test_a_template_is_known_by_what_it_took() -> None:
    """A template that has drawn nothing is not estimated; then half its drawings decide."""
    estimates, full = Estimates(), FullSpec(template="dial")
    assert estimates.seconds(plan_of("new", DIAL), full) == 0
    for number, took in enumerate((0.2, 30.0, 40.0)):
        estimates.took(plan_of(f"{number}", DIAL), full, took)
    assert estimates.seconds(plan_of("new", DIAL), full) == 30.0
    changed = msgspec.structs.replace(DIAL, key="b")
    assert estimates.seconds(plan_of("new", changed), full) == 0


def test_what_spent_its_budget_is_slow_at_once() -> None:
    """A drawing that was ended is thought to take longer than it had, until it is known better."""
    estimates, full = Estimates(), full_of(y=[1, 2])
    plan = plan_of()
    estimates.spent(plan, 20.0)
    assert estimates.seconds(plan, full) > 20.0
    assert estimates.seconds(plan_of("another"), full) < 1
    restyled = msgspec.structs.replace(plan, look=msgspec.structs.replace(LOOK, digest="ef" * 32))
    assert estimates.seconds(restyled, full) < 1
    estimates.took(plan, full, 0.3)
    assert estimates.seconds(plan, full) == 0.3


def test_quick_drawings_are_not_remembered() -> None:
    """What took no time is estimated again: there are too many of them."""
    estimates, full = Estimates(), full_of(y=[1, 2])
    before = estimates.seconds(plan_of(), full)
    estimates.took(plan_of(), full, 0.001)
    assert estimates.seconds(plan_of(), full) == before


def test_a_slow_machine_shows() -> None:
    """Where drawings take twice as long as estimated, the next is estimated at twice as much."""
    estimates, full = Estimates(), scatter(10_000)
    alone = estimates.seconds(plan_of(), full)
    for number in range(10):
        estimates.took(plan_of(f"{number}"), full, alone * 2)
    assert estimates.pace == pytest.approx(2)
    assert estimates.seconds(plan_of(), full) == pytest.approx(alone * 2)
    for number in range(30):
        estimates.took(plan_of(f"{number}"), full, alone / 100)
    assert estimates.pace == 1


def test_memory_is_bounded() -> None:
    """Of drawings and templates the ones unused for longest are forgotten."""
    known, templates = KnownTimes(most=2), TemplateTimes(most=2)
    for name in ("a", "b"):
        known.put(name, 1.0)
        templates.put(name, 1.0)
    assert known.get("a") == 1.0
    templates.put("a", 1.0)
    known.put("c", 1.0)
    templates.put("c", 1.0)
    assert [known.get(name) for name in "abc"] == [1.0, None, 1.0]
    assert [templates.seconds(name) for name in "abc"] == [1.0, 0.0, 1.0]
