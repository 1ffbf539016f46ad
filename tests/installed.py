"""plotkiln as its user has it: the built wheel in an environment of its own, away from here."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from sysconfig import get_path

from kilns import Kiln

__all__ = ["CHECKOUT", "User", "build_wheel", "install"]

CHECKOUT = Path(__file__).parents[1]

#: What Matplotlib would take from the working directory: none of it may reach a picture.
_HOSTILE_MATPLOTLIBRC = """\
backend: no-such-backend
axes.facecolor: black
figure.facecolor: red
font.size: 40
savefig.dpi: 10
text.usetex: true
"""


class User:
    """Somebody who installed plotkiln and works in a folder of theirs."""

    def __init__(self, program: Path, home: Path) -> None:
        self.program = program
        self.home = home
        self.folder = home / "work"
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "matplotlibrc").write_text(_HOSTILE_MATPLOTLIBRC)

    @property
    def environment(self) -> dict[str, str]:
        """What a login shell would set, and nothing of this test run."""
        path = f"{self.program.parent}:{os.defpath}:/usr/local/bin"
        return {"PATH": path, "HOME": str(self.home), "LANG": "C.UTF-8"}

    def run(
        self, *arguments: str, given: bytes = b"", settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `plotkiln` with these arguments and `given` as its standard input."""
        return subprocess.run(
            [self.program, *arguments],
            input=given,
            capture_output=True,
            check=False,
            cwd=self.folder,
            env={**self.environment, **(settings or {})},
            timeout=120,
        )

    def kiln(self, data: Path, **settings: str) -> Kiln:
        """Return a server, started from the user's folder."""
        command = ["env", "-C", str(self.folder), str(self.program), "serve"]
        return Kiln(data, command=command, **settings)


def build_wheel(folder: Path) -> Path:
    """Build the wheel from the checkout."""
    _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel into a new environment that finds the locked packages; return the program."""
    _run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    _run(*pip, "--python", str(python), "install", "--no-index", "--no-deps", str(wheel))
    # a folder named so is searched, but the .pth files in it (our own editable one) are not read
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "locked.pth").write_text(get_path("purelib") + "\n")
    return folder / "bin" / "plotkiln"


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd=CHECKOUT, timeout=300)
