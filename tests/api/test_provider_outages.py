"""Servers that start from nothing, keys that turn, and a provider that is away, all at once."""

from pathlib import Path

from issuers import AUDIENCE, Issuer
from kilns import Kiln


def kiln(issuer: Issuer, data: Path, redis_url: str) -> Kiln:
    """Return a server that shares its stores with others, and no folder."""
    return Kiln(
        data,
        PLOTKILN_OIDC_ISSUER=issuer.url,
        PLOTKILN_OIDC_AUDIENCE=AUDIENCE,
        PLOTKILN_REDIS_URL=redis_url,
        PLOTKILN_RATE="0",
    )


def statuses(server: Kiln, *tokens: str) -> list[int]:
    """Return what each token is answered."""
    with server.client() as client:
        return [
            client.get("/styles", headers={"Authorization": f"Bearer {token}"}).status_code
            for token in tokens
        ]


def asked(issuer: Issuer) -> int:
    """Return how often the provider was asked for its keys."""
    return issuer.counts().get("/jwks", 0)


def test_a_cold_start_while_the_provider_is_away(
    own_issuer: Issuer, redis_url: str, tmp_path: Path
) -> None:
    """A new server takes what the last one took, by the keys that it kept, and asks nobody.

    What it cannot look into is 503; what is no good, whatever the provider would say, is 401.
    """
    first = own_issuer.token("styles:read")
    with kiln(own_issuer, tmp_path / "one", redis_url) as one:
        assert statuses(one, first, first) == [200, 200]
        assert asked(own_issuer) == 1
        own_issuer.rotate("second")
        second = own_issuer.token("styles:read")
        assert statuses(one, second, first) == [200, 200]
        assert asked(own_issuer) == 2
    own_issuer.rotate("third")
    third = own_issuer.token("styles:read")
    own_issuer.go_away()
    with kiln(own_issuer, tmp_path / "two", redis_url) as two:
        assert statuses(two, first, second) == [200, 200]
        assert asked(own_issuer) == 2
        assert statuses(two, *[third] * 10, "x.y.z") == [*[503] * 10, 401]
        assert statuses(two, first) == [200]
        # not once for each of these, but once in 30 seconds
        assert own_issuer.counts()["/.well-known/openid-configuration"] in {3, 4}
