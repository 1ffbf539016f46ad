"""A spec as sent becomes a spec in full, or a list of everything that stands in the way."""

import re
from collections.abc import Callable

from plotkiln.errors import RuleError
from plotkiln.spec.annotations import check_annotations, place_annotations
from plotkiln.spec.bounds import too_many_points
from plotkiln.spec.boxes import box_picture
from plotkiln.spec.contours import contour_picture
from plotkiln.spec.drafts import Draft, draft_series
from plotkiln.spec.facets import facet_picture
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullPanel, FullSpec
from plotkiln.spec.heatmaps import heatmap_picture
from plotkiln.spec.hexbins import hexbin_picture
from plotkiln.spec.kinds import KINDS, listed
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Legend, Size, Spec
from plotkiln.spec.pictures import Picture
from plotkiln.spec.pies import pie_picture
from plotkiln.spec.plane import plane_picture
from plotkiln.spec.rounds import round_picture
from plotkiln.spec.sessions import in_sessions, panels_in_sessions, remarks_in_sessions
from plotkiln.spec.sides import check_sides
from plotkiln.spec.templated import NO_TEMPLATES, Templates, template_spec
from plotkiln.spec.waterfalls import waterfall_picture

__all__ = ["expand"]

#: A style's name, alone or pinned to a version or to content.
_STYLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(?:@(?:\d{1,20}|sha256:[0-9a-f]{64}))?")

_PICTURES: dict[str, Callable[[list[Draft], Spec, Limits, Faults], Picture | None]] = {
    "plane": plane_picture,
    "box": box_picture,
    "violin": box_picture,
    "heatmap": heatmap_picture,
    "contour": contour_picture,
    "hexbin": hexbin_picture,
    "waterfall": waterfall_picture,
    "round": round_picture,
    "pie": pie_picture,
}


def expand(
    spec: Spec, limits: Limits, templates: Templates = NO_TEMPLATES
) -> tuple[FullSpec, tuple[str, ...]]:
    """Write a spec out in full; return it with warnings of what is drawn otherwise than sent.

    Raises `RuleError` with every fault.
    """
    faults = Faults()
    _check_style(spec, faults)
    if spec.template is not None or spec.params is not None:
        full = template_spec(spec, templates, faults)
    else:
        full = _drawn_spec(spec, limits, faults)
    faults.settle()
    if full is None:  # every family notes a fault where it yields none
        raise RuleError("This spec cannot be drawn.")
    return full, tuple(faults.warnings)


def _drawn_spec(spec: Spec, limits: Limits, faults: Faults) -> FullSpec | None:
    """Write out a spec that says itself what is drawn."""
    check_annotations(spec.annotations or [], faults)
    before = faults.count
    drafts = draft_series(spec, faults)
    is_whole = faults.count == before
    _check_amounts(drafts, limits, faults)
    _check_company(drafts, spec, faults)
    picture, panels = _picture(drafts, spec, limits, faults)
    return _full_spec(spec, picture, panels, faults) if picture and is_whole else None


def _check_style(spec: Spec, faults: Faults) -> None:
    if spec.style is not None and not _STYLE.fullmatch(spec.style):
        faults.add("style", f"{shown(spec.style)} is no style's name: write name or name@version")


def _check_amounts(drafts: list[Draft], limits: Limits, faults: Faults) -> None:
    """Stop where columns that many series share make more points than sent; raises `RuleError`."""
    if len(drafts) > limits.series:
        faults.add("", f"{len(drafts)} series, at most {limits.series} are drawn: leave some out")
    points = sum(len(source.values) for draft in drafts for source in draft.sources.values())
    if points > limits.points:
        faults.add("", too_many_points(points, limits))
        faults.settle()


def _check_company(drafts: list[Draft], spec: Spec, faults: Faults) -> None:
    """Note kinds that cannot share a picture, and options that none of the kinds has."""
    for draft in drafts[1:]:
        first = drafts[0].rule
        if draft.rule.family != first.family:
            message = f"{draft.rule.noun} cannot share a picture with {first.noun}: draw two"
            faults.add(draft.path, message)
        elif draft.rule.alone:
            faults.add(draft.path, f"{draft.rule.noun} is the only series of its picture: draw two")
    if spec.stack and drafts and not any(draft.rule.stacks for draft in drafts):
        faults.add("stack", f"only {_kinds('stacks')} stacks: remove it")
    check_sides(drafts, spec, faults)
    for draft in drafts:
        if spec.stack and draft.error is not None:
            faults.add(draft.at("error"), "stacked bars end at sums, not at values: remove it")
        if spec.orientation == "horizontal" and not draft.rule.lies:
            message = f"only {_kinds('lies')} can be horizontal, not {draft.rule.noun}"
            faults.add("orientation", message)
    if spec.hole is not None and any(draft.kind != "pie" for draft in drafts):
        faults.add("hole", "only a pie has a hole")


def _kinds(trait: str) -> str:
    return listed([rule.noun for rule in KINDS.values() if getattr(rule, trait)])


def _picture(
    drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults
) -> tuple[Picture | None, list[FullPanel]]:
    """Settle what is drawn, and the panels that it is parted into."""
    families = {draft.rule.family for draft in drafts}
    if len(families) != 1:
        return None, []
    draw = _PICTURES[families.pop()]
    if spec.facets is None:
        picture = draw(drafts, spec, limits, faults)
        return (in_sessions(picture) if picture else None), []
    faceted = facet_picture(drafts, spec, draw, limits, faults)
    if faceted is None:
        return None, []
    return panels_in_sessions(faceted.picture, faceted.panels)


def _full_spec(spec: Spec, picture: Picture, panels: list[FullPanel], faults: Faults) -> FullSpec:
    x_axis, y_axis, size = picture.x_axis, picture.y_axis, spec.size or Size()
    remarks = spec.annotations or []
    placed = place_annotations(remarks, x_axis, y_axis, faults) if x_axis and y_axis else []
    placed = remarks_in_sessions(placed, x_axis) if x_axis else placed
    legend = spec.legend if isinstance(spec.legend, Legend) else Legend()
    return FullSpec(
        series=[] if panels else picture.series,
        panels=panels,
        columns=spec.facets.columns if spec.facets else None,
        share=spec.facets.share if spec.facets else "both",
        x_axis=x_axis,
        y_axis=y_axis,
        y2_axis=picture.y2_axis,
        title=spec.title,
        subtitle=spec.subtitle,
        annotations=placed,
        legend=_legend_shown(spec.legend),
        legend_position=legend.position,
        legend_title=legend.title,
        stack=spec.stack,
        orientation=spec.orientation,
        hole=spec.hole or 0.0,
        width=size.width,
        height=size.height,
        dpi=size.dpi,
        alt=spec.alt,
    )


def _legend_shown(sent: bool | Legend | None) -> bool | None:
    """Return whether a legend is asked for; None leaves it to the drawing."""
    if isinstance(sent, Legend):
        return False if sent.position == "none" else None
    return sent
