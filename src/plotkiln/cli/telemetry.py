"""What OpenTelemetry's own variables ask for, and who it is that exports."""

import logging
from collections.abc import Mapping
from typing import Literal

from plotkiln.__about__ import __version__
from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

__all__ = ["exporting_service", "is_wanted"]

Signal = Literal["TRACES", "METRICS"]


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
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    return True


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
