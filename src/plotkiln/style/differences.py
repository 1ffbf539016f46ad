"""What changed between two style documents, in words for people."""

from collections.abc import Iterator, Sequence
from typing import Any

from plotkiln.documents import read_json, shown
from plotkiln.errors import InputError

__all__ = ["differences"]

_MISSING = object()


def differences(before: bytes | None, after: bytes | None) -> list[str]:
    """Return a line for each member that differs, in the order of their paths.

    `title.color #333333 → #222222`, `legend.frameon added: false`, `rc removed (was {})`. None is
    no document. Lists of one length are compared item by item. A document that is no JSON object
    differs as a whole.
    """
    if before is None or after is None:
        return [] if before == after else ["created" if before is None else "removed"]
    if before == after:
        return []
    old, new = _members(before), _members(after)
    if old is None or new is None:
        return [f"{_sort(old)} → {_sort(new)}"]
    return list(_differences("", old, new))


def _members(document: bytes) -> dict[str, Any] | None:
    try:
        value = read_json(document)
    except InputError:
        return None
    return value if isinstance(value, dict) else None


def _sort(members: dict[str, Any] | None) -> str:
    return "what is no style document" if members is None else "a document"


def _differences(path: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            below = f"{path}.{name}" if path else name
            yield from _differences(below, old.get(name, _MISSING), new.get(name, _MISSING))
    elif _are_lists(old, new) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(f"{path}[{index}]", one, other)
    elif old is _MISSING:
        yield from _added(path, new)
    elif new is _MISSING:
        yield f"{path} removed (was {_text(old)})"
    elif _differ(old, new):
        yield f"{path} {_text(old)} → {_text(new)}"


def _added(path: str, value: Any) -> Iterator[str]:
    """Yield a line for each member of a section that is new."""
    if isinstance(value, dict) and value:
        for name in sorted(value):
            yield from _added(f"{path}.{name}", value[name])
    else:
        yield f"{path} added: {_text(value)}"


def _are_lists(old: Any, new: Any) -> bool:
    return isinstance(old, Sequence) and isinstance(new, Sequence) and not isinstance(old, str)


def _differ(old: Any, new: Any) -> bool:
    """Say whether two JSON values differ; 1 and 1.0 do not, 1 and true do."""
    return old != new or isinstance(old, bool) != isinstance(new, bool)


def _text(value: Any) -> str:
    """Return a value in short: a plain word as it is, all else as JSON."""
    if isinstance(value, str) and value and len(value) <= 60 and value.isprintable():
        return value if " " not in value else shown(value)
    return shown(value)
