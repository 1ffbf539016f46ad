"""Having an application know who asks, where the settings say so; without, nothing is loaded."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.applications import Starlette

from plotkiln.api.acceptance import attach_senders
from plotkiln.api.operations import Operation
from plotkiln.api.services import Services
from plotkiln.settings import Settings

__all__ = ["identified", "identity_operations"]


@asynccontextmanager
async def identified(
    app: Starlette, settings: Settings, services: Services | None = None
) -> AsyncIterator[None]:
    """Have an application know who asks, and who sends events, while inside.

    One with `services` has addresses by which people come in and go.
    """
    async with AsyncExitStack() as stack:
        if settings.identity:
            from plotkiln.cli.identities import attach_doors_of, open_identity

            identity = await stack.enter_async_context(open_identity(settings))
            app.state.identities = identity.identities
            app.state.public_url = settings.public_url  # whether browsers come by https
            if services is not None:
                attach_doors_of(app, settings, identity, services)
        if settings.events_accept == "oidc":
            from plotkiln.cli.identities import open_event_senders

            senders = await stack.enter_async_context(open_event_senders(settings))
            attach_senders(app, senders)
        yield


def identity_operations(settings: Settings) -> tuple[Operation, ...]:
    """Return the addresses by which people come in and go; none without identity."""
    if not settings.identity:
        return ()
    from plotkiln.api.identity_operations import OPERATIONS

    return OPERATIONS
