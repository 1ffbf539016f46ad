"""Who asks, by everything that a request may show, each alone and several at once."""

from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from cluster_apis import ClusterApi
from event_sinks import Authority
from issuers import AUDIENCE, Issuer
from plotkiln.cli.identities import Identity, _is_at, open_event_senders, open_identity
from plotkiln.errors import CredentialError, ForbiddenError, StoreUnavailable
from plotkiln.identity import NOBODY, Principal, Scope
from plotkiln.identity.api_keys import ApiKeys
from plotkiln.service.credentials import EventSenders
from plotkiln.service.identities import Shown
from plotkiln.settings import Settings, read_settings

pytestmark = pytest.mark.anyio

PICTURE = "/artifacts/hits.png"
ADA = Principal("user:ada", frozenset({Scope.JOBS}))
UNTIL = 4_000_000_000


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Return the settings of a server with identity."""
    ring = f"k:{b64encode(bytes(32)).decode()}"
    return {"PLOTKILN_DATA": str(data), "PLOTKILN_SIGNING_KEYS": ring, **settings}


@pytest.fixture
async def identity(issuer: Issuer, tmp_path: Path) -> AsyncIterator[Identity]:
    """Open what knows people and programs as a server does."""
    settings = environment(
        tmp_path,
        PLOTKILN_OIDC_ISSUER=issuer.url,
        PLOTKILN_OIDC_AUDIENCE=AUDIENCE,
        PLOTKILN_OIDC_SCOPES="styles:read",
        PLOTKILN_OIDC_GRANTS="groups/design=styles:write",
    )
    async with open_identity(read_settings(settings)) as opened:
        yield opened


async def who(identity: Identity, **shown: str | bool) -> Principal:
    """Return who asks."""
    return await identity.identities.principal(msgspec.convert(shown, Shown))


async def refused(identity: Identity, **shown: str | bool) -> str:
    """Return the rule by which what is shown is refused."""
    with pytest.raises(CredentialError) as found:
        await who(identity, **shown)
    return found.value.reason


async def test_whoever_shows_nothing_is_nobody(identity: Identity) -> None:
    """Nothing, and a CSRF token alone, say nothing."""
    assert await who(identity) is NOBODY
    assert await who(identity, csrf="x", address="/plot?style=dark", is_safe=False) is NOBODY


async def test_a_token_says_what_somebody_may(identity: Identity, issuer: Issuer) -> None:
    """Its own scopes, those of everybody, and those of their groups; until it expires."""
    machine = await who(identity, token=issuer.token("render"))
    assert machine.name == "client:machine"
    assert machine.scopes == {Scope.RENDER, Scope.STYLES_READ}
    person = await who(identity, token=issuer.sign_in("ada", "jobs")["access_token"])
    assert person.name == "user:ada"
    assert person.scopes == {Scope.JOBS, Scope.STYLES_READ, Scope.STYLES_WRITE}
    late = await who(identity, token=issuer.mint(exp=UNTIL))
    assert late.expires == UNTIL


async def test_no_kind_poses_as_another(identity: Identity, issuer: Issuer) -> None:
    """Whatever a subject looks like, its principal is a user's."""
    for subject in ("key:ci", "anonymous", "signed:k", "nobody"):
        assert (await who(identity, token=issuer.mint(sub=subject))).name == f"user:{subject}"


async def test_a_client_that_is_called_like_a_person_is_another(
    identity: Identity, issuer: Issuer
) -> None:
    """What a program is known by is its own, whatever the claim that names it."""
    issuer.register(
        "ada",
        client_secret="own",  # noqa: S106 -- of a client that is made here
        grant_types=["client_credentials"],
        response_types=[],
        redirect_uris=[],
    )
    assert (await who(identity, token=issuer.token(client="ada"))).name == "client:ada"
    for claim in ("client_id", "azp", "cid", "appid"):
        token = issuer.mint(**{"sub": "ada", "client_id": None, claim: "ada"})
        assert (await who(identity, token=token)).name == "client:ada"
    assert (await who(identity, token=issuer.mint(sub="ada", azp="desk"))).name == "user:ada"


async def test_keys_sessions_tickets_and_addresses(identity: Identity) -> None:
    """Each is known, by a name of its kind."""
    key = await ApiKeys(identity.records).create("ci", frozenset({Scope.EVENTS}))
    assert await who(identity, token=key.secret) == key.key.as_principal
    assert key.key.as_principal.name == "key:ci"
    assert key.key.as_principal.scopes == {Scope.EVENTS}
    secret, session = await identity.sessions.create(ADA, age=60)
    assert await who(identity, session=secret) == session.as_principal(secret)
    ticket, _ = await identity.sessions.issue_ticket(ADA)
    assert await who(identity, ticket=ticket) == ADA
    signed = await who(identity, address=identity.signatures.sign(PICTURE, UNTIL))
    assert (signed.name, signed.is_signed) == ("signed:k", True)


async def test_what_is_no_good_is_refused(identity: Identity) -> None:
    """Each by its own rule; a ticket by the second use."""
    ticket, _ = await identity.sessions.issue_ticket(ADA)
    await who(identity, ticket=ticket)
    assert await refused(identity, ticket=ticket) == "ticket"
    assert await refused(identity, session="guessed") == "session"
    assert await refused(identity, token="pk_") == "api key"  # noqa: S106 -- nobody's
    assert await refused(identity, token="guessed") == "form"  # noqa: S106 -- as above
    assert await refused(identity, address=f"{PICTURE}?signature=a") == "signed address"


async def test_a_session_writes_by_our_pages_alone(identity: Identity) -> None:
    """A write needs the session's CSRF token; looking does not."""
    secret, session = await identity.sessions.create(ADA, age=60)
    for wrong in ("", "guessed", "ä"):
        with pytest.raises(ForbiddenError):
            await who(identity, session=secret, csrf=wrong, is_safe=False)
    assert await who(identity, session=secret, csrf=session.csrf, is_safe=False)
    other, _ = await identity.sessions.create(ADA, age=60)
    with pytest.raises(ForbiddenError):
        await who(identity, session=other, csrf=session.csrf, is_safe=False)


async def test_what_is_said_on_purpose_goes_first(identity: Identity, issuer: Issuer) -> None:
    """A token, then a signed address, then a ticket, then the session; each decides alone."""
    secret, _ = await identity.sessions.create(ADA, age=60)
    ticket, _ = await identity.sessions.issue_ticket(ADA)
    address = identity.signatures.sign(PICTURE, UNTIL)
    every: dict[str, str | bool] = {
        "token": issuer.mint(sub="bob"),
        "address": address,
        "ticket": ticket,
        "session": secret,
    }
    names = []
    while every:
        names.append((await who(identity, **every)).name)
        every.pop(next(iter(every)))
    assert names == ["user:bob", "signed:k", "user:ada", "user:ada"]
    # a token that is no good is not made up for by a good session
    assert await refused(identity, token="guessed", session=secret) == "form"  # noqa: S106 -- as above
    # and a write by token needs no CSRF token
    shown = {"token": issuer.mint(sub="bob"), "session": secret}
    assert (await who(identity, **shown, is_safe=False)).name == "user:bob"


async def test_without_a_provider_tokens_are_refused(issuer: Issuer, tmp_path: Path) -> None:
    """A server that knows API keys alone asks no provider."""
    settings = read_settings(environment(tmp_path, PLOTKILN_IDENTITY="1"))
    async with open_identity(settings) as identity:
        assert await refused(identity, token=issuer.mint()) == "token"


async def test_a_provider_that_is_away_is_no_refusal(tmp_path: Path) -> None:
    """Where it cannot be said whether a token is good, it is not said to be bad."""
    head = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ"
    settings = environment(
        tmp_path,
        PLOTKILN_OIDC_ISSUER="http://127.0.0.1:9",
        PLOTKILN_OIDC_AUDIENCE=AUDIENCE,
    )
    async with open_identity(read_settings(settings)) as identity:
        with pytest.raises(StoreUnavailable):
            await who(identity, token=f"{head}.e30.c2ln")
        key = await ApiKeys(identity.records).create("ci", frozenset({Scope.EVENTS}))
        assert (await who(identity, token=key.secret)).name == "key:ci"


