"""Connections to a server: one that blocks, one that is awaited; both carry out the same acts."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import httpx

from plotkiln.__about__ import __version__
from plotkiln.client.exchanges import Answer, Call, Pause, Steps, Unanswered
from plotkiln.client.tokens import Authorization
from plotkiln.errors import PlotkilnError

__all__ = ["AwaitedWire", "BlockingWire", "is_address"]

T = TypeVar("T")

_PORTS = 1 << 16

_HEADERS = {"User-Agent": f"plotkiln/{__version__}"}


def is_address(text: str) -> bool:
    """Say whether requests can be sent to an address, as far as it tells by itself."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return False
    return url.scheme in {"http", "https"} and bool(url.host) and (url.port or 0) < _PORTS


class BlockingWire:
    """Carries acts out one step after the other, and returns when they are done."""

    def __init__(self, address: str, *, timeout: float, authorization: Authorization) -> None:
        self.address = address
        self._timeout = timeout
        self._authorization = authorization
        self._http = httpx.Client(headers=_HEADERS, follow_redirects=False)

    def run(self, steps: Steps[T]) -> T:
        """Carry an act out; whatever interrupts a step is raised in the act, which may tidy up."""
        try:
            _carried_out(steps, self._taken).send(None)
        except StopIteration as ended:
            done: T = ended.value
            return done
        raise RuntimeError("a step awaited something")  # pragma: no cover -- none does

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    async def _taken(self, step: Call | Pause) -> Answer | None:
        """Take a step; never awaits, so that what carries it out need not, either."""
        if isinstance(step, Pause):
            time.sleep(step.seconds)  # noqa: ASYNC251 -- no event loop runs this
            return None
        if self._http.is_closed:
            raise _closed()
        try:
            return _answer(self._http.request(**self._request(step)))
        except _FAILURES as error:
            raise _unanswered(self.address, error) from None  # its words say it all

    def _request(self, step: Call) -> dict[str, Any]:
        return _request(self.address, step, self._timeout, self._authorization())


class AwaitedWire:
    """Carries acts out without blocking the event loop."""

    def __init__(self, address: str, *, timeout: float, authorization: Authorization) -> None:
        self.address = address
        self._timeout = timeout
        self._authorization = authorization
        self._http = httpx.AsyncClient(headers=_HEADERS, follow_redirects=False)

    async def run(self, steps: Steps[T]) -> T:
        """Carry an act out; whatever interrupts a step is raised in the act, which may tidy up."""
        return await _carried_out(steps, self._taken)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _taken(self, step: Call | Pause) -> Answer | None:
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
            return None
        if self._http.is_closed:
            raise _closed()
        try:
            return _answer(await self._http.request(**self._request(step)))
        except _FAILURES as error:
            raise _unanswered(self.address, error) from None  # its words say it all

    def _request(self, step: Call) -> dict[str, Any]:
        return _request(self.address, step, self._timeout, self._authorization())


async def _carried_out(
    steps: Steps[T], take: Callable[[Call | Pause], Awaitable[Answer | None]]
) -> T:
    try:
        step = next(steps)
        while True:
            try:
                result = await take(step)
            except BaseException as error:  # noqa: BLE001 -- the act decides
                step = steps.throw(error)
            else:
                step = steps.send(result)
    except StopIteration as ended:
        done: T = ended.value
        return done


#: What httpx raises when there is no answer.
_FAILURES = (httpx.HTTPError, httpx.InvalidURL)

#: What it raises when a connection that was there breaks.
_BROKEN = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)


def _request(
    address: str, call: Call, timeout: float, authorization: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "method": call.method,
        "url": f"{address}{call.path}",
        "params": dict(call.query) or None,  # {} would cut a query off that the path has
        "headers": {**call.headers, **authorization},
        "content": call.body or None,
        "timeout": timeout if call.within is None else call.within,
    }


def _answer(answer: httpx.Response) -> Answer:
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answer(status=answer.status_code, headers=headers, body=answer.content)


def _closed() -> PlotkilnError:
    return PlotkilnError("This client is closed: make a new one, or ask before it is closed.")


def _unanswered(address: str, error: Exception) -> Unanswered:
    if isinstance(error, httpx.TimeoutException):
        failure = Unanswered(f"{address} did not answer in time ({type(error).__name__}).")
    else:
        failure = Unanswered(f"{address}: no server answers ({error or type(error).__name__}).")
    failure.broken = isinstance(error, _BROKEN)
    return failure
