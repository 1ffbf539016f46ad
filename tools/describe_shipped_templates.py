# ruff: noqa: INP001 -- a script, run by hand
"""Describe the templates that come with plotkiln, so that no process must load them to know them.

Writes src/plotkiln/templates/shipped.json; a test holds it against the code. Run it after each
change of a shipped template.
"""

from plotkiln.service.templates import SHIPPED_DESCRIPTIONS
from plotkiln.templates.descriptions import keep_descriptions
from plotkiln.templates.loading import load_source
from plotkiln.templates.sources import shipped_source

if __name__ == "__main__":
    keep_descriptions(SHIPPED_DESCRIPTIONS, [load_source(shipped_source()).description])
