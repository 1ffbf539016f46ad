"""Pies and donuts: the shares of one whole."""

from plotkiln.spec.bounds import check_text
from plotkiln.spec.columns import number_column, typed_column
from plotkiln.spec.drafts import Draft
from plotkiln.spec.faults import Faults, shown
from plotkiln.spec.full import FullColumn
from plotkiln.spec.limits import Limits
from plotkiln.spec.models import Spec
from plotkiln.spec.pictures import Picture, check_lengths, full_series
from plotkiln.spec.sources import Source

__all__ = ["pie_picture"]


def pie_picture(drafts: list[Draft], spec: Spec, limits: Limits, faults: Faults) -> Picture | None:
    """Settle a pie; shares that are gaps are left out with their labels."""
    for member in ("axes", "annotations"):
        if getattr(spec, member):
            faults.add(member, "a pie has no axes: remove it")
    draft = drafts[0]
    if draft.y is None or not check_lengths(draft, faults):
        return None
    shares = number_column(draft.y, "shares", faults)
    labels = typed_column(draft.x, "category", faults) if draft.x else None
    if shares is None:
        return None
    _check_shares(draft.y, faults)
    if len(shares.values) > limits.categories:
        message = f"{len(shares.values)} slices, at most {limits.categories} are drawn"
        faults.add(draft.y.path, f"{message}: group the small ones")
    elif labels is not None and draft.x is not None:
        _check_labels(draft.x, labels, limits, faults)
    return Picture([full_series(draft, x=_kept(labels, shares), y=_kept(shares, shares))])


def _check_shares(source: Source, faults: Faults) -> None:
    numbers = [(at, value) for at, value in enumerate(source.values) if isinstance(value, float)]
    for index, number in numbers:
        if number < 0:
            faults.add(source.at(index), f"{shown(number)} is no share: give 0 or more")
            return
    if not any(number for _, number in numbers):
        faults.add(source.path, "all shares are 0: at least one must be more")


def _check_labels(source: Source, labels: FullColumn, limits: Limits, faults: Faults) -> None:
    for index, label in enumerate(labels.values):
        if isinstance(label, str):
            check_text(source.at(index), label, limits, faults)


def _kept(column: FullColumn | None, shares: FullColumn) -> FullColumn | None:
    """Return a column without the values whose share is a gap."""
    if column is None or None not in shares.values:
        return column
    pairs = zip(column.values, shares.values, strict=True)
    return FullColumn(column.type, [value for value, share in pairs if share is not None])
