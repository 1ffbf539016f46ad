"""The place of a cluster's dead letters: `plotkiln events keep`, and `kept`."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kilns import Kiln
from plotkiln.artifacts import open_renderings
from servers import wait_until

COMMAND = [sys.executable, "-m", "plotkiln", "events"]

#: A hit, as a Broker delivers it that gave it up.
LETTER = {
    "specversion": "1.0",
    "id": "1",
    "source": "/hits/",
    "type": "plotkiln.new_hit",
    "subject": "home",
    "datacontenttype": "application/json",
    "data": {"any": "thing"},
}
GIVEN_UP = {
    "knativeerrordest": "http://hit-counter.plotkiln.svc.cluster.local",
    "knativeerrorcode": 422,
    "knativeerrordata": "bm8=",
}


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Kiln]:
    """Start the program."""
    place = (tmp_path / "pictures").as_uri()
    kiln = Kiln(tmp_path / "data", command=[*COMMAND, "keep"], PLOTKILN_ARTIFACTS_URL=place)
    kiln.launch()
    wait_until(kiln.ready, 60)
    yield kiln
    kiln.__exit__(None, None, None)


def deliver(kiln: Kiln, path: str = "/", **members: Any) -> int:
    """Deliver the letter as a Broker does; return the status."""
    answer = httpx.post(
        kiln.url + path,
        content=json.dumps({**LETTER, **GIVEN_UP, **members}),
        headers={"Content-Type": "application/cloudevents+json"},
        timeout=30,
    )
    return answer.status_code


def kept(folder: Path, *arguments: str) -> str:
    """Run `plotkiln events kept`; return what it prints."""
    place = (folder / "pictures").as_uri()
    return subprocess.run(
        [*COMMAND, "kept", *arguments],
        env={**os.environ, "PLOTKILN_ARTIFACTS_URL": place, "PLOTKILN_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_what_was_given_up_is_kept_with_the_reason(keeper: Kiln, tmp_path: Path) -> None:
    """Each letter is there once, however often it comes, and says where it could not go and why."""
    assert deliver(keeper) == deliver(keeper, "/events") == 204
    assert deliver(keeper, id="2", knativeerrorcode=503) == 204
    letters = json.loads(kept(tmp_path, "--json"))
    assert {(one["id"], one["code"]) for one in letters} == {("1", "422"), ("2", "503")}
    assert {one["destination"] for one in letters} == {GIVEN_UP["knativeerrordest"]}
    assert "plotkiln.new_hit home  /hits/ 1\n    422 http://hit-counter." in kept(tmp_path)


def test_a_letter_can_be_sent_again_as_it_was(keeper: Kiln, tmp_path: Path) -> None:
    """Printed by its name it is the sender's event, without what the Broker wrote on it."""
    assert deliver(keeper) == 204
    (letter,) = json.loads(kept(tmp_path, "--json"))
    assert json.loads(kept(tmp_path, letter["name"])) == LETTER


def test_one_that_is_no_event_is_refused(keeper: Kiln, tmp_path: Path) -> None:
    """What cannot be an event is 400, which no broker tries again, and is not kept."""
    assert deliver(keeper, type=None) == 400
    assert json.loads(kept(tmp_path, "--json")) == []


def test_one_that_cannot_be_kept_is_counted(keeper: Kiln, tmp_path: Path) -> None:
    """A store that fails is a 503, which brokers try again; who looks sees that it failed."""
    (tmp_path / "pictures/dead-letters").write_text("no folder")
    assert deliver(keeper) == 503
    shown = httpx.get(f"{keeper.url}/metrics", timeout=30).text
    assert 'plotkiln_store_failures_total{store="dead-letters"} 1' in shown
    assert "plotkiln_dead_letters_total 0" in shown


@pytest.mark.anyio
async def test_letters_are_swept_by_their_own_age(keeper: Kiln, tmp_path: Path) -> None:
    """The sweep of pictures leaves them; their own removes what is old."""
    assert deliver(keeper) == 204
    renderings = open_renderings((tmp_path / "pictures").as_uri())
    assert await renderings.sweep(max_age=timedelta(0), max_size=0) == 0
    assert await renderings.dead_letters.sweep(timedelta(days=1)) == 0
    assert await renderings.dead_letters.sweep(timedelta(0)) == 1
    assert await renderings.dead_letters.names() == []
