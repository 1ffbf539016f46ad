"""The command line: arguments, the composition root, signals, exit codes."""

from plotkiln.cli.exits import Exit

__all__ = ["Exit"]
