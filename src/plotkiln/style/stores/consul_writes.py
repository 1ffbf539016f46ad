"""Changes of styles in Consul KV: value and history entry in one transaction."""

from collections.abc import Sequence

import msgspec

from plotkiln.errors import PreconditionFailed, StoreUnavailable
from plotkiln.style.history import Note, equal_documents
from plotkiln.style.looks import StoredDocument
from plotkiln.style.stores.consul_history import (
    ConsulHistory,
    observed,
    removal_observed,
    written,
)
from plotkiln.style.stores.consul_kv import ConsulKV, Entry, Operation

__all__ = ["NO_LEADER", "ConsulWrites", "Edit", "stored_document"]

NO_LEADER = "Consul has no leader: newer documents may exist"

#: How often a transaction is planned anew that failed although every version was as expected.
_TRIES = 4


class Edit(msgspec.Struct, frozen=True):
    """One style that is to change."""

    name: str
    #: The version that it must have; 0 where it must not be there.
    expected: int
    #: None removes it.
    data: bytes | None


class _Plan(msgspec.Struct, frozen=True):
    """How one edit is done."""

    #: The document as it will be stored, of the version before.
    stored: StoredDocument
    steps: Sequence[Operation]
    #: Whether anything is to be written.
    changes: bool = True

    def result(self, index: int) -> StoredDocument:
        """Return the document after a transaction at this index."""
        return msgspec.structs.replace(self.stored, version=index) if self.changes else self.stored


class ConsulWrites:
    """Writes the styles below one folder, and what is noticed of other writers."""

    def __init__(self, kv: ConsulKV, folder: str, history: ConsulHistory) -> None:
        self._kv = kv
        self._folder = folder
        self._history = history

    async def commit(self, edits: Sequence[Edit], note: Note) -> list[StoredDocument]:
        """Make all edits in one transaction, or none; return the documents as stored then.

        Raises `PreconditionFailed` when a stored version is another. A transaction also fails when
        another process enters at the same moment what both had noticed: then it is planned anew.
        """
        for _ in range(_TRIES):
            plans = [await self._plan(edit, note) for edit in edits]
            if not any(plan.changes for plan in plans):
                return [plan.stored for plan in plans]
            index = await self._kv.transact([step for plan in plans for step in plan.steps])
            if index is not None:
                return [plan.result(index) for plan in plans]
        raise PreconditionFailed

    async def _plan(self, edit: Edit, note: Note) -> _Plan:
        key = self._folder + edit.name
        found = await self._kv.get(key)
        if not found.led:  # what was read may be old: no ground to call a race lost
            raise StoreUnavailable(NO_LEADER)
        stored = next((stored_document(edit.name, entry) for entry in found.entries), None)
        if edit.expected != (stored.version if stored else 0):
            raise PreconditionFailed
        if stored is None and edit.data is None:
            raise PreconditionFailed
        if stored and edit.data is not None and equal_documents(stored.data, edit.data):
            check = Operation("check-index", key, index=edit.expected)
            return _Plan(stored, [check], changes=False)
        return _Plan(
            StoredDocument(edit.name, edit.expected, edit.data or b""),
            [*_value_steps(key, edit), *await self._entry_steps(edit, stored, note, found.index)],
        )

    async def _entry_steps(
        self, edit: Edit, stored: StoredDocument | None, note: Note, index: int
    ) -> list[Operation]:
        """Return the steps that enter an edit, and before it what nobody has entered yet."""
        name = edit.name
        keys, latest = await self._history.keys(name)
        unseen = await self._unseen(name, stored, keys, index)
        new = written(edit.data, note, after=max(index, latest), replaced=edit.expected)
        entries = [unseen, new] if unseen else [new]
        steps = [Operation("cas", self._history.key(name, key), value) for key, value in entries]
        return [*steps, *await self._history.removals(name, keys, added=len(entries))]

    async def observe(
        self, name: str, document: StoredDocument | None, keys: Sequence[str]
    ) -> bool:
        """Enter that a style is this document, or is gone, unless its entries say so."""
        check, index = [], 0
        if document is None:
            found = await self._kv.get(self._folder + name)
            if found.entries or not found.led:
                return False
            check, index = [Operation("check-not-exists", self._folder + name)], found.index
        unseen = await self._unseen(name, document, keys, index)
        if unseen is None:
            return False
        key, record = unseen
        cas = Operation("cas", self._history.key(name, key), record)
        return await self._kv.transact([*check, cas]) is not None

    async def _unseen(
        self, name: str, document: StoredDocument | None, keys: Sequence[str], index: int
    ) -> tuple[str, bytes] | None:
        """Return key and value of the entry that is missing below a document, None if none is.

        Where there is no document `index` is the one at which it was not there.
        """
        newest = await self._history.newest(name, keys)
        if document is not None:
            entered = newest is not None and newest.version >= document.version
            return None if entered else observed(document.version, document.data)
        if newest is None or newest.removed or newest.past:
            return None
        return removal_observed(newest.version, index)


def _value_steps(key: str, edit: Edit) -> list[Operation]:
    if edit.data is not None:
        return [Operation("cas", key, edit.data, edit.expected)]
    # a removal of what is not there is a success to Consul: the check is what fails then
    check = Operation("check-index", key, index=edit.expected)
    return [check, Operation("delete-cas", key, index=edit.expected)]


def stored_document(name: str, entry: Entry) -> StoredDocument:
    """Return the document that a key holds."""
    return StoredDocument(name=name, version=entry.modify_index, data=entry.value or b"")
