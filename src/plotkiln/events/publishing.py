"""Events of our own: sent behind the back of whoever caused them, who never waits or fails."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from plotkiln.events.delivery import is_retried
from plotkiln.events.event import CloudEvent, checked
from plotkiln.events.hops import hopped
from plotkiln.events.subscribers import failure_of
from plotkiln.events.tracing import traced
from plotkiln.tasks import end_tasks

__all__ = ["Publisher", "Send"]

log = logging.getLogger("plotkiln.events")

#: Hands over one event, once; raises when that failed.
Send = Callable[[CloudEvent], Awaitable[None]]

#: Attempts under way at once.
_PARALLEL = 16
#: Seconds before the second attempt, doubled for each further one, and the longest pause.
_PAUSE, _LONGEST_PAUSE = 0.2, 30.0

#: Who we are is not believed for now: the token is renewed, or a policy not there yet.
_UNBELIEVED = frozenset({401, 403})


class Publisher:
    """Sends events in the background, each until it is taken or the process ends.

    In no order: one that is tried again is overtaken. What is not sent when the process is killed
    is lost; what is lost otherwise is counted, and logged.
    """

    def __init__(
        self,
        send: Send,
        *,
        count: Callable[[str, str], None],
        capacity: int = 1024,
        drain: float = 5.0,
    ) -> None:
        """Take what sends, and `count`, which gets the counter's name and what became of an event.

        `capacity` bounds the events under way, and `drain` the seconds that leaving may take.
        """
        self._send = send
        self._count = count
        self._capacity = capacity
        self._drain = drain
        self._free = asyncio.Semaphore(_PARALLEL)
        self._ending = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], CloudEvent] = {}

    @property
    def under_way(self) -> int:
        """How many events are not sent yet."""
        return len(self._under_way)

    def offer(self, event: CloudEvent) -> bool:
        """Have an event sent; False when too many are under way, and it is dropped.

        It belongs to the trace of the event that is being handled, and has one hop less. Raises
        `SchemaError` for what is no valid event: a defect of its maker.
        """
        event = hopped(traced(checked(event)))
        if len(self._under_way) >= self._capacity or self._ending.is_set():
            self._give_up(event, "dropped", "too many are under way")
            return False
        task = asyncio.create_task(self._deliver(event), name=f"publish {event.id}")
        self._under_way[task] = event
        task.add_done_callback(self._under_way.pop)
        return True

    async def publish(self, event: CloudEvent) -> None:
        """Have an event sent, as `offer` does; it is not waited for."""
        self.offer(event)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give every event one more attempt, within the time for that."""
        self._ending.set()
        under_way = dict(self._under_way)
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=self._drain)
        for task in late:
            self._give_up(under_way[task], "lost", "the process ends")
        await end_tasks(*late)

    async def _deliver(self, event: CloudEvent) -> None:
        pause = _PAUSE
        while True:
            last = self._ending.is_set()
            failed = await self._attempt(event)
            if failed is None:
                self._count("events_published", "sent")
                return
            status, why = failed
            if status and not (is_retried(status) or status in _UNBELIEVED):
                self._give_up(event, "refused", why)
                return
            if last:
                self._give_up(event, "lost", why)
                return
            self._count("events_published", "retried")
            await self._wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _attempt(self, event: CloudEvent) -> tuple[int, str] | None:
        """Try once; return the status that stands for a failure, and its words."""
        try:
            async with self._free:
                await self._send(event)
        except Exception as error:  # noqa: BLE001 -- whatever it is, no request hears of it
            return failure_of(error)
        return None

    async def _wait(self, seconds: float) -> None:
        """Wait, but no longer than until the process ends."""
        try:
            async with asyncio.timeout(seconds):
                await self._ending.wait()
        except TimeoutError:
            return

    def _give_up(self, event: CloudEvent, what: str, why: str) -> None:
        self._count("events_published", what)
        log.warning("the event %s of %s is %s: %s", event.id, event.source, what, why)
