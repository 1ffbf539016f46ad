"""`plotkiln.use_style`, in a process of its own each time: fonts are read once in each."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import plotkiln
from kilns import Kiln

#: Draws with plain pyplot and says how that looks.
DRAW = """
import json, logging, sys
import matplotlib
matplotlib.use("agg")
import plotkiln
APPLY
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
for start in range(2):
    axes.plot([start, 3 - start])
axes.set_title("Title")
figure.savefig("drawn.png")
print(json.dumps({
    "colors": [line.get_color() for line in axes.lines],
    "title": axes.title.get_color(),
    "grid": matplotlib.rcParams["axes.grid"],
    "family": matplotlib.rcParams["font.family"],
    "size": [*figure.get_size_inches(), figure.dpi],
    "fonts": len(matplotlib.font_manager.fontManager.ttflist),
    "log": logging.getLogger("matplotlib.font_manager").level,
}))
"""

REPORT = {
    "figure": {"figsize": [5, 4], "dpi": 90},
    "title": {"color": "#0B7285"},
    "axes": {"grid": False},
    "palette": ["#ff0000", "#00ff00"],
}


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that has the style `report`."""
    with Kiln(tmp_path_factory.mktemp("house")) as kiln:
        with plotkiln.Client(kiln.url) as client:
            client.styles.put("report", REPORT, expected=0)
        yield kiln


def run(program: str, folder: Path, **environment: str) -> Any:
    """Run a program in a folder; warnings are errors in it. Return what it printed, decoded."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def draw(apply: str, folder: Path, **environment: str) -> Any:
    """Draw after applying a style, and return how it looks."""
    return run(DRAW.replace("APPLY", apply), folder, **environment)


def is_report(looks: Any) -> bool:
    """Say whether a drawing has the looks of `report`."""
    return bool(
        looks["colors"] == REPORT["palette"]
        and looks["title"] == "#0B7285"
        and not looks["grid"]
        and looks["size"] == [5, 4, 90]
    )


def test_pyplot_draws_in_a_server_s_style(kiln: Kiln, tmp_path: Path) -> None:
    """After `use_style` plain pyplot has the style's palette, colours, size and fonts."""
    looks = draw('plotkiln.use_style("report")', tmp_path, PLOTKILN_URL=kiln.url)
    assert is_report(looks)
    assert looks["family"][0] == "DejaVu Sans"
    assert looks["fonts"] >= 38, "those of the session, and not those of a server"
    assert looks["log"] == 0, "the session's own"
    by_address = draw(f'plotkiln.use_style("report", url="{kiln.url}")', tmp_path)
    by_client = f"""
with plotkiln.Client("{kiln.url}") as client:
    plotkiln.use_style("report", client=client)
"""
    assert by_address == draw(by_client, tmp_path) == looks


def test_the_picture_has_the_colours(kiln: Kiln, tmp_path: Path) -> None:
    """The file that pyplot saves has the palette in its pixels, and the style's size."""
    draw('plotkiln.use_style("report")', tmp_path, PLOTKILN_URL=kiln.url)
    with Image.open(tmp_path / "drawn.png") as picture:
        assert picture.size == (450, 360)
        counted = {color: count for count, color in picture.convert("RGB").getcolors(2**20) or []}
    assert counted[255, 0, 0] > 300
    assert counted[0, 255, 0] > 300


def test_a_block_takes_its_style_off(kiln: Kiln, tmp_path: Path) -> None:
    """What is drawn after the block looks as if there had been none."""
    apply = 'with plotkiln.use_style("report"):\n    pass'
    assert draw(apply, tmp_path, PLOTKILN_URL=kiln.url) == draw("", tmp_path)


def test_the_configured_store_serves_without_a_server(kiln: Kiln, tmp_path: Path) -> None:
    """Without an address the store of the environment is read, also where a loop runs."""
    settings = {"PLOTKILN_DATA": str(kiln.data)}
    assert is_report(draw('plotkiln.use_style("report")', tmp_path, **settings))
    apply = """
import asyncio
async def cell(): plotkiln.use_style("report@1")
asyncio.run(cell())
"""
    assert is_report(draw(apply, tmp_path, **settings))
    builtin = draw("plotkiln.use_style()", tmp_path, PLOTKILN_DATA=str(tmp_path / "empty"))
    assert builtin["colors"] == ["#007ACC", "#E8590C"]


def test_unknown_styles_are_errors(kiln: Kiln) -> None:
    """A style that is not there is told before anything is applied."""
    with (
        plotkiln.Client(kiln.url) as client,
        pytest.raises(plotkiln.errors.NotFoundError, match="nobody"),
    ):
        plotkiln.use_style("nobody", client=client)
