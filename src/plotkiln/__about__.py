"""The version, and nothing that would cost a start-up anything."""

__version__ = "0.1.0"
