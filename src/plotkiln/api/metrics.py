"""`/metrics`: what was counted, in the form that Prometheus scrapes."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.metric_table import BEGUN, COUNTERS, GAUGES, HISTOGRAMS
from plotkiln.api.operations import Answer, Operation
from plotkiln.api.services import services_of
from plotkiln.identity import Scope
from plotkiln.service.metrics import BUCKETS, Durations, Metrics
from plotkiln.service.starts import process_age
from plotkiln.service.vitals import Reading

__all__ = ["OPERATIONS", "answer_metrics", "exposed"]

#: Name and label values.
_Key = tuple[str, tuple[str, ...]]
_Values = Mapping[_Key, float]


async def get_metrics(request: Request) -> Response:
    """Return every metric in Prometheus' text format."""
    services = services_of(request)
    return answer_metrics(services.metrics, await services.vitals.now())


def answer_metrics(metrics: Metrics, vitals: Iterable[Reading] = ()) -> Response:
    """Answer with what was counted, and with what the process is like now."""
    # 65 ms of imports: paid by the first scrape, not by each cold start.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry  # noqa: PLC0415
    from prometheus_client.exposition import generate_latest  # noqa: PLC0415

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Exposition(metrics, vitals))
    return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Exposition:
    """A collector in prometheus_client's sense, over what this process recorded."""

    def __init__(self, metrics: Metrics, vitals: Iterable[Reading]) -> None:
        self._metrics = metrics
        self._counters, self._gauges = exposed(metrics, vitals)

    def collect(self) -> Iterator[Any]:
        """Yield every metric family."""
        from prometheus_client.core import (  # noqa: PLC0415 -- see answer_metrics
            CounterMetricFamily,
            GaugeMetricFamily,
        )

        yield from _families(CounterMetricFamily, COUNTERS, self._counters)
        yield from _families(GaugeMetricFamily, GAUGES, self._gauges)
        yield from _histograms(self._metrics)


def exposed(metrics: Metrics, vitals: Iterable[Reading]) -> tuple[_Values, _Values]:
    """Return the counters and the gauges: what was recorded, and what was read."""
    read = {(name, labels): value for name, labels, value in vitals}
    read["pod_seconds", ()] = process_age()
    begun: dict[_Key, float] = {
        (name, (label,)): 0.0 for name, labels in BEGUN.items() for label in labels
    }
    return {**begun, **metrics.counters, **_of(COUNTERS, read)}, {
        **metrics.gauges,
        **_of(GAUGES, read),
    }


def _of(table: Mapping[str, Any], read: Mapping[_Key, float]) -> dict[_Key, float]:
    return {key: value for key, value in read.items() if key[0] in table}


def _families(kind: Any, table: Mapping[str, Any], values: Mapping[_Key, float]) -> Iterator[Any]:
    for name, (labels, meaning) in table.items():
        family = kind(f"plotkiln_{name}", meaning, labels=labels)
        for (recorded, told), value in values.items():
            if recorded == name:
                family.add_metric(told[: len(labels)], float(value))
        yield family


def _histograms(metrics: Metrics) -> Iterator[Any]:
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 -- see answer_metrics

    for name, (labels, meaning) in HISTOGRAMS.items():
        family = HistogramMetricFamily(f"plotkiln_{name}", meaning, labels=labels)
        for (recorded, values), durations in metrics.durations.items():
            if recorded == name:
                family.add_metric(values, _buckets(durations), durations.total)
        yield family


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
