"""Starts a real OpenID provider (oidc-provider, certified) that the tests take tokens from."""

import base64
import hashlib
import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

import httpx

from servers import free_port, wait_until
from signing_keys import SigningKey

__all__ = ["ACCOUNTS", "AUDIENCE", "Issuer"]

_FOLDER = Path(__file__).parent / "issuer"
_BINARIES = Path(__file__).parents[1] / ".venv/bin"

#: The audience of the tokens that it issues.
AUDIENCE = "plotkiln"

#: Who can sign in, with their claims.
ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "ada": {"name": "Ada", "groups": ["design", "staff"]},
    "bob": {"name": "Bob", "groups": ["staff"]},
    "eve": {"name": "Eve", "groups": []},
}

#: A machine that takes tokens for itself, and a desktop program whose user signs in.
_CLIENTS = (
    {
        "client_id": "machine",
        "client_secret": "not so secret",
        "grant_types": ["client_credentials"],
        "response_types": [],
        "redirect_uris": [],
    },
    {
        "client_id": "desk",
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "redirect_uris": ["http://127.0.0.1/back"],
    },
)


class Issuer:
    """One provider; `settings` are those that `issuer/run.mjs` names.

    Its keys are at hand: what it would never sign can be signed in its name.
    """

    def __init__(self, **settings: Any) -> None:
        """Choose a port and make a key; entering starts the provider."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.keys = [SigningKey("first")]
        self._clients: dict[str, Mapping[str, Any]] = {c["client_id"]: c for c in _CLIENTS}  # type: ignore[misc]
        self._settings = {
            "accounts": ACCOUNTS,
            "audience": AUDIENCE,
            "algorithm": "RS256",
            "claimsByUserinfo": False,
            "tokenSeconds": 600,
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_installed() -> bool:
        """Say whether the provider and Node are here."""
        return bool(_node()) and _FOLDER.joinpath("node_modules").is_dir()

    @property
    def key(self) -> SigningKey:
        """The key that it signs with."""
        return self.keys[0]

    def start(self) -> None:
        """Start the provider and wait until it answers."""
        command = [_node() or "node", "run.mjs", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=_FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_until(self._answers)
        self._configure()

    def kill(self) -> None:
        """End the provider at once, as a crash does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def register(self, client_id: str, **client: Any) -> None:
        """Have it know a client, by the names of OpenID's dynamic registration.

        Such as `redirect_uris=[…]`, `client_secret=…`, `token_endpoint_auth_method="none"`.
        """
        self._clients[client_id] = {"client_id": client_id, **client}
        self._configure()

    def change(self, **settings: Any) -> None:
        """Change settings; whoever is signed in stays so."""
        self._settings |= settings
        self._configure()

    def rotate(self, kid: str, *, keep: bool = True) -> SigningKey:
        """Sign by a new key from now on, and publish the older ones if they are to be kept."""
        self.keys = [SigningKey(kid), *(self.keys if keep else [])]
        self._configure()
        return self.key

    def begin_anew(self) -> None:
        """Be there, with the first key alone, and nothing counted."""
        self.keys = self.keys[-1:] if self.keys[-1].kid == "first" else [SigningKey("first")]
        self._command("away", "")
        self._configure()
        self._command("forget", None)

    def go_away(self, how: Literal["cut", "failing", "hanging", ""] = "cut") -> None:
        """Cut every connection, answer 500, or never; with an empty word come back."""
        self._command("away", how)

    def counts(self) -> dict[str, int]:
        """Return how often each path was asked for."""
        told: dict[str, int] = httpx.get(f"{self.url}/-/counts", timeout=60).json()
        return told

    def token(
        self, scope: str = "render", *, audience: str = AUDIENCE, client: str = "machine"
    ) -> str:
        """Return an access token of a program, the machine if not another."""
        asked = {
            "grant_type": "client_credentials",
            "scope": scope,
            "resource": f"urn:{audience}",
        }
        secret = str(self._clients[client]["client_secret"])
        return str(self._tokens(asked, auth=(client, secret))["access_token"])

    def sign_in(
        self, account: str, scope: str = "render", *, audience: str = AUDIENCE
    ) -> dict[str, Any]:
        """Sign an account in to the desktop program; return `access_token`, `id_token`, …."""
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        asked = {
            "client_id": "desk",
            "response_type": "code",
            "redirect_uri": "http://127.0.0.1/back",
            "scope": f"openid profile groups {scope}",
            "resource": f"urn:{audience}",
            "login_hint": account,
            "nonce": nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return self._tokens(
            {
                "grant_type": "authorization_code",
                "client_id": "desk",
                "code": self._code(asked),
                "redirect_uri": asked["redirect_uri"],
                "code_verifier": verifier,
            }
        )

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return the claims of a good access token, some changed, those that are None left out."""
        now = int(time.time())
        good = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "ada",
            "client_id": "desk",
            "scope": "render",
            "iat": now,
            "exp": now + 600,
            "jti": secrets.token_urlsafe(8),
        }
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def mint(self, **changed: Any) -> str:
        """Sign a token by the provider's own key, with claims changed as `claims` says."""
        return self.key.token(self.claims(**changed))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _code(self, asked: Mapping[str, str]) -> str:
        """Follow the provider's redirects until it sends the program its code."""
        with httpx.Client(timeout=60) as browser:
            answer = browser.get(f"{self.url}/auth", params=asked)
            for _ in range(10):
                target = str(answer.headers.get("location", ""))
                if target.startswith(asked["redirect_uri"]):
                    return parse_qs(urlsplit(target).query)["code"][0]
                assert answer.is_redirect, answer.text
                answer = browser.get(httpx.URL(self.url).join(target))
        raise AssertionError(answer.text)

    def _tokens(
        self, asked: Mapping[str, str], auth: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}/token", data=asked, auth=auth, timeout=60)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def _configure(self) -> None:
        keys = {"keys": [key.jwk for key in self.keys]}
        clients = list(self._clients.values())
        self._command("settings", {**self._settings, "jwks": keys, "clients": clients})

    def _command(self, name: str, told: object) -> None:
        answer = httpx.put(f"{self.url}/-/{name}", content=json.dumps(told), timeout=60)
        assert answer.is_success, answer.text

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the provider ended"
        try:
            return self.counts() is not None
        except httpx.TransportError:
            return False


def _node() -> str | None:
    """Return the Node on PATH, else the one that tools/npm.sh installed beside Python."""
    return shutil.which("node") or shutil.which("node", path=str(_BINARIES))
