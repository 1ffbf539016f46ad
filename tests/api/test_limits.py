"""Limits over HTTP: who is refused, why, for how long, and who is not."""

import base64
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from issuers import Issuer
from kilns import Kiln
from people import guarded_kiln

SLOW = {"kind": "scatter", "y": [number * 7919 % 1000 for number in range(150_000)]}


@pytest.fixture(scope="module")
def limited(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that lets each principal ask once a minute, after a burst."""
    with guarded_kiln(issuer, tmp_path_factory.mktemp("limited"), PLOTKILN_RATE="1") as running:
        yield running


def client_of(kiln: Kiln, issuer: Issuer, name: str, scope: str = "render") -> httpx.Client:
    """Return somebody's client."""
    token = issuer.mint(sub=name, scope=scope)
    return httpx.Client(base_url=kiln.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def test_who_asks_too_often_is_told_when(limited: Kiln, issuer: Issuer) -> None:
    """Past the burst it is 429 with the time to wait; others, and what is open to all, go on."""
    with client_of(limited, issuer, "ada") as ada, client_of(limited, issuer, "bob") as bob:
        answers = [ada.get("/charts/" + "a" * 26) for _ in range(40)]
        counted = Counter(answer.status_code for answer in answers)
        assert counted == {404: 20, 429: 20}
        refused = answers[-1]
        assert refused.json()["type"].endswith("#limit")
        assert refused.json()["reason"] == "rate"
        assert int(refused.headers["retry-after"]) >= 1
        assert bob.get("/charts/" + "a" * 26).status_code == 404
        assert ada.get("/health/ready").status_code == 200
    with client_of(limited, issuer, "root", "admin") as root:
        assert 'plotkiln_limits_refused_total{reason="rate"}' in root.get("/metrics").text


def test_tickets_are_counted_and_told(limited: Kiln, issuer: Issuer) -> None:
    """Whoever makes tickets is held to the rate as with all else, and named in the log."""
    with client_of(limited, issuer, "tess") as tess:
        counted = Counter(tess.post("/live/tickets").status_code for _ in range(40))
    assert counted == {200: 20, 429: 20}
    told = [line for line in limited.log.read_text().splitlines() if '"/live/tickets"' in line]
    assert len(told) == 40
    assert all('"user:tess"' in line for line in told)


def test_a_picture_that_is_refused_is_a_picture(limited: Kiln, issuer: Issuer) -> None:
    """An image is told by an image, as of every error."""
    with client_of(limited, issuer, "eve") as eve:
        answers = [eve.get("/charts/" + "a" * 26 + ".png") for _ in range(40)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["content-type"] == "image/svg+xml"


def test_renders_at_once_are_bounded(issuer: Issuer, tmp_path: Path) -> None:
    """Past its renders at once a principal is refused; another is not, nor is what is kept."""
    with (
        guarded_kiln(issuer, tmp_path, PLOTKILN_CONCURRENCY="1", PLOTKILN_WORKERS="1") as kiln,
        client_of(kiln, issuer, "ada", "render admin") as ada,
        client_of(kiln, issuer, "bob") as bob,
        ThreadPoolExecutor(8) as threads,
    ):
        stored = ada.post("/charts", json={"y": [1, 2]}).json()["url"]
        kept = ada.get(stored)
        drawing = [
            threads.submit(ada.post, "/plot", json={**SLOW, "title": f"{number}"})
            for number in range(4)
        ]
        foreign = threads.submit(bob.post, "/plot", json={**SLOW, "title": "bob"})
        again = [ada.get(stored) for _ in range(10)]
        unchanged = ada.get(stored, headers={"If-None-Match": kept.headers["etag"]})
        counted = Counter(one.result().status_code for one in drawing)
        assert set(counted) == {200, 429}
        refused = next(one.result() for one in drawing if one.result().status_code == 429)
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["reason"] == "concurrency"
        assert foreign.result().status_code == 200
        assert {answer.status_code for answer in again} == {200}
        assert unchanged.status_code == 304
        assert 'limits_refused_total{reason="concurrency"}' in ada.get("/metrics").text


def test_stored_charts_are_bounded(tmp_path: Path) -> None:
    """A chart beyond the quota is 429; one that is only posted is drawn, yet has no address."""
    spec = {"data": {"a": [0.123456] * 60_000}, "y": "a"}  # more than half of a MiB
    with Kiln(tmp_path, PLOTKILN_CHART_QUOTA="1") as kiln, kiln.client() as client:
        assert client.post("/charts", json={**spec, "title": "1"}).status_code == 201
        refused = client.post("/charts", json={**spec, "title": "2"})
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) == 86_400
        assert "PLOTKILN_CHART_QUOTA" in refused.json()["detail"]
        assert refused.json()["reason"] == "quota"
        posted = client.post("/plot", json={**spec, "title": "3"})
        assert posted.status_code == 200
        assert "content-location" not in posted.headers
        assert client.post("/charts", json={**spec, "title": "1"}).status_code == 201
        assert 'limits_refused_total{reason="quota"} 1.0' in client.get("/metrics").text


def test_readers_of_signed_addresses_do_not_know_each_other(issuer: Issuer, tmp_path: Path) -> None:
    """Each signed address is drawn for itself: a page of them is there, whatever one may draw."""
    key = f"k1:{base64.b64encode(bytes(range(32))).decode()}"
    with (
        guarded_kiln(issuer, tmp_path, PLOTKILN_CONCURRENCY="1", PLOTKILN_SIGNING_KEYS=key) as kiln,
        client_of(kiln, issuer, "ada") as ada,
        kiln.client() as reader,
        ThreadPoolExecutor(6) as threads,
    ):
        signed = []
        for number in range(6):
            stored = ada.post("/charts", json={"y": [1, number]}).json()["url"]
            signed.append(ada.post("/addresses", json={"address": stored}).json()["address"])
        answers = list(threads.map(reader.get, signed))
    assert [answer.status_code for answer in answers] == [200] * 6
