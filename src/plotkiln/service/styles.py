"""Read and write styles; nothing is overwritten that the writer has not seen."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec

from plotkiln.errors import NotFoundError, PlotkilnError, StoreUnavailable
from plotkiln.identity import Principal
from plotkiln.service.live_looks import LiveLooks
from plotkiln.service.own_writes import (
    check_chain,
    check_guarded,
    check_unused,
    in_effect,
    note_of,
)
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.documents import check_name, parse_written
from plotkiln.style.history import draft_of
from plotkiln.style.looks import DEFAULT, KnownStyle, Look, StoredDocument, StyleState
from plotkiln.style.shipped import seed_hint
from plotkiln.style.stores import StyleStore

__all__ = ["ListedStyle", "StyleDocument", "StyleList", "StyleService"]


class ListedStyle(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One style in the list."""

    name: str
    #: The document's version; "0" for the built-in.
    version: str
    state: StyleState
    #: SHA-256 of the resolved content; missing where it cannot be resolved.
    digest: str | None = None
    extends: str | None = None
    #: The style that this one is a draft of.
    draft_of: str | None = None
    #: Leading colours of the resolved look, for a swatch.
    palette: Sequence[str] = ()
    warnings: Sequence[str] = ()
    #: Why the newest stored document does not serve.
    fault: str | None = None


class StyleList(msgspec.Struct, frozen=True, kw_only=True):
    """Every style, and whether the store answers."""

    styles: Sequence[ListedStyle]
    reachable: bool
    #: Why the store does not answer.
    fault: str | None = None


class StyleDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document, as stored."""

    name: str
    version: int
    data: bytes
    state: StyleState


class StyleService:
    """The style store, for people and programs."""

    def __init__(self, store: StyleStore, live: LiveLooks) -> None:
        self._store = store
        self._live = live

    async def list(self, _principal: Principal) -> StyleList:
        """Return every style by name, `default` first, without asking the store."""
        await self._live.settled()
        known = self._live.known()
        names = [DEFAULT, *sorted(name for name in known if name != DEFAULT)]
        return StyleList(
            styles=[self._listed(name, known.get(name)) for name in names],
            reachable=self._live.reachable,
            fault=self._live.fault,
        )

    async def get(self, _principal: Principal, name: str) -> StyleDocument:
        """Return the newest document, broken or not; the last good one where the store is away.

        Raises `NotFoundError` where there is none; `default` is the built-in then.
        """
        check_name(name)
        await self._live.settled()
        try:
            stored = await self._store.read(name)
        except StoreUnavailable:
            return self._last_good(name)
        if stored is None:
            return _builtin(name)
        return StyleDocument(
            name=name, version=stored.version, data=stored.data, state=self._state(name)
        )

    async def version(self, _principal: Principal, name: str) -> int:
        """Return the stored version of a document, 0 where there is none."""
        check_name(name)
        stored = await self._store.read(name)
        return 0 if stored is None else stored.version

    async def changes(self, _principal: Principal) -> AsyncIterator[ListedStyle]:
        """Yield each style whose look changes, from now on; one that is gone has version "0"."""
        await self._live.settled()
        names: asyncio.Queue[frozenset[str]] = asyncio.Queue()
        stop = self._live.on_change(names.put_nowait)
        try:
            while True:
                for name in sorted(await names.get()):
                    yield self._listed(name, self._live.known().get(name))
        finally:
            stop()

    async def put(
        self, principal: Principal, name: str, data: bytes, *, expected: int | None, why: str = ""
    ) -> StoredDocument:
        """Write a document over the version that the writer read; 0 creates.

        Raises `PreconditionMissing` when `expected` is None, `PreconditionFailed` when somebody
        else wrote first, `InputError` with every fault of the document.
        """
        version = check_guarded(name, expected)
        note = note_of(principal, why)
        await check_chain(self._live, name, parse_written(data).style)
        stored = await self._store.write(name, data, expected=version, note=note)
        await in_effect(self._live, name, stored.version)
        return stored

    async def delete(
        self, principal: Principal, name: str, *, expected: int | None, why: str = ""
    ) -> None:
        """Remove a document of the version that the writer read.

        Raises `PreconditionMissing`, `PreconditionFailed`, `NotFoundError`, and `InUseError` while
        another style extends it.
        """
        version = check_guarded(name, expected)
        note = note_of(principal, why)
        if await self._store.read(name) is None:
            raise NotFoundError(f"There is no style {name}.")
        check_unused(self._live, name)
        await self._store.delete(name, expected=version, note=note)
        await in_effect(self._live, name, None)

    def _listed(self, name: str, known: KnownStyle | None) -> ListedStyle:
        look, fault = self._look(name)
        return ListedStyle(
            name=name,
            version=str(known.version if known else 0),
            state=look.state if look else "stale",
            digest=look.digest if look else None,
            extends=known.style.extends if known else None,
            draft_of=draft_of(name),
            palette=(look.style.palette or ())[:6] if look else (),
            warnings=known.warnings if known else (),
            fault=(known.fault if known else None) or fault,
        )

    def _look(self, name: str) -> tuple[Look | None, str | None]:
        try:
            return self._live.look(name), None
        except PlotkilnError as error:  # strict mode, or a chain that cannot be resolved
            return None, str(error)

    def _state(self, name: str) -> StyleState:
        look, _ = self._look(name)
        return look.state if look else "stale"

    def _last_good(self, name: str) -> StyleDocument:
        known = self._live.known().get(name)
        if known is None:
            return _builtin(name)
        data = msgspec.json.encode(known.style)
        return StyleDocument(name=name, version=known.version, data=data, state="stale")


def _builtin(name: str) -> StyleDocument:
    if name != DEFAULT:
        raise NotFoundError(f"There is no style {name}{seed_hint(name)}.")
    return StyleDocument(name=name, version=0, data=msgspec.json.encode(BUILTIN), state="builtin")
