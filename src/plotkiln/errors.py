"""Every error that plotkiln raises on purpose.

PlotkilnError
├── SettingsError             an environment variable is unknown or has no usable value
├── InputError                what was sent cannot be used
│   ├── MalformedError        it is not JSON (or CSV, or deflated base64url) at all
│   ├── SchemaError           it breaks the published schema
│   ├── RuleError             it fits the schema, yet cannot be drawn or stored
│   ├── TooLargeError         it is larger than the service accepts
│   └── UnsupportedFormat     it is in a media type that is not read here
├── AccessError               who asks may not do this
│   ├── CredentialError       it is not known who asks, or what they show is no good
│   ├── ForbiddenError        they lack a scope, or a page of another site asks
│   ├── MisdirectedError      they ask by a name that this server does not have
│   └── SignInFailed          the way through the provider did not end well
├── NotFoundError             no such chart, style or schema
├── InUseError                it cannot be removed while others build on it
├── SettledError              it has ended as it should: there is nothing to do again
├── NotOffered                this server is not set up for it
├── NotReadyError             what is asked for is not there yet
├── GoneError                 it was there, and is not any more
├── PreconditionError         a write came without, or with a stale, precondition
│   ├── PreconditionMissing   no If-Match and no If-None-Match: *
│   └── PreconditionFailed    somebody else wrote first
├── StyleBrokenError          strict mode: the stored style cannot be used
├── UnavailableError          try again later
│   ├── StoreUnavailable      a store does not answer
│   │   └── AccessDenied      it answers that this process may not
│   ├── QueueFull             too many renders are waiting
│   ├── LimitReached          this principal asks, or keeps, more than one may
│   ├── MemoryShort           too little memory is free for another render
│   ├── WorkersUnavailable    no render process could be started or kept alive
│   ├── TemplatesChanged      a template's code changed while it was to draw
│   ├── RenderingBusy         another worker renders just this
│   ├── BeingDrawn            a job draws the picture, and has not ended
│   └── ShuttingDown          the process drains and takes no new work
├── DeliveryFailed            an event could not be handed over
└── RenderError               this drawing cannot be made
    ├── DeadlineExceeded      it took longer than the budget
    │   └── SlowDrawing       it is expected to, and was not begun
    ├── MemoryExceeded        it needed more memory than a render may have
    ├── DrawingFailed         Matplotlib refused it
    └── JobFailed             a job was given up, for the reason that it carries
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

__all__ = [
    "AccessDenied",
    "AccessError",
    "BeingDrawn",
    "CredentialError",
    "DeadlineExceeded",
    "DeliveryFailed",
    "DrawingFailed",
    "Fault",
    "ForbiddenError",
    "GoneError",
    "InUseError",
    "InputError",
    "JobFailed",
    "LimitReached",
    "MalformedError",
    "MemoryExceeded",
    "MemoryShort",
    "MisdirectedError",
    "NotFoundError",
    "NotOffered",
    "NotReadyError",
    "PlotkilnError",
    "PreconditionError",
    "PreconditionFailed",
    "PreconditionMissing",
    "QueueFull",
    "RenderError",
    "RenderingBusy",
    "RuleError",
    "SchemaError",
    "SettingsError",
    "SettledError",
    "ShuttingDown",
    "SignInFailed",
    "SlowDrawing",
    "StoreUnavailable",
    "StyleBrokenError",
    "TemplatesChanged",
    "TooLargeError",
    "UnavailableError",
    "UnsupportedFormat",
    "WorkersUnavailable",
]


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong with a document, and where."""

    #: Where, as `series[1].y[7]`; empty for the document as a whole.
    path: str
    #: What is wrong and how to mend it, in one sentence.
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class PlotkilnError(Exception):
    """plotkiln could not do what was asked."""

    def __init__(self, message: str | None = None, *, faults: Iterable[Fault] = ()) -> None:
        #: Every fault that was found, in the order of the document; may be empty.
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(message or self._summary())

    @property
    def told(self) -> str:
        """What whoever asked is told; `str()` is for the log and for whoever runs the server."""
        return str(self)

    def _summary(self) -> str:
        if self.faults:
            return "; ".join(str(fault) for fault in self.faults[:5])
        return " ".join((type(self).__doc__ or "").split())


class SettingsError(PlotkilnError):
    """An environment variable is unknown or has no usable value."""


class InputError(PlotkilnError):
    """What was sent cannot be used."""


class MalformedError(InputError):
    """What was sent cannot be read."""


class SchemaError(InputError):
    """The document breaks the published schema."""


class RuleError(InputError):
    """The document fits the schema, but cannot be drawn or stored as it is."""


class TooLargeError(InputError):
    """What was sent is larger than this service accepts."""


class UnsupportedFormat(InputError):
    """This media type is not read here."""


class AccessError(PlotkilnError):
    """Whoever asks may not do this."""


class CredentialError(AccessError):
    """Say who you are: send a token or an API key, or sign in."""

    def __init__(
        self, message: str | None = None, *, faults: Iterable[Fault] = (), reason: str = ""
    ) -> None:
        #: The rule that what was shown breaks, in a word or two; empty where nothing was shown.
        self.reason = reason
        #: Whether something was shown, and is no good.
        self.is_invalid = bool(reason)
        super().__init__(message, faults=faults)


