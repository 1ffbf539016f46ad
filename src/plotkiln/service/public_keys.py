"""The public keys of named pictures follow their records."""

from plotkiln.artifacts import Artifact, Artifacts, Published
from plotkiln.artifacts.names import format_of
from plotkiln.artifacts.published import Place, place_of
from plotkiln.service.renders import RenderService

__all__ = ["PublicKeys"]

#: Names of which this process remembers what their keys show.
_MOST_KNOWN = 10_000


class PublicKeys:
    """Shows at the public keys what is recorded, as soon as anybody who looks finds it missing.

    Whoever recorded a picture may have died before it was public: the same event again, or the
    next start, brings it there.
    """

    def __init__(self, published: Published, artifacts: Artifacts, renders: RenderService) -> None:
        self._published = published
        self._artifacts = artifacts
        self._renders = renders
        #: What the keys are known to show, or to have passed, by name. Not the version alone: it
        #: begins anew when all records are lost.
        self._known: dict[str, Place] = {}

    async def follow(self, record: Artifact, data: bytes | None = None) -> None:
        """Show a recorded picture, then what was recorded meanwhile; `data` is the first one's.

        A picture whose bytes were swept away is left for whoever draws it next. Raises
        `StoreUnavailable` when the store, or that of the records, does not answer.
        """
        while self._is_behind(record):
            data = data if data is not None else await self._kept(record)
            if data is None:
                return
            await self._published.publish(record, data)
            self._remember(record)
            newest = await self._artifacts.get(record.name)
            record, data = newest or record, None

    async def remove(self, name: str) -> None:
        """Show nothing under a name any more; raises `StoreUnavailable` where that fails."""
        await self._published.remove(name)
        self._known.pop(name, None)

    def _is_behind(self, record: Artifact) -> bool:
        known = self._known.get(record.name)
        return known is None or known < place_of(record)

    async def _kept(self, record: Artifact) -> bytes | None:
        format_ = format_of(record.name)
        found = await self._renders.kept(record.digest, format_) if format_ else None
        return None if found is None else found.data

    def _remember(self, record: Artifact) -> None:
        self._known.pop(record.name, None)
        self._known[record.name] = place_of(record)
        if len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
