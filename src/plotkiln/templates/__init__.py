"""Templates: named functions that draw a figure from typed parameters.

A file of templates needs this room alone: `from plotkiln.templates import progress, template`.
"""

from plotkiln.templates.declaration import Template, template
from plotkiln.templates.reporting import progress

__all__ = ["Template", "progress", "template"]
