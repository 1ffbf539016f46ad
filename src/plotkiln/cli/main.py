"""The entry point: one command, one exit code."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from plotkiln.cli.exits import Exit, exit_of
from plotkiln.errors import PlotkilnError

if TYPE_CHECKING:
    from argparse import Namespace

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `arguments` as in `sys.argv[1:]`."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if os.getpid() == 1:
        _end_at_sigterm()
    try:
        return _run(given)
    except PlotkilnError as error:
        from plotkiln.cli.terminal import report

        report(error)
        return exit_of(error)
    except KeyboardInterrupt:
        return 130  # the shell's convention: 128 and SIGINT
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has read enough
        return Exit.OK


def _end_at_sigterm() -> None:
    """End at SIGTERM until something else handles it, as every process but a container's first.

    The kernel gives the first process of a PID name space no default actions: it would go on
    starting until the grace period is over (pid_namespaces(7)).
    """
    import signal

    def end(number: int, _frame: object) -> None:
        # the shell's convention; an exception would get lost in whatever finalizer it met
        os._exit(128 + number)

    signal.signal(signal.SIGTERM, end)


def _run(given: list[str]) -> int:
    if given == ["serve"]:  # the cold start does without argparse
        from plotkiln.cli.serve import serve

        return serve()
    from plotkiln.cli.arguments import parser

    grammar = parser()
    options, flags = grammar.parse_known_args(given)
    if flags and not getattr(options, "takes_flags", False):
        grammar.error(f"unrecognized arguments: {' '.join(flags)}")
    options.flags = flags
    return _dispatch(options)


def _dispatch(options: "Namespace") -> int:
    """Run the function that has the command's name, in the module that has it, too."""
    if options.command == "serve":
        from plotkiln.cli.serve import serve

        return serve()
    module = import_module(f"plotkiln.cli.{options.command}")
    command: Callable[[Namespace], Exit] = getattr(module, options.command)
    return command(options)
