"""Request bodies: bounded, of a known media type, as the JSON of a document."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from plotkiln.api.services import services_of
from plotkiln.errors import TooLargeError
from plotkiln.spec import spec_from_csv

__all__ = ["read_body", "read_bounded", "read_document", "read_spec"]


async def read_spec(request: Request) -> bytes:
    """Return the spec in a body: JSON as it is, or CSV with the query's options.

    Raises `HTTPException` 415 for another media type, `TooLargeError`, and `MalformedError` or
    `RuleError` for a table that cannot be read.
    """
    media_type = _media_type(request)
    if media_type == "text/csv":
        return spec_from_csv(await read_body(request), _options(request))
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
    """Return the body; raises `TooLargeError` before more than `most` bytes are in memory."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


_TAKEN = "application/json, text/csv"


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _options(request: Request) -> dict[str, str | list[str]]:
    values = {name: request.query_params.getlist(name) for name in request.query_params}
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(f"The body is larger than the {most} bytes that are taken.")
