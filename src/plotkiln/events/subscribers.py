"""Whoever is handed events: programs in this process, and addresses elsewhere."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from plotkiln.errors import (
    DeliveryFailed,
    InputError,
    NotFoundError,
    PlotkilnError,
    RenderError,
    SettingsError,
)
from plotkiln.events.delivery import Destination
from plotkiln.events.event import CloudEvent
from plotkiln.events.http_binding import from_http, to_binary
from plotkiln.events.tracing import event_span, hop_of, tracing

if TYPE_CHECKING:
    import httpx

__all__ = ["Handler", "Subscribers", "failure_of", "post_event", "together"]

#: Takes an event; returns the reply, None where there is none to give. Raises what it likes: a
#: `PlotkilnError` of input is given up, everything else is tried again.
Handler = Callable[[CloudEvent], Awaitable[CloudEvent | None]]

#: Bytes of an answer that are kept as the reason of a failure, as Knative does.
_REASON = 1024

#: Bytes of a reply: as many as an event may have that is sent here, by default.
_LARGEST = 1 << 20

#: A reply is wanted, and not in a form that grows when it is read.
_ASKING = (("prefer", "reply"), ("accept-encoding", "identity"))

#: Subscribers may answer whenever they have drawn, but a connection stands in a second or two.
_CONNECT = 5.0


class Subscribers:
    """Finds who a `Destination` means."""

    def __init__(
        self,
        programs: Mapping[str, Handler | str],
        client: "Callable[[], Awaitable[httpx.AsyncClient]] | None" = None,
    ) -> None:
        """Take local programs and addresses by the name that `ref` has; `client` opens a client."""
        self._programs = programs
        self._client = client

    def check(self, destination: Destination, where: str) -> None:
        """Raise `SettingsError` when nobody is known by this name."""
        if destination.ref is not None and destination.ref not in self._programs:
            known = ", ".join(sorted(self._programs)) or "none"
            raise SettingsError(
                f"{where}: nothing here is named {destination.ref!r} (known: {known}): set its"
                " address in PLOTKILN_SUBSCRIBERS, as name=http://…"
            )

    async def deliver(
        self, destination: Destination, event: CloudEvent, within: float
    ) -> CloudEvent | None:
        """Hand over an event and return the reply.

        Raises `DeliveryFailed` when an address refuses it or cannot be reached, and what a local
        program raises. The caller bounds the time; `within` bounds what the address may take.
        """
        program = "" if destination.ref is None else self._programs[destination.ref]
        if not isinstance(program, str):
            with tracing(event), event_span(event):
                return await program(event)
        target = destination.at(program)
        if self._client is None:
            raise DeliveryFailed(f"{target}: this process sends nothing")
        return await post_event(await self._client(), target, event, within=within)


def together(*handlers: Handler) -> Handler:
    """Return what does with an event what all of them do; each passes over what is not its own.

    One event has one reply: the first that any of them gives.
    """

    async def handle(event: CloudEvent) -> CloudEvent | None:
        replies = [await handler(event) for handler in handlers]
        return next((reply for reply in replies if reply is not None), None)

    return handle


async def post_event(
    client: "httpx.AsyncClient",
    url: str,
    event: CloudEvent,
    *,
    within: float,
    headers: Mapping[str, str] | None = None,
) -> CloudEvent | None:
    """Send an event in binary mode; return the one that came as the reply.

    Raises `DeliveryFailed` with the status of a refusal, with 0 where nobody answered, and with 502
    where the answer's body is no event, or too large: so does Knative's Broker.
    """
    import httpx  # noqa: PLC0415 -- 40 ms, for processes that send events

    message = to_binary(event)
    trace = hop_of(event).items()  # of this hop, for whoever stands between
    try:
        async with client.stream(
            "POST",
            url,
            content=message.body,
            headers=[*message.headers, *trace, *_ASKING, *(headers or {}).items()],
            timeout=httpx.Timeout(within, connect=min(within, _CONNECT)),
        ) as answer:
            body = await _body(answer, _LARGEST if answer.is_success else _REASON)
    except httpx.HTTPError as error:
        raise DeliveryFailed(f"{url}: {error or type(error).__name__}") from error
    status = answer.status_code
    if not answer.is_success:
        reason = body[:_REASON].decode(errors="replace")
        raise DeliveryFailed(f"{url} answered {status}: {reason}", status=status, body=reason)
    if len(body) > _LARGEST:
        told = f"{url} answered with more than {_LARGEST >> 10} KiB: send it by reference"
        raise DeliveryFailed(told, status=502)
    if not body and "ce-id" not in answer.headers:
        return None
    try:
        return from_http(answer.headers.multi_items(), body)
    except InputError as error:
        raise DeliveryFailed(
            f"{url} answered with what is no event: {error}", status=502
        ) from error


async def _body(answer: "httpx.Response", most: int) -> bytes:
    """Read an answer's body, up to the first chunk beyond `most` bytes."""
    body = b""
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > most:
            break
    return body


def failure_of(error: Exception) -> tuple[int, str]:
    """Return the status that stands for an error, and its words."""
    if isinstance(error, DeliveryFailed):
        return error.status, str(error)
    if isinstance(error, TimeoutError):
        return 0, "took longer than the delivery's timeout"
    if isinstance(error, InputError | NotFoundError | RenderError):
        return 422, str(error)
    if isinstance(error, PlotkilnError):
        return 503, str(error)
    return 500, f"{type(error).__name__}: {error}"
