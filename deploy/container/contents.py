"""What is in a staged tree, by part, in bytes."""

from collections.abc import Mapping
from pathlib import Path

from trims import size_of

__all__ = ["contents"]

#: Packages below this size are told together.
_WORTH_TELLING = 1_000_000

#: Where parts lie that are no packages.
_PLACES = {
    "fonts": "usr/share/fonts",
    "time zones": "usr/share/zoneinfo",
    "system libraries": "usr/lib",
    "caches": "opt/plotkiln/share",
}

#: Folders that are named unlike their package.
_OF = {"PIL": "pillow", "mpl_toolkits": "matplotlib"}


def contents(tree: Path) -> Mapping[str, object]:
    """Return the size of a tree, of its parts, and of each package that is large."""
    (site,) = tree.glob("opt/plotkiln/lib/python*/site-packages")
    packages = _packages(site)
    parts = {
        name: size_of(tree / place) for name, place in _PLACES.items() if (tree / place).exists()
    }
    parts["plotkiln"] = packages.pop("plotkiln", 0)
    parts["packages"] = sum(packages.values())
    parts["Python"] = size_of(tree / "opt/plotkiln") - parts["packages"] - parts["plotkiln"]
    parts["Python"] -= parts.get("caches", 0)
    total = size_of(tree)
    parts["other"] = total - sum(parts.values())
    large = {name: size for name, size in packages.items() if size >= _WORTH_TELLING}
    return {
        "bytes": total,
        "files": sum(path.is_file() for path in tree.rglob("*")),
        "parts": _sorted(parts),
        "packages": _sorted(large),
        "bytecode": sum(path.stat().st_size for path in tree.rglob("*.pyc")),
    }


def _packages(site: Path) -> dict[str, int]:
    """Return the size of each package, with the libraries that its wheel brought."""
    sizes: dict[str, int] = {}
    for path in site.iterdir():
        name = path.name.removesuffix(".libs").partition("-")[0].partition(".")[0]
        name = _OF.get(name, name)
        sizes[name] = sizes.get(name, 0) + size_of(path)
    return sizes


def _sorted(sizes: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(sizes.items(), key=lambda item: -item[1]))
