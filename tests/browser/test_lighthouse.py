"""Lighthouse over each view: nobody is shut out, and good practice is kept."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from browser.apps import chromium
from conftest import require
from styled_kilns import StyledKiln

FOLDER = Path(__file__).parent / "lighthouse"

VIEWS = ("#/", "#/gallery", "#/styles", "#/events", "#/settings")


def test_views_are_accessible_and_well_made(kiln: StyledKiln) -> None:
    """Every view has full marks for accessibility and best practices; performance is told only.

    It is measured on whatever machine this is, next to whatever else that machine does.
    """
    program = chromium()
    require(program, "chromium")
    require(FOLDER.joinpath("node_modules").is_dir(), "lighthouse", mend="make test")
    told = subprocess.run(
        [_node(), "run.mjs", *(f"{kiln.url}/{view}" for view in VIEWS)],
        capture_output=True,
        check=False,
        cwd=FOLDER,
        env={**os.environ, "CHROME_PATH": str(program)},
        text=True,
        timeout=600,
    )
    assert told.returncode == 0, told.stderr
    results = [json.loads(line) for line in told.stdout.splitlines()]
    for one in results:
        print(one["address"], one["scores"])
    assert len(results) == len(VIEWS)
    for one in results:
        scores = one["scores"]
        assert (scores["accessibility"], scores["best-practices"]) == (100, 100), one


def _node() -> str:
    """Return the Node on PATH, else the one that tools/npm.sh installed beside Python."""
    own = os.pathsep.join((os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)))
    node = shutil.which("node", path=own)
    require(node, "node", mend="make test")
    return str(node)
