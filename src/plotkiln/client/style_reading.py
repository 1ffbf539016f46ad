"""Reading styles from a server: documents of any version, histories, and looks made of them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from plotkiln.client.exchanges import Steps
from plotkiln.client.patience import got
from plotkiln.client.problems import checked, decoded, version_of
from plotkiln.client.style_values import StyleDocument, StyleHistory
from plotkiln.errors import InputError, NotFoundError, RuleError
from plotkiln.style.documents import parse_stored
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.models import Style
from plotkiln.style.resolution import MOST_LINKS, resolve

__all__ = ["look_of", "read_document", "read_history", "style_path"]

#: Changes that are gone through for a document that is not broken.
_TRIED = 20


def style_path(name: str) -> str:
    """Return where a style is, below the server's address."""
    return f"/styles/{quote(name, safe='')}"


def read_document(name: str, version: int | None = None) -> Steps[StyleDocument]:
    """Return a document, the newest or that of one version."""
    query = {} if version is None else {"version": str(version)}
    answer = checked((yield from got(style_path(name), query)))
    return StyleDocument(
        name=name,
        version=version_of(answer),
        data=answer.body,
        state=answer.headers.get("plotkiln-style-state", ""),
    )


def read_history(name: str, query: Mapping[str, Any]) -> Steps[StyleHistory]:
    """Return some changes of a style, newest first."""
    given = {key: str(value) for key, value in query.items() if value is not None}
    answer = checked((yield from got(f"{style_path(name)}/history", given)))
    return decoded(answer, StyleHistory, strict=False)


def look_of(name: str) -> Steps[Look]:
    """Return a style with all that it extends, over the built-in: what a picture is drawn in.

    `name@42` is the look of then: each document as of that version. Where a document is broken its
    last good version serves, and the look is stale. Raises `NotFoundError`, and `RuleError` for
    styles that extend each other in a circle.
    """
    plain, at, text = name.partition("@")
    if at and not text.isdecimal():
        raise RuleError(f"{name}: a style is applied by its name, or by name@version.")
    version = int(text) if at else None
    known: dict[str, KnownStyle] = {}
    following: str | None = plain
    while following is not None and following not in known and len(known) < MOST_LINKS:
        found = yield from _known(following, version)
        if found is None:
            break
        known[following] = found
        following = found.style.extends
    return resolve(plain, known)


def _known(name: str, version: int | None) -> Steps[KnownStyle | None]:
    """Return what serves of one style; None where there is none, or the built-in serves."""
    document = yield from _document(name, version)
    if document is None or document.version == 0:
        return None
    if document.state == "builtin":  # nothing that was stored under this name was ever good
        return KnownStyle(name=name, version=0, style=Style(), state="stale")
    try:
        return _parsed(document)
    except InputError:
        return (yield from _last_good(name, document.version))


def _document(name: str, version: int | None) -> Steps[StyleDocument | None]:
    try:
        if version is None:
            return (yield from read_document(name))
        history = yield from read_history(name, {"before": version + 1, "limit": 1})
        if not history.changes:
            return None
        return (yield from read_document(name, history.changes[0].version))
    except NotFoundError:
        return None


def _last_good(name: str, version: int) -> Steps[KnownStyle]:
    """Return the newest document below a version that can be used; raises why there is none."""
    history = yield from read_history(name, {"before": version, "limit": _TRIED})
    for change in history.changes:
        try:
            document = yield from read_document(name, change.version)
            return msgspec.structs.replace(_parsed(document), state="stale")
        except (InputError, NotFoundError):
            continue
    raise NotFoundError(f"The style {name} is broken, and no good version of it is kept.")


def _parsed(document: StyleDocument) -> KnownStyle:
    parsed = parse_stored(document.data)
    return KnownStyle(
        name=document.name,
        version=document.version,
        style=parsed.style,
        state="stale" if document.state == "stale" else "fresh",
        warnings=parsed.warnings,
    )
