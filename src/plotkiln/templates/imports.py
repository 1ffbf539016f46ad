"""Imports from a folder of templates: always from source, so that no stale cache serves old code.

Python takes a cached file for its source's where size and second of change are equal: an edit a
moment after the last one could be missed.
"""

import importlib
import sys
from collections.abc import Callable
from importlib.machinery import FileFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

__all__ = ["make_importable", "module_of_file"]

#: The package that files of templates seem to be modules of.
_PACKAGE = "plotkiln_templates"


class UncachedLoader(SourceFileLoader):
    """Compiles the source each time, and writes nothing."""

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the file as it is now."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def make_importable(root: Path) -> None:
    """Let modules and packages of a folder be imported by their names, after all others.

    Files of templates may import them by `from .name import …`, too.
    """
    sys.path_hooks.insert(0, _hook(root))
    sys.path.append(str(root))
    sys.path_importer_cache.pop(str(root), None)
    importlib.invalidate_caches()
    package = ModuleType(_PACKAGE)
    package.__path__ = [str(root)]
    sys.modules[_PACKAGE] = package


def module_of_file(path: Path) -> ModuleType:
    """Import a file whatever its name, under one that no other module has."""
    name = f"{_PACKAGE}.{path.stem}"
    loader = UncachedLoader(name, str(path))
    spec = spec_from_file_location(name, path, loader=loader)
    if spec is None:
        raise ImportError(f"{path.name} is no module")
    module = module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    return module


def _hook(root: Path) -> Callable[[str], FileFinder]:
    def finder(path: str) -> FileFinder:
        if path != str(root) and not path.startswith(f"{root}/"):
            raise ImportError(path)
        return FileFinder(path, (UncachedLoader, [".py"]))

    return finder
