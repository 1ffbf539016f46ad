"""Styles in Consul KV: one key each, directly below a prefix."""

import asyncio
import re
from collections.abc import AsyncGenerator, Collection, Sequence
from types import TracebackType
from typing import Self

import msgspec

from plotkiln.errors import StoreUnavailable
from plotkiln.style.documents import check_name
from plotkiln.style.history import HistoryEntry, Note, Retention
from plotkiln.style.looks import StoredDocument
from plotkiln.style.models import NAME_PATTERN
from plotkiln.style.stores import Listing
from plotkiln.style.stores.consul_config import ConsulConfig
from plotkiln.style.stores.consul_history import ConsulHistory, written
from plotkiln.style.stores.consul_kv import MOST_OPERATIONS, ConsulKV, Entries, Operation
from plotkiln.style.stores.consul_writes import NO_LEADER, ConsulWrites, Edit, stored_document
from plotkiln.style.stores.pacing import TokenBucket

__all__ = ["ConsulStyles"]

_NAME = re.compile(NAME_PATTERN)

#: Seconds between two queries of a watch when changes come faster than they are read.
_SPACING = 0.1

#: Seconds between two reads while there is no leader.
_LEADERLESS = 0.25

#: Seconds that a restore may still answer with the old state after it has ended a query.
_RESTORING = 0.1

#: Below the prefix, no style's name, and no key of anybody's.
_MISSING = ".plotkiln/no-such-key"


