"""A token bucket: how often something may happen, with a little in hand."""

import asyncio
import time

__all__ = ["TokenBucket"]


class TokenBucket:
    """Lets `burst` turns pass at once, and one more every `interval` seconds.

    Consul's advice for blocking queries: a lone change is followed up without delay, a storm of
    them is read at a bounded rate. A pause after every turn would delay the lone change.
    """

    def __init__(self, *, burst: int, interval: float) -> None:
        self._burst = burst
        self._interval = interval
        self._tokens = float(burst)
        self._counted_at = time.monotonic()

    async def take(self) -> None:
        """Wait until the next turn may begin."""
        await asyncio.sleep(self.reserve(time.monotonic()))

    def reserve(self, now: float) -> float:
        """Take one turn at `now`, a monotonic time; return the seconds until it may begin."""
        gained = (now - self._counted_at) / self._interval
        self._tokens = min(self._burst, self._tokens + gained) - 1
        self._counted_at = now
        return max(0.0, -self._tokens * self._interval)
