"""Renderings by digest, stored charts, and the names that point to renderings."""

from plotkiln.artifacts.charts import Chart, Charts
from plotkiln.artifacts.names import Artifact, Artifacts
from plotkiln.artifacts.recent import RecentRenderings
from plotkiln.artifacts.renderings import Renderings, StoredRendering, open_renderings

__all__ = [
    "Artifact",
    "Artifacts",
    "Chart",
    "Charts",
    "RecentRenderings",
    "Renderings",
    "StoredRendering",
    "open_renderings",
]
