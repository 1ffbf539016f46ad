"""Spec and style to bytes: the only room that knows Matplotlib."""

# The first import keeps Matplotlib from searching the machine for fonts.
from plotkiln.render import fontlist  # noqa: F401 -- imported for its effect, before all others

# isort: split
from plotkiln.render.drawing import Rendering, draw
from plotkiln.render.preparation import prepare, warm_up
from plotkiln.render.provenance import Provenance
from plotkiln.render.stages import Tell

__all__ = ["Provenance", "Rendering", "Tell", "draw", "prepare", "warm_up"]
