"""All styles with their histories as one document, out of one store and into another."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from plotkiln.documents import Contract
from plotkiln.errors import Fault, InputError, PreconditionFailed, RuleError
from plotkiln.identity import Principal
from plotkiln.service.own_writes import note_of
from plotkiln.style.documents import check_name, parse_stored
from plotkiln.style.history import HistoryEntry, Kind, equal_documents, now
from plotkiln.style.looks import StoredDocument
from plotkiln.style.resolution import MOST_LINKS
from plotkiln.style.stores import StyleStore

__all__ = ["ARCHIVE_CONTRACT", "Archive", "ArchiveService", "Imported"]

#: Entries of one history that are read: all.
_ALL = 2**31

_Text = Annotated[str | None, msgspec.Meta(description="A document as text, exact to the byte.")]
_Octets = Annotated[bytes | None, msgspec.Meta(description="A document that is no UTF-8, base64.")]


class ArchivedEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of a history."""

    version: int
    kind: Kind
    who: str
    when: Annotated[datetime, msgspec.Meta(tz=True)]
    why: str
    document: _Text = None
    octets: _Octets = None
    removed: bool = False
    #: Whether there was no such style before.
    creation: bool = False


class ArchivedStyle(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One style; without a document it was removed, and only its history is there."""

    name: str
    document: _Text = None
    octets: _Octets = None
    #: Oldest first.
    history: Sequence[ArchivedEntry] = ()


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """What an export writes and an import reads."""

    format: Literal["plotkiln styles 1"]
    exported: Annotated[datetime, msgspec.Meta(tz=True)]
    styles: Sequence[ArchivedStyle]


ARCHIVE_CONTRACT = Contract(
    Archive, title="plotkiln styles", description="All styles with their histories."
)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    created: Sequence[str]
    replaced: Sequence[str]
    #: Stored already, with an equal document.
    unchanged: Sequence[str]
    #: Entries of former histories that were added.
    history: int


class ArchiveService:
    """Moves styles between stores."""

    def __init__(self, store: StyleStore) -> None:
        self._store = store

    async def save(self, _principal: Principal) -> bytes:
        """Return all styles and histories, also of removed styles, as one JSON document."""
        documents = (await self._store.list()).documents
        names = sorted(documents.keys() | set(await self._store.recorded()))
        styles = [await self._archived(name, documents.get(name)) for name in names]
        archive = Archive(format="plotkiln styles 1", exported=now(), styles=styles)
        return msgspec.json.format(msgspec.json.encode(archive), indent=1) + b"\n"

    async def load(
        self, principal: Principal, data: bytes, *, replace: bool = False, why: str = ""
    ) -> Imported:
        """Write the styles of an archive, the histories of those that are not stored before them.

        Versions are this store's own: of pins only those that name a content go on to hold. An
        import that was cut off is done again and goes on where it was. Raises `InputError` for what
        is no archive, and `PreconditionFailed`, before anything is written, when styles are stored
        with other documents, unless they are to be replaced.
        """
        archive = ARCHIVE_CONTRACT.decode(data)
        note = note_of(principal, why or "imported", "imported")
        _check(archive)
        stored = (await self._store.list()).documents
        wanted = {style.name: style for style in archive.styles}
        documents = dict(_documents(archive.styles))
        changed = _changed(documents, stored)
        if changed and not replace:
            names = ", ".join(sorted(changed))
            raise PreconditionFailed(f"Nothing was imported: {names} would be overwritten.")
        past = [style for name, style in wanted.items() if name not in stored]
        added = await self._append(past)
        created = [name for name in _bases_first(documents) if name not in stored]
        for name in [*created, *changed]:
            expected = stored[name].version if name in stored else 0
            await self._store.write(name, documents[name], expected=expected, note=note)
        unchanged = documents.keys() & stored.keys() - set(changed)
        return Imported(
            created=sorted(created),
            replaced=sorted(changed),
            unchanged=sorted(unchanged),
            history=added,
        )

    async def _archived(self, name: str, stored: StoredDocument | None) -> ArchivedStyle:
        entries = await self._store.history(name, limit=_ALL)
        document, octets = _encoded(stored.data if stored else None)
        return ArchivedStyle(
            name=name,
            document=document,
            octets=octets,
            history=[_archived_entry(entry) for entry in reversed(entries)],
        )

    async def _append(self, styles: Sequence[ArchivedStyle]) -> int:
        """Add the histories, all in the order in which the changes were made; return how many.

        In that order, so that each chain of styles is as of any entry what it was then.
        """
        missing = [
            (entry.version, style.name, entry)
            for style in styles
            for entry in await self._missing(style)
        ]
        for _, name, entry in sorted(missing, key=lambda one: one[:2]):
            await self._store.append(_entry(name, entry))
        return len(missing)

    async def _missing(self, style: ArchivedStyle) -> Sequence[ArchivedEntry]:
        """Return the entries that are not here yet: those behind the last one that is."""
        here = set(map(_identity, await self._store.history(style.name, limit=_ALL)))
        entries = [_entry(style.name, entry) for entry in style.history]
        found = [index for index, entry in enumerate(entries) if _identity(entry) in here]
        return style.history[found[-1] + 1 if found else 0 :]


def _check(archive: Archive) -> None:
    """Raise `RuleError` with every name that no style may have, and document that is unusable."""
    faults = []
    for index, style in enumerate(archive.styles):
        try:
            check_name(style.name)
            for _, data in _documents([style]):
                parse_stored(data)
        except InputError as error:
            faults.append(Fault(f"styles[{index}]", f"{style.name}: {error}"))
    if faults:
        raise RuleError(faults=faults)


def _documents(styles: Sequence[ArchivedStyle]) -> Iterator[tuple[str, bytes]]:
    for style in styles:
        data = _decoded(style)
        if data is not None:
            yield style.name, data


def _changed(documents: Mapping[str, bytes], stored: Mapping[str, StoredDocument]) -> Sequence[str]:
    """Return the names that are stored with other documents, those first that others extend."""
    return [
        name
        for name in _bases_first(documents)
        if name in stored and not equal_documents(stored[name].data, documents[name])
    ]


def _bases_first(documents: Mapping[str, bytes]) -> Sequence[str]:
    """Return the names so that each comes after the style that it extends."""

    def depth(name: str) -> int:
        bases = 0
        base = parse_stored(documents[name]).style.extends
        while base is not None and base in documents and bases < MOST_LINKS:
            bases, base = bases + 1, parse_stored(documents[base]).style.extends
        return bases

    return sorted(documents, key=lambda name: (depth(name), name))


def _archived_entry(entry: HistoryEntry) -> ArchivedEntry:
    document, octets = _encoded(entry.document)
    return ArchivedEntry(
        version=entry.version,
        kind=entry.kind,
        who=entry.who,
        when=entry.when,
        why=entry.why,
        document=document,
        octets=octets,
        removed=entry.removed,
        creation=entry.replaced == 0,
    )


def _entry(name: str, entry: ArchivedEntry) -> HistoryEntry:
    return HistoryEntry(
        name=name,
        version=entry.version,
        who=entry.who,
        when=entry.when,
        why=entry.why,
        kind="imported",
        document=_decoded(entry),
        removed=entry.removed,
        replaced=0 if entry.creation else None,
        past=True,
    )


def _identity(entry: HistoryEntry) -> tuple[object, ...]:
    """Return what tells an entry from others, whatever its version."""
    return entry.when, entry.who, entry.why, entry.document, entry.removed


def _encoded(data: bytes | None) -> tuple[str | None, bytes | None]:
    """Return a document as text, or where it is none as octets."""
    try:
        return None if data is None else data.decode(), None
    except UnicodeDecodeError:
        return None, data


def _decoded(archived: ArchivedStyle | ArchivedEntry) -> bytes | None:
    return archived.octets if archived.document is None else archived.document.encode()
