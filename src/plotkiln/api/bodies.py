"""Request bodies: bounded, of a known media type, as the JSON of a document."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from plotkiln.api.arrivals import TOO_MUCH, Arrival, Arrivals
from plotkiln.api.guards import guards_of
from plotkiln.api.services import services_of
from plotkiln.errors import MemoryShort, TooLargeError
from plotkiln.spec import spec_from_csv

__all__ = ["read_body", "read_bounded", "read_document", "read_spec"]


async def read_spec(request: Request) -> bytes:
    """Return the spec in a body: JSON as it is, or CSV with the query's options.

    Raises `HTTPException` 415 for another media type, `TooLargeError`, and `MalformedError` or
    `RuleError` for a table that cannot be read.
    """
    media_type = _media_type(request)
    if media_type == "text/csv":
        table = await read_body(request)
        if len(table) < _LARGE_TABLE:
            return spec_from_csv(table, _options(request))
        return await asyncio.to_thread(spec_from_csv, table, _options(request))
    if media_type not in {"application/json", ""}:
        raise HTTPException(415, "Send application/json or text/csv", {"Accept-Post": _TAKEN})
    return await read_body(request)


async def read_document(request: Request) -> bytes:
    """Return a JSON body; raises `HTTPException` 415 for another media type, `TooLargeError`."""
    if _media_type(request) not in {"application/json", ""}:
        raise HTTPException(415, "Send application/json")
    return await read_body(request)


async def read_body(request: Request) -> bytes:
    """Return the body of a document; see `read_bounded`."""
    return await read_bounded(request, most=services_of(request).max_body)


async def read_bounded(request: Request, *, most: int) -> bytes:
    """Return the body; raises `TooLargeError` before more than `most` bytes are in memory.

    Raises `MemoryShort` where all bodies under way are more than some of that size, and this one is
    the largest.
    Raises `HTTPException` 408 where it has not arrived in time, 499 where it never will.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    seconds = guards_of(request).body_timeout
    arrivals, arrival = _arrivals(request, most), None
    try:
        async with asyncio.timeout(seconds) as limit:
            arrival = arrivals.begin(limit)
            return await _received(request, most, arrivals, arrival)
    except TimeoutError:
        if arrival is not None and arrival.is_refused:
            raise MemoryShort(TOO_MUCH) from None
        told = f"The body has not arrived within {seconds:g} s: send it again, and faster."
        raise HTTPException(408, told, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(499, "The client went away") from None
    finally:
        if arrival is not None:
            arrivals.end(arrival)


async def _received(request: Request, most: int, arrivals: Arrivals, arrival: Arrival) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise _too_large(most)
        arrivals.grow(arrival, len(piece))
    return bytes(body)


def _arrivals(request: Request, most: int) -> Arrivals:
    """Return the bodies of that bound that are under way to this application."""
    state = request.app.state
    if not hasattr(state, "arrivals"):
        state.arrivals = {}
    found: Arrivals = state.arrivals.setdefault(most, Arrivals(most))
    return found


#: Bytes from which a table is read in a thread, so that others do not wait meanwhile.
_LARGE_TABLE = 16 << 10

_TAKEN = "application/json, text/csv"


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _options(request: Request) -> dict[str, str | list[str]]:
    values = {name: request.query_params.getlist(name) for name in request.query_params}
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(f"The body is larger than the {most} bytes that are taken.")
