"""Traces: whether they are exported, by OpenTelemetry's own variables."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from plotkiln.__about__ import __version__
from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

__all__ = ["traces_exported"]

#: Either says where traces go.
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")


@contextmanager
def traces_exported(settings: Settings, environment: Mapping[str, str]) -> Iterator[None]:
    """Export traces while inside, where the environment says whither.

    Raises `SettingsError` where what exports them is not installed, or cannot do as is asked.
    """
    if not _is_wanted(environment):
        yield
        return
    from plotkiln.traces.export import Exporter
    from plotkiln.traces.spans import exported_by

    logging.getLogger("urllib3").setLevel(logging.WARNING)
    exporter = Exporter(
        service=settings.knative_service or "plotkiln", attributes=_attributes(settings)
    )
    try:
        with exported_by(exporter):
            yield
    finally:
        exporter.close()


def _is_wanted(environment: Mapping[str, str]) -> bool:
    if not any(environment.get(name) for name in _ENDPOINTS):
        return False
    if environment.get("OTEL_SDK_DISABLED", "").casefold() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return False
    protocol = next((environment[name] for name in _PROTOCOLS if environment.get(name)), "")
    if protocol not in {"", "http/protobuf"}:
        raise SettingsError(
            f"Traces are exported by http/protobuf, not by {protocol}: unset"
            " OTEL_EXPORTER_OTLP_PROTOCOL, and name the collector's port for HTTP (4318)."
        )
    return True


def _attributes(settings: Settings) -> Mapping[str, str]:
    """Return who exports, by OpenTelemetry's and Knative's names."""
    told = {
        "service.version": __version__,
        "faas.name": settings.knative_service,
        "faas.version": settings.knative_revision,
    }
    return {name: value for name, value in told.items() if value}
