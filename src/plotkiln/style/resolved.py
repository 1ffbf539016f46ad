"""The look of every known style: resolved where that works, else the last that did."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from plotkiln.errors import RuleError
from plotkiln.style.builtin import builtin_look
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.resolution import resolve

__all__ = ["Resolved", "resolve_all"]

Aging = TypeVar("Aging", Look, KnownStyle)


class Resolved(msgspec.Struct, frozen=True):
    """What renders and pages are shown, all of one moment."""

    known: Mapping[str, KnownStyle] = {}
    looks: Mapping[str, Look] = {}

    def changes(self, before: "Resolved") -> frozenset[str]:
        """Return the names whose look, or what is known of them, was another before."""
        return frozenset(
            name
            for name in self.known.keys() | before.known.keys()
            if self.looks.get(name) != before.looks.get(name)
            or self.known.get(name) != before.known.get(name)
        )


def resolve_all(known: Mapping[str, KnownStyle], before: Resolved, *, reachable: bool) -> Resolved:
    """Resolve every style; the looks of `before` serve where a chain cannot be followed.

    Nothing is fresh while the store is not reachable.
    """
    links = {name: _link(style) for name, style in known.items()}
    told: dict[str, KnownStyle] = {}
    looks: dict[str, Look] = {}
    for name, style in known.items():
        one, look = _resolve_one(style, links, before.looks.get(name))
        told[name] = one if reachable else _aged(one)
        looks[name] = look if reachable else _aged(look)
    return Resolved(told, looks)


def _resolve_one(
    style: KnownStyle, links: Mapping[str, KnownStyle], last: Look | None
) -> tuple[KnownStyle, Look]:
    if style.state == "builtin":
        return style, msgspec.structs.replace(builtin_look(), name=style.name)
    try:
        return style, resolve(style.name, links)
    except RuleError as error:
        told = _aged(msgspec.structs.replace(style, fault=style.fault or str(error)))
        if last is None or last.state == "builtin":
            last = _alone(style)
        return told, _aged(last)


def _alone(style: KnownStyle) -> Look:
    """Return the look of a style as if it extended nothing."""
    alone = msgspec.structs.replace(style.style, extends=None)
    return resolve(style.name, {style.name: msgspec.structs.replace(style, style=alone)})


def _link(style: KnownStyle) -> KnownStyle:
    """Return a style as others extend it: one that never was good leaves them stale."""
    return msgspec.structs.replace(style, state="stale") if style.state == "builtin" else style


def _aged(shown: Aging) -> Aging:
    return msgspec.structs.replace(shown, state="stale") if shown.state == "fresh" else shown
