"""What is known of the stored styles, and how one more listing changes it: pure values."""

from collections.abc import Iterable, Mapping

import msgspec

from plotkiln.errors import InputError
from plotkiln.style.documents import ParsedStyle, parse_stored
from plotkiln.style.looks import KnownStyle, StoredDocument
from plotkiln.style.models import Style
from plotkiln.style.stores import Listing

__all__ = ["Answer", "Entry", "Knowledge", "absorb", "remembered"]

#: What a read says of a document that a listing lacks: here it is, it is gone (None), or why nobody
#: can say.
Answer = StoredDocument | str | None

_SET_BACK = (
    "the store was set back to a time before this style: write it again, or write and delete it"
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one name."""

    #: The newest document that the store showed, good or broken.
    newest: StoredDocument
    #: The last good document and what it says; None while there was none.
    good: StoredDocument | None = None
    parsed: ParsedStyle | None = None
    #: Why the newest document cannot be used.
    broken: str | None = None
    #: Why the store does not show the document although nobody is known to have deleted it.
    absent: str | None = None

    @property
    def known(self) -> KnownStyle:
        """What the rest of plotkiln is told; an empty style where no document was ever good."""
        fault = self.absent or self.broken
        if self.good is None or self.parsed is None:
            return KnownStyle(
                name=self.newest.name, version=0, style=Style(), state="builtin", fault=fault
            )
        return KnownStyle(
            name=self.good.name,
            version=self.good.version,
            style=self.parsed.style,
            state="stale" if fault else "fresh",
            warnings=self.parsed.warnings,
            fault=fault,
        )


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known after one listing."""

    entries: Mapping[str, Entry] = {}
    #: Names whose absence from the next listing needs an explanation.
    listed: frozenset[str] = frozenset()
    #: The listing's index.
    index: int = 0

    def missing(self, listing: Listing) -> frozenset[str]:
        """Return the names that must be read one by one, since this listing lacks them.

        A listing leaves out silently what a token may not see, and may be empty for many reasons:
        it is no proof of a deletion. Where the index went back nothing can prove one.
        """
        if listing.index < self.index:
            return frozenset()
        return self.listed - listing.documents.keys()

    @property
    def unexplained(self) -> bool:
        """Whether the absence of a listed document is still to be explained."""
        return any(self.entries[name].absent for name in self.listed)

    @property
    def good(self) -> dict[str, StoredDocument]:
        """The last good documents."""
        return {name: entry.good for name, entry in self.entries.items() if entry.good}


def remembered(documents: Iterable[StoredDocument], *, index: int) -> Knowledge:
    """Return what a former process knew when it last wrote these good documents down."""
    read = {document.name: _read(None, document) for document in documents}
    entries = {name: entry for name, entry in read.items() if entry.good}
    return Knowledge(entries=entries, listed=frozenset(entries), index=index)


def absorb(before: Knowledge, listing: Listing, answers: Mapping[str, Answer]) -> Knowledge:
    """Return what is known after a listing; `answers` explains each of `before.missing(listing)`.

    A listed document replaces the last good one if it is good. A missing one is dropped only where
    its answer says that it is gone. Where the index went back (a restart, a restore) whatever is
    missing was not deleted but forgotten: it serves on, until somebody writes that name again.
    """
    found = {name: answer for name, answer in answers.items() if isinstance(answer, StoredDocument)}
    denied = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    documents = {**listing.documents, **found}
    entries = {name: _read(before.entries.get(name), data) for name, data in documents.items()}
    for name in before.entries.keys() - documents.keys():
        entry = before.entries[name]
        if name in denied:
            entries[name] = _absent(entry, denied[name])
        elif name not in before.listed:
            entries[name] = entry
        elif listing.index < before.index:
            entries[name] = _absent(entry, _SET_BACK)
    listed = frozenset(documents) | denied.keys()
    return Knowledge(entries=entries, listed=listed, index=listing.index)


def _read(entry: Entry | None, document: StoredDocument) -> Entry:
    """Return the entry after its document was seen; one that is unchanged is not read again."""
    # The bytes count too: after a restore another document may come with the same version.
    if entry is not None and entry.newest == document:
        return entry if entry.absent is None else msgspec.structs.replace(entry, absent=None)
    try:
        return Entry(newest=document, good=document, parsed=parse_stored(document.data))
    except InputError as error:
        broken = f"version {document.version} cannot be used: {error}"
        if entry is None:
            return Entry(newest=document, broken=broken)
        return msgspec.structs.replace(entry, newest=document, broken=broken, absent=None)


def _absent(entry: Entry, why: str) -> Entry:
    return msgspec.structs.replace(entry, absent=why)
