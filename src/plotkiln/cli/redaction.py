"""Log lines without what must stay secret, whoever wrote them."""

import re

__all__ = ["redacted"]

#: What stands for a secret.
_MASK = "•••"

#: Words before a value that is secret: of queries, forms, headers and documents.
_NAMES = (
    "access_token|id_token|refresh_token|client_secret|code_verifier|nonce|ticket"
    "|signature|csrf|password|x-amz-signature|x-amz-credential|x-amz-security-token"
)

#: None of its parts may begin to look anew at each character of what it has looked at: anybody can
#: have a long line logged, and a search that is quadratic in it holds up all that is served.
_SECRETS = re.compile(
    # the value of a parameter, or of a member of a document that was logged
    rf"(?P<named>(?<![A-Za-z0-9_-])(?:{_NAMES})(?:=|%3D|\\*['\"]\s*[:=]\s*\\*['\"]))[^\s&;,'\"\\]+"
    # what a provider sends back, in a query or a form: elsewhere these words tell how things stand
    r"|(?P<sent_back>(?<=[?&])(?:code|state)(?:=|%3D))[^\s&;,'\"\\]+"
    r"|(?P<first>(?<![^\s'\"])(?:code|state)=)[^\s&;,'\"\\]++(?=&)"
    # credentials of a header
    r"|(?P<scheme>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}"
    # the cookie of a session, or of a sign-in
    r"|(?P<cookie>\bplotkiln-[a-z-]{1,32}=)[^\s;,'\"\\]+"
    # user and password of a URL
    r"|(?P<user>://)[^/@\s'\"\\]+(?=@)"
    # a token of ours or of a provider, wherever it stands
    r"|\bpk_[A-Za-z0-9]+_[A-Za-z0-9_-]+"
    r"|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]++\.[A-Za-z0-9_-]*",
    re.IGNORECASE,
)


#: One of these is in each line that the expression finds something in: to look for them takes a
#: twentieth of its time.
_HINTS = (
    *("token", "secret", "code", "state", "nonce", "ticket", "signature", "csrf", "password"),
    *("credential", "bearer", "basic", "plotkiln-", "://", "pk_", "eyj"),
)


def redacted(line: str) -> str:
    """Return a line with its secrets masked; what is known by its form alone, none is looked up."""
    if line.isascii():  # only there does lower() find what the expression finds
        lowered = line.lower()
        for hint in _HINTS:
            if hint in lowered:
                break
        else:
            return line
    return _SECRETS.sub(_masked, line)


def _masked(found: re.Match[str]) -> str:
    return next(filter(None, found.groups()), "") + _MASK
