"""From a style's name to its look: the `extends` chain, laid over the built-in style."""

from collections.abc import Mapping, Sequence
from functools import reduce

import msgspec

from plotkiln.documents import nearest
from plotkiln.errors import Fault, NotFoundError, RuleError
from plotkiln.style.builtin import BUILTIN, builtin_look
from plotkiln.style.digests import content_digest
from plotkiln.style.looks import DEFAULT, KnownStyle, Look
from plotkiln.style.merging import merge
from plotkiln.style.shipped import seed_hint

__all__ = ["MOST_LINKS", "chain", "resolve"]

#: Styles in one chain: more is a mistake, or an attack on whoever resolves it.
MOST_LINKS = 16


def resolve(name: str, known: Mapping[str, KnownStyle]) -> Look:
    """Return the look of a style: its `extends` chain over the built-in style.

    `default` is the built-in style while none of that name is known. The stored `default` supplies
    nothing to the others unless they extend it.

    Raises `NotFoundError` when no style of that name is known; `RuleError` when the chain comes
    back to itself, leads to an unknown style, or is longer than 16.
    """
    links = chain(name, known)
    if not links:
        return builtin_look()
    style = reduce(merge, [*(link.style for link in links), BUILTIN])
    style = msgspec.structs.replace(style, extends=None)
    return Look(
        name=name,
        version=max(link.version for link in links),
        state="stale" if any(link.state == "stale" for link in links) else "fresh",
        style=style,
        digest=content_digest(style),
        warnings=_warnings(links),
    )


def chain(name: str, known: Mapping[str, KnownStyle]) -> list[KnownStyle]:
    """Return the styles from `name` to the last one it extends; none where that is the built-in.

    Raises what `resolve` raises.
    """
    links: list[KnownStyle] = []
    following: str | None = name
    while following is not None and (following in known or following != DEFAULT):
        link = _link(following, links, known)
        links.append(link)
        following = link.style.extends
    return links


def _link(name: str, links: Sequence[KnownStyle], known: Mapping[str, KnownStyle]) -> KnownStyle:
    path = " → ".join([*(link.name for link in links), name])
    if any(link.name == name for link in links):
        raise _refusal(f"the styles extend each other in a circle: {path}")
    if len(links) == MOST_LINKS:
        raise _refusal(f"more than {MOST_LINKS} styles extend one another: {path}")
    if name in known:
        return known[name]
    hint = seed_hint(name) or nearest(name, known)
    if not links:
        raise NotFoundError(f"There is no style named {name!r}{hint}")
    raise _refusal(f"there is no style named {name!r} to extend{hint}: {path}")


def _refusal(message: str) -> RuleError:
    return RuleError(faults=[Fault("extends", message)])


def _warnings(links: Sequence[KnownStyle]) -> tuple[str, ...]:
    """Collect what was ignored; what another style brought along is marked with its name."""
    own = links[0].warnings
    inherited = (f"{link.name}: {text}" for link in links[1:] for text in link.warnings)
    return (*own, *inherited)
