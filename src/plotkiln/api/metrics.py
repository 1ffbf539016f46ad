"""`/metrics`: what was counted, in the form that Prometheus scrapes."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.operations import Answer, Operation
from plotkiln.api.services import services_of
from plotkiln.identity import Scope
from plotkiln.service.health import Health
from plotkiln.service.metrics import BUCKETS, Durations, Metrics

__all__ = ["OPERATIONS", "answer_metrics"]

#: Counter → label names and help.
_COUNTERS: dict[str, tuple[tuple[str, ...], str]] = {
    "artifacts": (("outcome",), "Named pictures that were to change, by what became of them."),
    "deliveries": (("outcome",), "Attempts of the embedded broker, by what became of them."),
    "events_accepted": (("broker",), "Events that the embedded broker took."),
    "events_published": (("outcome",), "Events of our own, by what became of them."),
    "events_received": (("outcome",), "Events delivered to us, by what became of them."),
    "hits": (("outcome",), "Hits counted, and duplicates that were not."),
    "http_requests": (("method", "route", "status"), "Requests answered."),
    "job_attempts": (("outcome",), "Attempts of jobs, by what became of them."),
    "jobs_ended": (("state",), "Jobs that have ended, by how."),
    "jobs_published": (("outcome",), "Events that ask for a job."),
    "jobs_submitted": (("outcome",), "Jobs submitted, by what became of them at once."),
    "live_events": (("outcome",), "Events for sockets of the live channel: sent, or dropped."),
    "news": (("outcome",), "News told to whoever listens, and lost before."),
    "pictures": (("source",), "Pictures by where they came from."),
    "renders_killed": (("reason",), "Renders ended before they answered."),
    "renders_refused": (("reason",), "Renders not let in."),
    "schedules": (("outcome",), "Times at which schedules were due, by what became of them."),
    "store_failures": (("store",), "Stores that failed."),
    "workers_forked": ((), "Render workers forked."),
    "workers_recycled": (("reason",), "Render workers replaced."),
}

#: Gauge that a process sets itself → help.
_GAUGES = {"live_sockets": "Sockets open on the live channel."}

#: Histogram → label names and help.
_HISTOGRAMS: dict[str, tuple[tuple[str, ...], str]] = {
    "http_request_seconds": (("method", "route"), "Seconds from request to answer."),
    "job_queue_seconds": ((), "Seconds for which a job waited for its worker."),
    "job_seconds": (("outcome",), "Seconds of one attempt of a job."),
    "render_seconds": (("format",), "Seconds from order to picture, the queue included."),
}


async def get_metrics(request: Request) -> Response:
    """Return every metric in Prometheus' text format."""
    services = services_of(request)
    return answer_metrics(services.metrics, services.health.now())


def answer_metrics(metrics: Metrics, health: Health | None = None) -> Response:
    """Answer with what was counted, and with what a process that draws is like now."""
    # 65 ms of imports: paid by the first scrape, not by each cold start.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry  # noqa: PLC0415
    from prometheus_client.exposition import generate_latest  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Exposition(metrics, health))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Exposition:
    """A collector in prometheus_client's sense, over what this process recorded."""

    def __init__(self, metrics: Metrics, health: Health | None) -> None:
        self._metrics = metrics
        self._health = health

    def collect(self) -> Iterator[Any]:
        """Yield every metric family."""
        yield from _counters(self._metrics)
        yield from _histograms(self._metrics)
        yield from _own_gauges(self._metrics)
        if self._health is not None:
            yield from _gauges(self._health)


def _counters(metrics: Metrics) -> Iterator[Any]:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 -- see get_metrics

    for name, (labels, meaning) in _COUNTERS.items():
        family = CounterMetricFamily(f"plotkiln_{name}", meaning, labels=labels)
        for (recorded, values), total in metrics.counters.items():
            if recorded == name:
                family.add_metric(values[: len(labels)], total)
        yield family


def _histograms(metrics: Metrics) -> Iterator[Any]:
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 -- see get_metrics

    for name, (labels, meaning) in _HISTOGRAMS.items():
        family = HistogramMetricFamily(f"plotkiln_{name}", meaning, labels=labels)
        for (recorded, values), durations in metrics.durations.items():
            if recorded == name:
                family.add_metric(values, _buckets(durations), durations.total)
        yield family


def _own_gauges(metrics: Metrics) -> Iterator[Any]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 -- see get_metrics

    for name, value in metrics.gauges.items():
        yield GaugeMetricFamily(f"plotkiln_{name}", _GAUGES[name], value=value)


def _gauges(health: Health) -> Iterator[Any]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 -- see get_metrics

    for name, meaning, value in (
        ("renders_in_flight", "Renders that run or wait.", health.renders),
        ("processes", "Living render processes.", health.processes),
        ("styles_reachable", "1 where the style store answers.", health.styles_reachable),
        ("styles_age_seconds", "Seconds since the style store answered.", health.styles_age),
    ):
        yield GaugeMetricFamily(f"plotkiln_{name}", meaning, value=float(value))


def _buckets(durations: Durations) -> list[tuple[str, int]]:
    bounds = [*(f"{bound:g}" for bound in BUCKETS), "+Inf"]
    return list(zip(bounds, accumulate(durations.counts), strict=True))


OPERATIONS = (
    Operation(
        method="GET",
        path="/metrics",
        handler=get_metrics,
        scope=Scope.ADMIN,
        tag="Operation",
        summary="Metrics",
        answers={
            200: Answer(
                description="Prometheus' text format.", content={"text/plain": {"type": "string"}}
            )
        },
    ),
)
