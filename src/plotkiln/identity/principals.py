"""The principal: on whose behalf a use case runs, and who owns what it stores."""

from typing import TYPE_CHECKING

import msgspec

from plotkiln.identity.scopes import EVERYTHING, Scope

if TYPE_CHECKING:
    from plotkiln.identity.records import Kind

__all__ = ["ANONYMOUS", "NOBODY", "Principal"]


class Principal(msgspec.Struct, frozen=True):
    """Somebody who asks."""

    #: Stable name; the owner of charts and artifacts, and the author in a style's history.
    name: str
    #: What they may do.
    scopes: frozenset[Scope] = EVERYTHING
    #: Whether they came by a signed address: it stands for its signer at that address alone.
    is_signed: bool = False
    #: Until when what they showed is good, in seconds since 1970; None: for good.
    expires: float | None = None
    #: Kind and name of the record that they are known by, and only as long as it is there; None for
    #: whom no record stands for.
    record: "tuple[Kind, str] | None" = None

    def may(self, scope: Scope) -> bool:
        """Say whether they may do this; `admin` may everything, who writes styles reads them."""
        if scope in self.scopes or Scope.ADMIN in self.scopes:
            return True
        return scope is Scope.STYLES_READ and Scope.STYLES_WRITE in self.scopes

    def sees(self, owner: str) -> bool:
        """Say whether they may see what belongs to `owner`: their own, and what is nobody's."""
        return owner in {self.name, ANONYMOUS.name} or self.is_signed or self.may(Scope.ADMIN)


#: Everybody, where there is no identity.
ANONYMOUS = Principal("anonymous")

#: Whoever has not said who they are, where there is identity.
NOBODY = Principal("nobody", frozenset())
