"""People with browsers of their own: they sign in at the real provider, redirect by redirect."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from issuers import AUDIENCE, Issuer
from kilns import Kiln

__all__ = ["Person", "guarded_kiln"]


def guarded_kiln(
    issuer: Issuer,
    data: Path,
    *,
    client: Mapping[str, Any] | None = None,
    public: str = "",
    **settings: str,
) -> Kiln:
    """Return a server at which people of this provider sign in; entering starts it.

    The provider knows it as a public `client`, if nothing else is said of it, at its `public`
    address, if it has another than its own.
    """
    kiln = Kiln(data)
    name = f"kiln-{kiln.port}"
    kiln.settings |= {
        "PLOTKILN_OIDC_ISSUER": issuer.url,
        "PLOTKILN_OIDC_AUDIENCE": AUDIENCE,
        "PLOTKILN_OIDC_CLIENT_ID": name,
        "PLOTKILN_OIDC_SCOPES": "render,jobs,styles:read",
        "PLOTKILN_OIDC_GRANTS": "groups/design=styles:write",
        "PLOTKILN_RATE": "0",
        **settings,
    }
    known = {"token_endpoint_auth_method": "none", **(client or {})}
    issuer.register(name, redirect_uris=[f"{public or kiln.url}/sign-in/callback"], **known)
    return kiln


class Person:
    """Somebody with a browser: cookies of a server, and others of the provider."""

    def __init__(self, kiln: Kiln, account: str = "ada", *, home: str = "") -> None:
        """Open a browser; `home` is where it finds the server, if not at its own address."""
        self.account = account
        #: The browser as the server sees it.
        self.here = kiln.client()
        self._there = httpx.Client(timeout=60)
        self._home = home or kiln.url

    def begin(self, back: str = "/") -> str:
        """Ask to sign in; return the address of the provider."""
        answer = self.here.get("/sign-in", params={"next": back})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def allow(self, address: str) -> str:
        """Say at the provider who one is; return the address that it leads back to."""
        answer = self._there.get(httpx.URL(address).copy_add_param("login_hint", self.account))
        while answer.is_redirect:
            target = str(httpx.URL(str(answer.url)).join(answer.headers["location"]))
            if target.startswith(self._home):
                return target
            answer = self._there.get(target)
        raise AssertionError(answer.text)

    def sign_in(self, back: str = "/") -> httpx.Response:
        """Go the whole way; return what the server answers in the end."""
        return self.here.get(self.allow(self.begin(back)))

    def session(self) -> dict[str, Any]:
        """Return what the server says of who asks."""
        told: dict[str, Any] = self.here.get("/session").json()
        return told

    @property
    def csrf(self) -> dict[str, str]:
        """The header that pages of the app send along."""
        return {"Plotkiln-CSRF": self.session()["csrf"]}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.here.close()
        self._there.close()
