"""Signed addresses of pictures, for pages whose readers have no token."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.access import principal_of
from plotkiln.api.bodies import read_document
from plotkiln.api.doors import doors_of
from plotkiln.api.operations import Answer, Body, Operation
from plotkiln.documents import Contract
from plotkiln.identity import Scope
from plotkiln.service.addresses import LONGEST, USUAL

__all__ = ["OPERATIONS"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which picture, and for how long."""

    #: Path and query of a picture of this server.
    address: Annotated[str, msgspec.Meta(min_length=1, max_length=8000)]
    hours: Annotated[float, msgspec.Meta(gt=0, le=LONGEST)] = USUAL


_CONTRACT = Contract(Asked, title="Address", description="What is to be signed.", closed=True)


async def sign_address(request: Request) -> Response:
    """Sign the address of a picture that whoever asks sees."""
    asked = _CONTRACT.decode(await read_document(request))
    signed = await doors_of(request).addresses.sign(
        principal_of(request), asked.address, hours=asked.hours
    )
    told: str = getattr(request.app.state, "public_url", "").rstrip("/")
    body = msgspec.json.encode({"address": told + signed.address, "expires": signed.expires})
    return Response(body, headers={"Cache-Control": "no-store"}, media_type="application/json")


_SIGNED = {
    "type": "object",
    "required": ["address", "expires"],
    "properties": {
        "address": {"type": "string", "description": "With the public URL, where there is one."},
        "expires": {"type": "string", "format": "date-time"},
    },
}

OPERATIONS = (
    Operation(
        method="POST",
        path="/addresses",
        handler=sign_address,
        scope=Scope.RENDER,
        tag="Identity",
        summary="Sign the address of a picture",
        description=(
            "Whoever has a signed address sees that picture, drawn anew in today's style, until it "
            "expires: what `<img>` needs on a page whose readers have no token."
        ),
        body=Body(
            content={"application/json": _CONTRACT.schema},
            examples={"week": {"address": "/charts/ld7ytlcdjr4trfz3soa2g2aati.png", "hours": 168}},
        ),
        answers={
            200: Answer(
                description="The address with its signature.",
                content={"application/json": _SIGNED},
            )
        },
        problems=(400, 404, 409, 413, 415, 422, 503),
    ),
)
