"""Log records: JSON lines for machines, short lines on a terminal."""

import logging
import sys
import time
from collections.abc import Mapping

import msgspec

from plotkiln.cli.redaction import redacted
from plotkiln.settings import Settings
from plotkiln.traces import current_trace, facts

__all__ = ["configure_logs"]


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger, message, and all that is known of the work.

    That is the release that runs, the ids of request, job, event and trace, who asks, the style and
    the digest, as far as there are any; then the record's own fields.
    """

    def __init__(self, release: Mapping[str, str]) -> None:
        super().__init__()
        self._release = release

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "time": _timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **self._release,
            **facts(),
            **_trace(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return redacted(msgspec.json.encode(line).decode())


class TerminalLines(logging.Formatter):
    """Short lines for somebody who watches."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, with its traceback below."""
        fields = getattr(record, "fields", {})
        facts = " ".join(f"{name}={value}" for name, value in fields.items())
        text = f"{_timestamp(record.created)[11:19]} {record.getMessage()} {facts}".rstrip()
        if record.exc_info:
            text = f"{text}\n{self.formatException(record.exc_info)}"
        return redacted(text)


def configure_logs(settings: Settings) -> None:
    """Send all records of at least the level set to standard error."""
    told = {"service": settings.knative_service, "revision": settings.knative_revision}
    release = {name: value for name, value in told.items() if value}
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TerminalLines() if sys.stderr.isatty() else JsonLines(release))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore"):  # a record for each of our own calls to Consul
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _trace() -> Mapping[str, str]:
    """Return the ids of the trace that goes on, by the names that log stores know them by."""
    parent = current_trace().get("traceparent")
    if parent is None:
        return {}
    _, trace_id, span_id, _ = parent.split("-", 3)
    return {"trace_id": trace_id, "span_id": span_id}


def _timestamp(seconds: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"
