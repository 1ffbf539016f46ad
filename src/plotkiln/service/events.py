"""Take events, once each: hand them to whoever handles them, and remember what was replied."""

import asyncio
import logging

from plotkiln.errors import (
    NotFoundError,
    PreconditionError,
    RuleError,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.events.event import CloudEvent
from plotkiln.events.replies import Replied, Replies
from plotkiln.events.subscribers import Handler
from plotkiln.events.tracing import continued, event_span, tracing
from plotkiln.identity import Principal
from plotkiln.service.flights import Flights
from plotkiln.service.metrics import Metrics

__all__ = ["EventService"]

log = logging.getLogger("plotkiln.events")


class EventService:
    """Handles what a broker delivers.

    Who sends an event twice gets the same reply twice, as long as it is remembered, and nothing is
    done again. The memory is a saving, not a lock: handlers must not mind a second call, which they
    get when two processes, or an event after a crash, meet.
    """

    def __init__(
        self, handle: Handler, replies: Replies | None, metrics: Metrics, *, scope: str = ""
    ) -> None:
        """Take the handler, and the memory; None: every delivery is handled.

        `scope` names what the handler does, as far as others who share the memory do something
        else: what one program has handled, or by former rules, is new to another.
        """
        self._handle = handle
        self._replies = replies
        self._metrics = metrics
        self._scope = scope
        self._flights: Flights[CloudEvent | None] = Flights()

    async def receive(self, _principal: Principal, event: CloudEvent) -> CloudEvent | None:
        """Return the reply to an event, None where there is none to give.

        Raises `InputError` and `RenderError` for what a second delivery cannot mend, anything else
        for what it may: a name that is missing can be given up, a lost race can be run again.
        """
        key = f"{event.source}\0{event.id}"
        reply, _ = await self._flights.join(key, lambda: self._once(event))
        return reply

    async def _once(self, event: CloudEvent) -> CloudEvent | None:
        known = await self._known(event)
        if known is not None:
            self._metrics.count("events_received", "repeated")
            return known.reply
        with tracing(event), event_span(event):
            reply = await self._handled(event)
        reply = None if reply is None else continued(reply, event.extensions)
        await self._keep(event, reply)
        self._metrics.count("events_received", "handled")
        return reply

    async def _handled(self, event: CloudEvent) -> CloudEvent | None:
        try:
            return await self._handle(event)
        except NotFoundError as error:  # of a style or a template; 404 would be tried again
            raise RuleError(str(error), faults=error.faults) from error
        except PreconditionError as error:
            raise UnavailableError(str(error)) from error

    async def _known(self, event: CloudEvent) -> Replied | None:
        """Return what was replied to an event; a memory that is away knows nothing."""
        if self._replies is None:
            return None
        try:
            return await self._replies.find(event, self._scope)
        except StoreUnavailable as error:
            log.warning("events are handled without memory: %s", error)
            return None

    async def _keep(self, event: CloudEvent, reply: CloudEvent | None) -> None:
        if self._replies is None:
            return
        try:
            await asyncio.shield(self._replies.keep(event, reply, self._scope))
        except StoreUnavailable as error:
            log.warning("the reply to the event %s is not remembered: %s", event.id, error)
