"""The renderings asked for last, in this process's memory."""

from collections import OrderedDict

from plotkiln.artifacts.renderings import StoredRendering

__all__ = ["RecentRenderings"]


class RecentRenderings:
    """Keeps the most recently used renderings, `max_size` bytes of pictures at most."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        #: Bytes of the pictures that are kept.
        self.size = 0
        self._kept: OrderedDict[str, StoredRendering] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, digest: str) -> StoredRendering | None:
        """Return a rendering, and keep it longest from now on; None where it is not here."""
        rendering = self._kept.get(digest)
        if rendering is not None:
            self._kept.move_to_end(digest)
        return rendering

    def put(self, digest: str, rendering: StoredRendering) -> None:
        """Keep a rendering, and forget those unused for longest; one over the size is not kept."""
        if len(rendering.data) > self.max_size:
            return
        self._forget(digest)
        self._kept[digest] = rendering
        self.size += len(rendering.data)
        while self.size > self.max_size:
            self._forget(next(iter(self._kept)))

    def _forget(self, digest: str) -> None:
        forgotten = self._kept.pop(digest, None)
        if forgotten is not None:
            self.size -= len(forgotten.data)
