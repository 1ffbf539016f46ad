"""Where style documents and their history are kept: one protocol, embedded and in Consul."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

import msgspec

from plotkiln.style.history import HistoryEntry, Note
from plotkiln.style.looks import StoredDocument

__all__ = ["Listing", "StyleHistory", "StyleStore"]


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Every document under the prefix at one moment."""

    documents: Mapping[str, StoredDocument]
    #: The store's index for the prefix (Consul's X-Consul-Index); grows, but for a restore.
    index: int
    #: Why newer documents may exist that this listing does not show; None when it is sound.
    doubt: str | None = None


class StyleHistory(Protocol):
    """What became of each style: an entry for every change, in the transaction that made it.

    A name's history outlives its style. It is bounded by a `Retention`: what is beyond goes with
    the next write of that name, and by `prune`. Methods raise what a `StyleStore`'s do.
    """

    async def history(
        self, name: str, *, before: int | None = None, limit: int = 100
    ) -> Sequence[HistoryEntry]:
        """Return the newest entries of one name, newest first; with `before`, those below it."""

    async def recorded(self) -> Collection[str]:
        """Return every name that has a history, stored now or not."""

    async def observe(self, listing: Listing, names: Collection[str] | None = None) -> int:
        """Enter what the listing shows and no entry tells, of these names or of all.

        Somebody wrote or removed it without plotkiln; what was written and overwritten in between
        is lost. However many processes see the same, one entry comes of it. Returns how many this
        call entered.
        """

    async def append(self, entry: HistoryEntry) -> None:
        """Add an entry of another store's history as the newest, under a version of this store.

        For names that are not stored: the style itself is neither written nor removed.
        """

    async def prune(self) -> int:
        """Remove what is beyond the retention, of every name; return how many entries went."""


class StyleStore(StyleHistory, Protocol):
    """Style documents with versions, compare-and-set, history and a watch.

    Every method raises `StoreUnavailable` when the store does not answer, its `AccessDenied` when
    it answers that we may not, and `RuleError` when no style may have the name.
    """

    async def read(self, name: str) -> StoredDocument | None:
        """Return one document, None when there is none of that name."""

    async def list(self) -> Listing:
        """Return all documents."""

    async def write(
        self, name: str, data: bytes, *, expected: int, note: Note | None = None
    ) -> StoredDocument:
        """Replace the document of version `expected`, and enter that; 0 creates.

        A document that says the same as the stored one changes nothing and keeps its version.
        Raises `PreconditionFailed` when the stored version is another.
        """

    async def delete(self, name: str, *, expected: int, note: Note | None = None) -> None:
        """Remove the document of version `expected`, and enter that.

        Raises `PreconditionFailed` when the stored version is another, or there is none.
        """

    async def publish(
        self, draft: StoredDocument, name: str, *, expected: int, note: Note
    ) -> StoredDocument:
        """Move a draft over the document of version `expected`, and enter that; 0 creates.

        In one transaction `name` gets the draft's document and the draft goes. Raises
        `PreconditionFailed` when the stored version of either is another.
        """

    def watch(self) -> AsyncGenerator[Listing, None]:
        """Yield the listing now, and again whenever a document may have changed.

        It comes about once a minute without a change too, as a sign of life. Ends only by an error
        (`StoreUnavailable`); the caller decides when to watch again, and closes what it leaves.
        """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
