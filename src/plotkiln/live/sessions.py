"""One socket: what it hears goes out, what it asks for comes in."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from plotkiln.api.challenges import log_refusal
from plotkiln.errors import ForbiddenError, InputError
from plotkiln.events.news import Heard, Listener, Missed
from plotkiln.identity import Principal
from plotkiln.live.messages import HEARTBEAT, Kind, control, subscription
from plotkiln.live.topics import check_permitted

__all__ = ["EXPIRED", "Session"]

#: Code of a close: what was shown at the handshake is good no more, so show something new.
EXPIRED = 4401

#: Seconds that a peer is given to take that.
_TAKING = 1.0

#: How it shows that nobody is at the other end any more.
_GONE = (WebSocketDisconnect, WebSocketDisconnected)


class Session:
    """One accepted socket with its listener.

    Whoever reads slowly is waited for here, while its news pile up, and are lost, in its listener.
    """

    def __init__(
        self,
        socket: WebSocket,
        listener: Listener,
        principal: Principal,
        *,
        known: Callable[[], Awaitable[bool]],
        note: Callable[[str, int], None],
    ) -> None:
        """Take what is accepted, what it listens to, who does, and what notes events' outcomes.

        `known` is asked with each sign of life whether what was shown at the handshake is still
        good: a session may have been ended, or a key revoked.
        """
        self._socket = socket
        self._listener = listener
        self._principal = principal
        self._known = known
        #: When it ends by itself.
        self._end = asyncio.timeout(_left(principal))
        self._note = note

    async def run(self) -> None:
        """Serve until the client is gone, the server ends, or who listens is known no more."""
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(self._send())
            expired = await self._receive_in_time()
            sending.cancel()
        if expired:
            await self._expire()

    async def _receive_in_time(self) -> bool:
        """Take what comes; say whether what was shown has expired before the client was gone."""
        try:
            async with self._end:
                await self._receive()
        except TimeoutError:
            return True
        return False

    async def _expire(self) -> None:
        with suppress(TimeoutError, *_GONE):
            async with asyncio.timeout(_TAKING):
                await self._socket.close(EXPIRED, "expired: say anew who you are")

    async def _receive(self) -> None:
        with suppress(*_GONE):
            while (message := await self._socket.receive())["type"] == "websocket.receive":
                await self._answer(message.get("text"))

    async def _answer(self, text: str | None) -> None:
        try:
            topics = subscription(text)
            check_permitted(self._principal, topics)
        except InputError as error:
            await self._say("refused", detail=str(error))
        except ForbiddenError as error:
            log_refusal(error, principal=self._principal.name, method="SUBSCRIBE", path="/live")
            await self._say("refused", detail=str(error))
        else:
            self._listener.want(topics)
            await self._say("subscribed", topics=sorted(topics))

    async def _send(self) -> None:
        with suppress(*_GONE):
            await self._say("welcome", resumed=self._listener.resumed, heartbeat=HEARTBEAT)
            await self._forward_while_known()

    async def _forward_while_known(self) -> None:
        now = asyncio.get_running_loop().time
        beat = now() + HEARTBEAT
        while True:
            try:
                async with asyncio.timeout_at(beat):  # nothing is lost of what is cut short here
                    heard = await self._listener.hear()
            except TimeoutError:
                if not await self._known():
                    self._end.reschedule(now())
                    return
                await self._say("heartbeat")
                beat = now() + HEARTBEAT
            else:
                await self._forward(heard)

    async def _forward(self, heard: Heard | Missed) -> None:
        if isinstance(heard, Missed):
            self._note("dropped", heard.count or 1)
            await self._say("dropped", count=heard.count, topics=heard.topics)
        else:
            await self._socket.send_text(heard.document)
            self._note("sent", 1)

    async def _say(self, kind: Kind, **data: object) -> None:
        position = self._listener.position
        if kind == "welcome":
            data = {"sequence": position, **data}
        await self._socket.send_text(control(kind, data, sequence=position))


def _left(principal: Principal) -> float | None:
    """Return for how many seconds somebody is known; None: without an end."""
    return None if principal.expires is None else principal.expires - time.time()
