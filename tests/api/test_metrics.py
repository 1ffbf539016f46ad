"""What a scrape shows of a process: its start, its drawings, its memory, and whom it refused."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

from kilns import Kiln
from plotkiln.errors import StoreUnavailable
from plotkiln.service.vitals import Reading, Vitals
from plotkiln.workers.memory import memory_limit


def sample(text: str, name: str, **labels: str) -> float | None:
    """Return the value of one series, None where it is not exposed."""
    told = ",".join(f'{label}="{value}"' for label, value in labels.items())
    series = re.escape(f"plotkiln_{name}{{{told}}}" if told else f"plotkiln_{name}")
    found = re.search(rf"^{series} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def new_key(kiln: Kiln, scope: str) -> str:
    """Make an API key beside a server, and return it."""
    made = subprocess.run(
        [sys.executable, "-m", "plotkiln", "keys", "create", scope, "--scopes", scope],
        env={**kiln.environment(), "PLOTKILN_LOG_LEVEL": "ERROR"},
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip()


def test_a_start_is_measured(tmp_path: Path) -> None:
    """Each stage of a start, once; the first picture is cold or warm; stages, time and memory."""
    with Kiln(tmp_path) as kiln, kiln.client() as client:
        client.post("/plot", json={"y": [1, 2]}).raise_for_status()
        first = client.get("/metrics").text
        client.post("/plot", json={"y": [1, 3]}).raise_for_status()
        text = client.get("/metrics").text
    stages = {one: sample(text, "start_seconds", stage=one) for one in ("listening", "picture")}
    assert 0 < (stages["listening"] or 0) < (stages["picture"] or 0)
    assert sample(first, "start_seconds", stage="picture") == stages["picture"]
    starts = [sample(text, "first_pictures_total", start=one) for one in ("cold", "warm")]
    assert sorted(starts, key=str) == [0.0, 1.0]
    for stage in ("build", "draw", "encode"):
        assert sample(text, "render_stage_seconds_count", stage=stage) == 2
    assert sample(text, "render_queue_seconds_count", lane="request") == 2
    lived, age = (
        sample(text, "worker_seconds_total", state="busy"),
        sample(text, "pod_seconds_total"),
    )
    assert 0 < (lived or 0) < (age or 0)
    if sys.platform == "linux":
        for process in ("web", "zygote", "worker"):
            assert (sample(text, "memory_bytes", process=process) or 0) > 1 << 20
    assert sample(text, "memory_limit_bytes") == memory_limit()


def test_styles_are_counted_by_their_state(tmp_path: Path) -> None:
    """A picture in a stored style counts as fresh; a style that serves is no fault."""
    with Kiln(tmp_path) as kiln, kiln.client() as client:
        client.put("/styles/report", json={}, headers={"If-None-Match": "*"}).raise_for_status()
        picture = {"y": [1, 2], "style": "report"}
        client.post("/plot", json=picture).raise_for_status()
        text = client.get("/metrics").text
    assert sample(text, "styles_served_total", state="fresh") == 1
    assert sample(text, "styles_reachable") == 1
    assert "plotkiln_style_faults{" not in text


def test_refusals_count_by_their_reason(tmp_path: Path) -> None:
    """Whoever shows nothing, something that is no good, or lacks the scope, is counted so."""
    with Kiln(tmp_path, command=None, PLOTKILN_IDENTITY="1") as kiln, kiln.client() as client:
        admin, render = new_key(kiln, "admin"), new_key(kiln, "render")
        for token in ("", "pk_nonsense", render):
            shown = {"Authorization": f"Bearer {token}"} if token else {}
            assert client.get("/metrics", headers=shown).status_code in {401, 403}
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {admin}"})
    text = answer.raise_for_status().text
    refused = re.findall(
        r'^plotkiln_access_refused_total\{reason="(.*)"\} 1\.0', text, re.MULTILINE
    )
    assert {"nothing shown", "scope"} <= set(refused)
    assert len(refused) == 3


def test_what_a_store_does_not_tell_is_left_out() -> None:
    """A store that is away costs a scrape its readings, and nothing else."""

    async def away() -> list[Reading]:
        raise StoreUnavailable("Redis is away.")

    async def here() -> list[Reading]:
        return [("jobs", ("queued",), 1.0)]

    vitals = Vitals(known=[lambda: [("render_places", (), 4.0)]], asked=[away, here])
    assert asyncio.run(vitals.now()) == [("render_places", (), 4.0), ("jobs", ("queued",), 1.0)]
