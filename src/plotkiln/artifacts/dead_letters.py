"""Events that a cluster's broker gave up, as documents beside the pictures."""

from datetime import UTC, datetime, timedelta

from plotkiln.artifacts.objects import Objects

__all__ = ["DEAD_LETTERS", "DeadLetters"]

#: Where they lie, below the store of renderings.
DEAD_LETTERS = "dead-letters/"

_HEADERS = {"Content-Type": "application/cloudevents+json", "Cache-Control": "no-store"}


class DeadLetters:
    """Documents under names that sort by the day on which they came.

    Every method raises `StoreUnavailable` when the store fails.
    """

    def __init__(self, objects: Objects) -> None:
        """Take the store, which others use beside this."""
        self._objects = objects.named("Dead letters")

    async def put(self, name: str, document: bytes) -> None:
        """Keep one, over the one of that name."""
        await self._objects.write(_path(name), document, _HEADERS)

    async def get(self, name: str) -> bytes | None:
        """Return one, None where there is none."""
        return await self._objects.read_to_end(_path(name))

    async def names(self) -> list[str]:
        """Return all names, the newest day first."""
        found = await self._objects.paths_to_end(DEAD_LETTERS)
        names = (path.removeprefix(DEAD_LETTERS).removesuffix(".json") for path in found)
        return sorted(names, reverse=True)

    async def sweep(self, max_age: timedelta) -> int:
        """Delete those that are older; return how many they were."""
        oldest = datetime.now(UTC) - max_age
        entries = [entry async for entry in self._objects.list(DEAD_LETTERS)]
        doomed = [entry.path for entry in entries if entry.modified < oldest]
        await self._objects.delete(doomed)
        return len(doomed)


def _path(name: str) -> str:
    return f"{DEAD_LETTERS}{name}.json"