class ForbiddenError(AccessError):
    """You may not do this."""

    def __init__(
        self, message: str | None = None, *, faults: Iterable[Fault] = (), scope: str = ""
    ) -> None:
        #: The scope that is missing; empty where none would help.
        self.scope = scope
        super().__init__(message, faults=faults)


class MisdirectedError(AccessError):
    """This server has no such name: ask it as localhost, or by the name that it is given."""


class SignInFailed(AccessError):
    """Signing in did not work: begin again."""

    def __init__(
        self,
        message: str | None = None,
        *,
        faults: Iterable[Fault] = (),
        reason: str = "faulty",
        back: str = "/",
    ) -> None:
        #: `over` (done before, too late, another browser), `denied` (by the provider, or whoever
        #: signs in), `away` (the provider does not answer), or `faulty` (what the provider sent, or
        #: what it knows of this server).
        self.reason = reason
        #: Where whoever signs in came from.
        self.back = back
        super().__init__(message, faults=faults)


class NotFoundError(PlotkilnError):
    """There is no such thing here."""


class NotOffered(PlotkilnError):
    """This server is not set up for it."""


class InUseError(PlotkilnError):
    """It cannot be removed while others build on it."""


class SettledError(PlotkilnError):
    """It has ended as it should: there is nothing to do again."""


class NotReadyError(PlotkilnError):
    """It is not there yet: ask again."""

    #: Seconds after which another question is sensible.
    retry_after: int = 1


class GoneError(PlotkilnError):
    """It was there, and is not kept any more."""


class PreconditionError(PlotkilnError):
    """A write came without a usable precondition."""


class PreconditionMissing(PreconditionError):
    """Send If-Match with the version you read, or If-None-Match: * to create."""


class PreconditionFailed(PreconditionError):
    """Somebody else wrote first: read the newest version, merge, and write again."""


class StyleBrokenError(PlotkilnError):
    """The stored style cannot be used, and strict mode allows no other."""


class UnavailableError(PlotkilnError):
    """The service cannot do this now; try again later."""

    #: Seconds after which another try is sensible.
    retry_after: int = 1


class StoreUnavailable(UnavailableError):
    """A store does not answer."""

    retry_after = 5

    def __init__(
        self, message: str | None = None, *, faults: Iterable[Fault] = (), why: object = ""
    ) -> None:
        """Take what everybody may know, and `why`, which may name addresses and paths inside.

        Of `why`, an error or a text, the first line counts: some go on with a dump of their memory.
        """
        first = next(iter(str(why).splitlines()), "")
        if isinstance(why, BaseException):
            first = first or type(why).__name__
        super().__init__(f"{message}: {first}" if first else message, faults=faults)
        self._told = f"{message}." if first else str(self)

    @property
    def told(self) -> str:
        """What everybody may know."""
        return self._told


class AccessDenied(StoreUnavailable):
    """A store does not let this process in: its token, or the token's policy, must change."""


class QueueFull(UnavailableError):
    """Too many renders are waiting already."""


class LimitReached(UnavailableError):
    """You ask for more than one principal may; wait a little."""

    def __init__(
        self,
        message: str | None = None,
        *,
        faults: Iterable[Fault] = (),
        reason: str = "rate",
        retry_after: int = 1,
    ) -> None:
        #: Which limit: `rate`, `concurrency`, `sockets` or `quota`; the label of the metric.
        self.reason = reason
        self.retry_after = retry_after
        super().__init__(message, faults=faults)


class MemoryShort(UnavailableError):
    """Too little memory is free for another render."""

    retry_after = 5


class WorkersUnavailable(UnavailableError):
    """No render process could be started or kept alive."""

    retry_after = 2


class TemplatesChanged(UnavailableError):
    """The code of a template changed while it was to draw: ask again."""


class RenderingBusy(UnavailableError):
    """Another worker renders just this."""


class BeingDrawn(UnavailableError):
    """The picture takes longer than a request may: it is being drawn, look again in a moment."""

    retry_after = 2


class ShuttingDown(UnavailableError):
    """This process is shutting down and takes no new work."""


class DeliveryFailed(PlotkilnError):
    """An event could not be handed over."""

    def __init__(
        self,
        message: str | None = None,
        *,
        faults: Iterable[Fault] = (),
        status: int = 0,
        body: str = "",
    ) -> None:
        #: The HTTP status of the refusal; 0 where nobody answered.
        self.status = status
        #: What the refusal's body begins with.
        self.body = body
        super().__init__(message, faults=faults)


class RenderError(PlotkilnError):
    """This drawing cannot be made."""


class DeadlineExceeded(RenderError):
    """The drawing took longer than a synchronous render may take."""

    #: Seconds of those for which it had no processor.
    starved: float = 0.0


class SlowDrawing(DeadlineExceeded):
    """The drawing is expected to take longer than its budget."""


class MemoryExceeded(RenderError):
    """The drawing needed more memory than one render may have."""


class DrawingFailed(RenderError):
    """The drawing was refused by Matplotlib."""


class JobFailed(RenderError):
    """The job was given up: nothing draws it any more, unless it is submitted once more."""

    def __init__(
        self,
        message: str | None = None,
        *,
        faults: Iterable[Fault] = (),
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        #: Problem details (RFC 9457) of what it failed by.
        self.problem = problem or {}
        super().__init__(message or self.problem.get("detail"), faults=faults)
