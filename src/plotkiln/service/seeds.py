"""Store the styles that ship with plotkiln, where nobody has stored one of that name."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from plotkiln.__about__ import __version__
from plotkiln.errors import PreconditionFailed
from plotkiln.identity import Principal
from plotkiln.style.history import Note
from plotkiln.style.shipped import SHIPPED, shipped_document
from plotkiln.style.stores import StyleStore

__all__ = ["Seeded", "seed"]


class Seeded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one shipped style."""

    name: str
    #: Written now, or left as somebody else has stored it.
    outcome: Literal["written", "left"]
    #: The version that is stored; "0" for one that went while it was looked at.
    version: str


async def seed(
    store: StyleStore, principal: Principal, names: Sequence[str] = ()
) -> Sequence[Seeded]:
    """Write the shipped styles of these names, all by default, that are missing; never over others.

    Raises `NotFoundError`, before anything is written, when none ships under one of the names.
    """
    documents = {name: shipped_document(name) for name in names or SHIPPED}
    note = Note(who=principal.name, why=f"shipped with plotkiln {__version__}")
    return [await _seed(store, name, data, note) for name, data in documents.items()]


async def _seed(store: StyleStore, name: str, data: bytes, note: Note) -> Seeded:
    try:
        written = await store.write(name, data, expected=0, note=note)
    except PreconditionFailed:
        stored = await store.read(name)
        version = stored.version if stored else 0
        return Seeded(name=name, outcome="left", version=str(version))
    return Seeded(name=name, outcome="written", version=str(written.version))
