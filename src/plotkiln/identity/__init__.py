"""Who asks: principals. Every use case takes one, also while nobody signs in."""

from plotkiln.identity.principals import ANONYMOUS, Principal

__all__ = ["ANONYMOUS", "Principal"]
