"""The Trigger of jobs, for the embedded broker: no YAML is read at a cold start.

A cluster is given the same in `deploy/knative/components/jobs/`, where jobs that take longer than a
Service may answer go to a JobSink; a test compares them.
"""

from plotkiln.events.delivery import Delivery, Destination
from plotkiln.events.filters import Attributes, Some
from plotkiln.events.triggers import DEFAULT_BROKER, Trigger
from plotkiln.service.job_publishing import REQUESTED, REQUESTED_LONG

__all__ = ["JOBS", "job_trigger"]

#: The program that renders jobs.
JOBS = "jobs"

#: Seconds that a delivery may take beyond the drawing: what waits for a process, and is stored.
_BESIDE = 60.0


def job_trigger(budget: float) -> Trigger:
    """Return what has jobs rendered whose attempts may take `budget` seconds.

    Tried for four minutes; whatever is given up then, the sweep publishes again.
    """
    return Trigger(
        name="default/jobs-to-render",
        broker=DEFAULT_BROKER,
        filter=Some([Attributes({"type": REQUESTED}), Attributes({"type": REQUESTED_LONG})]),
        subscriber=Destination(ref=JOBS),
        delivery=Delivery(retry=9, backoff_delay=0.5, timeout=budget + _BESIDE),
    )
