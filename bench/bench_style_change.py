"""Measures the time from a write to Consul to the first picture in the new style.

A real Consul, a real server. Each change gives `default` another watermark; a client that holds the
last picture asks again, with If-None-Match, until it gets another one. On the other side: a
picture in a style that is known already, drawn because nobody asked for it before.
"""

import json
import time

import httpx

from measuring import Consul, Kiln, data_folder, report, summary

CHANGES = 20
KEY = "plotting/styles/default"


def main() -> None:
    """Measure changes, and drawings without a change, in turn."""
    changed: list[float] = []
    polls: list[float] = []
    drawn: list[float] = []
    with data_folder() as folder, Consul() as consul:
        consul.put(KEY, _style(0))
        with (
            Kiln(folder, CONSUL_HTTP_ADDR=consul.url, PLOTKILN_WORKERS="1") as kiln,
            kiln.client() as client,
        ):
            picture = client.post("/charts", json=_spec(0)).json()["url"]
            tag = client.get(picture).headers["ETag"]
            for number in range(1, CHANGES + 1):
                start = time.perf_counter()
                consul.put(KEY, _style(number))
                tag, asked = _changed(client, picture, tag)
                changed.append((time.perf_counter() - start) * 1000)
                polls.append(asked)
                drawn.append(_drawn(client, number))
    report(
        "From a write to Consul to the first changed picture: how long?",
        "ms",
        {
            "rows": {
                "write to changed picture": summary(changed),
                "picture alone, no change": summary(drawn),
            },
            "requests until it changed": summary(polls),
        },
    )


def _changed(client: httpx.Client, picture: str, tag: str) -> tuple[str, int]:
    """Ask until the picture is another one; return its tag, and how often was asked."""
    for asked in range(1, 10_000):
        answer = client.get(picture, headers={"If-None-Match": tag})
        if answer.status_code != 304:
            return answer.raise_for_status().headers["ETag"], asked
    raise TimeoutError("the picture does not change")


def _drawn(client: httpx.Client, number: int) -> float:
    """Return the milliseconds that a picture takes that nobody asked for before."""
    start = time.perf_counter()
    client.post("/plot", json=_spec(number)).raise_for_status()
    return (time.perf_counter() - start) * 1000


def _style(number: int) -> bytes:
    return json.dumps({"watermark": {"text": f"Change {number}"}}).encode()


def _spec(number: int) -> dict[str, object]:
    return {"x": [1, 2, 3, 4, 5, 6, 7, 8], "y": [4, 1, 7, 5, 2, 8, 3, 6], "title": f"No. {number}"}


if __name__ == "__main__":
    main()
