"""Asking an OpenID provider over HTTP, within bounds: few seconds, few bytes, no other host."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from plotkiln.errors import SignInFailed, StoreUnavailable
from plotkiln.identity.unreadable import UNREADABLE

if TYPE_CHECKING:
    import httpx

__all__ = ["ProviderWeb"]

#: Seconds to connect in, and for one answer as a whole.
_CONNECT, _WITHIN = 2.0, 5.0

#: Bytes of an answer: key sets and documents have a few thousand.
_MOST = 512 << 10

Members = Mapping[str, Any]


class ProviderWeb:
    """A client for one provider; it is made, and httpx imported, at the first question.

    `ca_cert` is a file with the certificates to trust, None for the system's; `token_file` holds
    what is shown with each question, None for nothing.
    """

    def __init__(self, ca_cert: Path | None = None, token_file: Path | None = None) -> None:
        self._ca_cert = ca_cert
        self._token_file = token_file
        self._client: httpx.AsyncClient | None = None
        #: How many questions were asked.
        self.asked = 0

    async def ask(self, method: str, url: str, **options: Any) -> Members:
        """Return the members of a JSON answer; `options` are those of httpx.

        Raises `StoreUnavailable` where the provider is away, or answers nothing of use, and
        `SignInFailed` where it refuses what it was asked. No redirect is followed.
        """
        self.asked += 1
        status, body = await self._answer(method, url, options)
        if 400 <= status < 500:
            raise SignInFailed(f"The provider answers {status}{_error(body)}.")
        if status != 200:
            raise StoreUnavailable(f"The OpenID provider answers {status}", why=url)
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except UNREADABLE as error:
            raise StoreUnavailable("The OpenID provider's answer is no JSON", why=url) from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _answer(self, method: str, url: str, options: Mapping[str, Any]) -> tuple[int, bytes]:
        import httpx  # noqa: PLC0415 -- 80 ms, for whoever must ask

        asked = {**options, "headers": {**options.get("headers", {}), **self._authorization()}}
        try:
            async with asyncio.timeout(_WITHIN):
                if self._client is None:
                    self._client = _client(self._ca_cert)
                async with self._client.stream(method, url, **asked) as answer:
                    return answer.status_code, await _bounded(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            why = f"{url}: {error or type(error).__name__}"
            raise StoreUnavailable("The OpenID provider does not answer", why=why) from error

    def _authorization(self) -> dict[str, str]:
        """Read the token anew: it is renewed within the hour."""
        if self._token_file is None:
            return {}
        try:
            return {"Authorization": f"Bearer {self._token_file.read_text().strip()}"}
        except (OSError, UnicodeDecodeError) as error:
            raise StoreUnavailable(
                "The token for the provider cannot be read", why=error
            ) from error


def _client(ca_cert: Path | None) -> "httpx.AsyncClient":
    import httpx  # noqa: PLC0415 -- as above

    try:
        trusted = ssl.create_default_context(cafile=ca_cert)
    except OSError as error:  # an SSLError is one
        raise StoreUnavailable(
            "PLOTKILN_OIDC_CACERT cannot be used", why=f"{ca_cert}: {error}"
        ) from error
    timeout = httpx.Timeout(_WITHIN, connect=_CONNECT)
    # as it is: a small answer that unfolds into a large one is none
    plain = {"Accept-Encoding": "identity"}
    return httpx.AsyncClient(verify=trusted, timeout=timeout, headers=plain, follow_redirects=False)


async def _bounded(answer: "httpx.Response") -> bytes:
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > _MOST:
            raise StoreUnavailable(f"The OpenID provider sends more than {_MOST >> 10} KiB.")
    return bytes(body)


def _error(body: bytes) -> str:
    """Return the word by which OAuth's refusals say why (RFC 6749, section 5.2)."""
    try:
        word = msgspec.json.decode(body, type=dict[str, Any]).get("error")
    except UNREADABLE:
        return ""
    return f", {word}" if isinstance(word, str) and word.isprintable() and len(word) < 50 else ""
