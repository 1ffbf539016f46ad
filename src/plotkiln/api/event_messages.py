"""CloudEvents in requests and answers: bounded, and never another body beside them."""

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.bodies import read_bounded
from plotkiln.api.operations import Body
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import JSON_FORMAT, from_http, to_binary
from plotkiln.events.tracing import traced

__all__ = ["EVENT_BODY", "EVENT_EXAMPLES", "allow_webhook", "read_event", "reply_response"]


async def read_event(request: Request, *, most: int) -> CloudEvent:
    """Return the event of a request, of either mode, in the trace of the request.

    Raises `TooLargeError` beyond `most` bytes, `UnsupportedFormat`, `MalformedError` and
    `SchemaError` with every fault.
    """
    body = await read_bounded(request, most=most)
    event = from_http(request.headers.items(), body)
    return traced(event)


def reply_response(reply: CloudEvent | None) -> Response:
    """Answer a delivery: 204 where there is no reply, else 200 with the reply in binary mode.

    Anything else in the body would be a failure to Knative.
    """
    if reply is None:
        return Response(status_code=204)
    message = to_binary(reply)
    return Response(message.body, headers=dict(message.headers))


async def allow_webhook(request: Request, *, methods: str = "OPTIONS, POST") -> Response:
    """Say to a sender that asks beforehand that events may be sent here.

    HTTP 1.1 Web Hooks for Event Delivery, section 4: whoever may send events may ask to. `methods`
    are all that are taken at this address.
    """
    headers = {"Allow": methods}
    origin = request.headers.get("webhook-request-origin")
    if origin:
        headers["WebHook-Allowed-Origin"] = origin
    if request.headers.get("webhook-request-rate"):
        headers["WebHook-Allowed-Rate"] = "*"
    return Response(status_code=200, headers=headers)


_EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1, "format": "uri-reference"},
        "type": {"type": "string", "minLength": 1},
        "subject": {"type": ["string", "null"], "minLength": 1},
        "time": {"type": ["string", "null"], "format": "date-time"},
        "datacontenttype": {"type": ["string", "null"], "minLength": 1},
        "dataschema": {"type": ["string", "null"], "format": "uri"},
        "data": {},
        "data_base64": {"type": ["string", "null"], "contentEncoding": "base64"},
    },
    "propertyNames": {"pattern": "^([a-z0-9]+|data_base64)$"},
    "additionalProperties": {"type": ["string", "boolean", "integer", "null"]},
}

EVENT_EXAMPLES = {
    "a hit": {
        "specversion": "1.0",
        "id": "5f0c-1",
        "source": "/pages/home",
        "type": "plotkiln.new_hit",
        "subject": "home",
    },
    "a total": {
        "specversion": "1.0",
        "id": "5f0c-1.total",
        "source": "/counters",
        "type": "plotkiln.hits",
        "subject": "home",
        "datacontenttype": "application/json",
        "data": {"total": 1336, "generation": 1},
    },
}

#: An event in structured mode; in binary mode its data may be of any type.
EVENT_BODY = Body(content={JSON_FORMAT: _EVENT}, examples=EVENT_EXAMPLES)