class ConsulStyles:
    """A `StyleStore` in Consul; versions are ModifyIndexes.

    Keys below `<prefix>/` that are no style names, deeper keys and folders are somebody else's.
    The history is below `<prefix>-history/`, where it wakes no watch.
    """

    def __init__(
        self, config: ConsulConfig, *, prefix: str, retention: Retention | None = None
    ) -> None:
        self._folder = f"{prefix.strip('/')}/"
        self._kv = ConsulKV(config)
        folder = f"{prefix.strip('/')}-history/"
        self._history = ConsulHistory(self._kv, folder, retention or Retention())
        self._writes = ConsulWrites(self._kv, self._folder, self._history)

    async def read(self, name: str) -> StoredDocument | None:
        """Return one document, None when Consul says that there is none of that name."""
        found = await self._kv.get(self._key(name))
        if not found.entries and not found.led:
            raise StoreUnavailable(NO_LEADER)
        return stored_document(name, found.entries[0]) if found.entries else None

    async def list(self) -> Listing:
        """Return all documents that the token may see; Consul leaves out the others silently."""
        entries = await self._kv.list(self._folder)
        return self._listing(entries, index=entries.index)

    async def write(
        self, name: str, data: bytes, *, expected: int, note: Note | None = None
    ) -> StoredDocument:
        """Replace the document of version `expected`, and enter that; 0 creates.

        A document that says the same as the stored one changes nothing and keeps its version.
        Raises `PreconditionFailed` when the stored version is another.
        """
        edit = Edit(check_name(name), expected, data)
        return (await self._writes.commit([edit], note or Note()))[0]

    async def delete(self, name: str, *, expected: int, note: Note | None = None) -> None:
        """Remove the document of version `expected`, and enter that.

        Raises `PreconditionFailed` when the stored version is another, or there is none.
        """
        await self._writes.commit([Edit(check_name(name), expected, None)], note or Note())

    async def publish(
        self, draft: StoredDocument, name: str, *, expected: int, note: Note
    ) -> StoredDocument:
        """Move a draft over the document of version `expected`, and enter that; 0 creates.

        Raises `PreconditionFailed` when the stored version of either is another.
        """
        moved = Edit(check_name(name), expected, draft.data)
        return (await self._writes.commit([moved, Edit(draft.name, draft.version, None)], note))[0]

    async def history(
        self, name: str, *, before: int | None = None, limit: int = 100
    ) -> Sequence[HistoryEntry]:
        """Return the newest entries of one name, newest first; with `before`, those below it."""
        return await self._history.page(check_name(name), before, limit)

    async def recorded(self) -> frozenset[str]:
        """Return every name that has a history that the token may see."""
        return frozenset(filter(_NAME.fullmatch, await self._history.all_keys()))

    async def observe(self, listing: Listing, names: Collection[str] | None = None) -> int:
        """Enter what the listing shows and no entry tells, of these names or of all."""
        if listing.doubt:
            return 0
        if names is None:
            keys = await self._history.all_keys()
        else:
            keys = {name: (await self._history.keys(name))[0] for name in names}
        entered = 0
        for name in filter(_NAME.fullmatch, listing.documents.keys() | keys.keys()):
            if names is None or name in names:
                entered += await self._writes.observe(
                    name, listing.documents.get(name), keys.get(name, ())
                )
        return entered

    async def append(self, entry: HistoryEntry) -> None:
        """Add an entry of another store's history as the newest, under a version of this store."""
        _, index = await self._history.keys(check_name(entry.name))
        note = Note(who=entry.who, why=entry.why, kind="imported", when=entry.when)
        key, record = written(entry.document, note, after=index, replaced=entry.replaced, past=True)
        await self._kv.transact([Operation("cas", self._history.key(entry.name, key), record)])

    async def prune(self) -> int:
        """Remove what is beyond the retention, of every name; return how many entries went."""
        removed = 0
        for name, keys in (await self._history.all_keys()).items():
            leaving = await self._history.leaving(name, keys)
            steps = [Operation("delete", self._history.key(name, key)) for key in leaving]
            for first in range(0, len(steps), MOST_OPERATIONS):
                await self._kv.transact(steps[first : first + MOST_OPERATIONS])
            removed += len(steps)
        return removed

    async def watch(self) -> AsyncGenerator[Listing, None]:
        """Yield the listing now, after each change, and whenever a wait ends without one.

        By Consul's rules for blocking queries: a return is no proof of a change; an index that went
        back is given up; a token bucket bounds the rate. What wakes no blocking query is seen when
        the wait is over: a change of the token's permissions, and some recursive deletions.

        A restore ends a blocking query with its *old* answer, and another one with that index would
        wait in vain: after an answer with the index as it was the next query waits for nothing.
        """
        turns = TokenBucket(burst=2, interval=_SPACING)
        index = 0
        shown = Listing(documents={}, index=0)
        while True:
            await turns.take()
            entries = await self._kv.list(self._folder, after=index)
            if not entries.led:
                yield self._listing(entries, index=entries.index)
                index = 0
                await asyncio.sleep(_LEADERLESS)
                continue
            unchanged = entries.index <= index
            index = 0 if unchanged else entries.index
            shown = await self._in_order(self._listing(entries, index=entries.index), shown)
            yield shown
            if unchanged:
                await asyncio.sleep(_RESTORING)

    async def __aenter__(self) -> Self:
        await self._kv.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._kv.__aexit__(kind, error, trace)

    async def _in_order(self, listing: Listing, before: Listing) -> Listing:
        """Return a listing whose index is below that of the one `before` only after a restore.

        A prefix's index also falls when Consul forgets the newest of its deletions. The index of
        all keys, which the answer for a missing key carries, tells that from a restore; but since
        a write that follows the restore raises it at once, a document that is older counts first.
        """
        if listing.index >= before.index or _set_back(listing, before):
            return listing
        whole = await self._kv.list(f"{self._folder}{_MISSING}")
        if whole.index < before.index:
            return listing
        return msgspec.structs.replace(listing, index=before.index)

    def _key(self, name: str) -> str:
        return self._folder + check_name(name)

    def _listing(self, entries: Entries, *, index: int) -> Listing:
        documents = {}
        for entry in entries.entries:
            name = entry.key.removeprefix(self._folder)
            if _NAME.fullmatch(name):
                documents[name] = stored_document(name, entry)
        return Listing(documents=documents, index=index, doubt=None if entries.led else NO_LEADER)


def _set_back(listing: Listing, before: Listing) -> bool:
    """Return whether a document is older than it was, which only a restore can do."""
    return any(
        name in listing.documents and listing.documents[name].version < document.version
        for name, document in before.documents.items()
    )
