"""Who asks, by the settings: opened where there is identity, and imported nowhere else."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette

from plotkiln.errors import SettingsError
from plotkiln.identity.api_keys import ApiKeys
from plotkiln.identity.grants import Grants
from plotkiln.identity.key_sets import KeySets
from plotkiln.identity.providers import OpenIdProvider
from plotkiln.identity.records import Records
from plotkiln.identity.sessions import Sessions
from plotkiln.identity.signatures import Signatures, read_ring
from plotkiln.identity.tokens import TokenRules
from plotkiln.identity.web import ProviderWeb
from plotkiln.service.credentials import EventSenders, IdentityService
from plotkiln.settings import Settings

if TYPE_CHECKING:
    from plotkiln.api.services import Services

__all__ = [
    "Identity",
    "attach_doors_of",
    "open_event_senders",
    "open_identity",
    "open_key_sets",
    "open_provider",
    "open_records",
    "signatures_of",
]

#: Where a pod finds what it shows to its cluster's API, and whom it trusts there.
_POD = Path("/var/run/secrets/kubernetes.io/serviceaccount")

_API = "kubernetes.default.svc"


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Everything by which a server knows who asks."""

    identities: IdentityService
    records: Records
    sessions: Sessions
    signatures: Signatures
    grants: Grants
    #: None: there are API keys alone.
    provider: OpenIdProvider | None


@asynccontextmanager
async def open_records(settings: Settings) -> AsyncIterator[Records]:
    """Open the records of secrets, where the settings say."""
    if settings.redis_url:
        from plotkiln.identity.records_redis import RedisRecords
        from plotkiln.state.redis import open_redis

        async with open_redis(settings.redis_url) as redis:
            yield RedisRecords(redis)
    else:
        from plotkiln.identity.records_sqlite import SqliteRecords
        from plotkiln.state import Database

        async with Database(settings.data / "state.sqlite") as database:
            records = SqliteRecords(database)
            await records.open()
            yield records


@asynccontextmanager
async def open_identity(settings: Settings) -> AsyncIterator[Identity]:
    """Open what knows people and programs; the provider is asked when its first token comes."""
    async with AsyncExitStack() as stack:
        records = await stack.enter_async_context(open_records(settings))
        provider = None
        if settings.oidc_issuer:
            provider = await stack.enter_async_context(open_provider(settings, records))
        sessions, signatures = Sessions(records), signatures_of(settings)
        grants = Grants(settings.oidc_scopes, settings.oidc_grants)
        identities = IdentityService(
            ApiKeys(records), sessions, signatures, provider=provider, grants=grants
        )
        yield Identity(
            identities=identities,
            records=records,
            sessions=sessions,
            signatures=signatures,
            grants=grants,
            provider=provider,
        )


@asynccontextmanager
async def open_key_sets(settings: Settings) -> AsyncIterator[KeySets]:
    """Open the keys of the provider, to be looked at."""
    async with (
        open_records(settings) as records,
        ProviderWeb(settings.oidc_ca_cert) as web,
        KeySets(settings.oidc_issuer, records, web) as keys,
    ):
        yield keys


@asynccontextmanager
async def open_provider(settings: Settings, records: Records) -> AsyncIterator[OpenIdProvider]:
    """Open the provider whose access tokens are taken."""
    rules = TokenRules(
        issuer=settings.oidc_issuer,
        audiences=frozenset(settings.oidc_audience),
        client=settings.oidc_client,
    )
    async with (
        ProviderWeb(settings.oidc_ca_cert) as web,
        KeySets(rules.issuer, records, web) as keys,
    ):
        yield _provider(settings, rules, keys, web)


@asynccontextmanager
async def open_event_senders(
    settings: Settings, *, pod: Path = _POD, api: str = _API
) -> AsyncIterator[EventSenders]:
    """Open what knows the senders of events by the tokens of a broker's own issuer.

    Where that is the API of the cluster that this process is a pod of (the host `api`), it is asked
    as a pod asks: by the cluster's certificate and the token in the folder `pod`, which no other
    host is shown.
    """
    rules = TokenRules(issuer=settings.events_issuer, audiences=frozenset(settings.events_audience))
    inward = _is_at(rules.issuer, api) and (pod / "token").exists()
    made = (
        ProviderWeb(pod / "ca.crt", pod / "token") if inward else ProviderWeb(settings.oidc_ca_cert)
    )
    async with (
        open_records(settings) as records,
        made as web,
        KeySets(rules.issuer, records, web, inward=inward) as keys,
    ):
        yield EventSenders(_provider(settings, rules, keys, web))


def signatures_of(settings: Settings) -> Signatures:
    """Return the keys of signed addresses; raises `SettingsError` where they are none."""
    return Signatures(read_ring(_secret(settings.signing_keys, settings.signing_keys_file)))


def attach_doors_of(
    app: Starlette, settings: Settings, identity: Identity, services: "Services"
) -> None:
    """Have an application serve the addresses of identity, and sign people in if it may."""
    from plotkiln.api.doors import Doors, attach_doors
    from plotkiln.service.addresses import AddressService
    from plotkiln.service.sessions import SessionService

    sessions = SessionService(identity.sessions, age=settings.session_hours * 3600)
    doors = Doors(
        sessions=sessions,
        addresses=AddressService(identity.signatures, services.charts, services.artifacts),
    )
    if settings.oidc_client and identity.provider is not None:
        from plotkiln.identity.code_flow import Client
        from plotkiln.identity.relying_party import RelyingParty
        from plotkiln.service.sign_in import SignInService

        secret = _secret(settings.oidc_secret, settings.oidc_secret_file)
        client = Client(settings.oidc_client, secret)
        party = RelyingParty(identity.provider, client, grants=identity.grants)
        doors = msgspec.structs.replace(
            doors, sign_in=SignInService(party, identity.records, sessions)
        )
    attach_doors(app, doors)


def _provider(
    settings: Settings, rules: TokenRules, keys: KeySets, web: ProviderWeb
) -> OpenIdProvider:
    return OpenIdProvider(keys, web, rules, algorithms=settings.oidc_algorithms)


def _is_at(issuer: str, api: str) -> bool:
    """Say whether an issuer is a cluster's API, with the cluster's domain or without."""
    parts = urlsplit(issuer)
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == api or host.startswith(f"{api}."))


def _secret(given: str, file: Path | None) -> str:
    if file is None:
        return given
    try:
        return file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error
