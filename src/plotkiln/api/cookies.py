"""Cookies that hold secrets: for this server's own requests, out of reach of scripts."""

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.origins import is_secure

__all__ = ["begun_cookie", "drop_cookie", "set_cookie"]

_BEGUN = "plotkiln-sign-in"


def begun_cookie(request: Request) -> str:
    """Return the name of the cookie of a browser whose sign-in has begun."""
    return f"__Host-{_BEGUN}" if is_secure(request) else _BEGUN


def set_cookie(request: Request, response: Response, name: str, secret: str, *, age: int) -> None:
    """Have a browser keep a secret for `age` seconds.

    `Lax`: it comes along when a link, or the provider, leads here, and with nothing that another
    site's page sends.
    """
    secure = is_secure(request)
    response.set_cookie(
        name, secret, max_age=age, path="/", secure=secure, httponly=True, samesite="lax"
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Have a browser forget a secret."""
    secure = is_secure(request)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")
