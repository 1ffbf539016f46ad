"""Measures what templates cost: from nothing to a picture, a cold start, an edit, each picture.

One folder with one file of templates, as `plotkiln templates new` writes it. A start counts until
the first picture; the descriptions of templates are unknown to the very first start, and kept for
all others.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from measuring import Kiln, data_folder, report, summary

ROUNDS = 5

CHART: dict[str, Any] = {"x": [1, 2, 3, 4, 5, 6, 7, 8], "y": [4, 1, 7, 5, 2, 8, 3, 6]}
OWN: dict[str, Any] = {"template": "dial", "params": {"value": 150}}
SHIPPED: dict[str, Any] = {"template": "odometer", "params": {"value": 1336}}


def main() -> None:
    """Measure each in turn, in every round; the first round fills the caches and does not count."""
    times: dict[str, list[float]] = {}
    with data_folder() as folder:
        for number in range(ROUNDS + 1):
            for name, value in _round(folder, number).items():
                times.setdefault(name, []).extend([value] if number else [])
        with Kiln(folder / "data", PLOTKILN_TEMPLATES=str(folder / "own")) as kiln:
            times |= _warm(kiln, folder / "own" / "dial.py")
    report(
        "What do templates cost: to begin with, at a cold start, after an edit, at each picture?",
        "ms",
        {"rows": {name: summary(values) for name, values in times.items()}},
    )


def _round(folder: Path, number: int) -> dict[str, float]:
    return {
        "from `templates new` to the first picture, two commands": _from_nothing(folder, number),
        "start to first chart, without a folder": _start(folder, CHART, number),
        "start to first chart, with a folder": _start(folder, CHART, number, own=True),
        "start to first odometer": _start(folder, SHIPPED, number),
        "start to first picture by an own template": _start(folder, OWN, number, own=True),
        "the same, its description unknown": _start(folder, OWN, number, own=True, forget=True),
    }


def _from_nothing(folder: Path, number: int) -> float:
    """Write a template and draw by it, as one would by hand."""
    file = folder / "own" / "dial.py"
    file.unlink(missing_ok=True)
    os.environ |= {"PLOTKILN_TEMPLATES": str(file.parent), "PLOTKILN_DATA": str(folder / "data")}
    picture = str(folder / "dial.png")
    draw = ["render", "dial", "--value", str(number), "-o", picture]
    start = time.perf_counter()
    for command in (["new", "dial"], draw):
        subprocess.run(
            [sys.executable, "-m", "plotkiln", "templates", *command],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return (time.perf_counter() - start) * 1000


def _start(
    folder: Path, spec: dict[str, Any], number: int, *, own: bool = False, forget: bool = False
) -> float:
    """Start a server, ask until somebody listens, and return the milliseconds to the picture."""
    data = folder / "data"
    for file in (data / "cache").glob("templates-*.json") if forget else ():
        file.unlink()
    kiln = Kiln(data, PLOTKILN_WORKERS="1", PLOTKILN_TEMPLATES=str(folder / "own") if own else "")
    body = json.dumps({**spec, "alt": f"{time.time()} {number}"})
    start = time.perf_counter()
    kiln.launch()
    try:
        with kiln.client() as client:
            while True:
                with suppress(httpx.ConnectError):
                    client.post("/plot", content=body).raise_for_status()
                    return (time.perf_counter() - start) * 1000
    finally:
        kiln.stop()


def _warm(kiln: Kiln, file: Path) -> dict[str, list[float]]:
    """Draw each kind of picture in a warm server, and edit a template."""
    with kiln.client() as client:

        def drawn(spec: dict[str, Any]) -> Callable[[], float]:
            return lambda: _posted(client, spec)

        asked: dict[str, Callable[[], float]] = {
            "a warm chart": drawn({**CHART, "size": {"width": 1200, "height": 720}}),
            "a warm odometer": drawn(SHIPPED),
            "a warm picture by an own template": drawn(OWN),
            "the same, first after an edit": lambda: _edited(client, file),
        }
        times: dict[str, list[float]] = {name: [] for name in asked}
        for turn in range(ROUNDS + 1):
            for name, ask in asked.items():
                value = ask()
                times[name].extend([value] if turn else [])
    return times


def _posted(client: httpx.Client, spec: dict[str, Any]) -> float:
    body = json.dumps({**spec, "alt": str(time.time())})
    start = time.perf_counter()
    client.post("/plot", content=body).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _edited(client: httpx.Client, file: Path) -> float:
    """Edit, wait until the folder is looked at again, and time the next picture."""
    file.write_text(f"{file.read_text()}\n# {time.time()}\n")
    time.sleep(1.1)
    return _posted(client, OWN)


if __name__ == "__main__":
    main()
