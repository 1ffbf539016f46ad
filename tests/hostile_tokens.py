"""Tokens that a hostile caller may try, each with the rule that refuses it."""

import time
from collections.abc import Mapping

from issuers import Issuer
from signing_keys import SigningKey, encoded, segment, signed_by_secret

__all__ = ["HOSTILE", "hostile_tokens"]

_NO_TEXT = b'{"alg": "RS256", "kid": "\xff"}'
_DEEP = b'{"alg": "RS256", "x": ' + b"[" * 11_000
_TWICE = b'{"alg": "RS256", "alg": "none"}'

_HEADER = {"alg": "RS256", "typ": "at+jwt"}

#: The rule that refuses each, as `CredentialError.reason` has it.
HOSTILE: Mapping[str, str] = {
    "none": "algorithm",
    "none in capitals": "algorithm",
    "no algorithm": "algorithm",
    "public key as a secret": "algorithm",
    "public key as a secret, in DER": "algorithm",
    "another algorithm of the family": "algorithm",
    "a stranger's key": "signature",
    "a stranger's key under an unknown id": "key",
    "a stranger's key in the header": "signature",
    "a stranger's key at an address": "signature",
    "a stranger's certificate": "signature",
    "an extension that must be understood": "header",
    "a path as the key's id": "key",
    "a number as the key's id": "form",
    "no key's id": "signature",
    "unencoded payload": "header",
    "changed claims": "signature",
    "changed signature": "signature",
    "no signature": "signature",
    "other type": "type",
    "ID token": "type",
    "ID token, typed": "type",
    "ID token that says it is for us": "type",
    "logout token": "type",
    "other issuer": "issuer",
    "issuer with a slash": "issuer",
    "issuers": "issuer",
    "no issuer": "issuer",
    "other audience": "audience",
    "longer audience": "audience",
    "no audience": "audience",
    "expired": "expired",
    "never expires": "expired",
    "expires when it likes": "expired",
    "expires at infinity": "claims",
    "not yet good": "not yet",
    "issued tomorrow": "not yet",
    "no subject": "subject",
    "empty subject": "subject",
    "a number as the subject": "subject",
    "very long subject": "subject",
    "a subject of two lines": "subject",
    "a subject that turns text around": "subject",
    "bound to a key": "binding",
    "claims that are a list": "claims",
    "claims that are no JSON": "claims",
    "claims that are no text": "claims",
    "claims without end": "claims",
    "encrypted": "form",
    "two parts": "form",
    "four parts": "form",
    "no base64": "form",
    "header that is a list": "form",
    "header that is no text": "form",
    "header without end": "form",
    "header that says its algorithm twice": "algorithm",
    "nothing": "form",
    "dots": "form",
    "very long": "form",
    "no ASCII": "form",
}


def hostile_tokens(issuer: Issuer) -> dict[str, str]:
    """Return one token of each kind that `HOSTILE` names."""
    return {**_of_other_keys(issuer), **_of_other_claims(issuer), **_of_no_form(issuer)}


def _of_other_keys(issuer: Issuer) -> dict[str, str]:
    claims, key, stranger = issuer.claims(), issuer.key, SigningKey(issuer.key.kid)
    good = key.token(claims)
    head, body, signature = good.split(".")
    forged = {**claims, "sub": "root"}
    return {
        "none": encoded({**_HEADER, "alg": "none", "kid": key.kid}, claims) + ".",
        "none in capitals": encoded({**_HEADER, "alg": "NONE", "kid": key.kid}, claims) + ".",
        "no algorithm": f"{encoded({'typ': 'at+jwt', 'kid': key.kid}, claims)}.{signature}",
        "public key as a secret": _by_secret(key, claims, key.pem),
        "public key as a secret, in DER": _by_secret(key, claims, key.pem.strip()),
        "another algorithm of the family": key.token(claims, alg="RS512"),
        "a stranger's key": stranger.token(claims),
        "a stranger's key under an unknown id": stranger.token(claims, kid="unheard of"),
        "a stranger's key in the header": stranger.token(claims, jwk=stranger.public_jwk),
        "a stranger's key at an address": stranger.token(claims, jku="http://127.0.0.1:9/keys"),
        "a stranger's certificate": stranger.token(claims, x5c=["MIIB"]),
        "an extension that must be understood": key.token(claims, crit=["exp"]),
        "a path as the key's id": key.token(claims, kid="../../../../dev/null"),
        "a number as the key's id": key.token(claims, kid=1),
        "no key's id": SigningKey("other").token(claims, kid=""),
        "unencoded payload": key.token(claims, b64=False),
        "changed claims": f"{head}.{encoded({}, forged).partition('.')[2]}.{signature}",
        "changed signature": f"{head}.{body}.{_flipped(signature)}",
        "no signature": f"{head}.{body}.",
    }


