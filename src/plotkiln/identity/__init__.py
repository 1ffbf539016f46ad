"""Who asks, and what they may do."""

from plotkiln.identity.principals import ANONYMOUS, NOBODY, Principal
from plotkiln.identity.scopes import EVERYTHING, Scope

__all__ = ["ANONYMOUS", "EVERYTHING", "NOBODY", "Principal", "Scope"]
