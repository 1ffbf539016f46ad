"""The values that pass between a style store and a render: documents, known styles, looks."""

from typing import Literal

import msgspec

from plotkiln.style.models import Style

__all__ = ["DEFAULT", "KnownStyle", "Look", "StoredDocument", "StyleState"]

#: The style used when none is asked for.
DEFAULT = "default"

#: fresh: the newest stored document. stale: the last good one, because the newest is broken or the
#: store cannot be reached. builtin: none is stored, plotkiln's own serves.
StyleState = Literal["fresh", "stale", "builtin"]


class StoredDocument(msgspec.Struct, frozen=True):
    """One style document as a store holds it, valid or not."""

    name: str
    #: Consul's ModifyIndex, or the embedded store's; grows with each write.
    version: int
    #: The bytes as written.
    data: bytes


class KnownStyle(msgspec.Struct, frozen=True, kw_only=True):
    """The last good document of one style, and what is known of the newest."""

    name: str
    version: int
    style: Style
    state: StyleState
    #: What was ignored in the document (unknown members), each with its path.
    warnings: tuple[str, ...] = ()
    #: Why the newest stored document does not serve; None when it does.
    fault: str | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A style with its `extends` chain resolved over the built-in: what one render is drawn in."""

    name: str
    #: The highest version in the chain; 0 for the built-in.
    version: int
    state: StyleState
    #: Complete: every member that the renderer reads is set, `extends` is not.
    style: Style
    #: SHA-256 of the canonical JSON of `style`: the content, whatever its name and version.
    digest: str
    #: What was ignored on the way.
    warnings: tuple[str, ...] = ()
