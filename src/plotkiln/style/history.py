"""The history of styles as values: who changed what, when, why, and what it said then."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from plotkiln.documents import canonical_json, read_json
from plotkiln.errors import InputError

__all__ = [
    "HistoryEntry",
    "Kind",
    "Note",
    "Retention",
    "draft_name",
    "draft_of",
    "entry_of",
    "equal_documents",
    "now",
]

#: What the name of a draft ends with.
_DRAFT = ".draft"

#: How an entry came about. observed: somebody wrote without plotkiln, which noticed later.
Kind = Literal["written", "deleted", "observed", "rolled-back", "imported", "published"]


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What a writer says of a change."""

    #: The principal's name; empty where nobody knows.
    who: str = ""
    why: str = ""
    #: What a removal is called is the store's to say, unless something else happened to it.
    kind: Kind = "written"
    when: datetime = msgspec.field(default_factory=now)


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one style."""

    name: str
    #: The version that the change made; of a removal, the store's index at that time.
    version: int
    who: str
    when: datetime
    why: str
    kind: Kind
    #: The bytes as written; None where the style was removed, or they were too large to keep.
    document: bytes | None
    #: Whether there was no such style after the change.
    removed: bool = False
    #: The version that was replaced, 0 for a creation; None where nobody saw.
    replaced: int | None = None
    #: Whether it is another store's entry that an import brought along: it never served here.
    past: bool = False


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How much history is kept; the newest entry of a style always is."""

    #: Entries of one style.
    entries: int = 200
    #: None keeps them whatever their age.
    age: timedelta | None = None


def draft_name(name: str) -> str:
    """Return the name under which the draft of a style is stored: a style like any other."""
    return f"{name}{_DRAFT}"


def draft_of(name: str) -> str | None:
    """Return the name of the style that this one is a draft of, None where it is none."""
    return name.removesuffix(_DRAFT) if name.endswith(_DRAFT) else None


def entry_of(
    name: str, version: int, document: bytes | None, note: Note, *, replaced: int | None
) -> HistoryEntry:
    """Return the entry of a write, or without a document of a removal."""
    return HistoryEntry(
        name=name,
        version=version,
        who=note.who,
        when=note.when,
        why=note.why,
        kind="deleted" if document is None and note.kind == "written" else note.kind,
        document=document,
        removed=document is None,
        replaced=replaced,
    )


def equal_documents(one: bytes, other: bytes) -> bool:
    """Say whether two documents say the same: equal bytes, or JSON with one canonical form."""
    if one == other:
        return True
    try:
        return canonical_json(read_json(one)) == canonical_json(read_json(other))
    except (InputError, ValueError):  # no JSON, or numbers that no double holds
        return False
