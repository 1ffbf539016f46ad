"""What a server with identity serves beside everything else."""

from plotkiln.api import addresses, sign_in, tickets

__all__ = ["OPERATIONS"]

OPERATIONS = (*sign_in.OPERATIONS, *tickets.OPERATIONS, *addresses.OPERATIONS)
