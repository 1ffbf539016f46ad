"""Render processes: a zygote that imports Matplotlib once, its workers, the parent's half."""

from plotkiln.workers.admission import Admission
from plotkiln.workers.fonts import FontSet, installed_fonts
from plotkiln.workers.messages import Order, Rendered, TemplateOrder
from plotkiln.workers.pool import Pool, PoolSize, Templates
from plotkiln.workers.renderer import Renderer, renderer_identity

__all__ = [
    "Admission",
    "FontSet",
    "Order",
    "Pool",
    "PoolSize",
    "Rendered",
    "Renderer",
    "TemplateOrder",
    "Templates",
    "installed_fonts",
    "renderer_identity",
]
