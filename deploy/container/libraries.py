"""The shared libraries that the programs of a tree load from the system, found by the loader."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

__all__ = ["copy_libraries", "elf_files"]

#: What every program in ELF begins with (System V ABI, "ELF Header").
_ELF = b"\x7fELF"

#: `libm.so.6 => /lib/…/libm.so.6 (0x…)`; the loader itself stands without an arrow.
_NEEDED = re.compile(r"^\s*(?:(?P<name>\S+) => )?(?P<path>/\S+) \(0x", re.MULTILINE)

#: What no tool lists, because it is asked for at run time only: by pthread_exit(3), and by hosts'
#: names in glibc before 2.34.
_ASKED_FOR = ("libgcc_s.so.1", "libnss_dns.so.2", "libnss_files.so.2")

#: Where they lie in the image, and where Python's own lies; the loader's index names both.
_FOLDER, _PYTHON = "usr/lib", "opt/plotkiln/lib"


def copy_libraries(tree: Path) -> None:
    """Copy into a tree what its programs need of the system, and index it for the loader.

    Raises `subprocess.CalledProcessError` where a tool fails.
    """
    target, own = tree / _FOLDER, tree / _PYTHON
    target.mkdir(parents=True, exist_ok=True)
    for name, path in sorted(_needed(tree).items()):
        if not name:  # the loader: programs name it by its path
            _copy(path, tree / path.relative_to("/"))
        elif not path.is_relative_to(tree) and not (own / name).exists():
            _copy(path, target / name)
    for name in _ASKED_FOR:
        if (found := _beside_libc(name)) and not (target / name).exists():
            _copy(found, target / name)
    _index(tree)


def elf_files(folder: Path) -> Iterator[Path]:
    """Yield programs and shared libraries below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and _is_elf(path):
            yield path


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ELF


def _needed(tree: Path) -> dict[str, Path]:
    """Map the name of each library to where the loader finds it on this machine; "": the loader."""
    found = {}
    for path in elf_files(tree):
        told = subprocess.run(["ldd", path], capture_output=True, check=False, text=True).stdout
        if missing := re.findall(r"(\S+) => not found", told):
            raise FileNotFoundError(f"{path} needs {', '.join(missing)}")
        for match in _NEEDED.finditer(told):
            found[match["name"] or ""] = Path(match["path"])
    return found


def _beside_libc(name: str) -> Path | None:
    told = subprocess.run(["ldconfig", "-p"], capture_output=True, check=True, text=True).stdout
    match = re.search(rf"^\s*{re.escape(name)} .*=> (\S+)$", told, re.MULTILINE)
    return Path(match[1]) if match else None


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)  # of what a link leads to
    target.chmod(0o755)


def _index(tree: Path) -> None:
    (tree / "etc/ld.so.conf").write_text(f"/{_FOLDER}\n/{_PYTHON}\n")
    subprocess.run(["ldconfig", "-r", tree, "-X"], check=True)
