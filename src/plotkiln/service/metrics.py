"""What this process counts and measures; recording costs a dictionary look-up."""

from bisect import bisect_left
from collections import Counter

__all__ = ["BUCKETS", "Durations", "Metrics"]

#: Upper bounds of the duration buckets, in seconds: from a picture found in memory to a job that
#: takes all the time that it may; the last bucket has none.
BUCKETS = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    *(20.0, 30.0, 60.0, 120.0, 300.0, 600.0),
)


class Durations:
    """Durations of one kind, counted by bucket."""

    def __init__(self) -> None:
        #: Durations per bucket of `BUCKETS`, not cumulated; the last counts those above all bounds.
        self.counts = [0] * (len(BUCKETS) + 1)
        #: Seconds in all.
        self.total = 0.0

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


class Metrics:
    """Counters and durations by name and label values, for whoever exposes them."""

    def __init__(self) -> None:
        #: Totals by (name, label values).
        self.counters: Counter[tuple[str, tuple[str, ...]]] = Counter()
        #: Durations by (name, label values).
        self.durations: dict[tuple[str, tuple[str, ...]], Durations] = {}
        #: Values of now by (name, label values).
        self.gauges: dict[tuple[str, tuple[str, ...]], float] = {}

    def count(self, name: str, *labels: str, by: int = 1) -> None:
        """Add to a counter."""
        self.counters[name, labels] += by

    def gauge(self, name: str, value: float, *labels: str) -> None:
        """Note what a value is now."""
        self.gauges[name, labels] = value

    def shift(self, name: str, by: float) -> None:
        """Note that a value is now so much more."""
        self.gauges[name, ()] = self.gauges.get((name, ()), 0.0) + by

    def observe(self, name: str, seconds: float, *labels: str) -> None:
        """Add one duration."""
        durations = self.durations.get((name, labels))
        if durations is None:
            durations = self.durations[name, labels] = Durations()
        durations.add(seconds)
