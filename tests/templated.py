"""Folders of templates for tests, and templates loaded from them."""

import os
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from plotkiln.render import Rendering, draw
from plotkiln.spec.full import FullSpec
from plotkiln.spec.models import Format
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.models import Style
from plotkiln.templates.loading import LoadedSource, LoadedTemplate, load_source
from plotkiln.templates.sources import TemplateSources, shipped_source

__all__ = [
    "HEAD",
    "SPEEDOMETER",
    "drawn_by",
    "load_folder",
    "restored_imports",
    "shipped",
    "write_files",
]

#: What most files of templates begin with.
HEAD = """\
from plotkiln.templates import template

"""

SPEEDOMETER = (
    HEAD
    + '''\
@template("speedometer")
def speedometer(figure, *, value: float, unit: str = "km/h", limits: list[float] = [0, 200]):
    """Show a speed."""
    axes = figure.add_subplot()
    axes.barh([unit], [value])
    axes.set_xlim(limits)
'''
)


@contextmanager
def restored_imports() -> Iterator[None]:
    """Restore at the end what can be imported, and what is."""
    path, hooks, modules = sys.path[:], sys.path_hooks[:], set(sys.modules)
    try:
        yield
    finally:
        sys.path[:], sys.path_hooks[:] = path, hooks
        sys.path_importer_cache.clear()
        root = os.fspath(Path(__file__).parents[1])
        for name in set(sys.modules) - modules:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if not file.startswith((root, sys.prefix, sys.base_prefix)):
                del sys.modules[name]


def write_files(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files of Python below a folder; return the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return folder


def load_folder(folder: Path, files: Mapping[str, str]) -> LoadedSource:
    """Write files and load them as a folder of templates, in this process."""
    write_files(folder, files)
    return load_source(TemplateSources(folder).current()[0])


def shipped(name: str) -> LoadedTemplate:
    """Load a template that comes with plotkiln."""
    return load_source(shipped_source()).templates[name]


def drawn_by(
    template: LoadedTemplate,
    *,
    style: Style = BUILTIN,
    format: Format = "png",  # noqa: A002 -- the spec's own word
    size: tuple[int, int] | None = (300, 200),
    **params: Any,
) -> Rendering:
    """Draw by a template, in this process."""
    from drawings import PROVENANCE

    width, height = size or template.template.size or (None, None)
    spec = FullSpec(
        template=template.template.name, params=params, width=width, height=height, dpi=72
    )
    return draw(spec, style, format=format, provenance=PROVENANCE, template=template)
