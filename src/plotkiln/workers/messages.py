"""What the web process, the zygote and the workers say to each other, and how it is framed.

Each frame is four bytes of length, most significant first, and one MessagePack value. Between web
process and zygote frames carry orders and reports; a worker's end of a socket pair travels with
`Fork` as a file descriptor, a branch's with `Grow`. To a branch goes `Load` first, and `Loading`
and `Loaded` come back; then it is a zygote. Between web process and worker go `Order`, any number
of `Progress`, and `Rendered` or `Refused`.
"""

import socket
from asyncio import IncompleteReadError, StreamReader
from typing import Literal

import msgspec

from plotkiln.errors import Fault
from plotkiln.spec.full import FullSpec
from plotkiln.spec.models import Format
from plotkiln.style.models import Style
from plotkiln.templates.descriptions import SourceDescription
from plotkiln.templates.reporting import Stage
from plotkiln.templates.sources import Source

__all__ = [
    "Exited",
    "Fork",
    "Forked",
    "FrameBuffer",
    "Grow",
    "Load",
    "Loaded",
    "Loading",
    "Order",
    "Prepare",
    "Progress",
    "Ready",
    "Refused",
    "Rendered",
    "TemplateOrder",
    "decode_load",
    "decode_order",
    "decode_reply",
    "decode_report",
    "decode_request",
    "encode",
    "frame",
    "read_frame",
    "receive_frame",
]

#: Bytes of the length before each frame.
_HEAD = 4


class Prepare(msgspec.Struct, frozen=True, tag=True):
    """To the zygote, first: what to load before anything is forked."""

    #: Font files, in the order in which equally good matches are preferred.
    fonts: list[str]
    #: Folder for Matplotlib's caches.
    cache: str
    #: Bytes of memory that a worker may take beyond what it has when it is forked; 0: no bound.
    worker_memory: int


class Fork(msgspec.Struct, frozen=True, tag=True):
    """To the zygote: fork a worker that talks over the descriptor sent along."""


class Grow(msgspec.Struct, frozen=True, tag=True):
    """To the zygote: fork a branch, a zygote of its own, that talks over the descriptor sent along.

    The code of others runs in branches, so that what it does to Matplotlib harms no other chart.
    """


class Load(msgspec.Struct, frozen=True, tag=True):
    """To a branch, first: the templates to load before anything is forked."""

    sources: list[Source]
    #: Targets that would end the process, as is known; why.
    skip: dict[str, str]


class Loading(msgspec.Struct, frozen=True, tag=True):
    """From a branch: this target's code runs now."""

    target: str


class Loaded(msgspec.Struct, frozen=True, tag=True):
    """From a branch: everything is loaded."""

    descriptions: list[SourceDescription]
    #: The digest of each source's code as it was loaded; empty where it changed meanwhile.
    codes: dict[str, str]


class Ready(msgspec.Struct, frozen=True, tag=True):
    """From the zygote: everything is loaded."""

    #: Milliseconds that loading took.
    took: float


class Forked(msgspec.Struct, frozen=True, tag=True):
    """From the zygote: the worker asked for by the oldest unanswered `Fork`."""

    pid: int


class Exited(msgspec.Struct, frozen=True, tag=True):
    """From the zygote: a worker has ended and is reaped."""

    pid: int
    #: Exit code, or minus the signal that ended it.
    code: int


class TemplateOrder(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """The template that draws an order."""

    #: The source's name among all sources.
    source: str
    name: str
    #: Digest of the source's code that the picture is to be drawn by.
    code: str
    #: Whether it is the code of others, which has a process of its own.
    foreign: bool


class Order(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """To a worker: draw this."""

    spec: FullSpec
    style: Style
    format: Format
    #: What the file says of its origin: digests of spec, style content and rendering.
    spec_digest: str
    style_digest: str
    digest: str
    versions: dict[str, str]
    #: Where the spec names a template.
    template: TemplateOrder | None = None


class Progress(msgspec.Struct, frozen=True, tag=True):
    """From a worker: how far the drawing is."""

    #: What begins, or goes on.
    stage: Stage
    #: Of the whole drawing, from 0 to 1; it never falls while one worker draws.
    fraction: float
    #: What the template says that it does; empty where it says nothing.
    message: str = ""


class Rendered(msgspec.Struct, frozen=True, tag=True):
    """From a worker: the picture."""

    data: bytes
    warnings: list[str]
    #: Milliseconds per stage: build, draw, encode.
    stages: dict[str, float]
    #: The worker's resident memory afterwards, in bytes; 0 where the platform does not tell.
    resident: int = 0
    #: Seconds of the drawing for which the worker had no processor; 0 likewise.
    starved: float = 0.0


class Refused(msgspec.Struct, frozen=True, tag=True):
    """From a worker: this cannot be drawn; the worker lives on."""

    reason: Literal["drawing", "memory", "rules"]
    message: str
    #: rules: every fault of a template's parameters.
    faults: list[Fault] = []


_encoder = msgspec.msgpack.Encoder()
_requests = msgspec.msgpack.Decoder(Prepare | Fork | Grow)
_loads = msgspec.msgpack.Decoder(Load)
_reports = msgspec.msgpack.Decoder(Ready | Forked | Exited | Loading | Loaded)
_orders = msgspec.msgpack.Decoder(Order)
_replies = msgspec.msgpack.Decoder(Rendered | Refused | Progress)

encode = _encoder.encode
decode_request = _requests.decode
decode_load = _loads.decode
decode_report = _reports.decode
decode_order = _orders.decode
decode_reply = _replies.decode


def frame(message: msgspec.Struct) -> bytes:
    """Return one message with its length before it."""
    body = _encoder.encode(message)
    return len(body).to_bytes(_HEAD) + body


async def read_frame(reader: StreamReader) -> bytes | None:
    """Return the next frame's body, None when the other side is gone."""
    try:
        size = int.from_bytes(await reader.readexactly(_HEAD))
        return await reader.readexactly(size)
    except (IncompleteReadError, ConnectionError):
        return None


def receive_frame(channel: socket.socket) -> bytes | None:
    """Return the next frame's body from a blocking socket, None when the other side is gone."""
    head = _receive_exactly(channel, _HEAD)
    return None if head is None else _receive_exactly(channel, int.from_bytes(head))


def _receive_exactly(channel: socket.socket, size: int) -> bytes | None:
    body = bytearray(size)
    view = memoryview(body)
    while view:
        received = channel.recv_into(view)
        if not received:
            return None
        view = view[received:]
    return bytes(body)


class FrameBuffer:
    """Cuts a stream of bytes, received in any pieces, into frames."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Add what was received; return the bodies of all frames that are complete."""
        self._pending += data
        bodies = []
        while len(self._pending) >= _HEAD:
            end = _HEAD + int.from_bytes(self._pending[:_HEAD])
            if len(self._pending) < end:
                break
            bodies.append(bytes(self._pending[_HEAD:end]))
            del self._pending[:end]
        return bodies
