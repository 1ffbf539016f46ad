"""Lays out the image's files in a folder, on any machine: the Dockerfile runs just this.

    stage.py base BASE         Python, the locked packages, fonts, what they need of the system
    stage.py app BASE TREE     all that, plotkiln, and its caches; --layer FOLDER: what was added

The tree is whole: `chroot TREE /opt/plotkiln/bin/plotkiln` runs it. It is made of the Python that
runs this script, which must be one that can be moved (python.org's layout: the official images',
pyenv's), and of the fonts of this machine. Prints what is in it, and its size, as JSON.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from contents import contents
from libraries import copy_libraries, elf_files
from system import copy_fonts, copy_system
from trims import APP_TRIMS, PACKAGE_TRIMS, STDLIB_TRIMS, trim

ROOT = Path(__file__).resolve().parents[2]

#: Where Python and all packages lie in the image.
PREFIX = "opt/plotkiln"

#: What the image installs: all of it with hashes.
REQUIREMENTS = ("requirements/otel.txt",)

_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_SITE = f"{PREFIX}/lib/{_PYTHON}/site-packages"
_ENTRY = f"""\
#!/{PREFIX}/bin/{_PYTHON} -P
import sys

from plotkiln.cli.main import main

sys.exit(main())
"""

#: Every file is as old as this: equal trees are equal to the byte (1 January 2024).
_EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "1704067200"))

#: What stripping must save of a file; the rest stays as it was published.
_WORTH_STRIPPING = 0.9


def main() -> None:
    """Stage what the command line asks for."""
    options = _options()
    if options.part == "base":
        left_out = stage_base(options.base, strict=options.strict)
        told = {**contents(options.base), "left out": left_out}
    else:
        stage_app(options.base, options.tree, wheel=options.wheel, layer=options.layer)
        told = {**contents(options.tree)}
    print(json.dumps(told, indent=2))


def _options() -> argparse.Namespace:
    grammar = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts = grammar.add_subparsers(dest="part", required=True)
    base = parts.add_parser("base")
    base.add_argument("base", type=_absolute)
    base.add_argument("--strict", action="store_true", help="fail where a font is missing")
    app = parts.add_parser("app")
    app.add_argument("base", type=_absolute)
    app.add_argument("tree", type=_absolute)
    app.add_argument("--wheel", type=_absolute, help="the built wheel; without it one is built")
    app.add_argument("--layer", type=_absolute, help="folder that gets what is not in the base")
    return grammar.parse_args()


def _absolute(name: str) -> Path:
    """Return a path as the loader tells it."""
    return Path(name).resolve()


def stage_base(base: Path, *, strict: bool = False) -> dict[str, int]:
    """Lay out everything but plotkiln in a new folder; return the bytes that were left out."""
    base.mkdir(parents=True)
    left_out = _copy_python(base)
    _install(base, "--require-hashes", *(f"-r{ROOT / name}" for name in REQUIREMENTS))
    for reason, size in trim(base / _SITE, PACKAGE_TRIMS).items():
        left_out[reason] = left_out.get(reason, 0) + size
    left_out["debugging symbols"] = _strip(base / PREFIX)
    copy_fonts(base, strict=strict)
    copy_system(base)
    copy_libraries(base)
    _compile(base, f"{PREFIX}/lib")
    _finish(base)
    return left_out


def stage_app(base: Path, tree: Path, *, wheel: Path | None, layer: Path | None) -> None:
    """Lay out the base and plotkiln in a new folder; files of the base are linked, not copied."""
    shutil.copytree(base, tree, symlinks=True, copy_function=_link)
    with tempfile.TemporaryDirectory() as folder:
        _install(tree, str(wheel or _build_wheel(Path(folder))))
    trim(tree / _SITE, APP_TRIMS)
    entry = tree / PREFIX / "bin/plotkiln"
    entry.write_text(_ENTRY)
    entry.chmod(0o755)
    _compile(tree, f"{_SITE}/plotkiln")
    _fill_caches(tree)
    _finish(tree)
    if layer:
        _copy_new(base, tree, layer)


def _copy_python(base: Path) -> dict[str, int]:
    """Copy the interpreter and its library, which finds itself by where its program lies."""
    prefix, library = base / PREFIX, Path(sysconfig.get_path("stdlib"))
    if library != Path(sys.base_prefix, "lib", _PYTHON):
        raise SystemExit(f"{library}: this Python cannot be moved; take one of python.org's layout")
    skipped = shutil.ignore_patterns("site-packages", "__pycache__", "*.a")
    shutil.copytree(library, prefix / "lib" / _PYTHON, symlinks=True, ignore=skipped)
    left_out = trim(prefix / "lib" / _PYTHON, STDLIB_TRIMS)
    (prefix / "bin").mkdir()
    shutil.copy(Path(sys.base_prefix, "bin", _PYTHON), prefix / "bin" / _PYTHON)
    (prefix / "bin/python").symlink_to(_PYTHON)
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        name = sysconfig.get_config_var("INSTSONAME")
        shutil.copy(Path(sys.base_prefix, "lib", name), prefix / "lib" / name)
    return left_out


def _install(tree: Path, *what: str) -> None:
    target = tree / _SITE
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    options = ["--no-deps", "--no-compile", "--only-binary=:all:", "--root-user-action=ignore"]
    subprocess.run([*pip, *options, f"--target={target}", *what], check=True)


def _build_wheel(folder: Path) -> Path:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, check=True, cwd=ROOT, stdout=sys.stderr)
    return next(folder.glob("*.whl"))


def _strip(folder: Path) -> int:
    """Drop debugging symbols where they take much; return the bytes that this saved."""
    saved = 0
    for path in elf_files(folder):
        if path.parent.name.endswith(".libs"):
            continue  # moved there by the wheel's builder, and headers so changed strip(1) breaks
        smaller = path.with_suffix(".stripped")
        subprocess.run(["strip", "--strip-debug", "-o", smaller, path], check=True)
        before, after = path.stat().st_size, smaller.stat().st_size
        if after < before * _WORTH_STRIPPING:
            smaller.replace(path)
            saved += before - after
        smaller.unlink(missing_ok=True)
    return saved


def _compile(tree: Path, folder: str) -> None:
    """Compile every module; its hash is not checked, so that no time stamp matters."""
    options = ["-q", "-q", "--invalidation-mode=unchecked-hash", "-s", str(tree), "-p", "/"]
    compiling = [sys.executable, "-m", "compileall", *options, str(tree / folder)]
    subprocess.run(compiling, check=False)  # what cannot be compiled is said when it is imported


def _fill_caches(tree: Path) -> None:
    """Have the tree's own Python write the caches that its first start would write."""
    program = Path(__file__).with_name("fill_caches.py").read_text()
    enter = ["chroot"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "chroot"]
    python = [f"/{PREFIX}/bin/{_PYTHON}", "-B", "-c", program]
    given = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    subprocess.run([*enter, tree, *python], check=True, env=given)


def _finish(tree: Path) -> None:
    """Give every file one age, and let everybody read it, nobody write it."""
    for path in (tree, *_below(tree)):
        if not path.is_symlink():
            program = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if program else 0o644)
        os.utime(path, (_EPOCH, _EPOCH), follow_symlinks=False)
    (tree / "tmp").chmod(0o1777)


def _below(tree: Path) -> Iterator[Path]:
    return tree.rglob("*")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _copy_new(base: Path, tree: Path, layer: Path) -> None:
    """Copy what is in the tree and not in its base."""
    for path in _below(tree):
        name = path.relative_to(tree)
        if path.is_file() and not (base / name).exists():
            (layer / name).parent.mkdir(parents=True, exist_ok=True)
            _link(str(path), str(layer / name))


if __name__ == "__main__":
    main()
