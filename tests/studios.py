"""Services of named pictures for tests, that draw in a real pool."""

from pathlib import Path
from typing import Any

import msgspec

from plotkiln.artifacts import Artifact, ArtifactOrder, Drawing, SqliteArtifacts, open_published
from plotkiln.cli.composition import Composition
from plotkiln.events.event import CloudEvent, checked
from plotkiln.identity import ANONYMOUS
from plotkiln.service.artifacts import ArtifactService
from plotkiln.service.public_keys import PublicKeys
from servers import eventually

__all__ = ["Studio"]


class Studio:
    """A service of named pictures on embedded stores, in a style of its own, and what it told."""

    def __init__(
        self, drawing_room: Composition, artifacts: SqliteArtifacts, folder: Path, style: str
    ) -> None:
        self.drawing_room = drawing_room
        self.artifacts = artifacts
        self.style = style
        self.public = folder / "published"
        self.folder = folder
        self.told: list[CloudEvent] = []
        self.metrics = drawing_room.services.metrics
        self.service = self.open()

    def open(self, *, styles_known: bool = True, job_budget: float = 60.0) -> ArtifactService:
        """Return what another process would have: the same stores, and no memory."""
        renders = self.drawing_room.services.renders
        public = PublicKeys(open_published(self.folder.as_uri()), self.artifacts, renders)
        return ArtifactService(
            self.artifacts,
            renders,
            styles_known=lambda: styles_known,
            metrics=self.metrics,
            public=public,
            publish=self._tell,
            job_budget=job_budget,
        )

    def drawing(self, number: int, generation: int = 0, **spec: Any) -> Drawing:
        """Return a total as the hit counter draws it, or what a spec says."""
        total = {"template": "odometer", "params": {"value": number}}
        # the text is this test's own, hence so is the rendering
        return Drawing(
            name="hits.png",
            order=ArtifactOrder(generation, number),
            spec=msgspec.json.encode({"style": self.style, "alt": self.style, **(spec or total)}),
        )

    async def update(self, number: int, generation: int = 0, **spec: Any) -> Artifact:
        """Have hits.png show a number."""
        return await self.service.update(ANONYMOUS, self.drawing(number, generation, **spec))

    async def seen(self, name: str = "hits.png") -> tuple[Artifact, bytes]:
        """Return what a visitor sees."""
        shown = await self.service.show(ANONYMOUS, name)
        picture = await self.service.picture(ANONYMOUS, shown)
        return picture.shown.artifact, picture.data

    async def fresh(self, number: int) -> bytes:
        """Return a picture of a number that is drawn by itself."""
        renders, data = self.drawing_room.services.renders, self.drawing(number).spec
        plan = await renders.plan(ANONYMOUS, data, await renders.read(data), format="png")
        return (await renders.picture(plan)).data

    async def restyle(self, **style: Any) -> int:
        """Change this studio's style, and wait until it is known; return its version."""
        styles, live = self.drawing_room.services.styles, self.drawing_room.live
        version = live.known()[self.style].version if self.style in live.known() else 0
        data = msgspec.json.encode(style)
        await styles.put(ANONYMOUS, self.style, data, expected=version)
        known = live.known
        await eventually(lambda: self.style in known() and known()[self.style].version > version)
        return known()[self.style].version

    @property
    def drawn(self) -> int:
        """How many pictures were drawn."""
        return self.metrics.counters["pictures", ("drawn",)]

    async def _tell(self, event: CloudEvent) -> None:
        self.told.append(checked(event))
