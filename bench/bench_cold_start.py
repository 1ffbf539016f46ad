"""Measures the time from process start to first picture, and what being a server adds to it.

The server's side: `plotkiln serve` is started and a client asks at once, again while nobody
listens. The other side: a Python process that imports the render room, draws the same spec once,
and ends. Both find the list of fonts in their cache, as every start but the very first does.
"""

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx

from measuring import Kiln, data_folder, report, run_time, summary

ROUNDS = 9

_BARE = """
import sys
from pathlib import Path
from plotkiln.render import Provenance, draw
from plotkiln.render.fontlist import use_fonts
from plotkiln.spec import Limits, parse_spec
from plotkiln.style.builtin import BUILTIN
from plotkiln.workers.fonts import installed_fonts

use_fonts([Path(file) for file in installed_fonts().files], Path(sys.argv[1]))
nobody = Provenance(spec_digest="", style_digest="", digest="", versions={})
full = parse_spec(sys.argv[2].encode(), Limits()).full
drawn = draw(full, BUILTIN, format="png", provenance=nobody)
assert drawn.data.startswith(b"\\x89PNG")
"""


def main() -> None:
    """Measure a server that is asked for its state, one that is asked to draw, and a bare process.

    Each in turn, in every round; the first round fills the caches and does not count.
    """
    times: dict[str, list[float]] = {}
    with data_folder() as folder:
        for number in range(ROUNDS + 1):
            spec = _spec(number)
            found = {
                "start to ready": _server(folder, "GET", "/health/ready"),
                "start to first picture": _server(folder, "POST", "/plot", spec),
                "bare process, start to end": _bare(folder, spec),
            }
            for name, value in found.items():
                times.setdefault(name, []).extend([value] if number else [])
    report(
        "From process start to the first picture: how long, and how long without a server?",
        "ms",
        {"rows": {name: summary(values) for name, values in times.items()}},
    )


def _spec(number: int) -> str:
    """Return a spec of its own for each round: nothing is found, everything is drawn."""
    points = {"x": [1, 2, 3, 4, 5, 6, 7, 8], "y": [4, 1, 7, 5, 2, 8, 3, 6]}
    return json.dumps({**points, "title": f"Cold {number}"})


def _server(data: Path, method: str, path: str, body: str | None = None) -> float:
    """Start a server, ask until somebody listens, and return the milliseconds to the answer."""
    kiln = Kiln(data, PLOTKILN_WORKERS="1")
    start = time.perf_counter()
    kiln.launch()
    try:
        with kiln.client() as client:
            while True:
                with suppress(httpx.ConnectError):
                    client.request(method, path, content=body).raise_for_status()
                    return (time.perf_counter() - start) * 1000
    finally:
        kiln.stop()


def _bare(folder: Path, spec: str) -> float:
    return run_time([sys.executable, "-c", _BARE, str(folder), spec])


if __name__ == "__main__":
    main()
