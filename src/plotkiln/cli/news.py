"""News: what carries them, by the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from plotkiln.events.news import News
from plotkiln.events.news_memory import MemoryNews
from plotkiln.service import Metrics
from plotkiln.settings import Settings

__all__ = ["open_news"]


@asynccontextmanager
async def open_news(settings: Settings, metrics: Metrics) -> AsyncIterator[News]:
    """Open them: for all processes where there is Redis, else for this one.

    By connections of their own: who waits for news keeps one.
    """
    if not settings.redis_url:
        yield MemoryNews(window=settings.live_window, count=metrics.count)
        return
    from plotkiln.events.news_redis import RedisNews
    from plotkiln.state.redis import open_redis

    async with (
        open_redis(settings.redis_url) as redis,
        RedisNews(redis, window=settings.live_window, count=metrics.count) as news,
    ):
        yield news
