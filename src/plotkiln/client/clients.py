"""The clients: `Client` blocks, `AsyncClient` is awaited; what they can do is written once."""

import os
from collections.abc import Callable
from math import ceil
from types import TracebackType
from typing import Any, Self

import msgspec

from plotkiln.client.acts import Awaited, Blocking, Mode, Room, Wire, act
from plotkiln.client.charts import Charts
from plotkiln.client.exchanges import Call, Deadline, Steps, asked
from plotkiln.client.job import Job, Unfinished, job_of
from plotkiln.client.jobs import Jobs, fetched, followed
from plotkiln.client.patience import GRACE, PATIENCE
from plotkiln.client.pictures import Picture, picture_of, url_of
from plotkiln.client.problems import checked
from plotkiln.client.specs import spec_document
from plotkiln.client.styles import Styles
from plotkiln.client.templates import Templates
from plotkiln.client.tokens import authorization_of
from plotkiln.client.wires import AwaitedWire, BlockingWire, is_address
from plotkiln.errors import SettingsError
from plotkiln.spec.models import Format

__all__ = ["DEFAULT_URL", "AsyncClient", "Client"]

#: Where `plotkiln serve` listens by default.
DEFAULT_URL = "http://127.0.0.1:8080"

#: Seconds for which servers hold an answer back at most.
_LONGEST_WAIT = 55


class Server(Room[Mode]):
    """A server, and what it can be asked for."""

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        #: Specs that are stored once, and shown in the style of their day.
        self.charts: Charts[Mode] = Charts(wire)
        #: Asynchronous renderings.
        self.jobs: Jobs[Mode] = Jobs(wire)
        #: The style store.
        self.styles: Styles[Mode] = Styles(wire)
        #: What draws by parameters instead of series.
        self.templates: Templates[Mode] = Templates(wire)

    @property
    def url(self) -> str:
        """The server's address."""
        return self._wire.address

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.url}>"

    @act
    def render(
        self,
        spec: Any = None,
        /,
        *,
        format: Format | None = None,  # noqa: A002 -- the spec's own word
        style: str | None = None,
        wait: bool = True,
        timeout: float | None = None,
        progress: Callable[[Job], None] | None = None,
        cancel: bool = False,
        **members: Any,
    ) -> Steps[Picture]:
        """Return the picture of a spec.

        Give the spec as a mapping or as JSON, or what it is to show: a table of pandas, polars or
        pyarrow, a list of records, or numbers. `members` are the spec's other members, as `kind`,
        `x`, `title`, or `template` and `params`; so are `format` (`png` where neither says) and
        `style` (a name, or a pin as `report@42`). numpy's arrays and numbers, columns, dates and
        times are understood everywhere; NaN, NaT and None are gaps.

        A chart that takes the server too long becomes a job, which is followed until it has ended:
        `progress` is told of each change. So does one that takes nearly `timeout` seconds. Without
        `wait`, or when those are over, `Unfinished` is raised, which has the job. The job goes on
        then, and when the wait is interrupted (Ctrl-C, a cancelled task); with `cancel` it is
        cancelled.

        Raises what is wrong with the spec (`InputError`, with each fault's path), why it cannot be
        drawn (`RenderError`), and `UnavailableError` where no server answers, or is too busy still
        after half a minute.
        """
        deadline = Deadline(timeout)
        call = _drawing(spec_document(spec, {**members, "format": format, "style": style}), timeout)
        answer = checked((yield from asked(call, Deadline(min(PATIENCE, deadline.left)))))
        if answer.status != 202:
            return picture_of(answer, self._wire.address)
        job = job_of(answer)
        if not wait and not job.over:
            raise Unfinished(job)
        ended = yield from followed(job, deadline, progress, cancel=cancel)
        picture = yield from fetched(ended, self._wire.address)
        return msgspec.structs.replace(picture, url=url_of(answer, self._wire.address))


class Client(Server[Blocking]):
    """A plotkiln server, for programs and notebooks that wait for what they ask.

    It may be used by several threads. Close it, or use it as a context manager.
    """

    def __init__(
        self, url: str | None = None, *, timeout: float = 60.0, token: str | None = None
    ) -> None:
        """Take a server's address: `url`, else PLOTKILN_URL, else http://127.0.0.1:8080.

        One answer may take `timeout` seconds. `token` is an access token or an API key; without
        it, what PLOTKILN_TOKEN_FILE holds at each question, else PLOTKILN_TOKEN. It is shown to
        this server alone. Nothing is sent before the first question.
        """
        shown = authorization_of(token)
        self._own = BlockingWire(_address(url), timeout=timeout, authorization=shown)
        super().__init__(self._own)

    def close(self) -> None:
        """Close the connections."""
        self._own.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class AsyncClient(Server[Awaited]):
    """A plotkiln server, for programs that run on asyncio; all that `Client` has, to be awaited."""

    def __init__(
        self, url: str | None = None, *, timeout: float = 60.0, token: str | None = None
    ) -> None:
        """Take a server's address and a token, as `Client` does."""
        shown = authorization_of(token)
        self._own = AwaitedWire(_address(url), timeout=timeout, authorization=shown)
        super().__init__(self._own)

    async def close(self) -> None:
        """Close the connections."""
        await self._own.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def _drawing(body: bytes, timeout: float | None) -> Call:
    """Return the question for a picture, or for a job once less than a second of `timeout` is left.

    The answer may come a little late: without it there would be no job that is known, or cancelled.
    """
    headers = {"Content-Type": "application/json"}
    within = None
    if timeout is not None:
        wait = max(0, ceil(min(timeout, _LONGEST_WAIT + 1)) - 1)
        headers["Prefer"] = f"respond-async, wait={wait}" if wait else "respond-async"
        within = wait + GRACE
    return Call(
        method="POST", path="/plot", headers=headers, body=body, repeatable=True, within=within
    )


def _address(url: str | None) -> str:
    address = (url or os.environ.get("PLOTKILN_URL", "").strip() or DEFAULT_URL).rstrip("/")
    if not is_address(address):
        raise SettingsError(
            f"{address!r} is no server's address: one begins with http:// or https://, and names a"
            f" host, as {DEFAULT_URL}."
        )
    return address
