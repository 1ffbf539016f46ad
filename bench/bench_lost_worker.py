"""Measures what a lost render process costs the request that meets it, against a warm one.

The worker is killed while it waits for work, and while it draws: either way another one is forked,
and the request is answered. On the other side: the same request without a loss.
"""

import os
import signal
import threading
import time

import httpx

from measuring import Kiln, children, data_folder, report, summary

ROUNDS = 15

#: Seconds after the request at which a worker that draws is killed.
_MEANWHILE = 0.03


def main() -> None:
    """Measure a warm request and two losses, in turns."""
    times: dict[str, list[float]] = {"warm": [], "lost while idle": [], "lost while drawing": []}
    with (
        data_folder() as folder,
        Kiln(folder, PLOTKILN_WORKERS="1") as kiln,
        kiln.client() as client,
    ):
        _drawn(client, 0)
        for number in range(1, ROUNDS + 1):
            times["warm"].append(_drawn(client, number))
            _kill(kiln)
            times["lost while idle"].append(_drawn(client, ROUNDS + number))
            killer = threading.Timer(_MEANWHILE, _kill, [kiln])
            killer.start()
            times["lost while drawing"].append(_drawn(client, 2 * ROUNDS + number))
            killer.join()
    report(
        "How long does a request take whose render process is killed?",
        "ms",
        {"rows": {name: summary(values) for name, values in times.items()}},
    )


def _drawn(client: httpx.Client, number: int) -> float:
    """Return the milliseconds that a picture takes that nobody asked for before."""
    spec = {"x": [1, 2, 3, 4, 5], "y": [4, 1, 7, 5, 2], "title": f"No. {number}"}
    start = time.perf_counter()
    client.post("/plot", json=spec).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _kill(kiln: Kiln) -> None:
    """Kill the render worker: the zygote's child."""
    (zygote,) = (pid for pid in children(kiln.pid) if children(pid))
    for worker in children(zygote):
        os.kill(worker, signal.SIGKILL)


if __name__ == "__main__":
    main()
