"""What became of a style: its history, old versions, going back, and publishing drafts."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from plotkiln.errors import Fault, InputError, NotFoundError, PreconditionFailed, RuleError
from plotkiln.identity import Principal
from plotkiln.service.live_looks import LiveLooks
from plotkiln.service.own_writes import (
    check_chain,
    check_guarded,
    check_unused,
    in_effect,
    note_of,
)
from plotkiln.style.differences import differences
from plotkiln.style.documents import check_name, parse_stored
from plotkiln.style.history import HistoryEntry, Kind, draft_name
from plotkiln.style.looks import DEFAULT, StoredDocument
from plotkiln.style.stores import StyleStore

__all__ = ["Change", "HistoryService", "StyleHistoryPage"]

_UNKNOWN = "what it said before is not known"
_TOO_LARGE = "the document was too large to keep"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a history."""

    version: str
    kind: Kind
    #: The principal; empty where nobody knows.
    who: str
    when: datetime
    why: str
    #: A line for each member that is other than before.
    differences: Sequence[str]


class StyleHistoryPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Some entries of a history, newest first."""

    name: str
    changes: Sequence[Change]
    #: The version below which there are more; missing where there are none.
    before: str | None = None


class HistoryService:
    """The histories of styles, for people and programs."""

    def __init__(self, store: StyleStore, live: LiveLooks) -> None:
        self._store = store
        self._live = live

    async def page(
        self, _principal: Principal, name: str, *, before: int | None = None, limit: int = 20
    ) -> StyleHistoryPage:
        """Return the newest changes below a version.

        Raises `NotFoundError` for a name that was never stored, as far as is known.
        """
        check_name(name)
        # one more, to compare the oldest with
        entries = await self._store.history(name, before=before, limit=limit + 1)
        if not entries and before is None and name != DEFAULT:
            await self._stored(name)
        changes = [
            _change(entry, older)
            for entry, older in zip(entries[:limit], [*entries[1:], None], strict=False)
        ]
        more = len(entries) > limit
        return StyleHistoryPage(
            name=name, changes=changes, before=changes[-1].version if more else None
        )

    async def document(self, _principal: Principal, name: str, version: int) -> StoredDocument:
        """Return the document of exactly this version.

        Raises `NotFoundError` when the style never had it, was removed by it, or it is not kept.
        """
        check_name(name)
        stored = await self._store.read(name)
        if stored is not None and stored.version == version:
            return stored
        entry = next(iter(await self._store.history(name, before=version + 1, limit=1)), None)
        if entry is None or entry.version != version:
            hint = f" (the one before is {entry.version})" if entry else ""
            raise NotFoundError(f"{name} has no version {version}, or none that is kept{hint}.")
        if entry.document is None:
            what = "removed it" if entry.removed else "was too large to keep"
            raise NotFoundError(f"There is no document {name} of version {version}: it {what}.")
        return StoredDocument(name, version, entry.document)

    async def differences(
        self, principal: Principal, name: str, version: int, other: int | None = None
    ) -> list[str]:
        """Return what changed from one version to another, or to the newest.

        Raises `NotFoundError` when one of them is unknown.
        """
        old = await self.document(principal, name, version)
        if other is None:
            return differences(old.data, (await self._stored(name)).data)
        return differences(old.data, (await self.document(principal, name, other)).data)

    async def rollback(
        self,
        principal: Principal,
        name: str,
        version: int,
        *,
        expected: int | None,
        why: str = "",
    ) -> StoredDocument:
        """Write the document of an old version, byte for byte, over the one that the writer read.

        `expected` 0 brings a style back that was removed. Raises `PreconditionMissing`,
        `PreconditionFailed`, and `RuleError` when there is no such version or it cannot be used.
        """
        replaced = check_guarded(name, expected)
        note = note_of(principal, why, "rolled-back")
        try:
            old = await self.document(principal, name, version)
            style = parse_stored(old.data).style
        except (NotFoundError, InputError) as error:
            raise RuleError(faults=[Fault("version", str(error))]) from error
        await check_chain(self._live, name, style)
        stored = await self._store.write(name, old.data, expected=replaced, note=note)
        await in_effect(self._live, name, stored.version)
        return stored

    async def publish(
        self,
        principal: Principal,
        name: str,
        *,
        draft: int,
        expected: int | None,
        why: str = "",
    ) -> StoredDocument:
        """Put the draft of version `draft` in the style's place; the draft is gone then.

        `expected` 0 creates the style. Raises `PreconditionMissing`, `PreconditionFailed` when
        draft or style are of other versions, `NotFoundError` where there is no draft, `InUseError`
        while others extend the draft, `RuleError` when it cannot be used.
        """
        replaced = check_guarded(name, expected)
        note = note_of(principal, why, "published")
        stored = await self._stored(check_name(draft_name(name)))
        if stored.version != draft:
            raise PreconditionFailed(
                f"The draft is of version {stored.version} now: read it again."
            )
        check_unused(self._live, stored.name)
        await check_chain(self._live, name, parse_stored(stored.data).style)
        published = await self._store.publish(stored, name, expected=replaced, note=note)
        await in_effect(self._live, name, published.version)
        await in_effect(self._live, stored.name, None)
        return published

    async def _stored(self, name: str) -> StoredDocument:
        stored = await self._store.read(name)
        if stored is None:
            raise NotFoundError(f"There is no style {name}.")
        return stored


def _change(entry: HistoryEntry, older: HistoryEntry | None) -> Change:
    return Change(
        version=str(entry.version),
        kind=entry.kind,
        who=entry.who,
        when=entry.when,
        why=entry.why,
        differences=_differences(entry, older),
    )


def _differences(entry: HistoryEntry, older: HistoryEntry | None) -> list[str]:
    if older is None and entry.replaced != 0:
        return [_UNKNOWN]
    for one in (entry, older):
        if one is not None and one.document is None and not one.removed:
            return [_TOO_LARGE]
    return differences(older.document if older else None, entry.document)
