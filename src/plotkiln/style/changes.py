"""What the log says when styles change."""

import logging
from collections.abc import Iterator

from plotkiln.style.looks import KnownStyle
from plotkiln.style.resolved import Resolved

__all__ = ["log_changes"]

logger = logging.getLogger("plotkiln.style")


def log_changes(before: Resolved, after: Resolved) -> None:
    """Write a line for every style that came, went, changed, broke or was mended."""
    new = sorted(after.known.keys() - before.known.keys())
    if new:
        versions = (f"{name}@{after.known[name].version}" for name in new)
        logger.info("new styles: %s", ", ".join(versions))
    for name in sorted(after.known.keys() | before.known.keys()):
        for level, text in _sentences(before.known.get(name), after.known.get(name)):
            logger.log(level, "style %s %s", name, text)


def _sentences(old: KnownStyle | None, new: KnownStyle | None) -> Iterator[tuple[int, str]]:
    if new is None:
        yield logging.INFO, "was removed"
        return
    fault = old.fault if old else None
    if new.fault and new.fault != fault:
        yield logging.WARNING, f"is stale: {new.fault} ({_serving(new)})"
    elif fault and not new.fault:
        yield logging.INFO, f"is mended: version {new.version}"
    elif old and old.version != new.version:
        yield logging.INFO, f"changed: version {new.version}"
    for warning in new.warnings if not old or old.warnings != new.warnings else ():
        yield logging.WARNING, f"version {new.version}: {warning}"


def _serving(style: KnownStyle) -> str:
    return f"version {style.version} serves" if style.version else "the built-in style serves"
