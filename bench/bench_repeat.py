"""Measures requests per second: a picture drawn before, a 304, and an all but empty answer.

One server; 8 connections are kept open, each sends its next request when it has its answer. The
three requests are measured in turns. The client shares the machine, hence the processors, with the
server.
"""

import asyncio
import time

from measuring import Kiln, data_folder, report, summary

CONNECTIONS = 8
ROUNDS = 5
SECONDS = 1.5


def main() -> None:
    """Measure each request in each round."""
    with data_folder() as folder, Kiln(folder, PLOTKILN_LOG_LEVEL="WARNING") as kiln:
        with kiln.client() as client:
            picture = client.post("/charts", json={"x": [1, 2, 3], "y": [4, 1, 7]}).json()["url"]
            first = client.get(picture)
        requests = {
            "/health/live": _request("/health/live"),
            "cached picture": _request(picture),
            "304": _request(picture, **{"If-None-Match": first.headers["ETag"]}),
        }
        rates: dict[str, list[float]] = {name: [] for name in requests}
        for _ in range(ROUNDS):
            for name, request in requests.items():
                rates[name].append(asyncio.run(_rate(kiln.port, request)))
    rows = {name: summary(found) for name, found in rates.items()}
    report(
        "How many requests a second, of a kept picture and of a 304, against /health/live?",
        "requests/s",
        {"rows": rows, "bytes of the picture": len(first.content)},
    )


def _request(path: str, **headers: str) -> bytes:
    named = [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *named, "", ""]).encode()


async def _rate(port: int, request: bytes) -> float:
    """Return the answers per second of all connections together."""
    end = time.perf_counter() + SECONDS
    counts = await asyncio.gather(*(_ask(port, request, end) for _ in range(CONNECTIONS)))
    return sum(counts) / SECONDS


async def _ask(port: int, request: bytes, end: float) -> int:
    """Ask over one connection until the time is over; return the number of answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = 0
    while time.perf_counter() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")), head
        await reader.readexactly(_length(head))
        answers += 1
    writer.close()
    await writer.wait_closed()
    return answers


def _length(head: bytes) -> int:
    """Return how long the body is; a 304 has none, whatever it says (RFC 9110, section 6.4.1)."""
    if b" 304 " in head.partition(b"\r\n")[0]:
        return 0
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


if __name__ == "__main__":
    main()
