"""Scopes: what a principal may do, in the words that tokens and keys carry."""

from enum import StrEnum

__all__ = ["EVERYTHING", "Scope"]


class Scope(StrEnum):
    """One permission."""

    #: Draw, store charts, and look at pictures.
    RENDER = "render"
    #: Submit, follow and cancel jobs of one's own.
    JOBS = "jobs"
    #: Read styles and their history.
    STYLES_READ = "styles:read"
    #: Write, remove and roll back styles; reading goes with it.
    STYLES_WRITE = "styles:write"
    #: Send CloudEvents in.
    EVENTS = "events"
    #: All of the above, what belongs to others, the broker's events, and the metrics.
    ADMIN = "admin"


#: What everybody may where there is no identity.
EVERYTHING = frozenset(Scope)
