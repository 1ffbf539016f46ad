"""Traces: exported where OpenTelemetry's own variables say whither."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from plotkiln.cli.telemetry import exporting_service, is_wanted
from plotkiln.settings import Settings

__all__ = ["traces_exported"]


@contextmanager
def traces_exported(settings: Settings, environment: Mapping[str, str]) -> Iterator[None]:
    """Export traces while inside, if that is asked for.

    Raises `SettingsError` where what exports them is not installed, or cannot do as is asked.
    """
    if not is_wanted("TRACES", environment):
        yield
        return
    from plotkiln.traces.export import Exporter
    from plotkiln.traces.spans import exported_by

    exporter = Exporter(exporting_service(settings))
    try:
        with exported_by(exporter):
            yield
    finally:
        exporter.close()
