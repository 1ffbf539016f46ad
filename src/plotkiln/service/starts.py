"""How long the start of this process took, stage by stage."""

import os
import time
from pathlib import Path

from plotkiln.service.metrics import Metrics

__all__ = ["has_reached", "process_age", "reach"]

_IMPORTED = time.monotonic()


def process_age() -> float:
    """Return for how many seconds this process has lived; to a hundredth, as the kernel counts.

    Where the platform does not tell, since this module was imported.
    """
    try:
        stat = Path("/proc/self/stat").read_text()
    except OSError:
        return time.monotonic() - _IMPORTED
    began = int(stat.rpartition(")")[2].split()[19])  # proc(5), starttime: since boot, in ticks
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")


def reach(metrics: Metrics, stage: str) -> None:
    """Note how old the process is as it comes to a stage, the first time that it does."""
    if not has_reached(metrics, stage):
        metrics.gauge("start_seconds", process_age(), stage)


def has_reached(metrics: Metrics, stage: str) -> bool:
    """Say whether the process came to a stage before."""
    return ("start_seconds", (stage,)) in metrics.gauges
