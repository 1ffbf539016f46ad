"""Templates: named functions that draw a figure from typed parameters.

A file of templates needs this room alone: `from plotkiln.templates import template`.
"""

from plotkiln.templates.declaration import Template, template

__all__ = ["Template", "template"]
