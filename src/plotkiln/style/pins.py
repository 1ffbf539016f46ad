"""Pinned looks: a style as it was at one version, or of one content, whatever it is today."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import msgspec

from plotkiln.errors import InputError, NotFoundError, RuleError, StoreUnavailable, StyleBrokenError
from plotkiln.style.builtin import builtin_look
from plotkiln.style.documents import parse_stored
from plotkiln.style.history import HistoryEntry, now
from plotkiln.style.looks import DEFAULT, KnownStyle, Look, StoredDocument
from plotkiln.style.models import NAME_PATTERN, Style
from plotkiln.style.resolution import MOST_LINKS, resolve
from plotkiln.style.stores import Listing, StyleStore

__all__ = ["Pin", "PinnedLooks", "TodaysLooks", "parse_pin"]

_PIN = re.compile(
    rf"(?P<name>{NAME_PATTERN.strip('^$')})@(?:(?P<version>\d{{1,19}})|sha256:(?P<digest>[0-9a-f]{{64}}))"
)

#: Beyond any version.
_TODAY = 2**63 - 1

#: Entries of one history that are read: all.
_ALL = 2**31


class Pin(msgspec.Struct, frozen=True):
    """What a pin names: a style, and either a version or a content."""

    name: str
    version: int | None = None
    #: SHA-256 of the look's content, in hexadecimal, as pictures carry it.
    digest: str | None = None

    def __str__(self) -> str:
        return f"{self.name}@{self.version if self.digest is None else f'sha256:{self.digest}'}"


def parse_pin(text: str) -> Pin:
    """Read `name@42` or `name@sha256:…`; raises `NotFoundError` for what is neither."""
    found = _PIN.fullmatch(text)
    if found is None:
        raise NotFoundError(
            f"There is no style {text[:200]!r}: a pin is name@version or name@sha256:digest"
        )
    version = found["version"]
    return Pin(found["name"], None if version is None else int(version), found["digest"])


class TodaysLooks(Protocol):
    """Looks as they are known now."""

    def look(self, name: str = DEFAULT) -> Look:
        """Return a look; raises `NotFoundError` for a name nobody knows."""


class PinnedLooks:
    """Looks of the past, read from a store and kept: what is pinned does not change.

    A version is one at which a document of the style's `extends` chain changed: the one that a
    picture's `Plotkiln-Style` names is. Every document of the chain is read as of that version, the
    last good one where it was broken then. A content is looked for from today backwards.
    """

    def __init__(
        self, store: StyleStore, today: TodaysLooks, *, patience: float = 5.0, kept: int = 256
    ) -> None:
        """Prepare; a look takes at most `patience` seconds to be read, and `kept` are kept."""
        self._store = store
        self._today = today
        self._patience = patience
        self._kept = kept
        self._looks: OrderedDict[Pin, Look] = OrderedDict()
        self._index = 0
        # each reads whole histories: whoever asks for many waits in line
        self._reading = asyncio.Semaphore(4)

    async def look(self, text: str) -> Look:
        """Return the look that a pin names.

        Raises `NotFoundError` when there is none, or the history does not reach back to it;
        `RuleError` when its chain could not be followed; `StoreUnavailable` when it is not kept
        here and the store does not tell in time.
        """
        pin = parse_pin(text)
        if pin in self._looks:
            self._looks.move_to_end(pin)
            return self._looks[pin]
        try:
            async with asyncio.timeout(self._patience), self._reading:
                look = await self._find(pin)
        except TimeoutError as error:
            message = f"The style store took longer than {self._patience:g} s to find {pin}."
            raise StoreUnavailable(message) from error
        self._looks[pin] = look
        if len(self._looks) > self._kept:
            self._looks.popitem(last=False)
        return look

    def see(self, listing: Listing) -> None:
        """Forget everything when the store was set back: it uses versions a second time."""
        if listing.index < self._index:
            self._looks.clear()
        self._index = listing.index

    async def _find(self, pin: Pin) -> Look:
        if pin.name == DEFAULT and (pin.version == 0 or pin.digest == builtin_look().digest):
            return builtin_look()
        past = _Past(self._store)
        if pin.digest is not None:
            return self._found_today(pin, pin.digest) or await _of_content(past, pin, pin.digest)
        return await _as_of(past, pin, pin.version or 0)

    def _found_today(self, pin: Pin, digest: str) -> Look | None:
        """Return today's look where it has the content: nothing needs to be read then."""
        try:
            look = self._today.look(pin.name)
        except (NotFoundError, StoreUnavailable, StyleBrokenError):
            return None
        return msgspec.structs.replace(look, state="fresh") if look.digest == digest else None


