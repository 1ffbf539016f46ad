"""The environment variables that say who may do what, and how much of it."""

from plotkiln.settings.forms import (
    algorithms,
    flag,
    folder,
    grants,
    issuer,
    number,
    one_of,
    origins,
    scopes,
    site,
    whole,
    words,
)
from plotkiln.settings.variable import Variable

__all__ = ["ACCESS_VARIABLES"]

_BYTES = 1 << 20  # most MiB that a size setting takes: 1 TiB

_IDENTITY = (
    Variable(
        "PLOTKILN_IDENTITY",
        "identity",
        flag,
        "1: whoever asks must say who they are; as where PLOTKILN_OIDC_ISSUER is set.",
    ),
    Variable(
        "PLOTKILN_OIDC_ISSUER",
        "oidc_issuer",
        issuer,
        "URL of the OpenID provider whose tokens are taken.",
    ),
    Variable(
        "PLOTKILN_OIDC_AUDIENCE",
        "oidc_audience",
        words,
        "Audiences that access tokens may be for, separated by commas.",
    ),
    Variable(
        "PLOTKILN_OIDC_ALGORITHMS",
        "oidc_algorithms",
        algorithms,
        "Algorithms that tokens may be signed with, separated by commas.",
    ),
    Variable(
        "PLOTKILN_OIDC_SCOPES",
        "oidc_scopes",
        scopes,
        "Scopes of everybody whom the provider knows, separated by commas.",
    ),
    Variable(
        "PLOTKILN_OIDC_GRANTS",
        "oidc_grants",
        grants,
        "Further scopes by claim: groups/design=styles:read+styles:write, separated by commas.",
    ),
    Variable(
        "PLOTKILN_OIDC_CLIENT_ID",
        "oidc_client",
        str,
        "What the provider knows this server as; with it, people sign in to the web app.",
    ),
    Variable(
        "PLOTKILN_OIDC_CLIENT_SECRET",
        "oidc_secret",
        str,
        "Secret of that client, where it has one.",
    ),
    Variable(
        "PLOTKILN_OIDC_CLIENT_SECRET_FILE",
        "oidc_secret_file",
        folder,
        "File with that secret; it wins over the variable.",
    ),
    Variable(
        "PLOTKILN_OIDC_CACERT",
        "oidc_ca_cert",
        folder,
        "File with the CA certificates to trust for the provider, in PEM.",
    ),
    Variable(
        "PLOTKILN_PUBLIC_URL",
        "public_url",
        site,
        "Address at which browsers find this server.",
    ),
    Variable(
        "PLOTKILN_SESSION_HOURS",
        "session_hours",
        number(0.1),
        "Hours for which one stays signed in.",
    ),
    Variable(
        "PLOTKILN_SIGNING_KEYS",
        "signing_keys",
        str,
        "Keys of signed addresses, id:base64, separated by commas; the first one signs.",
    ),
    Variable(
        "PLOTKILN_SIGNING_KEYS_FILE",
        "signing_keys_file",
        folder,
        "File with those keys; it wins over the variable.",
    ),
    Variable(
        "PLOTKILN_EVENTS",
        "events_accept",
        one_of("open", "oidc", "anyone", "off"),
        "Whose events POST /events takes: as identity says, by token, anyone's, nobody's (404).",
    ),
    Variable(
        "PLOTKILN_EVENTS_ISSUER",
        "events_issuer",
        issuer,
        "URL of the issuer of the tokens that events come with.",
    ),
    Variable(
        "PLOTKILN_EVENTS_AUDIENCE",
        "events_audience",
        words,
        "Audiences that those tokens may be for, separated by commas.",
    ),
)

_LIMITS = (
    Variable(
        "PLOTKILN_RATE",
        "rate",
        whole(0, 1_000_000),
        "Requests a minute of one principal; 0: no bound.",
    ),
    Variable(
        "PLOTKILN_CONCURRENCY",
        "concurrency",
        whole(0, 10_000),
        "Renders of one principal that may run or wait at once; 0: no bound.",
    ),
    Variable(
        "PLOTKILN_CHART_QUOTA",
        "chart_quota",
        whole(0, _BYTES),
        "MiB of charts that one principal may store; 0: no bound.",
    ),
    Variable(
        "PLOTKILN_BODY_TIMEOUT",
        "body_timeout",
        number(1),
        "Seconds in which a request body must have arrived.",
    ),
    Variable(
        "PLOTKILN_CORS_ORIGINS",
        "cors_origins",
        origins,
        "Origins whose pages may ask this server, separated by commas.",
    ),
)

_COSTS = (
    Variable(
        "PLOTKILN_POD_PRICE",
        "pod_price",
        number(0),
        "Price of one pod-hour, in any currency; the account counts in it.",
    ),
)

_CLIENT = (
    Variable("PLOTKILN_TOKEN", "token", str, "Access token or API key that clients send."),
    Variable(
        "PLOTKILN_TOKEN_FILE",
        "token_file",
        folder,
        "File with that token, read again for each request; it wins over the variable.",
    ),
)

ACCESS_VARIABLES = (*_IDENTITY, *_LIMITS, *_COSTS, *_CLIENT)
