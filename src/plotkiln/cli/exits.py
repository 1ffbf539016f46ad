"""Exit codes: what a script can tell apart."""

from enum import IntEnum

from plotkiln import errors
from plotkiln.errors import PlotkilnError

__all__ = ["Exit", "exit_of"]


class Exit(IntEnum):
    """How a command ended."""

    #: It did what was asked.
    OK = 0
    #: A fault of plotkiln's own.
    FAILED = 1
    #: The command line or the environment is wrong.
    USAGE = 2
    #: A spec, a style or a file cannot be used; every fault was printed.
    INPUT = 3
    #: A store, a server or a render process is not to be had, or a job has not ended; the same
    #: command may work later.
    UNAVAILABLE = 4
    #: Somebody else wrote first, or others build on it.
    CONFLICT = 5
    #: There is no such style, no such template, or it is not kept any more.
    NOT_FOUND = 6
    #: A server does not know who asks, or they may not do this.
    NOT_ALLOWED = 7


_TABLE: tuple[tuple[type[PlotkilnError], Exit], ...] = (
    (errors.SettingsError, Exit.USAGE),
    (errors.InputError, Exit.INPUT),
    (errors.RenderError, Exit.INPUT),
    (errors.StyleBrokenError, Exit.INPUT),
    (errors.AccessError, Exit.NOT_ALLOWED),
    (errors.UnavailableError, Exit.UNAVAILABLE),
    (errors.NotReadyError, Exit.UNAVAILABLE),
    (errors.PreconditionError, Exit.CONFLICT),
    (errors.InUseError, Exit.CONFLICT),
    (errors.SettledError, Exit.CONFLICT),
    (errors.NotFoundError, Exit.NOT_FOUND),
    (errors.GoneError, Exit.NOT_FOUND),
)


def exit_of(error: PlotkilnError) -> Exit:
    """Return the exit code of an error."""
    return next((code for kind, code in _TABLE if isinstance(error, kind)), Exit.FAILED)
