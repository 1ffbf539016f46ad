"""The channel: who may open a socket, and how many there are."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.websockets import WebSocket

from plotkiln.api.access import identify, is_still_known, principal_of
from plotkiln.api.challenges import reason_of
from plotkiln.api.draining import draining_of
from plotkiln.api.limits import admit_found
from plotkiln.errors import (
    AccessError,
    CredentialError,
    LimitReached,
    PlotkilnError,
    ShuttingDown,
    UnavailableError,
)
from plotkiln.events.news import News
from plotkiln.identity import NOBODY, Principal
from plotkiln.live.handshakes import unless_gone
from plotkiln.live.messages import SUBPROTOCOL
from plotkiln.live.origins import Origins
from plotkiln.live.refusals import refusal
from plotkiln.live.sessions import Session
from plotkiln.live.topics import check_permitted, checked_topics
from plotkiln.service import Metrics
from plotkiln.service.limits import SocketTurns

__all__ = ["MOST_SOCKETS", "LiveChannel"]

log = logging.getLogger("plotkiln.live")

#: Sockets of one process; more are 503.
MOST_SOCKETS = 2000

#: How many principals take all of them: where there is identity, none takes more than its share.
_SHARES = 8

#: Characters of a sequence; longer ones are none of ours.
_LONGEST_SEQUENCE = 64

#: Seconds after which another try is sensible where there are too many.
_LATER = 30


class LiveChannel:
    """All sockets of a process."""

    def __init__(
        self,
        news: News,
        metrics: Metrics,
        *,
        origins: Origins | None = None,
        address: str = "",
        most: int = MOST_SOCKETS,
    ) -> None:
        """Take what is heard on it, the origins that may listen, and the most sockets at once.

        `address` is where browsers find the channel; empty: at `/live` of this server.
        """
        self._news = news
        self._metrics = metrics
        self._origins = origins or Origins()
        self._most = most
        self._open = 0
        self._turns = SocketTurns(max(1, most // _SHARES))
        #: Where browsers find it: a URL, or a path of this server.
        self.address = address or "/live"
        metrics.gauge("live_sockets", 0)

    async def serve(self, socket: WebSocket) -> None:
        """Serve one socket from its opening handshake to its end."""
        try:
            await self._serve(socket)
        except (PlotkilnError, HTTPException) as error:
            if isinstance(error, LimitReached):
                self._metrics.count("limits_refused", error.reason)
            if isinstance(error, AccessError):
                self._metrics.count("access_refused", reason_of(error))
            await _refuse(socket, error)

    async def _serve(self, socket: WebSocket) -> None:
        self._check(socket)
        principal = await _principal(socket)
        admit_found(socket)
        topics = checked_topics(socket.query_params.getlist("topic"), place="topic")
        check_permitted(principal, topics)
        after = socket.query_params.get("after")
        listening = self._news.listen(
            topics,
            principal=principal,
            after=None if after is None else after[:_LONGEST_SEQUENCE],
        )
        with self._counted(principal):
            async with AsyncExitStack() as stack:
                listener = await unless_gone(socket, stack.enter_async_context(listening))
                if listener is None:
                    return
                await socket.accept(SUBPROTOCOL if socket.scope["subprotocols"] else None)
                log.debug("open", extra={"fields": {"topics": sorted(topics)}})
                known = _known_by(socket, principal)
                await Session(socket, listener, principal, known=known, note=self._note).run()

    def _check(self, socket: WebSocket) -> None:
        """Raise what is to be answered where a socket may not be opened."""
        headers = socket.headers
        if not self._origins.admit(headers.get("origin"), headers.get("host", "")):
            raise HTTPException(403, _NO_ORIGIN)
        offered = socket.scope["subprotocols"]
        if offered and SUBPROTOCOL not in offered:
            raise HTTPException(400, f"The subprotocol spoken here is {SUBPROTOCOL}.")
        if draining_of(socket).begun:
            raise ShuttingDown
        if self._open >= self._most:
            error = UnavailableError("Too many sockets are open: ask GET /jobs meanwhile.")
            error.retry_after = _LATER
            raise error

    @contextmanager
    def _counted(self, principal: Principal) -> Iterator[None]:
        """Count a socket while inside; raises `LimitReached` for one too many of a principal."""
        with self._turns.turn(principal.name):
            self._count(1)
            try:
                yield
            finally:
                self._count(-1)

    def _count(self, change: int) -> None:
        self._open += change
        self._metrics.gauge("live_sockets", self._open)

    def _note(self, outcome: str, by: int) -> None:
        self._metrics.count("live_events", outcome, by=by)


_NO_ORIGIN = (
    "Pages of this origin may not listen here. Name it in PLOTKILN_LIVE_ORIGINS of the server."
)


async def _principal(socket: WebSocket) -> Principal:
    """Return who opens a socket; raises `CredentialError` where nobody knows who that is."""
    principal = await identify(socket, ticket=socket.query_params.get("ticket", ""))
    socket.state.principal = principal
    if principal is NOBODY:
        raise CredentialError
    return principal


def _known_by(socket: WebSocket, principal: Principal) -> Callable[[], Awaitable[bool]]:
    """Return what says whether who opened a socket is known still.

    Where nobody can tell for now, nothing ends.
    """

    async def known() -> bool:
        try:
            return await is_still_known(socket, principal)
        except UnavailableError as error:
            log.debug("who listens is not known for certain: %s", error)  # of each socket
            return True

    return known


async def _refuse(socket: WebSocket, error: PlotkilnError | HTTPException) -> None:
    """Answer the handshake with a problem; where the server cannot, close by policy."""
    if "websocket.http.response" not in socket.scope.get("extensions", {}):
        await socket.close(1008)
        return
    problem, headers, body = refusal(error)
    fields = {"status": problem.status, "principal": principal_of(socket).name}
    log.info("refused", extra={"fields": {**fields, "detail": str(error)}})
    await socket.send_denial_response(Response(body, problem.status, headers))
