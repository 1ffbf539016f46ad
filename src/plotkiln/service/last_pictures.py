"""Remember pictures as the last good ones of what they show."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from plotkiln.artifacts.last_good import LastGood, LastPicture, Shown
from plotkiln.errors import StoreUnavailable
from plotkiln.service.plans import Picture, Plan

__all__ = ["as_far_as_known", "remember", "shown_by"]

log = logging.getLogger("plotkiln.patience")


async def remember(former: LastGood, picture: Picture) -> None:
    """Take a picture for the last good one of its spec, format and style; a store may fail."""
    look = picture.plan.look
    style = f"{look.name}@{look.version}"
    last = LastPicture(digest=picture.plan.digest, style=style, style_digest=look.digest)
    with as_far_as_known():
        await former.put(shown_by(picture.plan), last)


def shown_by(plan: Plan) -> Shown:
    """Return what a reader of a plan's picture sees again and again."""
    return Shown(spec_digest=plan.spec_digest, format=plan.format, style=plan.style)


@contextmanager
def as_far_as_known() -> Iterator[None]:
    """Go on where the store fails: a former picture is shown as far as one is known."""
    try:
        yield
    except StoreUnavailable as error:
        log.warning("%s", error)
