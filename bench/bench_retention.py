"""Measures what a cold start takes, and counts what avoiding it costs.

The first part is measured: a server from its start to the first picture, and the memory that it
holds then, and once its render processes have ended. The second part is counted: a month of an
analysts' team, drawn from a seeded generator (sessions on working days, charts some minutes apart,
now and then dozens in an hour), is played against each retention of a pod at scale zero; Knative's
own delays are left out. What is counted says how often somebody waits, and for how many pod-hours.
"""

import random
import time
from collections.abc import Sequence
from typing import Any

from measuring import Kiln, children, data_folder, report, summary

#: Seconds for which a pod stays after its last request; None: for good (`min-scale: 1`).
RETENTIONS: tuple[int | None, ...] = (0, 30, 60, 300, 900, 3600, None)

DAYS = 30
SECONDS = DAYS * 86400.0
STARTS = 7

_SPEC = {
    "x": list(range(100)),
    "y": [number * 31 % 97 for number in range(100)],
    "size": {"width": 1200, "height": 720},
}


def main() -> None:
    """Measure, count, print."""
    starts, memory = _measured()
    moments = _month(random.Random(20))  # noqa: S311 -- repeatable, and no secret
    rows = {
        "min-scale 1" if one is None else f"{one} s": _counted(moments, one) for one in RETENTIONS
    }
    report(
        "How often does somebody wait for a cold start, and what does it cost not to?",
        "ms, MiB, pod-hours",
        {
            "measured": {"start to first picture": summary(starts), "memory": memory},
            "counted": {"days": DAYS, "charts": len(moments), "rows": rows},
        },
    )


def _measured() -> tuple[list[float], dict[str, float]]:
    starts: list[float] = []
    memory: dict[str, float] = {}
    for number in range(STARTS):
        with data_folder() as folder:
            kiln = Kiln(folder, command=None, PLOTKILN_WORKERS="2", PLOTKILN_IDLE="1")
            begun = time.perf_counter()
            with kiln, kiln.client() as client:
                client.post("/plot", json=_SPEC).raise_for_status()
                starts.append((time.perf_counter() - begun) * 1000)
                if number == 0:
                    memory = _memory(kiln)
    return starts, memory


def _memory(kiln: Kiln) -> dict[str, float]:
    """Return the memory of the process tree with its render processes, and without them."""
    drawing = _proportional(kiln)
    while children(kiln.pid):
        time.sleep(0.2)  # until PLOTKILN_IDLE is over
    return {"after a picture": drawing, "idle, on one machine": _proportional(kiln)}


def _proportional(kiln: Kiln) -> float:
    """Return the proportional set size of a server and its processes, in MiB."""
    sizes = [_kilobytes(pid) for pid in {kiln.pid, *children(kiln.pid)}]
    return round(sum(sizes) / 1024, 1)


def _kilobytes(pid: int) -> int:
    with open(f"/proc/{pid}/smaps_rollup") as told:  # noqa: PTH123 -- no file of ours
        return sum(int(line.split()[1]) for line in told if line.startswith("Pss:"))


def _month(dice: random.Random) -> Sequence[float]:
    """Return the moments, in seconds, at which charts are asked for in a month."""
    moments: list[float] = []
    for day in range(DAYS):
        if day % 7 >= 5:
            continue
        for _ in range(dice.choice((1, 2, 2, 3))):
            at = day * 86400 + dice.uniform(8, 18) * 3600
            many = dice.random() < 0.1
            for _ in range(dice.randint(25, 60) if many else dice.randint(1, 6)):
                moments.append(at)
                at += dice.expovariate(1 / (40 if many else 240))
    return sorted(moments)


def _counted(moments: Sequence[float], retention: int | None) -> dict[str, Any]:
    """Return how many of the charts wait for a pod, and for how long one is there."""
    if retention is None:
        return {"cold": 0, "cold %": 0.0, "pod-hours a day": 24.0, "saved %": 0.0}
    cold, alive, until = 0, 0.0, -1.0
    for moment in moments:
        if moment > until:
            cold += 1
            alive += retention
        else:
            alive += moment + retention - until
        until = moment + retention
    return {
        "cold": cold,
        "cold %": round(100 * cold / len(moments), 1),
        "pod-hours a day": round(alive / 3600 / DAYS, 2),
        "saved %": round(100 * (1 - alive / SECONDS), 2),
    }


if __name__ == "__main__":
    main()
