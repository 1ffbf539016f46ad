"""The live channel of `plotkiln serve`: what happens there is heard there."""

import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from ears import listening
from kilns import Kiln

pytestmark = pytest.mark.anyio

#: A browser finds the channel there.
ELSEWHERE = "https://live.charts.example/live"


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server on the embedded defaults."""
    with Kiln(tmp_path_factory.mktemp("kiln"), PLOTKILN_LIVE_URL=ELSEWHERE) as running:
        yield running


async def test_a_style_that_changes_is_news(kiln: Kiln) -> None:
    """A document that is written is heard of by who listens to its name, or to all styles."""
    async with listening(kiln.url, "styles/night") as one, listening(kiln.url, "styles") as all_:
        await one.hear()
        await all_.hear()
        async with httpx.AsyncClient(base_url=kiln.url) as client:
            for name in ("day", "night"):
                document = {"font": {"size": 9}}
                written = await client.put(
                    f"/styles/{name}", json=document, headers={"If-None-Match": "*"}
                )
                assert written.status_code == 201
        heard = await one.hear()
        assert (heard["type"], heard["subject"]) == ("plotkiln.style.changed", "night")
        assert heard["data"]["name"] == "night"
        assert [(await all_.hear())["subject"] for _ in range(2)] == ["day", "night"]


async def test_a_named_picture_that_is_redrawn_is_news(kiln: Kiln) -> None:
    """A hit is counted, its picture is drawn, and who listens to that name hears of it."""
    async with listening(kiln.url, "artifacts/hits-news.png") as ear:
        await ear.hear()
        async with httpx.AsyncClient(base_url=kiln.url) as client:
            await client.get("/hits/news")
        heard = await ear.hear(within=60)
        assert (heard["type"], heard["subject"]) == ("plotkiln.artifact.updated", "hits-news.png")


async def test_a_job_is_followed_to_its_end(kiln: Kiln) -> None:
    """Its changes come in order, the newest at least, and its end once."""
    async with listening(kiln.url, "jobs") as ear:
        await ear.hear()
        async with httpx.AsyncClient(base_url=kiln.url) as client:
            accepted = await client.post("/jobs", json={"x": [1, 2, 3], "y": [3, 1, 2]})
            assert accepted.status_code == 202
        heard = await ear.hear_until("plotkiln.job.finished", within=60)
        assert {event["subject"] for event in heard} == {accepted.json()["id"]}
        assert heard[-1]["data"]["state"] == "succeeded"
        versions = [event["data"]["version"] for event in heard]
        assert versions == sorted(versions)


def test_browsers_learn_where_else_the_channel_is(kiln: Kiln) -> None:
    """The setting is told by an address, and the web app's policy lets pages go there."""
    with kiln.client() as client:
        assert client.get("/live/address").json() == {"url": ELSEWHERE}
        policy = client.get("/").headers["Content-Security-Policy"]
        if "script-src" not in policy:
            pytest.skip("the web app is not built")
        rule = next(part.split() for part in policy.split("; ") if part.startswith("connect-src"))
        elsewhere = ["https://live.charts.example", "wss://live.charts.example"]
        assert rule == ["connect-src", "'self'", *elsewhere]


def test_the_channel_is_described(kiln: Kiln) -> None:
    """OpenAPI says what the handshake takes, and what a plain request gets."""
    with kiln.client() as client:
        described = client.get("/openapi.json").json()["paths"]["/live"]["get"]
    assert set(described["responses"]) >= {"101", "426"}
    assert {one["name"] for one in described["parameters"]} == {"after", "ticket", "topic"}


@pytest.mark.parametrize(
    ("modules", "never"),
    [
        (
            "plotkiln.cli.serve, plotkiln.cli.composition, plotkiln.cli.server",
            ("websockets", "matplotlib", "numpy", "redis"),
        ),
        (
            "plotkiln.cli.live, plotkiln.live.programs, plotkiln.live.sockets, plotkiln.cli.server",
            ("matplotlib", "numpy", "PIL", "plotkiln.render"),
        ),
    ],
)
def test_only_what_is_needed_is_imported(modules: str, never: tuple[str, ...]) -> None:
    """A server without sockets loads no WebSocket library, and the channel's nothing that draws."""
    program = f"import sys, {modules}; print([name for name in {never} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert shown.stdout.strip() == b"[]"
