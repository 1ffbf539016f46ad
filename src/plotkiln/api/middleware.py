"""Around every request: its id, its log record, its duration."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plotkiln.api.challenges import LOGGED
from plotkiln.api.errors import answer_defect
from plotkiln.api.request_id import enter_request
from plotkiln.api.request_spans import answered, request_span
from plotkiln.service import Metrics

__all__ = ["RequestRecord"]

log = logging.getLogger("plotkiln.access")


class RequestRecord:
    """ASGI middleware: one log record and one measured duration for each request.

    An exception that nothing else handles is a defect of ours: logged here, and answered 500.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = enter_request(scope)
        start = time.perf_counter()
        self._metrics.shift("http_requests_in_flight", 1)
        status = 499  # the client went away before there was an answer

        async def send_recorded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (b"x-request-id", request_id.encode())
                message["headers"] = [*message.get("headers", ()), named]
            await send(message)

        with request_span(scope) as begun:
            try:
                await self._app(scope, receive, send_recorded)
            except Exception:
                log.exception("a defect of ours")
                if status != 499:  # the answer has begun
                    raise
                await answer_defect()(scope, receive, send_recorded)
            finally:
                self._record(scope, status, time.perf_counter() - start)
                answered(begun, scope, status)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route_path_format", "other")
        method = scope["method"]
        self._metrics.shift("http_requests_in_flight", -1)
        self._metrics.count("http_requests", method, route, str(status))
        self._metrics.observe("http_request_seconds", seconds, method, route)
        fields = {"method": method, "path": scope["path"][:LOGGED], "status": status}
        log.info("request", extra={"fields": {**fields, "ms": round(seconds * 1000, 2)}})
