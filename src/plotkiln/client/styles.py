"""`client.styles`: the style store, where no write goes unguarded."""

from typing import Any

import msgspec

from plotkiln.client.acts import Mode, Room, act
from plotkiln.client.conversions import plain
from plotkiln.client.exchanges import Call, Deadline, Steps, asked, once
from plotkiln.client.patience import PATIENCE, got
from plotkiln.client.pictures import MEDIA_TYPES, Picture, picture_of
from plotkiln.client.problems import checked, decoded, version_of
from plotkiln.client.specs import spec_document
from plotkiln.client.style_reading import look_of, read_document, read_history, style_path
from plotkiln.client.style_values import StyleDocument, StyleHistory, StyleList
from plotkiln.spec.models import Format
from plotkiln.style.looks import Look

__all__ = ["Styles"]

_JSON = {"Content-Type": "application/json"}


class Styles(Room[Mode]):
    """The style store.

    Every write names the version that it replaces, as it was read; 0 creates. Where somebody else
    wrote first it raises `PreconditionFailed`, and nothing is overwritten. No write is sent twice.
    """

    @act
    def list(self) -> Steps[StyleList]:
        """Return every style with its state, `default` first."""
        answer = checked((yield from got("/styles")))
        return decoded(answer, StyleList, strict=False)

    @act
    def get(self, name: str, *, version: int | None = None) -> Steps[StyleDocument]:
        """Return a document as stored, the newest or an old one; raises `NotFoundError`."""
        return (yield from read_document(name, version))

    @act
    def look(self, name: str = "default") -> Steps[Look]:
        """Return a style with all that it extends, over the built-in; also `name@version`."""
        return (yield from look_of(name))

    @act
    def put(self, name: str, document: Any, *, expected: int, why: str = "") -> Steps[int]:
        """Write a document over version `expected`, and return the new version.

        The document is a mapping, or JSON as text or bytes; `why` is for the history. Raises
        `InputError` with every fault of it.
        """
        body = _text(document)
        return (yield from _written("PUT", style_path(name), body, expected, {"why": why}))

    @act
    def delete(self, name: str, *, expected: int, why: str = "") -> Steps[None]:
        """Remove a style; raises `NotFoundError`, and `InUseError` while others extend it."""
        query = {"why": why} if why else {}
        headers = _condition(expected)
        call = Call(method="DELETE", path=style_path(name), query=query, headers=headers)
        checked((yield from once(call)))

    @act
    def history(
        self, name: str, *, before: int | None = None, limit: int | None = None
    ) -> Steps[StyleHistory]:
        """Return what became of a style, newest first; `before` as the last answer gave it."""
        return (yield from read_history(name, {"before": before, "limit": limit}))

    @act
    def rollback(self, name: str, version: int, *, expected: int, why: str = "") -> Steps[int]:
        """Write the document of an old version anew, and return the new version."""
        body = msgspec.json.encode({"version": version, "why": why})
        path = f"{style_path(name)}/rollback"
        return (yield from _written("POST", path, body, expected))

    @act
    def publish(self, name: str, *, draft: int, expected: int, why: str = "") -> Steps[int]:
        """Put the draft `name.draft`, of version `draft`, in the style's place; the new version."""
        body = msgspec.json.encode({"draft": draft, "why": why})
        return (yield from _written("POST", f"{style_path(name)}/publish", body, expected))

    @act
    def preview(
        self,
        name: str,
        document: Any,
        spec: Any,
        /,
        *,
        format: Format = "png",  # noqa: A002 -- the spec's own word
        **members: Any,
    ) -> Steps[Picture]:
        """Return a spec as it would look, were the document the style of that name."""
        drawn = spec_document(spec, {**members, "format": format})
        parts = {"style": msgspec.Raw(_text(document)), "spec": msgspec.Raw(drawn)}
        call = Call(
            method="POST",
            path=f"{style_path(name)}/preview",
            headers={**_JSON, "Accept": MEDIA_TYPES[format]},
            body=msgspec.json.encode(parts),
            repeatable=True,
        )
        answer = checked((yield from asked(call, Deadline(PATIENCE))))
        return picture_of(answer, self._wire.address)


def _written(
    method: str, path: str, body: bytes, expected: int, query: dict[str, str] | None = None
) -> Steps[int]:
    """Write, once: where the answer is lost nobody knows whether it came to pass."""
    given = {name: value for name, value in (query or {}).items() if value}
    headers = {**_JSON, **_condition(expected)}
    call = Call(method=method, path=path, query=given, headers=headers, body=body)
    answer = checked((yield from once(call)))
    return version_of(answer)


def _condition(expected: int) -> dict[str, str]:
    return {"If-Match": f'"{expected}"'} if expected else {"If-None-Match": "*"}


def _text(document: Any) -> bytes:
    if isinstance(document, str | bytes):
        return document.encode() if isinstance(document, str) else document
    return msgspec.json.encode(plain(document))
