"""Named pictures: redrawn by what happened, never backwards, and shown."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime

import msgspec

from plotkiln.artifacts import Artifact, Artifacts, Drawing, newer
from plotkiln.artifacts.names import MEDIA_TYPES, format_of
from plotkiln.errors import (
    BeingDrawn,
    Fault,
    InputError,
    NotFoundError,
    PreconditionFailed,
    RenderError,
    RuleError,
    UnavailableError,
)
from plotkiln.events.event import CloudEvent
from plotkiln.events.rules import UPDATED
from plotkiln.identity import Principal
from plotkiln.service.metrics import Metrics
from plotkiln.service.patience import PatienceService
from plotkiln.service.plans import Picture, Plan
from plotkiln.service.public_keys import PublicKeys
from plotkiln.service.renders import RenderService
from plotkiln.service.turns import Turns
from plotkiln.spec.models import Format
from plotkiln.style.looks import Look, StyleState
from plotkiln.workers import Lane

__all__ = ["ArtifactService", "NamedPicture", "Newest", "Publish", "Shown"]

log = logging.getLogger("plotkiln.artifacts")

#: Hands over an event of ours; it does not fail.
Publish = Callable[[CloudEvent], Awaitable[None]]

#: Returns what a name shall show by now, None where nobody knows more than the event said.
Newest = Callable[[], Awaitable[Drawing | None]]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a name shows now, without its bytes."""

    artifact: Artifact
    format: Format
    #: Name and version of the style that it is drawn in.
    style: str
    #: `stale`, too, where it is drawn in another style than today's.
    state: StyleState


class NamedPicture(msgspec.Struct, frozen=True, kw_only=True):
    """What a name shows, and where it came from."""

    shown: Shown
    data: bytes
    warnings: tuple[str, ...]
    #: kept, or as `Picture.source` where its bytes had been swept away.
    source: str
    #: Milliseconds per stage.
    stages: Mapping[str, float] = {}


