"""Where templates come from, and what determines them: known without loading any."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Literal

import msgspec

from plotkiln.documents import canonical_json, sha256_hex
from plotkiln.templates.distributions import EntryPoint, Installed, installed, package_root
from plotkiln.templates.files import Stamp, TooManyFilesError, code_digest, stamps

__all__ = ["SHIPPED", "Source", "TemplateSources", "shipped_source"]

#: Where the templates lie that come with plotkiln.
SHIPPED = Path(__file__).parent / "shipped"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One place that templates come from."""

    kind: Literal["folder", "package", "shipped"]
    #: What users call it: `plotkiln`, a distribution, or the folder.
    name: str
    #: The folder, or the one file, whose content is its code.
    root: str
    #: What is loaded: files below the folder, or `module` and `module:object` of a package.
    targets: tuple[str, ...]
    #: SHA-256 of all files below `root`.
    code: str
    #: SHA-256 of all that its templates do: code, targets, and for those of others what is
    #: installed beside them, which they may import.
    key: str
    #: Why there is nothing to load, if so.
    fault: str = ""

    @property
    def id(self) -> str:
        """Its name among all sources."""
        return f"{self.kind}:{self.name}:{self.root}"


def shipped_source() -> Source:
    """Return the source of the templates that come with plotkiln."""
    modules = sorted(path.stem for path in SHIPPED.glob("[!_]*.py"))
    targets = tuple(f"plotkiln.templates.shipped.{module}" for module in modules)
    code = code_digest(SHIPPED)
    return Source(
        kind="shipped", name="plotkiln", root=str(SHIPPED), targets=targets, code=code, key=code
    )


class TemplateSources:
    """All sources, in the order of precedence: the folder, packages, those that come along.

    Nothing is read before the first call. The folder is looked at again at most once in `every`
    seconds; what is installed only when `refresh` says so.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        every: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._every = every
        self._clock = clock
        self._looked = -1e9
        self._stamps: list[Stamp] | None = None
        self._found: tuple[Source, ...] = ()

    def current(self) -> tuple[Source, ...]:
        """Return the sources as they are, give or take `every` seconds."""
        if not self._found:
            return self.refresh()
        if self._folder is not None and self._clock() - self._looked >= self._every:
            self._looked = self._clock()
            if _stamps(self._folder) != self._stamps:
                return self.refresh()
        return self._found

    def refresh(self) -> tuple[Source, ...]:
        """Return the sources as they are now."""
        self._looked = self._clock()
        self._stamps = _stamps(self._folder) if self._folder else None
        self._found = tuple(_sources(self._folder))
        return self._found


def _sources(folder: Path | None) -> Iterator[Source]:
    found = installed()
    if folder is not None:
        yield _folder_source(folder, found)
    yield from _package_sources(found)
    yield shipped_source()


def _folder_source(folder: Path, beside: Installed) -> Source:
    code, fault = _code(folder)
    if not folder.is_dir():
        fault = "there is no such folder"
    files = () if fault else sorted(path.name for path in folder.glob("[!_.]*.py"))
    return _foreign("folder", folder.name, folder, files, code, beside, fault)


def _package_sources(found: Installed) -> Iterator[Source]:
    """Yield one source for each distribution and package."""
    rooted = [(package_root(point.value), point) for point in found.entry_points]
    for (name, place), points in groupby(sorted(rooted, key=_by_package), key=_by_package):
        values = [point.value for _, point in points]
        if place:
            code, fault = _code(Path(place))
        else:
            code, fault = "", f"nothing that is installed holds {values[0]}"
        yield _foreign("package", name, Path(place), () if fault else values, code, found, fault)


def _code(root: Path) -> tuple[str, str]:
    """Return the digest of the code, or why there is none."""
    try:
        return code_digest(root), ""
    except TooManyFilesError as error:
        return "", f"{root.name} holds {error}"


def _by_package(rooted: tuple[Path | None, EntryPoint]) -> tuple[str, str]:
    return rooted[1].distribution, str(rooted[0] or "")


def _foreign(
    kind: Literal["folder", "package"],
    name: str,
    root: Path,
    targets: Iterable[str],
    code: str,
    beside: Installed,
    fault: str,
) -> Source:
    python = ".".join(map(str, sys.version_info[:3]))
    everything = [kind, name, list(targets), code, fault, python, list(beside.distributions)]
    return Source(
        kind=kind,
        name=name,
        root=str(root),
        targets=tuple(targets),
        code=code,
        key=sha256_hex(canonical_json(everything)),
        fault=fault,
    )


def _stamps(folder: Path) -> list[Stamp] | None:
    try:
        return stamps(folder)
    except TooManyFilesError:
        return None
