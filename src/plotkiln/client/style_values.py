"""Styles as the server shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from plotkiln.errors import MalformedError

__all__ = ["ListedStyle", "StyleChange", "StyleDocument", "StyleHistory", "StyleList"]


class ListedStyle(msgspec.Struct, frozen=True, kw_only=True):
    """One style in the list."""

    name: str
    #: 0 for the built-in.
    version: int
    #: `fresh`, `stale` (the last good one) or `builtin`.
    state: str
    #: SHA-256 of the resolved content; None where it cannot be resolved.
    digest: str | None = None
    extends: str | None = None
    #: The style that this one is a draft of.
    draft_of: str | None = None
    #: Leading colours of the resolved look.
    palette: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    #: Why the newest document does not serve.
    fault: str | None = None


class StyleList(msgspec.Struct, frozen=True, kw_only=True):
    """Every style, and whether the store answers."""

    styles: tuple[ListedStyle, ...]
    reachable: bool = True
    #: Why the store does not answer.
    fault: str | None = None


class StyleDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document with the version that a write over it names."""

    name: str
    #: 0 for the built-in, which nobody has stored.
    version: int
    #: What was stored, as it was written; broken documents may be no objects.
    data: bytes
    #: `fresh`, `stale` or `builtin`; empty for old versions.
    state: str = ""

    @property
    def document(self) -> Mapping[str, Any]:
        """The document's members; raises `MalformedError` for a broken one."""
        try:
            return msgspec.json.decode(self.data, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MalformedError(f"The style {self.name} is broken: {error}") from error


class StyleChange(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a history."""

    version: int
    #: `written`, `rolled-back`, `published`, `deleted` and the like.
    kind: str
    who: str = ""
    when: datetime
    why: str = ""
    #: A line for each member that is other than before.
    differences: tuple[str, ...] = ()


class StyleHistory(msgspec.Struct, frozen=True, kw_only=True):
    """Some entries of a history, newest first."""

    name: str
    changes: tuple[StyleChange, ...]
    #: The version below which there are more; None where there are none.
    before: int | None = None
