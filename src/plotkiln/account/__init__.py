"""What rendering took, by day, and for whom."""

from plotkiln.account.ledger import Entry, Kind, Ledger, day_of

__all__ = ["Entry", "Kind", "Ledger", "day_of"]
