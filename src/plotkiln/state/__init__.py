"""Connections to what keeps state; opened by the composition root, handed to the stores."""

from plotkiln.state.sqlite import Commits, Database

__all__ = ["Commits", "Database"]
