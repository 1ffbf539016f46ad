"""Measures the start of the image's files under the runtime contract, against a plain installation.

All run in a container: a root that cannot be written to, a user without rights, an empty `/tmp`,
loopback alone. The image brings bytecode and the list of fonts, made ahead; the plain installation
is the same tree without either, as `pip install --no-compile` leaves it, and cannot keep what it
makes beyond the pod. A third side has the bytecode, not the list.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import (
    TRIAL,
    Container,
    Sandbox,
    missing_for_sandboxes,
    report,
    staged_image,
    summary,
)

ROUNDS = 5


def main() -> None:
    """Start each in turn, in every round; the first round warms the disk and does not count."""
    if missing := missing_for_sandboxes():
        sys.exit(f"bench_contained_start.py needs {missing}")
    times: dict[str, list[float]] = {}
    with _sides() as sides, TemporaryDirectory() as run:
        for number in range(ROUNDS + 1):
            for side, tree in sides.items():
                for what, value in _start(tree, Path(run), number).items():
                    times.setdefault(f"{side}: {what}", []).extend([value] if number else [])
    rows = {name: summary(values) for name, values in times.items()}
    report("How soon does the image's tree start and draw, under the runtime contract?", "ms", {
        "rows": rows,
        "ratios to the image": {
            name: round(row["median"] / rows[f"image: {name.partition(': ')[2]}"]["median"], 2)
            for name, row in rows.items()
            if not name.startswith("image")
        },
    })  # fmt: skip


@contextmanager
def _sides() -> Iterator[dict[str, Path]]:
    """Yield the image's tree, one without the font list, and one without bytecode, too."""
    tree = staged_image().tree
    with TemporaryDirectory(dir=tree.parent) as folder:
        listless, plain = Path(folder, "listless"), Path(folder, "plain")
        for copy in (listless, plain):
            shutil.copytree(tree, copy, symlinks=True, copy_function=os.link)
            shutil.rmtree(copy / "opt/plotkiln/share/plotkiln/caches")
        for compiled in list(plain.rglob("__pycache__")):
            shutil.rmtree(compiled)
        yield {"image": tree, "without font list": listless, "without bytecode and list": plain}


def _start(tree: Path, run: Path, number: int) -> dict[str, float]:
    """Start a container; return the milliseconds to readiness and to the first picture.

    Of the latter also those of processor time: on a machine that does much else they say more.
    """
    with Sandbox() as pod, Container(pod, run=run, settings=TRIAL, tree=tree) as container:
        ready = time.monotonic() - container.started
        answer = container.plot(x=[1, 2, 3], y=[4, 1, 7], title=f"Contained {number}")
        drawn = time.monotonic() - container.started
        spent = sum(map(_processor_time, container.processes))
        if answer.status != 200:
            raise RuntimeError(answer.body.decode())
    return {
        "start to ready": ready * 1000,
        "start to first picture": drawn * 1000,
        "processor time to first picture": spent * 1000,
    }


def _processor_time(pid: int) -> float:
    """Return the seconds that a process and its ended children have computed (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
