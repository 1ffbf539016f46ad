"""`plotkiln events`: what the embedded broker took, and where it went."""

import asyncio
import os
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from plotkiln.cli.exits import Exit
from plotkiln.cli.places import server_url
from plotkiln.cli.terminal import BOLD, GREEN, RED, YELLOW, paint
from plotkiln.errors import (
    CredentialError,
    ForbiddenError,
    NotFoundError,
    PlotkilnError,
    StoreUnavailable,
    UnavailableError,
)
from plotkiln.events.store import EventStore
from plotkiln.service.brokers import (
    DeliveryView,
    EventPage,
    EventView,
    ListedEvent,
    Replayed,
    event_page,
    event_view,
)
from plotkiln.settings import Settings, read_settings
from plotkiln.state import Database

__all__ = ["events"]

T = TypeVar("T", EventPage, EventView, Replayed)

#: Seconds that a server may take to answer.
_PATIENCE = 10.0

_COLORS = {"delivered": GREEN, "waiting": YELLOW, "dead": RED}

#: Events on one page, as the server has it.
_MOST = 500


def events(options: Namespace) -> Exit:
    """Run one act."""
    if options.act == "send":
        from plotkiln.cli.sending import send_event

        return send_event(options)
    if options.act in {"keep", "kept"}:
        from plotkiln.cli import dead_letters

        return dead_letters.keep() if options.act == "keep" else dead_letters.kept(options)
    settings = read_settings(os.environ)
    if options.act == "replay":
        _print_replayed(_asked(options, settings, Replayed, method="POST"), options)
    elif options.act == "show":
        _print_event(_event(options, settings), options)
    else:
        _print_page(_page(options, settings), options)
    return Exit.OK


def _page(options: Namespace, settings: Settings) -> EventPage:
    state = "dead" if options.act == "dead-letters" else options.state
    if options.stored:
        return asyncio.run(_stored_page(settings, options, state))
    query = {"limit": min(options.limit, _MOST), "before": options.before, "state": state}
    given = {name: value for name, value in query.items() if value is not None}
    return _asked(options, settings, EventPage, **given)


def _event(options: Namespace, settings: Settings) -> EventView:
    if options.stored:
        return asyncio.run(_stored_event(settings, options.number))
    return _asked(options, settings, EventView)


async def _stored_page(settings: Settings, options: Namespace, state: Any) -> EventPage:
    async with Database(_file(settings)) as database, EventStore(database) as store:
        return await event_page(store, before=options.before, limit=options.limit, state=state)


async def _stored_event(settings: Settings, number: int) -> EventView:
    async with Database(_file(settings)) as database, EventStore(database) as store:
        return await event_view(store, number)


def _file(settings: Settings) -> Path:
    file = settings.data / "events.sqlite"
    if not file.exists():
        raise NotFoundError(f"There is no {file}: no embedded broker ever ran on this folder.")
    return file


def _asked(
    options: Namespace, settings: Settings, kind: type[T], *, method: str = "GET", **query: Any
) -> T:
    """Ask a running server; raises the error that its answer stands for."""
    import httpx

    from plotkiln.client.tokens import authorization_of

    base = (options.url or server_url(settings)).rstrip("/")
    number = f"/{options.number}" if "number" in options else ""
    address = f"{base}/events{number}{'/replay' if method == 'POST' else ''}"
    shown = dict(authorization_of()())
    try:
        answer = httpx.request(method, address, params=query, headers=shown, timeout=_PATIENCE)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        hint = "" if method == "POST" else " --stored reads the data's folder without one."
        raise UnavailableError(f"{base}: no server answers ({error}).{hint}") from error
    if answer.is_success:
        return msgspec.json.decode(answer.content, type=kind)
    raise _refusal(answer.status_code, answer.content, base)


def _refusal(status: int, body: bytes, base: str) -> PlotkilnError:
    try:
        detail = msgspec.json.decode(body)["detail"]
    except (msgspec.DecodeError, KeyError, TypeError):
        detail = f"{base} answered {status}: is this plotkiln?"
    if status == 404:
        return NotFoundError(detail)
    if status in {401, 403}:
        return CredentialError(detail) if status == 401 else ForbiddenError(detail)
    return StoreUnavailable(detail) if status in {429, 503} else PlotkilnError(detail)


def _print_page(page: EventPage, options: Namespace) -> None:
    if options.json:
        _print_json(page)
        return
    for event in page.events:
        print(_row(event))
        _print_deliveries(event)
    if page.before:
        print(f"older: --before {page.before}")


def _print_event(event: EventView, options: Namespace) -> None:
    if options.json:
        _print_json(event)
        return
    print(_row(event))
    if event.cause:
        print(f"    reply to {event.cause}")
    _print_deliveries(event)
    print(msgspec.json.format(bytes(event.event), indent=2).decode())


def _print_deliveries(event: ListedEvent) -> None:
    for delivery in event.deliveries:
        print(f"    {_delivery(delivery)}")
    if not event.deliveries:
        print("    no trigger wanted it")


def _print_replayed(replayed: Replayed, options: Namespace) -> None:
    if options.json:
        _print_json(replayed)
        return
    what = "1 delivery" if replayed.deliveries == 1 else f"{replayed.deliveries} deliveries"
    print(f"{paint(str(replayed.number), BOLD)} is delivered once more: {what}")


def _row(event: ListedEvent) -> str:
    number = paint(f"{event.number:>8}", BOLD)
    arrived = event.arrived.isoformat(sep=" ", timespec="seconds").replace("+00:00", "Z")
    subject = f" {event.subject}" if event.subject else ""
    return f"{number} {arrived} {event.type}{subject}  {event.source} {event.id}"


def _delivery(delivery: DeliveryView) -> str:
    state = paint(f"{delivery.state:<9}", _COLORS[delivery.state])
    what = " (dead letter)" if delivery.dead_letter else ""
    plural = "" if delivery.attempts == 1 else "s"
    tried = f"{delivery.attempts} attempt{plural}"
    why = f": {delivery.status or 'no answer'} {delivery.detail}" if delivery.detail else ""
    return f"{state} {delivery.trigger}{what}, {tried}{why}"


def _print_json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
