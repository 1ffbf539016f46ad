"""Measures what becomes of pictures that take too long, for whoever asks for them.

One server with a budget of 2 s, which gets its pictures from a template that takes as long as it is
told. All rows are asked in turn, round after round, over one connection. A picture is slow at
first sight (it spends the budget), known to be slow (refused at once, and a job begins), or being
drawn already (its job is joined); a look at it finds nothing to show, or the last good picture.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import httpx

from measuring import data_folder, report, summary

# isort: split
# which has said where the tests' parts are
from patients import Sheet, patient_kiln

ROUNDS = 60
#: The template has a name of its own for each picture that spends the budget: by then all that it
#: draws is known to be slow.
UNKNOWN = ("nimble", "patient")
SLOW = 600


class Question(NamedTuple):
    """What is asked in a round, and the status that answers it."""

    ask: Callable[[int], httpx.Response]
    status: int


def main() -> None:
    """Ask for each kind of picture in turn."""
    with data_folder() as folder:
        sheet = Sheet(folder / "sheet", SLOW)
        with patient_kiln(folder, PLOTKILN_WORKERS="2") as kiln, kiln.client() as client:
            results = _measured(client, sheet)
        sheet.tell(0)
    report("What becomes of pictures that take too long?", "ms", results)


def _measured(client: httpx.Client, sheet: Sheet) -> dict[str, Any]:
    rows: dict[str, list[float]] = {}
    for name in UNKNOWN:
        spec = sheet.spec(template=name)
        took = _took(Question(partial(_posted, client, spec), 202), 0)
        rows.setdefault("POST of one that spends the budget: a job", []).append(took)
    asked = _questions(client, sheet)
    for number in range(ROUNDS):
        for name, question in asked.items():
            rows.setdefault(name, []).append(_took(question, number))
    return {"rows": {name: summary(took) for name, took in rows.items()}}


def _questions(client: httpx.Client, sheet: Sheet) -> dict[str, Question]:
    """Return what is asked in each round."""
    quick = client.post("/plot", json={"y": [3, 1, 2]}).headers["content-location"]
    former, tag = _restyled(client, sheet)
    nothing = client.post("/plot", json=sheet.spec("nothing")).headers["content-location"]
    held = {"If-None-Match": tag}
    return {
        "GET of one that is kept": Question(lambda _: client.get(quick), 200),
        "GET of one being drawn, the last good one is shown": Question(
            lambda _: client.get(former), 200
        ),
        "the same, held": Question(lambda _: client.get(former, headers=held), 304),
        "GET of one being drawn, nothing to show": Question(lambda _: client.get(nothing), 503),
        "POST of one being drawn: its job": Question(
            lambda _: client.post("/plot", json=sheet.spec("nothing")), 202
        ),
        "POST of one known to be slow: a job": Question(
            lambda number: client.post("/plot", json=sheet.spec(f"known {number}")), 202
        ),
        "POST /jobs": Question(
            lambda number: client.post("/jobs", json=sheet.spec(f"submitted {number}")), 202
        ),
    }


def _restyled(client: httpx.Client, sheet: Sheet) -> tuple[str, str]:
    """Draw a picture, change its style, and begin the job; return its address and its old tag."""
    spec = sheet.spec(template="moody", style="changing")
    client.put("/styles/changing", json={}, headers={"If-None-Match": "*"})
    sheet.tell(1.2)  # what takes less than a second is not shown later
    good = client.post("/plot", json=spec)
    sheet.tell(SLOW)
    version = good.headers["plotkiln-style"].partition("@")[2]
    restyle = {"font": {"size": 20}}
    client.put("/styles/changing", json=restyle, headers={"If-Match": f'"{version}"'})
    client.get(good.headers["content-location"])
    return good.headers["content-location"], good.headers["etag"]


def _posted(client: httpx.Client, spec: dict[str, Any], _number: int) -> httpx.Response:
    return client.post("/plot", json=spec)


def _took(question: Question, number: int) -> float:
    start = time.perf_counter()
    answer = question.ask(number)
    took = (time.perf_counter() - start) * 1000
    assert answer.status_code == question.status, (answer.status_code, answer.text)
    return took


if __name__ == "__main__":
    main()
