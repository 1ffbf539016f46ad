"""What the benchmarks share: fresh processes, real servers, medians, one JSON document."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

# The tests' ways to start real servers serve here, too.
from containers import TRIAL, Container
from ears import Ear, channel, listening
from kilns import Kiln, children
from redis_servers import RedisServer
from sandboxes import Sandbox, missing_for_sandboxes
from servers import Consul
from staged_images import staged_image

__all__ = [
    "TRIAL",
    "Consul",
    "Container",
    "Ear",
    "Kiln",
    "RedisServer",
    "Sandbox",
    "channel",
    "children",
    "data_folder",
    "listening",
    "missing_for_sandboxes",
    "report",
    "run_time",
    "staged_image",
    "summary",
]


def run_time(command: Sequence[str]) -> float:
    """Run a command to its end and return the milliseconds that it took.

    Raises `subprocess.CalledProcessError` when it fails.
    """
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return (time.perf_counter() - start) * 1000


def summary(values: Sequence[float]) -> dict[str, float]:
    """Return least, median and greatest of some measured values, rounded."""
    return {
        "n": len(values),
        "min": round(min(values), 2),
        "median": round(statistics.median(values), 2),
        "max": round(max(values), 2),
    }


@contextmanager
def data_folder() -> Iterator[Path]:
    """Yield a folder that is removed afterwards."""
    with TemporaryDirectory(prefix="plotkiln-bench-") as folder:
        yield Path(folder)


def report(question: str, unit: str, results: Mapping[str, Any]) -> None:
    """Print what was asked and what was measured, on which machine, as one JSON document."""
    machine = {
        "processors": os.cpu_count(),
        "machine": os.uname().machine,
        "system": os.uname().release,
        "python": ".".join(map(str, sys.version_info[:3])),
    }
    print(json.dumps({"question": question, "unit": unit, "on": machine, **results}, indent=2))
