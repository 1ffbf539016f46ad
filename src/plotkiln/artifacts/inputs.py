"""What jobs are drawn from: by reference, since an event must stay small."""

import logging
from datetime import UTC, datetime, timedelta

import msgspec

from plotkiln.artifacts.objects import Objects
from plotkiln.spec.models import Format
from plotkiln.style.looks import Look

__all__ = ["INPUTS", "Inputs", "JobInput", "input_path"]

log = logging.getLogger("plotkiln.artifacts")

#: What the paths begin with; a sweep of renderings leaves them alone.
INPUTS = "inputs/"


class JobInput(msgspec.Struct, frozen=True, kw_only=True):
    """One rendering to be made, with all that was fixed when it was asked for."""

    #: The spec as sent.
    spec: bytes
    #: Resolved: no store of styles is asked later.
    look: Look
    format: Format
    spec_digest: str
    #: The template that the spec names; None for none.
    template: str | None = None
    #: The style as it was asked for, a name or a pin; empty in what an older release wrote.
    style: str = ""


class Inputs:
    """Inputs of jobs under the digest of their rendering; raises `StoreUnavailable`.

    They lie at `inputs/ab/abcd…` as MessagePack, beside the renderings.
    """

    def __init__(self, objects: Objects) -> None:
        """Take the store of the renderings."""
        self._objects = objects.named("Inputs of jobs")

    async def put(self, digest: str, job_input: JobInput) -> bool:
        """Keep an input for sure; return whether this call wrote it, or it was there already."""
        data = msgspec.msgpack.encode(job_input)
        return await self._objects.create(input_path(digest), data, {"Content-Type": _MEDIA_TYPE})

    async def get(self, digest: str) -> JobInput | None:
        """Return an input, None where there is none, or none that this release can read."""
        data = await self._objects.read(input_path(digest))
        if data is None:
            return None
        try:
            return msgspec.msgpack.decode(data, type=JobInput)
        except msgspec.MsgspecError as error:
            log.warning("the input %s cannot be read: %s", digest, error)
            return None

    async def remove(self, digest: str) -> None:
        """Delete an input, if it is there. Jobs of others may need it still: see `sweep`."""
        await self._objects.delete([input_path(digest)])

    async def sweep(self, max_age: timedelta) -> int:
        """Delete the inputs that no job was submitted with for `max_age`; return their number."""
        oldest = datetime.now(UTC) - max_age
        doomed = [
            entry.path async for entry in self._objects.list(INPUTS) if entry.modified < oldest
        ]
        await self._objects.delete(doomed)
        return len(doomed)


_MEDIA_TYPE = "application/vnd.msgpack"


def input_path(digest: str) -> str:
    """Return where an input lies, below the store of renderings."""
    return f"{INPUTS}{digest[:2]}/{digest}"