class ArtifactService:
    """Names that point to pictures.

    The record decides what a name shows; the public key follows it, and the announcement does.
    """

    def __init__(
        self,
        artifacts: Artifacts,
        renders: RenderService,
        *,
        styles_known: Callable[[], bool],
        metrics: Metrics,
        public: PublicKeys | None = None,
        publish: Publish | None = None,
        job_budget: float | None = None,
    ) -> None:
        """Take the records and what draws.

        `styles_known` says whether the style store answers: while it does not, no picture is
        redrawn for its style alone. `public` are the keys that visitors read, and `publish` tells
        that a picture changed. `job_budget` is the seconds that a patient drawing may take; None:
        as many as any other.
        """
        self._artifacts = artifacts
        self._renders = renders
        self._styles_known = styles_known
        self._metrics = metrics
        self._public = public
        self._publish = publish
        self._job_budget = job_budget
        self._turns = Turns()

    async def update(
        self, principal: Principal, drawing: Drawing, *, newest: Newest | None = None
    ) -> Artifact:
        """Have a name show a drawing, unless what it shows comes later; return its record then.

        Of all that is wanted at once only the newest is drawn, and `newest` is asked for one that
        is newer still, right before. Raises `InputError` and `RenderError` for what cannot be
        drawn, `UnavailableError` for what can be later. It may be called again at any time.
        """
        settled = await self._settled(drawing)
        if settled is not None:
            return await self._keep(settled)
        await self._check(drawing)  # before its turn: its faults are nobody else's
        async with self._turns.turn(drawing) as wanted:
            settled = await self._settled(drawing)
            if settled is not None:  # by whoever had the turn before: newer ones wait for theirs
                return await self._keep(settled)
            return await self._bring_newest(principal, drawing, wanted, newest)

    async def archive(self, principal: Principal, drawing: Drawing) -> Artifact:
        """Keep what a drawing looks like now under its name, for good; return its record.

        A name that is there already stays as it is. The style is pinned by its content: a later
        change of the style changes nothing. Raises what `update` raises.
        """
        there = await self._artifacts.get(drawing.name)
        if there is not None:
            return await self._keep(there)
        picture = await self._draw(principal, drawing, must_store=True)
        candidate = _pinned(_artifact(principal, drawing, picture.plan))
        try:
            stored = await self._artifacts.put(candidate)
        except PreconditionFailed:  # somebody else came between
            return await self.archive(principal, drawing)
        await self._announce(stored, picture.data)
        return stored

    async def names(self, _principal: Principal, prefix: str) -> AsyncIterator[str]:
        """Yield every name that begins so and goes on, in the order of their bytes."""
        after = prefix
        while names := await self._artifacts.names(after=after):
            for name in names:
                if not name.startswith(prefix):
                    return
                yield name
            after = names[-1]

    async def remove(self, _principal: Principal, name: str) -> None:
        """Forget a name, if it is there; its bytes stay until they are swept."""
        if self._public is not None:
            await self._public.remove(name)
        await self._artifacts.remove(name)  # last: what is recorded can be removed again

    async def get(self, principal: Principal, name: str) -> Artifact:
        """Return what is recorded of a name.

        Raises `NotFoundError` where the principal sees no such name.
        """
        record = await self._artifacts.get(name)
        if record is None or not principal.sees(record.owner):
            raise NotFoundError(f"There is no picture named {name}.")
        return record

    async def show(self, principal: Principal, name: str) -> Shown:
        """Return what a name shows: in today's style, or where that cannot be, the last good one.

        Raises `NotFoundError` where the principal sees no such name.
        """
        record = await self.get(principal, name)
        look = await self._look(record)
        if look is not None and self._outdated(record, look) and not record.patient:
            try:
                record = await self.update(principal, record.drawing)
            except (InputError, RenderError, UnavailableError) as error:
                log.warning("%s is shown in its former style: %s", name, error)
        return _shown(record, look)

    async def picture(
        self, principal: Principal, shown: Shown, *, patience: PatienceService | None = None
    ) -> NamedPicture:
        """Return the picture; drawn anew, in today's style, where its bytes were swept away.

        With `patience`, one that may take long becomes a job: raises `BeingDrawn` then, and
        `JobFailed` once that has failed.
        """
        found = await self._renders.kept(shown.artifact.digest, shown.format)
        if found is None:
            return await self._restored(principal, shown.artifact, patience)
        return NamedPicture(shown=shown, data=found.data, warnings=found.warnings, source="kept")

    async def _settled(self, drawing: Drawing) -> Artifact | None:
        """Return what is recorded, where that leaves nothing to draw; None where it does."""
        record = await self._artifacts.get(drawing.name)
        if record is None or record.order < drawing.order:
            return None
        if record.order > drawing.order:
            return record
        look = await self._look(record)
        return None if look is not None and self._outdated(record, look) else record

    async def _bring_newest(
        self, principal: Principal, own: Drawing, wanted: Drawing, newest: Newest | None
    ) -> Artifact:
        """Draw the newest that is known; where that cannot be drawn, what is one's own."""
        latest = await newest() if newest is not None else None
        if latest is None or latest.order < wanted.order:
            latest = wanted
        try:
            return await self._bring(principal, latest)
        except (InputError, RenderError):
            if latest.order <= own.order:
                raise
        return await self._bring(principal, own)

    async def _bring(self, principal: Principal, drawing: Drawing) -> Artifact:
        """Draw and record, unless what is recorded leaves nothing to draw by now."""
        settled = await self._settled(drawing)
        if settled is not None:
            return await self._keep(settled)
        record = await self._artifacts.get(drawing.name)
        if record is not None and record.order == drawing.order:
            drawing = record.drawing  # the number has its picture: only its style changes
        picture = await self._draw(principal, drawing)
        return await self._record(_artifact(principal, drawing, picture.plan), picture.data)

    async def _draw(
        self, principal: Principal, drawing: Drawing, *, must_store: bool = False
    ) -> Picture:
        plan = await self._plan(principal, drawing)
        lane: Lane = "job" if drawing.patient else "request"
        budget = self._job_budget if drawing.patient else None
        return await self._renders.picture(plan, budget=budget, lane=lane, must_store=must_store)

    async def _record(self, candidate: Artifact, data: bytes, *, lost: str = "") -> Artifact:
        """Replace the record by compare-and-set, where that makes it newer.

        `lost` is a digest whose bytes are gone: what points to it is replaced in any case.
        """
        while True:
            record = await self._artifacts.get(candidate.name)
            gone = record is not None and record.digest == lost
            if record is not None and not gone and not newer(record, candidate):
                return await self._keep(record)
            try:
                stored = await self._artifacts.put(_succeeding(record, candidate))
            except PreconditionFailed:
                continue  # somebody else came between: another look at what is there
            await self._announce(stored, data)
            return stored

    async def _announce(self, stored: Artifact, data: bytes) -> None:
        self._metrics.count("artifacts", "replaced")
        try:
            if self._public is not None:
                await self._public.follow(stored, data)
        finally:  # it is recorded, and nobody records it again
            if self._publish is not None:
                await self._publish(_updated(stored))

    async def _keep(self, record: Artifact) -> Artifact:
        """Return the record that stays; whoever recorded it may have died before it was public."""
        self._metrics.count("artifacts", "kept")
        if self._public is not None:
            await self._public.follow(record)
        return record

    async def _restored(
        self, principal: Principal, record: Artifact, patience: PatienceService | None
    ) -> NamedPicture:
        """Draw what a record shows once more, because its bytes are gone."""
        plan = await self._plan(principal, record.drawing)
        if patience is None or not record.patient:
            picture = await self._renders.picture(plan)
        else:
            shown = await patience.shown(principal, plan)
            if not isinstance(shown, Picture):  # a former one of that spec, under another number
                raise BeingDrawn
            picture = shown
        if picture.plan.digest != record.digest:
            lost, record = record.digest, _artifact(principal, record.drawing, picture.plan)
            await self._record(record, picture.data, lost=lost)
        return NamedPicture(
            shown=_shown(record, picture.plan.look),
            data=picture.data,
            warnings=picture.warnings,
            source=picture.source,
            stages=picture.stages,
        )

    async def _check(self, drawing: Drawing) -> None:
        """Raise `InputError` with every fault of what is to be drawn."""
        if format_of(drawing.name) is None:
            raise RuleError(faults=[Fault("name", f"{drawing.name[:80]!r} names no picture")])
        await self._renders.read(drawing.spec)

    async def _plan(self, principal: Principal, drawing: Drawing) -> Plan:
        parsed = await self._renders.read(drawing.spec)
        return await self._renders.plan(
            principal,
            drawing.spec,
            parsed,
            format=format_of(drawing.name),
            style=drawing.pin or None,
        )

    async def _look(self, record: Artifact) -> Look | None:
        """Return the style that a record would be drawn in today, None where it is gone."""
        name = msgspec.json.decode(record.spec, type=_Styled).style
        try:
            return await self._renders.look(name, override=record.pin or None)
        except (InputError, NotFoundError, UnavailableError):
            return None

    def _outdated(self, record: Artifact, look: Look) -> bool:
        """Say whether a record is drawn in another style than today's, as far as that is known."""
        if look.digest == record.style_digest or look.state == "stale":
            return False
        return self._styles_known()


