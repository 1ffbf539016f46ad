"""Log records: JSON lines for machines, short lines on a terminal."""

import logging
import sys
import time

import msgspec

from plotkiln.api.request_id import current_request_id

__all__ = ["configure_logs"]


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger, message, request id, and its own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        line = {
            "time": _timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        request_id = current_request_id()
        if request_id:
            line["request_id"] = request_id
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class TerminalLines(logging.Formatter):
    """Short lines for somebody who watches."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, with its traceback below."""
        fields = getattr(record, "fields", {})
        facts = " ".join(f"{name}={value}" for name, value in fields.items())
        text = f"{_timestamp(record.created)[11:19]} {record.getMessage()} {facts}".rstrip()
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


def configure_logs(level: str) -> None:
    """Send all records of at least `level` to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TerminalLines() if sys.stderr.isatty() else JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore"):  # a record for each of our own calls to Consul
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _timestamp(seconds: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"
