"""What OpenTelemetry's own variables ask for, and who it is that exports."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Literal

from plotkiln.__about__ import __version__
from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

__all__ = ["exporting_service", "is_wanted", "send_last", "wait_for_last"]

Signal = Literal["TRACES", "METRICS"]

#: Seconds that a process waits, after all else has ended, for what it sends last.
_LAST = 5.0

#: Seconds in which a collector that is away is told of once.
_QUIET = 600.0

_EXPORTERS = "opentelemetry.exporter.otlp.proto.http"

#: What is being sent as the process ends.
_last: list[threading.Thread] = []


class _Seldom(logging.Filter):
    """Lets a record through, and then none for a while: each span that is not taken makes some."""

    def __init__(self) -> None:
        super().__init__()
        self._until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 -- as logging calls it
        """Say whether a record is to be written."""
        if time.monotonic() < self._until:
            return False
        self._until = time.monotonic() + _QUIET
        return True


#: One for all: traces and metrics go to one collector.
_seldom = _Seldom()


def is_wanted(signal: Signal, environment: Mapping[str, str]) -> bool:
    """Say whether traces, or metrics, are to be sent to a collector.

    Raises `SettingsError` where the protocol is another one than `http/protobuf`.
    """
    if not _told("ENDPOINT", signal, environment):
        return False
    if environment.get("OTEL_SDK_DISABLED", "").casefold() == "true":
        return False
    if environment.get(f"OTEL_{signal}_EXPORTER", "otlp") != "otlp":
        return False
    protocol = _told("PROTOCOL", signal, environment)
    if protocol not in {"", "http/protobuf"}:
        raise SettingsError(
            f"Traces and metrics are exported by http/protobuf, not by {protocol}: unset"
            " OTEL_EXPORTER_OTLP_PROTOCOL, and name the collector's port for HTTP (4318)."
        )
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    for exporter in ("trace_exporter", "metric_exporter"):
        logging.getLogger(f"{_EXPORTERS}.{exporter}").addFilter(_seldom)
    return True


def send_last(send: Callable[[], object]) -> None:
    """Have something sent beside all else that ends."""
    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    _last.append(thread)


def wait_for_last() -> None:
    """Wait for what is being sent, within a few seconds in all; what is not taken is lost."""
    end = time.monotonic() + _LAST
    while _last:
        _last.pop().join(max(0.0, end - time.monotonic()))


def exporting_service(settings: Settings) -> Mapping[str, str]:
    """Return who exports, by OpenTelemetry's names, where its variables say nothing else."""
    told = {
        "service.name": settings.knative_service or "plotkiln",
        "service.version": __version__,
        "faas.name": settings.knative_service,
        "faas.version": settings.knative_revision,
    }
    return {name: value for name, value in told.items() if value}


def _told(what: str, signal: Signal, environment: Mapping[str, str]) -> str:
    """Return a signal's own variable of the exporter, else the one that is for all."""
    own, every = f"OTEL_EXPORTER_OTLP_{signal}_{what}", f"OTEL_EXPORTER_OTLP_{what}"
    return environment.get(own) or environment.get(every) or ""
