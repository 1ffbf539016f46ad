"""What goes wrong in a page without anybody looking: said on its console, or thrown there."""

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError, Worker

__all__ = ["Recorder"]


class Recorder:
    """Records what pages and service workers log as errors, and what they throw and do not catch.

    What the Content-Security-Policy refuses is logged, too.
    """

    def __init__(self) -> None:
        self.errors: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def watch(self, context: BrowserContext) -> None:
        """Record from now on what goes wrong in this context."""
        context.on("console", self._hear)
        context.on("weberror", self._catch)
        context.on("serviceworker", self._attend)
        for worker in context.service_workers:
            self._attend(worker)

    def allow(self, pattern: str) -> None:
        """Expect errors that match this regular expression: offline, every fetch logs one."""
        self._allowed.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """Return the errors that no pattern allows."""
        return [one for one in self.errors if not any(p.search(one) for p in self._allowed)]

    def _attend(self, worker: Worker) -> None:
        worker.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location
            self.errors.append(f"{message.text} ({place['url']}:{place['lineNumber']})")

    def _catch(self, error: WebError) -> None:
        self.errors.append(f"not caught: {error.error}")
