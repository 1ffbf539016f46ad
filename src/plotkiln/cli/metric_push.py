"""Metrics to a collector, over OTLP: for pods that end before anybody scrapes them."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from types import TracebackType
from typing import Self

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from plotkiln.api.metric_table import COUNTERS, GAUGES, HISTOGRAMS
from plotkiln.api.metrics import exposed
from plotkiln.cli.telemetry import send_last
from plotkiln.service import Metrics
from plotkiln.service.metrics import BUCKETS, Durations
from plotkiln.service.starts import process_age
from plotkiln.service.vitals import Reading
from plotkiln.tasks import begin_task, end_tasks

__all__ = ["MetricPush"]

_CUMULATIVE = AggregationTemporality.CUMULATIVE

#: Label values → value.
_Values = Mapping[tuple[str, ...], float]


class MetricPush:
    """Sends all metrics every so many seconds while entered, and as it is left.

    By a thread of its own: nobody waits for a collector but `wait_for_last`, and a push that is not
    taken in time is made up for by the next one, since totals are sent.
    """

    def __init__(
        self,
        metrics: Metrics,
        vitals: Callable[[], Awaitable[Iterable[Reading]]],
        resource: Resource,
        *,
        every: float,
    ) -> None:
        self._metrics = metrics
        self._vitals = vitals
        self._resource = resource
        self._every = every
        self._born = time.time_ns() - round(process_age() * 1e9)
        self._exporter = OTLPMetricExporter()
        self._sending: threading.Thread | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = begin_task(self._run(), "push of metrics")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await end_tasks(self._task)
        send_last(partial(self._send_after, self._sending, self._data(await self._vitals())))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            await self._push()

    async def _push(self) -> None:
        """Begin to send; not while an earlier push is still under way."""
        if self._sending is not None and self._sending.is_alive():
            return
        data = self._data(await self._vitals())
        self._sending = threading.Thread(target=self._exporter.export, args=(data,), daemon=True)
        self._sending.start()

    def _send_after(self, sending: threading.Thread | None, data: MetricsData) -> None:
        if sending is not None:
            sending.join()
        self._exporter.export(data)

    def _data(self, vitals: Iterable[Reading]) -> MetricsData:
        scope = ScopeMetrics(InstrumentationScope("plotkiln"), list(self._read(vitals)), "")
        return MetricsData([ResourceMetrics(self._resource, [scope], "")])

    def _read(self, vitals: Iterable[Reading]) -> Iterator[Metric]:
        """Return every metric that has a value, by the names of Prometheus."""
        counters, gauges = exposed(self._metrics, vitals)
        for name, (labels, meaning) in COUNTERS.items():
            if points := self._points(labels, _of(counters, name)):
                total = Sum(points, _CUMULATIVE, is_monotonic=True)
                yield Metric(f"plotkiln_{name}_total", meaning, "", total)
        for name, (labels, meaning) in GAUGES.items():
            if points := self._points(labels, _of(gauges, name)):
                yield Metric(f"plotkiln_{name}", meaning, "", Gauge(points))
        for name, (labels, meaning) in HISTOGRAMS.items():
            if spread := self._spread(name, labels):
                yield Metric(f"plotkiln_{name}", meaning, "s", Histogram(spread, _CUMULATIVE))

    def _points(self, labels: tuple[str, ...], values: _Values) -> list[NumberDataPoint]:
        now = time.time_ns()
        return [
            NumberDataPoint(dict(zip(labels, told, strict=False)), self._born, now, float(value))
            for told, value in values.items()
        ]

    def _spread(self, name: str, labels: tuple[str, ...]) -> list[HistogramDataPoint]:
        return [
            self._histogram(dict(zip(labels, told, strict=False)), durations)
            for (recorded, told), durations in self._metrics.durations.items()
            if recorded == name
        ]

    def _histogram(self, labels: Mapping[str, str], durations: Durations) -> HistogramDataPoint:
        return HistogramDataPoint(
            attributes=labels,
            start_time_unix_nano=self._born,
            time_unix_nano=time.time_ns(),
            count=sum(durations.counts),
            sum=durations.total,
            bucket_counts=list(durations.counts),
            explicit_bounds=BUCKETS,
            # nobody measures them; the format has them as optional, and only the type does not
            min=None,  # type: ignore[arg-type]
            max=None,  # type: ignore[arg-type]
        )


def _of(values: Mapping[tuple[str, tuple[str, ...]], float], name: str) -> _Values:
    return {told: value for (recorded, told), value in values.items() if recorded == name}
