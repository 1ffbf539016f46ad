"""The API of a cluster, as far as it tells of the keys that service accounts' tokens have."""

import json
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from listeners import Listener, Quiet
from signing_keys import SigningKey

__all__ = ["ClusterApi"]


class ClusterApi(Listener):
    """Serves over TLS, to whoever shows a pod's token; it names another host for its keys.

    So do real ones: that of the machine they run on, which the certificate need not be for.
    """

    def __init__(self, certificate: Path, token: str) -> None:
        self._token = token
        super().__init__(self._handler(), certificate=certificate)
        self.key = SigningKey("cluster")
        #: What each request showed.
        self.shown: list[str] = []

    def token(self, account: str, audience: str) -> str:
        """Return the token of a service account, as Kubernetes makes them: without a type."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": [audience],
            "sub": account,
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "kubernetes.io": {"namespace": "default"},
        }
        return self.key.token(claims, typ=None)

    def _answer(self, path: str, shown: str) -> tuple[int, dict[str, Any]]:
        self.shown.append(shown)
        if shown != f"Bearer {self._token}":
            return 403, {"kind": "Status", "code": 403}
        if path == "/openid/v1/jwks":
            return 200, {"keys": [{**self.key.public_jwk, "kid": self.key.kid, "alg": "RS256"}]}
        return 200, {"issuer": self.url, "jwks_uri": "https://10.255.255.1:6443/openid/v1/jwks"}

    def _handler(api) -> type[BaseHTTPRequestHandler]:  # noqa: N805 -- of two selves, this
        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, told = api._answer(self.path, self.headers.get("authorization", ""))
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler
