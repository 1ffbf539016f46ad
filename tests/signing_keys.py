"""Keys that a provider signs tokens with, and tokens that are signed by hand, rules or no rules."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

__all__ = ["SigningKey", "encoded", "segment", "signed_by_secret"]

Claims = Mapping[str, Any]


class SigningKey:
    """One key pair with an id: RSA for RS256 and PS256, a curve for ES256."""

    def __init__(self, kid: str, *, algorithm: str = "RS256") -> None:
        """Make the pair."""
        self.kid = kid
        self.algorithm = algorithm
        self.private = _curve() if algorithm == "ES256" else _rsa()

    @cached_property
    def jwk(self) -> dict[str, Any]:
        """The private key as a JWK."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            members = json.loads(RSAAlgorithm.to_jwk(self.private))
        else:
            members = json.loads(ECAlgorithm.to_jwk(self.private))
        members.pop("key_ops", None)
        return {**members, "kid": self.kid, "use": "sig"}

    @cached_property
    def public_jwk(self) -> dict[str, Any]:
        """The public key as a JWK."""
        return {
            name: self.jwk[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in self.jwk
        }

    @cached_property
    def pem(self) -> bytes:
        """The public key in PEM."""
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, data: bytes) -> bytes:
        """Sign as a JWS of its algorithm is signed."""
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(data, _padding(self.algorithm), hashes.SHA256())
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def token(self, claims: Claims, **header: Any) -> str:
        """Return a signed token; `header` changes what its header says, None leaves that out."""
        said = {"alg": self.algorithm, "kid": self.kid, "typ": "at+jwt", **header}
        head = {name: value for name, value in said.items() if value is not None}
        data = encoded(head, claims)
        return f"{data}.{segment(self.sign(data.encode()))}"


def encoded(header: Claims, claims: Claims | bytes) -> str:
    """Return header and claims as a token has them, for its signature to follow."""
    body = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return f"{segment(json.dumps(header).encode())}.{segment(body)}"


def segment(data: bytes) -> str:
    """Return bytes as unpadded base64url."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def signed_by_secret(header: Claims, claims: Claims, secret: bytes) -> str:
    """Return a token that is signed by HMAC-SHA256, whatever its header says."""
    data = encoded(header, claims)
    return f"{data}.{segment(hmac.digest(secret, data.encode(), hashlib.sha256))}"


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _curve() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _padding(algorithm: str) -> padding.AsymmetricPadding:
    if algorithm == "PS256":
        return padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    return padding.PKCS1v15()
