"""A provider that breaks the rules: it answers a code with whatever token a test makes."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from listeners import Listener, Quiet
from signing_keys import SigningKey

__all__ = ["HostileProvider"]

Claims = dict[str, Any]


class HostileProvider(Listener):
    """Serves discovery, keys, tokens and claims on a port of its own; entering starts it.

    It asks nobody who they are: `returning` says where a browser would be sent back to.
    """

    def __init__(self) -> None:
        super().__init__(self._handler())
        self.key = SigningKey("hostile")
        #: Makes the token that is given for a code, from the claims of a good one.
        self.make: Callable[[Claims], str] = self.signed
        #: Members of the discovery document that are other than usual.
        self.document: Mapping[str, Any] = {}
        #: What it answers at the token endpoint instead of tokens.
        self.answer: tuple[int, bytes] | None = None
        #: What it tells of the person beside.
        self.told: Mapping[str, Any] = {}
        #: What was sent to the token endpoint, newest last: form and Authorization.
        self.requests: list[tuple[dict[str, str], str]] = []
        self._asked: dict[str, str] = {}

    def returning(self, address: str, **changed: str) -> str:
        """Return where a browser that was sent to `address` is sent back to, some of it changed."""
        self._asked = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        sent = {"code": "c0de", "state": self._asked["state"], "iss": self.url, **changed}
        query = "&".join(f"{name}={value}" for name, value in sent.items() if value)
        return f"{self._asked['redirect_uri']}?{query}"

    def claims(self, **changed: Any) -> Claims:
        """Return the claims of a good ID token for the sign-in that was asked for last."""
        now = int(time.time())
        good = {
            "iss": self.url,
            "aud": self._asked["client_id"],
            "sub": "ada",
            "nonce": self._asked["nonce"],
            "iat": now,
            "exp": now + 60,
        }
        return {name: value for name, value in {**good, **changed}.items() if value is not None}

    def signed(self, claims: Claims) -> str:
        """Sign an ID token as a good provider does."""
        return self.key.token(claims, typ="JWT")

    def _discovery(self) -> Mapping[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/me",
            "jwks_uri": f"{self.url}/jwks",
            **self.document,
        }

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, bytes]:
        self.requests.append((form, authorization))
        if self.answer is not None:
            return self.answer
        verifier = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if challenge != self._asked["code_challenge"]:
            return 400, b'{"error": "invalid_grant"}'
        tokens = {"id_token": self.make(self.claims()), "access_token": "opaque"}
        return 200, json.dumps(tokens).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                told = {
                    "/.well-known/openid-configuration": provider._discovery(),
                    "/jwks": {"keys": [_public(provider.key)]},
                    "/me": provider.told,
                }[self.path]
                self._answer(200, json.dumps(told).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: value[0] for name, value in parse_qs(body).items()}
                self._answer(*provider._token(form, self.headers.get("authorization", "")))

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler


def _public(key: SigningKey) -> dict[str, Any]:
    private = {"d", "p", "q", "dp", "dq", "qi"}
    return {name: value for name, value in key.jwk.items() if name not in private}