async def test_senders_of_events(issuer: Issuer, tmp_path: Path) -> None:
    """Whoever has a token for our events may send some, and nothing else."""
    settings = environment(
        tmp_path,
        PLOTKILN_EVENTS="oidc",
        PLOTKILN_EVENTS_ISSUER=issuer.url,
        PLOTKILN_EVENTS_AUDIENCE="events",
    )
    async with open_event_senders(read_settings(settings)) as senders:
        assert await senders.principal(Shown()) is NOBODY
        # as Kubernetes signs those of a service account: without a type, for one audience
        account = "system:serviceaccount:default:broker"
        claims = issuer.claims(aud=["events"], sub=account, scope=None, client_id=None)
        found = await senders.principal(Shown(token=issuer.key.token(claims, typ=None)))
        assert found.name == f"event:{account}"
        assert found.scopes == {Scope.EVENTS}
        await _refuses(senders, issuer.mint(), "audience")
        await _refuses(senders, issuer.mint(aud="plot", sub=account), "audience")
        await _refuses(senders, "pk_0123_secret", "form")


async def _refuses(senders: EventSenders, token: str, reason: str) -> None:
    with pytest.raises(CredentialError) as found:
        await senders.principal(Shown(token=token))
    assert found.value.reason == reason


@pytest.fixture
def pod(tmp_path: Path) -> tuple[Path, Path]:
    """Make a pod's folder, with the token and the authority that it trusts; and a certificate."""
    folder = tmp_path / "serviceaccount"
    folder.mkdir()
    authority = Authority(tmp_path)
    folder.joinpath("ca.crt").write_text(authority.pem)
    folder.joinpath("token").write_text("the pod's own\n")
    return folder, authority.issue()


def in_cluster(api: ClusterApi, data: Path) -> Settings:
    """Return the settings of a server that takes the events of its cluster's brokers."""
    return read_settings(
        environment(
            data,
            PLOTKILN_EVENTS="oidc",
            PLOTKILN_EVENTS_ISSUER=api.url,
            PLOTKILN_EVENTS_AUDIENCE="events",
        )
    )


async def test_a_cluster_is_asked_as_a_pod_asks(pod: tuple[Path, Path], tmp_path: Path) -> None:
    """By the pod's token, its authority alone trusted, at the one host that is to see it."""
    folder, certificate = pod
    with ClusterApi(certificate, "the pod's own") as api:
        async with open_event_senders(in_cluster(api, tmp_path), pod=folder, api="127.0.0.1") as of:
            account = "system:serviceaccount:default:broker"
            sender = await of.principal(Shown(token=api.token(account, "events")))
            assert sender.name == f"event:{account}"
            await _refuses(of, api.token(account, "other"), "audience")
        assert api.shown == ["Bearer the pod's own"] * 2


async def test_no_other_issuer_is_shown_a_pod_s_token(
    pod: tuple[Path, Path], tmp_path: Path
) -> None:
    """An issuer that is not the cluster's API is asked without, though it be trusted."""
    folder, certificate = pod
    with ClusterApi(certificate, "the pod's own") as api:
        trusting = msgspec.structs.replace(
            in_cluster(api, tmp_path), oidc_ca_cert=folder / "ca.crt"
        )
        async with open_event_senders(trusting, pod=folder) as of:
            with pytest.raises(StoreUnavailable):
                await of.principal(Shown(token=api.token("a", "events")))
        assert api.shown == [""]


@pytest.mark.parametrize(
    ("issuer", "is_api"),
    [
        ("https://kubernetes.default.svc", True),
        ("https://kubernetes.default.svc.cluster.local", True),
        ("https://kubernetes.default.svc.cluster.local:443/", True),
        ("http://kubernetes.default.svc", False),
        ("https://kubernetes.default.svc@evil.example", False),
        ("https://evil.example/kubernetes.default.svc", False),
        ("https://kubernetes.default.svcs", False),
        ("https://oidc.eks.eu-central-1.amazonaws.com/id/1", False),
    ],
)
def test_which_issuer_is_a_cluster_s_api(issuer: str, is_api: bool) -> None:
    """By its host, with the cluster's domain or without, and over TLS alone."""
    assert _is_at(issuer, "kubernetes.default.svc") is is_api
