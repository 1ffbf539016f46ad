"""Traces: exported where OpenTelemetry's own variables say whither."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from plotkiln.cli.telemetry import exporting_service, is_wanted, send_last, wait_for_last
from plotkiln.settings import Settings

__all__ = ["traces_exported"]


@contextmanager
def traces_exported(settings: Settings, environment: Mapping[str, str]) -> Iterator[None]:
    """Export traces while inside, if that is asked for.

    Leaving waits for what is sent last of them, and of metrics.

    Raises `SettingsError` where what exports them is not installed, or cannot do as is asked.
    """
    try:
        if is_wanted("TRACES", environment):
            with _exported(settings):
                yield
        else:
            yield
    finally:
        wait_for_last()


@contextmanager
def _exported(settings: Settings) -> Iterator[None]:
    from plotkiln.traces.export import Exporter
    from plotkiln.traces.spans import exported_by

    exporter = Exporter(exporting_service(settings))
    try:
        with exported_by(exporter):
            yield
    finally:
        send_last(exporter.close)
