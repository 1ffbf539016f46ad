"""A worker's voice while it draws: frames of progress, few and in order."""

import os
import socket
import threading
import time
from collections import deque
from types import TracebackType
from typing import Self

from plotkiln.templates.reporting import Stage
from plotkiln.workers.messages import Progress, frame

__all__ = ["Teller"]

#: Frames that a template may send in any one second.
_FRAMES_A_SECOND = 10


class Teller:
    """Tells the web process how far one drawing is; silent once it is left.

    The beginning of a stage is always told. Templates may tell from any thread, and as often as
    they like.
    """

    def __init__(self, channel: socket.socket) -> None:
        """Take the channel that the drawing's reply goes over, afterwards."""
        self._channel = channel
        self._lock = threading.Lock()
        self._sent: deque[float] = deque([float("-inf")] * _FRAMES_A_SECOND, _FRAMES_A_SECOND)
        self._last = Progress("build", -1.0)
        #: What a template starts by a fork has our end of the channel, too.
        self._process = os.getpid()
        self._left = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._left = True

    def tell(self, stage: Stage, fraction: float, message: str) -> None:
        """Send how far the drawing is, unless it was further already, or said so too often."""
        progress = Progress(stage, fraction, message)
        with self._lock:
            if self._left or self._process != os.getpid() or not self._is_due(progress):
                return
            self._last = progress
            self._channel.sendall(frame(progress))

    def _is_due(self, progress: Progress) -> bool:
        if progress.fraction < self._last.fraction or progress == self._last:
            return False
        if progress.stage != self._last.stage:
            return True
        now = time.monotonic()
        if now - self._sent[0] < 1.0:
            return False
        self._sent.append(now)
        return True
