"""What runs: told by metrics, and by the account of processes that draw nothing."""

import platform
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from plotkiln.__about__ import __version__
from plotkiln.cli.telemetry import exporting_service, is_wanted
from plotkiln.errors import SettingsError
from plotkiln.service import Metrics
from plotkiln.service.bookkeeping import Bookkeeping
from plotkiln.service.starts import reach
from plotkiln.service.tally import Tally
from plotkiln.service.vitals import Vitals
from plotkiln.settings import Settings

__all__ = ["begin_metrics", "kept_in_account", "metrics_pushed"]


def begin_metrics(metrics: Metrics, settings: Settings) -> None:
    """Note what runs here, and that it listens by now."""
    release = (settings.knative_service, settings.knative_revision)
    metrics.gauge("build_info", 1, __version__, platform.python_version(), *release)
    reach(metrics, "listening")


@asynccontextmanager
async def metrics_pushed(
    settings: Settings,
    metrics: Metrics,
    vitals: Vitals,
    environment: Mapping[str, str],
) -> AsyncIterator[None]:
    """Push metrics while inside, where OpenTelemetry's own variables say whither.

    `OTEL_METRIC_EXPORT_INTERVAL` is in milliseconds, a minute by default.
    """
    if not is_wanted("METRICS", environment):
        yield
        return
    from plotkiln.traces.export import resource_of

    resource = resource_of(exporting_service(settings))
    from plotkiln.cli.metric_push import MetricPush

    every = _interval(environment.get("OTEL_METRIC_EXPORT_INTERVAL") or "60000")
    async with MetricPush(metrics, vitals.now, resource, every=every):
        yield


def _interval(text: str) -> float:
    """Return the seconds of an interval in milliseconds; raises `SettingsError` for none."""
    if not text.isascii() or not text.isdecimal() or not int(text):
        raise SettingsError(f"OTEL_METRIC_EXPORT_INTERVAL={text}: expected milliseconds.")
    return int(text) / 1000


@asynccontextmanager
async def kept_in_account(settings: Settings, metrics: Metrics, name: str) -> AsyncIterator[None]:
    """Count the life of this process as a pod of its Service, or of `name` outside Knative.

    Only where there is Redis: on one machine the programs that draw nothing cost next to nothing.
    """
    if not settings.redis_url:
        yield
        return
    from plotkiln.account.ledger_redis import RedisLedger
    from plotkiln.state.redis import open_redis

    tally = Tally(settings.knative_service or name)
    async with (
        open_redis(settings.redis_url) as redis,
        Bookkeeping(tally, RedisLedger(redis), metrics),
    ):
        yield