class _Styled(msgspec.Struct):
    """Of a spec, the style that it names."""

    style: str | None = None


def _artifact(principal: Principal, drawing: Drawing, plan: Plan) -> Artifact:
    return Artifact(
        name=drawing.name,
        digest=plan.digest,
        generation=drawing.order.generation,
        number=drawing.order.number,
        style_digest=plan.look.digest,
        media_type=MEDIA_TYPES[plan.format],
        owner=principal.name,
        spec=drawing.spec,
        style=_name_of(plan.look),
        pin=drawing.pin,
        patient=drawing.patient,
        cause=drawing.cause,
    )


def _pinned(record: Artifact) -> Artifact:
    """Return a record that stays in the style that it is drawn in, named by its content."""
    name = record.style.rpartition("@")[0]
    return msgspec.structs.replace(record, pin=f"{name}@sha256:{record.style_digest}")


def _succeeding(record: Artifact | None, candidate: Artifact) -> Artifact:
    """Return a candidate that replaces a record; it belongs to whom the name belongs."""
    if record is None:
        return candidate
    return msgspec.structs.replace(candidate, version=record.version, owner=record.owner)


def _shown(record: Artifact, look: Look | None) -> Shown:
    format_ = format_of(record.name)
    if format_ is None:
        raise NotFoundError(f"There is no picture named {record.name}.")
    today = look if look is not None and look.digest == record.style_digest else None
    return Shown(
        artifact=record,
        format=format_,
        style=_name_of(today) if today else record.style,
        state=today.state if today else "stale",
    )


def _name_of(look: Look) -> str:
    return f"{look.name}@{look.version}"


def _updated(stored: Artifact) -> CloudEvent:
    """Return the event that says what a name shows now."""
    data = {
        "name": stored.name,
        "generation": stored.generation,
        "number": stored.number,
        "digest": stored.digest,
        "style": stored.style,
        "mediatype": stored.media_type,
        "url": f"/artifacts/{stored.name}",
    }
    return CloudEvent(
        id=f"{stored.name}-{stored.version}-{stored.digest[:16]}",
        source="/artifacts",
        type=UPDATED,
        subject=stored.name,
        time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        datacontenttype="application/json",
        data=msgspec.json.encode(data),
    )
