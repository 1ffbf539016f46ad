"""What somebody may whom a provider knows: by their token's scope, and by who they are."""

from collections.abc import Mapping
from typing import Any

import msgspec

from plotkiln.identity.scopes import Scope

__all__ = ["Grants", "carried"]

Claims = Mapping[str, Any]

_OURS = frozenset(Scope)


class Grants(msgspec.Struct, frozen=True):
    """Scopes of everybody, and further ones by claim."""

    everybody: frozenset[Scope] = frozenset()
    #: By claim and the value that it has, or that is in its list.
    by_claim: Mapping[tuple[str, str], frozenset[Scope]] = {}

    @property
    def claims(self) -> frozenset[str]:
        """The names of the claims that it takes to tell."""
        return frozenset(_outermost(claim) for claim, _ in self.by_claim)

    def scopes_of(self, claims: Claims) -> frozenset[Scope]:
        """Return what somebody may by who they are."""
        found = (
            scopes
            for (claim, value), scopes in self.by_claim.items()
            if value in _values(_claim(claims, claim))
        )
        return self.everybody.union(*found)


def carried(claims: Claims) -> frozenset[Scope]:
    """Return what a token lets do: our scopes among its own, in `scope` (RFC 9068) or `scp`."""
    told = {word for name in ("scope", "scp") for word in _words(claims.get(name))}
    return frozenset(scope for scope in _OURS if scope in told)


def _claim(claims: Claims, name: str) -> object:
    """Return a claim; a name with a dot that is no claim's leads into one: `realm_access.roles`."""
    if name in claims:
        return claims[name]
    outer, dot, inner = name.partition(".")
    within = claims.get(outer)
    return _claim(within, inner) if dot and isinstance(within, dict) else None


def _outermost(claim: str) -> str:
    """Return the claim of a token that a name leads into; one that is a URL leads into none."""
    return claim if "://" in claim else claim.partition(".")[0]


def _values(claim: object) -> list[str]:
    several = claim if isinstance(claim, list) else [claim]
    return [one for one in several if isinstance(one, str)]


def _words(claim: object) -> list[str]:
    return [word for value in _values(claim) for word in value.split(" ")]
