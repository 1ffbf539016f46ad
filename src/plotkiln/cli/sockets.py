"""The live channel by the settings, and how many sockets there may be."""

import logging
import resource

from plotkiln.events.news import News
from plotkiln.live.channel import MOST_SOCKETS, LiveChannel
from plotkiln.live.origins import Origins
from plotkiln.service import Metrics
from plotkiln.settings import Settings

__all__ = ["open_channel", "sockets_within"]

log = logging.getLogger("plotkiln.live")

#: Open files to ask for, where the hard limit allows them: no process here needs more.
_MOST_FILES = 65_536

#: Open files for requests, stores and processes, at least.
_FEWEST_OTHERS = 64


def open_channel(settings: Settings, news: News, metrics: Metrics) -> LiveChannel:
    """Return the channel, with as many sockets as this process may have open."""
    files = _raise_file_limit()
    most = sockets_within(files)
    if most < MOST_SOCKETS:
        log.warning(
            "fewer sockets: the limit of open files is low; raise it (ulimit -Hn)",
            extra={"fields": {"sockets": most, "files": files}},
        )
    origins = Origins(settings.live_origins, bound=settings.host, address=settings.live_url)
    return LiveChannel(news, metrics, origins=origins, address=settings.live_url, most=most)


def sockets_within(files: int) -> int:
    """Return how many sockets leave a quarter of the open files, and some at least, for all else.

    Without that rest no request would be taken, and nobody told why.
    """
    return max(1, min(MOST_SOCKETS, files - max(_FEWEST_OTHERS, files // 4)))


def _raise_file_limit() -> int:
    """Raise the soft limit of this process's open files, and return what it is then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, _MOST_FILES) if hard != resource.RLIM_INFINITY else _MOST_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _MOST_FILES if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted
