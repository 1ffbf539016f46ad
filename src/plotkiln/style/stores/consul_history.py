"""The history of styles in Consul KV: one key for each entry, named so that order needs no read.

A key is `<folder><name>/<after>-<rank>-<rest>`. `after` is an index, in 20 digits, at which the
entry was not there yet. For a write the entry's own ModifyIndex is the version: it is written in
the transaction that writes the style, and whatever a transaction writes has its index. What was
observed has the version that was seen for its `after`, and a name of its own by that: whoever
notices the same change writes the same key. Keys in order are versions in order.
"""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from plotkiln.style.documents import LARGEST
from plotkiln.style.history import HistoryEntry, Kind, Note, Retention, now
from plotkiln.style.stores.consul_kv import ConsulKV, Entry, Operation

__all__ = ["ConsulHistory", "observed", "removal_observed", "written"]

_KEY = re.compile(r"(?P<after>\d{20})-(?P<rank>[012])-[a-z0-9]+")

#: As many entries are read one by one; more come with all the others of their style at once.
_ONE_BY_ONE = 8

#: Entries that leave with one write: a transaction has a bound, the sweep takes the rest.
_MOST_LEAVING = 24

_OBSERVED = "changed outside of plotkiln; changes before this one may be missing"


class _Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry's value in Consul: JSON, for people who look there."""

    who: str
    when: datetime
    why: str
    kind: Kind
    #: As text, exact to the byte.
    document: str | None = None
    #: What is no UTF-8.
    octets: bytes | None = None
    removed: bool = False
    replaced: int | None = None
    past: bool = False
    #: Of what was observed, since the entry came later.
    version: int | None = None


_RECORD = msgspec.json.Decoder(_Record)


def written(
    document: bytes | None, note: Note, *, after: int, replaced: int | None, past: bool = False
) -> tuple[str, bytes]:
    """Return key and value of the entry of a write at an index beyond `after`."""
    kind: Kind = "deleted" if document is None and note.kind == "written" else note.kind
    record = _record(
        document,
        who=note.who,
        when=note.when,
        why=note.why,
        kind=kind,
        removed=document is None,
        replaced=replaced,
        past=past,
    )
    return f"{after:020d}-1-{secrets.token_hex(4)}", record


def observed(version: int, document: bytes) -> tuple[str, bytes]:
    """Return key and value of the entry of a version that somebody else wrote."""
    kept = document if len(document) <= LARGEST else None
    return f"{version:020d}-0-observed", _record(kept, **_seen(version))


def removal_observed(last: int, index: int) -> tuple[str, bytes]:
    """Return key and value of the entry of a removal after version `last`, seen at `index`."""
    return f"{last:020d}-2-removed", _record(None, removed=True, **_seen(index))


class ConsulHistory:
    """The entries below one folder."""

    def __init__(self, kv: ConsulKV, folder: str, retention: Retention) -> None:
        self._kv = kv
        self._folder = folder
        self._retention = retention

    def key(self, name: str, key: str) -> str:
        """Return the whole key of an entry."""
        return f"{self._folder}{name}/{key}"

    async def keys(self, name: str) -> tuple[list[str], int]:
        """Return the keys of a name's entries, oldest first, and the index of that moment."""
        found, index = await self._kv.keys(self.key(name, ""))
        keys = (key.removeprefix(self.key(name, "")) for key in found)
        return sorted(key for key in keys if _KEY.fullmatch(key)), index

    async def all_keys(self) -> Mapping[str, list[str]]:
        """Return the keys of every name's entries, oldest first."""
        found, _ = await self._kv.keys(self._folder)
        names: dict[str, list[str]] = {}
        for path in sorted(found):
            name, _, key = path.removeprefix(self._folder).partition("/")
            if _KEY.fullmatch(key):
                names.setdefault(name, []).append(key)
        return names

    async def page(self, name: str, before: int | None, limit: int) -> list[HistoryEntry]:
        """Return the newest entries below a version, newest first.

        Raises `AccessDenied` where there are none because the token may not see them.
        """
        keys, _ = await self.keys(name)
        if not keys:
            await self._kv.get(self.key(name, "none"))  # a list hides what a read denies
        if before is not None:
            keys = [key for key in keys if _lowest(key) < before]
        # of the keys that may be below a version all but the last one are
        entries = await self._read(name, keys[-limit - 1 :])
        below = (entry for entry in entries if before is None or entry.version < before)
        return list(below)[:limit]

    async def newest(self, name: str, keys: Sequence[str]) -> HistoryEntry | None:
        """Return the newest of these entries."""
        found = await self._read(name, keys[-1:])
        return found[0] if found else None

    async def leaving(self, name: str, keys: Sequence[str], *, added: int = 0) -> list[str]:
        """Return the oldest keys that the retention lets go, when `added` entries more come."""
        surplus = max(0, len(keys) + added - max(1, self._retention.entries))
        leaving, staying = list(keys[:surplus]), list(keys[surplus:])
        return leaving + await self._aged(name, staying if added else staying[:-1])

    async def removals(self, name: str, keys: Sequence[str], *, added: int) -> list[Operation]:
        """Return the steps by which a write of a name takes old entries away."""
        leaving = await self.leaving(name, keys, added=added)
        return [Operation("delete", self.key(name, key)) for key in leaving[:_MOST_LEAVING]]

    async def _aged(self, name: str, keys: Sequence[str]) -> list[str]:
        """Return those of the keys, oldest first, whose entries are too old.

        Entries grow younger with their versions: the first young one ends the search.
        """
        if self._retention.age is None:
            return []
        oldest, aged = now() - self._retention.age, []
        for key in keys:
            entries = await self._read(name, [key])
            if entries and entries[0].when >= oldest:
                break
            aged.append(key)
        return aged

    async def _read(self, name: str, keys: Sequence[str]) -> list[HistoryEntry]:
        """Return the entries of these keys, newest first; without those that went meanwhile."""
        paths = [self.key(name, key) for key in keys]
        if len(keys) > _ONE_BY_ONE:
            every = await self._kv.list(self.key(name, ""))
            found = {entry.key: entry for entry in every.entries}
        else:
            single = await asyncio.gather(*map(self._kv.get, paths))
            found = {entry.key: entry for one in single for entry in one.entries}
        entries = (_entry(name, found[path]) for path in reversed(paths) if path in found)
        return [entry for entry in entries if entry is not None]


def _record(document: bytes | None, **members: Any) -> bytes:
    try:
        text = None if document is None else document.decode()
    except UnicodeDecodeError:
        return msgspec.json.encode(_Record(octets=document, **members))
    return msgspec.json.encode(_Record(document=text, **members))


def _seen(version: int) -> dict[str, Any]:
    return {"who": "", "when": now(), "why": _OBSERVED, "kind": "observed", "version": version}


def _entry(name: str, found: Entry) -> HistoryEntry | None:
    """Return what an entry says; None where somebody else wrote what is no entry."""
    try:
        record = _RECORD.decode(found.value or b"")
    except msgspec.DecodeError:
        return None
    text = None if record.document is None else record.document.encode()
    return HistoryEntry(
        name=name,
        version=record.version or found.modify_index,
        who=record.who,
        when=record.when,
        why=record.why,
        kind=record.kind,
        document=record.octets if text is None else text,
        removed=record.removed,
        replaced=record.replaced,
        past=record.past,
    )


def _lowest(key: str) -> int:
    """Return the lowest version that an entry of this key may have."""
    found = _KEY.fullmatch(key)
    after = int(found["after"]) if found else 0
    return after if found and found["rank"] == "0" else after + 1
