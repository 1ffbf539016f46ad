"""What the image takes of the machine that builds it: fonts, time zones, certificates, accounts."""

import shutil
import ssl
import sys
from pathlib import Path

__all__ = ["FONTS", "copy_fonts", "copy_system"]

#: Characters that Matplotlib's own fonts lack: Chinese, Japanese and Korean in two weights; signs
#: and monochrome emoji.
FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "Symbola_hint.ttf")

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")

#: The same zones again, with leap seconds or by another name.
_OTHER_ZONES = ("posix", "right", "posixrules", "localtime")

_ACCOUNTS = "plotkiln:x:65532:65532:plotkiln:/tmp:/sbin/nologin\n"
_BUNDLE = "etc/ssl/certs/ca-certificates.crt"


def copy_fonts(tree: Path, *, strict: bool) -> None:
    """Copy the fonts; a missing one is said, and where it is `strict` about them, fatal."""
    target = tree / "usr/share/fonts"
    target.mkdir(parents=True)
    for name in FONTS:
        if (found := _font(name)) is not None:
            shutil.copyfile(found, target / name)
        elif strict:
            raise SystemExit(f"{name} is not below {' or '.join(_FONT_FOLDERS)}")
        else:
            print(f"stage: {name} is not on this machine: the tree goes without", file=sys.stderr)


def copy_system(tree: Path) -> None:
    """Lay out what programs find under fixed names, and folders for what is mounted."""
    for name in ("tmp", "proc", "dev", "sys", "run", "etc", "var/lib"):
        (tree / name).mkdir(parents=True, exist_ok=True)
    (tree / "etc/passwd").write_text(f"root:x:0:0:root:/:/sbin/nologin\n{_ACCOUNTS}")
    (tree / "etc/group").write_text("root:x:0:\nplotkiln:x:65532:\n")
    (tree / "etc/nsswitch.conf").write_text("hosts: files dns\n")
    _copy_certificates(tree)
    _copy_zones(tree)
    _copy_folder(Path("/usr/lib/locale/C.utf8"), tree)


def _font(name: str) -> Path | None:
    return next((path for folder in _FONT_FOLDERS for path in Path(folder).rglob(name)), None)


def _copy_certificates(tree: Path) -> None:
    """Copy the bundle of CAs to where it is looked for: by OpenSSL, and by everybody else."""
    paths = ssl.get_default_verify_paths()
    bundle = Path("/", _BUNDLE)
    source = bundle if bundle.is_file() else Path(paths.cafile or paths.openssl_cafile)
    for target in (tree / _BUNDLE, tree / paths.openssl_cafile.lstrip("/")):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _copy_zones(tree: Path) -> None:
    zones = Path("/usr/share/zoneinfo")
    if not zones.is_dir():
        raise SystemExit(f"{zones} is missing: schedules name time zones; install tzdata")
    skipped = shutil.ignore_patterns(*_OTHER_ZONES)
    shutil.copytree(zones, tree / "usr/share/zoneinfo", symlinks=True, ignore=skipped)


def _copy_folder(folder: Path, tree: Path) -> None:
    if folder.is_dir():
        shutil.copytree(folder, tree / folder.relative_to("/"))
