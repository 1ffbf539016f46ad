"""The stages of one drawing: when each began, and how far the whole is."""

import time
from collections.abc import Callable

from plotkiln.templates.reporting import Stage

__all__ = ["Stages", "Tell"]

#: Is told the stage, the fraction of the whole drawing, and what a template says that it does.
Tell = Callable[[Stage, float, str], None]

#: Where each stage begins, in the whole drawing: an estimate, since nobody knows before.
_BEGINS: dict[Stage, float] = {"build": 0.0, "draw": 0.6, "encode": 0.9}


class Stages:
    """Takes the time of each stage, and tells as one begins."""

    def __init__(self, tell: Tell) -> None:
        """Begin with the building of the figure."""
        self._tell = tell
        self._times: dict[Stage, float] = dict.fromkeys(_BEGINS, 0.0)
        self._stage: Stage = "build"
        self._began = time.perf_counter()
        tell("build", 0.0, "")

    def begin(self, stage: Stage) -> None:
        """End a stage and begin the next."""
        self._end()
        self._stage = stage
        self._tell(stage, _BEGINS[stage], "")

    def told(self, fraction: float, message: str) -> None:
        """Tell what a template has told: how much it has built."""
        self._tell("build", fraction * _BEGINS["draw"], message)

    def end(self) -> dict[str, float]:
        """End the last stage; return the milliseconds that each took."""
        self._end()
        return {stage: seconds * 1e3 for stage, seconds in self._times.items()}

    def _end(self) -> None:
        now = time.perf_counter()
        self._times[self._stage] += now - self._began
        self._began = now