def _of_other_claims(issuer: Issuer) -> dict[str, str]:
    now, mint = int(time.time()), issuer.mint
    key, id_token = issuer.key, issuer.sign_in("ada")["id_token"]
    ours = issuer.claims(nonce="n", at_hash="h", sid="s", auth_time=now)
    logout: dict[str, object] = {
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}}
    }
    return {
        "other type": key.token(issuer.claims(), typ="secevent+jwt"),
        "ID token": id_token,
        "ID token, typed": key.token(ours, typ="JWT"),
        "ID token that says it is for us": key.token(issuer.claims(nonce="n"), typ=None),
        "logout token": key.token(issuer.claims(**logout), typ="logout+jwt"),
        "other issuer": mint(iss="https://elsewhere.example"),
        "issuer with a slash": mint(iss=f"{issuer.url}/"),
        "issuers": mint(iss=[issuer.url]),
        "no issuer": mint(iss=None),
        "other audience": mint(aud="somebody else"),
        "longer audience": mint(aud=["plotkiln2", "xplotkiln"]),
        "no audience": mint(aud=None),
        "expired": mint(iat=now - 7200, exp=now - 3600),
        "never expires": mint(exp=None),
        "expires when it likes": mint(exp="tomorrow"),
        "expires at infinity": mint(exp=float("inf")),
        "not yet good": mint(nbf=now + 3600),
        "issued tomorrow": mint(iat=now + 86400, exp=now + 90000),
        "no subject": mint(sub=None),
        "empty subject": mint(sub=""),
        "a number as the subject": mint(sub=0),
        "very long subject": mint(sub="a" * 256),
        "a subject of two lines": mint(sub="ada\r\nSet-Cookie: a=b"),
        "a subject that turns text around": mint(sub="ada\u202egro"),
        "bound to a key": mint(cnf={"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
        "claims that are a list": key.token([]),  # type: ignore[arg-type]
        "claims that are no JSON": _signed(key, b"{"),
        "claims that are no text": _signed(key, b'{"sub": "\xff"}'),
        "claims without end": _signed(key, b'{"sub": ' + b"[" * 11_000),
    }


def _of_no_form(issuer: Issuer) -> dict[str, str]:
    good = issuer.mint()
    head, body, signature = good.split(".")
    return {
        "encrypted": f"{head}.{body}.{signature}.{body}.{signature}",
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{signature}",
        "no base64": f"!!!.{body}.{signature}",
        "header that is a list": f"{segment(b'[]')}.{body}.{signature}",
        "header that is no text": f"{segment(_NO_TEXT)}.{body}.{signature}",
        "header without end": f"{segment(_DEEP)}.{body}.{signature}",
        "header that says its algorithm twice": f"{segment(_TWICE)}.{body}.{signature}",
        "nothing": "x",
        "dots": "..",
        "very long": f"{head}.{'A' * 20_000}.{signature}",
        "no ASCII": f"{head}.{body}ä.{signature}",
    }


def _by_secret(key: SigningKey, claims: Mapping[str, object], secret: bytes) -> str:
    return signed_by_secret({**_HEADER, "alg": "HS256", "kid": key.kid}, claims, secret)


def _signed(key: SigningKey, body: bytes) -> str:
    data = encoded({**_HEADER, "kid": key.kid}, body)
    return f"{data}.{segment(key.sign(data.encode()))}"


def _flipped(signature: str) -> str:
    """Change the first character, which stands for six whole bits."""
    return ("A" if signature[0] != "A" else "B") + signature[1:]
