"""`plotkiln events send`: one CloudEvent to any sink."""

import os
import ssl
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.files import read_file
from plotkiln.cli.places import server_url
from plotkiln.cli.terminal import BOLD, GREEN, RED, paint
from plotkiln.errors import Fault, InputError, SettingsError, UnavailableError
from plotkiln.events.delivery import is_retried
from plotkiln.events.event import OPTIONAL, REQUIRED, CloudEvent, checked
from plotkiln.events.http_binding import from_http, to_binary, to_structured
from plotkiln.events.json_format import from_json, to_json
from plotkiln.settings import Settings, read_settings

if TYPE_CHECKING:
    import httpx

__all__ = ["send_event"]

#: Seconds that a sink may take: a broker of a cluster may deliver before it answers.
_PATIENCE = 60.0


def send_event(options: Namespace) -> Exit:
    """Send one event, once, and print the status and the reply."""
    settings = read_settings(os.environ)
    event = _event(options)
    answer = _post(options, settings, event)
    reply = _reply(answer)
    if options.json:
        shown = {"id": event.id, "status": answer.status_code, "reply": reply and _raw(reply)}
        print(msgspec.json.encode({**shown, "detail": _detail(answer)}).decode())
    else:
        _print(event, answer, reply)
    return _exit_of(answer.status_code)


def _exit_of(status: int) -> Exit:
    if 200 <= status < 300:
        return Exit.OK
    if status == 404:
        return Exit.NOT_FOUND
    if status in {401, 403}:
        return Exit.NOT_ALLOWED
    return Exit.UNAVAILABLE if is_retried(status) else Exit.INPUT


def _event(options: Namespace) -> CloudEvent:
    """Return the event of the file, changed by flags, or of flags alone."""
    given = from_json(read_file(options.file)) if options.file else None
    if given is None and options.type is None:
        raise InputError("An event has a type: give --type, or a file with the event.")
    flags = {name: getattr(options, name) for name in ("type", "source", "id", "subject", "time")}
    told = {name: value for name, value in flags.items() if value is not None}
    extensions = {**(given.extensions if given else {}), **_extensions(options.extension)}
    members = {**_defaults(), **_members(given), **told, **_data(options, given)}
    return checked(CloudEvent(**{**members, "extensions": extensions}))


def _defaults() -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": str(uuid4()), "source": "/cli", "time": now}


def _members(given: CloudEvent | None) -> dict[str, Any]:
    """Return what a file says; the time is not made up for an event that has none."""
    if given is None:
        return {}
    return {name: getattr(given, name) for name in (*REQUIRED, *OPTIONAL, "data")}


def _data(options: Namespace, given: CloudEvent | None) -> dict[str, Any]:
    if options.data is None:
        return {"datacontenttype": options.content_type} if options.content_type else {}
    text: str = options.data
    data = read_file(text[1:]) if text.startswith("@") else text.encode()
    kept = given.datacontenttype if given else None
    return {"data": data, "datacontenttype": options.content_type or kept or "application/json"}


def _extensions(pairs: list[str]) -> Mapping[str, str]:
    split = [pair.partition("=") for pair in pairs]
    faults = [
        Fault("--extension", f"expected NAME=VALUE, got {name!r}")
        for name, equals, _ in split
        if not equals
    ]
    if faults:
        raise InputError(faults=faults)
    return {name: value for name, _, value in split}


def _post(options: Namespace, settings: Settings, event: CloudEvent) -> "httpx.Response":
    import httpx

    sink = options.to or settings.sink or f"{server_url(settings)}/broker/default/default"
    message = to_structured(event) if options.mode == "structured" else to_binary(event)
    headers = [*message.headers, *_authorization(options, settings, sink)]
    try:
        return httpx.post(
            sink,
            content=message.body,
            headers=headers,
            timeout=_PATIENCE,
            verify=_trusted(settings),
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnavailableError(f"{sink}: {error or type(error).__name__}") from error


def _authorization(options: Namespace, settings: Settings, sink: str) -> list[tuple[str, str]]:
    """Return the token for a sink: one for K_SINK, one for our own server, none for any other."""
    if not options.to and settings.sink:
        return _sink_token(settings)
    from plotkiln.client.tokens import authorization_of

    if _origin(sink) not in {_origin(settings.url), _origin(server_url(settings))}:
        return []
    return list(authorization_of()().items())


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _sink_token(settings: Settings) -> list[tuple[str, str]]:
    try:
        return [("authorization", f"Bearer {settings.sink_token_file.read_text().strip()}")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SettingsError(f"{settings.sink_token_file}: {error.strerror}") from error


def _trusted(settings: Settings) -> ssl.SSLContext:
    trusted = ssl.create_default_context()
    if settings.ca_certs:
        try:
            trusted.load_verify_locations(cadata=settings.ca_certs)
        except ssl.SSLError as error:
            raise SettingsError(f"K_CA_CERTS holds no certificate: {error}") from error
    return trusted


def _reply(answer: "httpx.Response") -> CloudEvent | None:
    if not answer.is_success or not (answer.content or "ce-id" in answer.headers):
        return None
    try:
        return from_http(answer.headers.multi_items(), answer.content)
    except InputError:
        return None


def _raw(event: CloudEvent) -> msgspec.Raw:
    return msgspec.Raw(to_json(event))


def _detail(answer: "httpx.Response") -> str:
    return "" if answer.is_success else answer.text[:2000]


def _print(event: CloudEvent, answer: "httpx.Response", reply: CloudEvent | None) -> None:
    status = paint(
        f"{answer.status_code} {answer.reason_phrase}", GREEN if answer.is_success else RED
    )
    print(f"{paint(event.id, BOLD)} {status}")
    if reply is not None:
        print(msgspec.json.format(to_json(reply), indent=2).decode())
    elif detail := _detail(answer):
        print(detail)
