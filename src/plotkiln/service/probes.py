"""Probes of what outlives a process: styles, renderings, the state database, folder and memory."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from plotkiln.artifacts import Renderings, StoredRendering
from plotkiln.documents import sha256_hex
from plotkiln.errors import AccessDenied, PlotkilnError
from plotkiln.service.doctor import Finding
from plotkiln.state import Database
from plotkiln.state.redis import Durability
from plotkiln.style.known import Knowledge, absorb
from plotkiln.style.looks import DEFAULT, KnownStyle, StoredDocument
from plotkiln.style.resolution import resolve
from plotkiln.style.snapshot import load
from plotkiln.style.stores import Listing

__all__ = [
    "ReadableStyles",
    "find_database",
    "find_folder",
    "find_losses",
    "find_memory",
    "find_rendering_reads",
    "find_renderings",
    "find_snapshot",
    "find_style_writes",
    "find_styles",
    "megabytes",
]

#: Bytes of the data's disk below which there is a warning, and below which it is a fault.
_LITTLE, _LEAST = 512 << 20, 32 << 20

#: The mend of a store that is not faithful.
_STORE = "See whether something else writes there, or changes what passes through."

#: Names of broken styles that a finding lists.
_SHOWN = 5


class ReadableStyles(Protocol):
    """As much of a style store as reading needs."""

    async def read(self, name: str) -> StoredDocument | None:
        """Return one document."""

    async def list(self) -> Listing:
        """Return all documents."""


async def find_styles(store: ReadableStyles, *, strict: bool) -> Finding:
    """Read every stored style; `strict` needs a stored and good `default`."""
    listing = await store.list()
    await store.read(DEFAULT)  # a listing leaves out silently what a token may not see
    documents, broken = listing.documents, _broken(listing)
    count = f"{len(documents)} stored"
    if strict and (DEFAULT not in documents or DEFAULT in broken):
        mend = f"Store one: plotkiln styles seed {DEFAULT}, or unset PLOTKILN_STYLE_STRICT."
        return Finding(f"{count}; strict mode needs a good {DEFAULT}", "fault", mend)
    if broken:
        named = _listed(broken)
        mend = f"Mend it: plotkiln styles get {broken[0]}, plotkiln styles validate, put it back."
        return Finding(f"{count}, broken: {named}; the last good ones serve", "warning", mend)
    if listing.doubt:
        return Finding(f"{count}; {listing.doubt}", "warning", "See to the store's leader.")
    return Finding(f"{count}{'' if documents else ': the built-in style serves'}")


async def find_style_writes(check: Callable[[], Awaitable[None]]) -> Finding:
    """Ask by `check` whether styles may be written; many processes need only read them."""
    try:
        await check()
    except AccessDenied as error:
        mend = "Give the token that permission, should styles be written from here."
        return Finding(f"read only: {error}", "warning", mend)
    return Finding("permitted")


async def find_snapshot(path: Path, store: str) -> Finding:
    """Look at the file in which a process leaves the good styles of `store` to the next."""
    return await asyncio.to_thread(_snapshot, path, store)


async def find_renderings(renderings: Renderings, place: str) -> Finding:
    """Put a small object into the store, read it back, and remove it."""
    digest = sha256_hex(secrets.token_bytes(16))
    content = StoredRendering(b"plotkiln doctor")
    await renderings.put(digest, "png", content)
    try:
        kept = await renderings.get(digest, "png")
    finally:
        await renderings.remove(digest, "png")
    if kept != content:
        return Finding(f"{place} returned something else than was put there", "fault", _STORE)
    return Finding(f"{place} takes, returns and removes")


async def find_rendering_reads(renderings: Renderings) -> Finding:
    """Ask the store for a rendering that is not there."""
    await renderings.get(sha256_hex(secrets.token_bytes(16)), "png")
    return Finding("answers")


async def find_database(database: Database) -> Finding:
    """Begin to read, and to write, without changing anything."""
    await database.read(lambda connection: connection.execute("SELECT 1 FROM sqlite_schema"))
    await database.write(lambda _connection: None)
    size = await asyncio.to_thread(lambda: database.path.stat().st_size)
    return Finding(f"{database.path.name} takes writes, {megabytes(size)}")


async def find_folder(folder: Path) -> Finding:
    """Write a file into the folder of the data and remove it; tell how much room there is."""
    free = await asyncio.to_thread(_free_after_writing, folder)
    detail = f"{folder}: {megabytes(free)} free"
    if free >= _LITTLE:
        return Finding(detail)
    mend = "Make room on its disk, lower PLOTKILN_ARTIFACTS_MAX_SIZE, or move PLOTKILN_DATA."
    return Finding(detail, "warning" if free >= _LEAST else "fault", mend)


async def find_losses(told: Callable[[], Awaitable[Durability]]) -> Finding:
    """Ask the server of shared state what it may lose, which is for its settings to mend."""
    durability = await told()
    losses = list(durability.losses())
    if not losses:
        crash = "; its crash may forget the last second" * (durability.flushed == "everysec")
        return Finding(f"Redis {durability.version} evicts nothing, and logs every write{crash}")
    what, mend = "; ".join(loss.what for loss in losses), " ".join(loss.mend for loss in losses)
    return Finding(what, "warning", mend)


async def find_memory(free: Callable[[], int | None], *, reserve: int, render: int) -> Finding:
    """Hold the free memory against the bytes that must stay, and what one render may take."""
    now = free()
    if now is None:
        return Finding("the platform does not tell")
    detail = f"{megabytes(now)} free, {megabytes(reserve)} must stay"
    if now < reserve:
        mend = "Free memory, give the machine more, or lower PLOTKILN_MEMORY_RESERVE."
        return Finding(f"{detail}: every render is refused", "away", mend)
    if now < reserve + render:
        mend = "Free memory, or lower PLOTKILN_WORKER_MEMORY to what there is."
        return Finding(f"{detail}, and a render may take {megabytes(render)}", "warning", mend)
    return Finding(detail)


def megabytes(size: float) -> str:
    """Return bytes in words: KiB, MiB or GiB."""
    for unit in ("KiB", "MiB"):
        size /= 1024
        if size < 1024:
            return f"{size:.3g} {unit}" if size < 100 else f"{size:.0f} {unit}"
    return f"{size / 1024:.1f} GiB"


def _snapshot(path: Path, store: str) -> Finding:
    if not path.exists():
        return Finding(f"none yet: the first read of {store} writes it")
    saved = load(path)
    if saved == Knowledge():  # a file that can be read has the store's index, which is above 0
        mend = f"Remove {path}: the next read of {store} writes it anew."
        return Finding(f"{path} cannot be read", "warning", mend)
    return Finding(f"{len(saved.entries)} styles in {path}")


def _broken(listing: Listing) -> list[str]:
    """Name the styles that cannot be read, or whose chain cannot be resolved."""
    entries = absorb(Knowledge(), listing, {}).entries
    known = {name: entry.known for name, entry in entries.items()}
    return [name for name in sorted(known) if known[name].fault or not _resolves(name, known)]


def _resolves(name: str, known: Mapping[str, KnownStyle]) -> bool:
    try:
        resolve(name, known)
    except PlotkilnError:
        return False
    return True


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"


def _free_after_writing(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"plotkiln doctor")
    return shutil.disk_usage(folder).free
