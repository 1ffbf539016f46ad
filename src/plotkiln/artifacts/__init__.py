"""Renderings by digest, what jobs are drawn from, stored charts, and names of renderings."""

from plotkiln.artifacts.charts import Chart, Charts
from plotkiln.artifacts.charts_sqlite import SqliteCharts
from plotkiln.artifacts.dead_letters import DeadLetters
from plotkiln.artifacts.inputs import Inputs, JobInput
from plotkiln.artifacts.names import (
    Artifact,
    ArtifactOrder,
    Artifacts,
    Cause,
    Drawing,
    newer,
)
from plotkiln.artifacts.names_sqlite import SqliteArtifacts
from plotkiln.artifacts.published import Published, open_published
from plotkiln.artifacts.recent import RecentRenderings
from plotkiln.artifacts.renderings import Renderings, StoredRendering, open_renderings

__all__ = [
    "Artifact",
    "ArtifactOrder",
    "Artifacts",
    "Cause",
    "Chart",
    "Charts",
    "DeadLetters",
    "Drawing",
    "Inputs",
    "JobInput",
    "Published",
    "RecentRenderings",
    "Renderings",
    "SqliteArtifacts",
    "SqliteCharts",
    "StoredRendering",
    "newer",
    "open_published",
    "open_renderings",
]
