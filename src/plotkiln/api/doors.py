"""What the addresses of identity are given: how one comes in, and goes."""

from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

if TYPE_CHECKING:  # loaded where there is identity, and not before
    from plotkiln.service.addresses import AddressService
    from plotkiln.service.sessions import SessionService
    from plotkiln.service.sign_in import SignInService

__all__ = ["Doors", "attach_doors", "doors_of"]


class Doors(msgspec.Struct, frozen=True, kw_only=True):
    """The use cases behind those addresses."""

    sessions: "SessionService"
    addresses: "AddressService"
    #: None: nobody signs in to the web app.
    sign_in: "SignInService | None" = None


def attach_doors(app: Starlette, doors: Doors) -> None:
    """Have an application with identity serve them."""
    app.state.doors = doors


def doors_of(connection: HTTPConnection) -> Doors:
    """Return the use cases of the application that serves this request."""
    doors: Doors = connection.app.state.doors
    return doors
