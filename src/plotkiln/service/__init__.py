"""The use cases, one a file; not one word of HTTP."""

from plotkiln.service.charts import ChartService
from plotkiln.service.metrics import Metrics
from plotkiln.service.renders import Picture, Plan, RenderService
from plotkiln.service.styles import StyleService
from plotkiln.service.templates import TemplateService

__all__ = [
    "ChartService",
    "Metrics",
    "Picture",
    "Plan",
    "RenderService",
    "StyleService",
    "TemplateService",
]
