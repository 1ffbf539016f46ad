"""What runs: told by metrics, and by the account of processes that draw nothing."""

import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plotkiln.__about__ import __version__
from plotkiln.service import Metrics
from plotkiln.service.bookkeeping import Bookkeeping
from plotkiln.service.starts import reach
from plotkiln.service.tally import Tally
from plotkiln.settings import Settings

__all__ = ["begin_metrics", "kept_in_account"]


def begin_metrics(metrics: Metrics, settings: Settings) -> None:
    """Note what runs here, and that it listens by now."""
    release = (settings.knative_service, settings.knative_revision)
    metrics.gauge("build_info", 1, __version__, platform.python_version(), *release)
    reach(metrics, "listening")


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
