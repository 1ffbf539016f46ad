"""Render processes: a zygote that imports Matplotlib once, its workers, the parent's half."""

from plotkiln.workers.admission import Admission
from plotkiln.workers.fonts import FontSet, installed_fonts
from plotkiln.workers.forks import Templates
from plotkiln.workers.messages import Order, Progress, Rendered, TemplateOrder
from plotkiln.workers.pool import Lane, Pool, PoolSize
from plotkiln.workers.renderer import Renderer, renderer_identity

__all__ = [
    "Admission",
    "FontSet",
    "Lane",
    "Order",
    "Pool",
    "PoolSize",
    "Progress",
    "Rendered",
    "Renderer",
    "TemplateOrder",
    "Templates",
    "installed_fonts",
    "renderer_identity",
]
