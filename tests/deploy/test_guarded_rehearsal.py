"""Production as its manifests say it, on one machine: who is asked for a name, and who not."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from manifests.objects import Overlay

from conftest import require
from issuers import Issuer
from redis_servers import RedisServer
from rehearsals import Rehearsal, rehearsal
from s3_servers import S3Server
from servers import Consul, wait_until

AUDIENCE = "https://charts.example"
SPEC = {"x": [1, 2, 3], "y": [4, 1, 7]}


@pytest.fixture(scope="module")
def site(
    overlays: Callable[[str], Overlay],
    consul: Consul,
    redis_server: RedisServer,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Rehearsal]:
    """Start every Service of the production overlay on real stores and a real provider."""
    require(S3Server.binary(), "moto_server")
    redis_server.command("FLUSHALL")
    folder = tmp_path_factory.mktemp("site")
    (folder / "token").write_text("any")
    with S3Server() as s3:
        s3.bucket("plotkiln-pictures")
        hosts = {
            "https://consul.example:8501": f"http://{urlsplit(consul.url).netloc}",
            "https://login.example": issuer.url,
            "/run/secrets/consul/token": str(folder / "token"),
        }
        given = {
            **s3.settings(),
            "PLOTKILN_REDIS_URL": redis_server.url,
            "PLOTKILN_OIDC_CLIENT_SECRET": "given",
            "PLOTKILN_SIGNING_KEYS": "2026:" + "A" * 43 + "=",
        }
        with rehearsal(overlays("production"), folder, hosts=hosts, secrets=given) as started:
            yield started


@pytest.mark.parametrize("name", ["plot", "render", "hit-picture"])
def test_nobody_draws_without_a_name(site: Rehearsal, name: str) -> None:
    """Inside as outside, a picture is drawn for those whom the provider knows."""
    url = f"{site.services[name].url}/plot"
    assert httpx.post(url, json=SPEC, timeout=60).status_code == 401


def test_whoever_has_a_token_is_served(site: Rehearsal, issuer: Issuer) -> None:
    """An access token for the audience that the settings say draws a picture."""
    shown = {"Authorization": f"Bearer {issuer.token(audience=AUDIENCE)}"}
    url = f"{site.services['plot'].url}/plot"
    answer = httpx.post(url, json=SPEC, headers=shown, timeout=60)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\x89PNG")


def test_the_broker_needs_none(site: Rehearsal) -> None:
    """What it delivers is counted and drawn, though it says nobody's name."""
    event = {"specversion": "1.0", "id": "1", "source": "/tests", "type": "plotkiln.new_hit"}
    headers = {f"ce-{name}": value for name, value in {**event, "subject": "guarded"}.items()}
    assert httpx.post(site.ingress, headers=headers, timeout=60).status_code == 202
    page = f"{site.services['hit-homepage'].url}/counters/guarded"
    wait_until(lambda: httpx.get(page, timeout=60).json().get("total") == 1, 60, every=0.2)
    picture = f"{site.services['hit-homepage'].url}/artifacts/hits-guarded.png"
    wait_until(lambda: httpx.get(picture, timeout=60).status_code == 200, 120, every=0.2)