class _Moment(msgspec.Struct, frozen=True):
    """What a chain was as of a version."""

    #: The styles of the chain, by name.
    known: dict[str, KnownStyle]
    #: The highest version at which a document of the chain changed until then.
    changed: int


class _Past:
    """Histories that were read, for one search."""

    def __init__(self, store: StyleStore) -> None:
        self._store = store
        self._histories: dict[str, tuple[StoredDocument | None, Sequence[HistoryEntry]]] = {}

    async def moment(self, name: str, version: int) -> _Moment:
        """Return the chain of a style as of a version.

        Raises `NotFoundError` when a history of the chain does not reach back to it.
        """
        known: dict[str, KnownStyle] = {}
        changed = 0
        following: str | None = name
        while following is not None and following not in known and len(known) <= MOST_LINKS:
            style, latest = await self._style(following, version)
            changed = max(changed, latest)
            if style is None:
                break
            known[following] = style
            following = style.style.extends
        return _Moment(known, changed)

    async def _style(self, name: str, version: int) -> tuple[KnownStyle | None, int]:
        """Return a style as of a version, None where it was not there, and its last change."""
        stored, entries = await self._history(name)
        documents = [entry for entry in entries if entry.version <= version]
        if stored is not None and stored.version <= version:
            # an edit made elsewhere, which nobody has entered yet, is newer than all entries
            entered = bool(documents) and documents[0].version >= stored.version
            if not entered:
                documents.insert(0, _unentered(stored))
        if not documents:
            _check_reach(name, version, stored, entries)
            return None, 0
        return _last_good(name, documents), documents[0].version

    async def _history(self, name: str) -> tuple[StoredDocument | None, Sequence[HistoryEntry]]:
        if name not in self._histories:
            # in this order: what is entered between the two reads is entered, not missing
            stored = await self._store.read(name)
            self._histories[name] = (stored, await self._store.history(name, limit=_ALL))
        return self._histories[name]


async def _as_of(past: _Past, pin: Pin, version: int) -> Look:
    moment = await past.moment(pin.name, version)
    if moment.changed != version:
        hint = f": the one before is {moment.changed}" if moment.changed else ""
        raise NotFoundError(f"{pin.name} has no version {version}{hint}.")
    return msgspec.structs.replace(resolve(pin.name, moment.known), version=version)


async def _of_content(past: _Past, pin: Pin, digest: str) -> Look:
    version = _TODAY
    while True:
        try:
            moment = await past.moment(pin.name, version)
        except NotFoundError:  # so far back the history does not reach
            moment = _Moment({}, 0)
        if not moment.changed:
            raise NotFoundError(f"{pin} is not among the looks of {pin.name} that are kept.")
        look = _resolved(pin.name, moment)
        if look is not None and look.digest == digest:
            return msgspec.structs.replace(look, version=moment.changed)
        version = moment.changed - 1
        await asyncio.sleep(0)  # a long history is a long computation: others go on meanwhile


def _resolved(name: str, moment: _Moment) -> Look | None:
    try:
        return resolve(name, moment.known)
    except (NotFoundError, RuleError):  # removed then, or a chain that could not be followed
        return None


def _last_good(name: str, documents: Sequence[HistoryEntry]) -> KnownStyle | None:
    """Return the newest of the documents that can be used, as renders did then."""
    if documents[0].removed:
        return None
    for entry in documents:
        if entry.removed:
            break
        try:
            style = parse_stored(entry.document or b"").style
        except InputError:
            continue
        return KnownStyle(name=name, version=entry.version, style=style, state="fresh")
    return KnownStyle(name=name, version=0, style=Style(), state="fresh")


def _check_reach(
    name: str, version: int, stored: StoredDocument | None, entries: Sequence[HistoryEntry]
) -> None:
    """Raise `NotFoundError` unless a name was surely not there as of a version."""
    if entries[-1].replaced != 0 if entries else stored is not None:
        raise NotFoundError(f"The history of {name} does not reach back to version {version}.")


def _unentered(stored: StoredDocument) -> HistoryEntry:
    """Return the entry that somebody will make of a document."""
    return HistoryEntry(
        name=stored.name,
        version=stored.version,
        who="",
        when=now(),
        why="",
        kind="observed",
        document=stored.data,
    )
