"""The principal: on whose behalf a use case runs, and who owns what it stores."""

import msgspec

__all__ = ["ANONYMOUS", "Principal"]


class Principal(msgspec.Struct, frozen=True):
    """Somebody who asks."""

    #: Stable name; the owner of charts and artifacts, and the author in a style's history.
    name: str


#: Everybody, until there is sign-in.
ANONYMOUS = Principal("anonymous")
