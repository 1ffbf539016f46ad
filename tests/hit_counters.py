"""Starts the hit counter in processes of its own on one Redis, as a cluster would."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from kilns import Kiln
from programs import program
from servers import wait_until

__all__ = ["INGRESS", "HitCounter", "hit_counter"]

#: What the cluster gets; the embedded broker reads it.
DECLARED = Path(__file__).parents[1] / "deploy/knative/base/hit-counter"

INGRESS = "/broker/default/default"


class HitCounter(NamedTuple):
    """The broker and the programs."""

    broker: Kiln
    homepage: Kiln
    counts: tuple[Kiln, ...]
    draw: Kiln
    #: Where browsers would fetch pictures.
    public: Path

    @property
    def ingress(self) -> str:
        """Where events are sent."""
        return self.broker.url + INGRESS

    def total(self) -> dict[str, Any]:
        """Return what the homepage says was counted."""
        told: dict[str, Any] = httpx.get(f"{self.homepage.url}/counters/home", timeout=20).json()
        return told

    def shown(self) -> tuple[int, int]:
        """Return generation and number that the picture claims; zeros where there is none."""
        answer = httpx.get(f"{self.homepage.url}/artifacts/hits.png", timeout=20)
        names = ("plotkiln-generation", "plotkiln-number")
        generation, number = (int(answer.headers.get(name, 0)) for name in names)
        return generation, number

    def deliveries(self, state: str) -> list[dict[str, Any]]:
        """Return what the broker lists in one state, at most 500 events."""
        found = httpx.get(f"{self.broker.url}/events?limit=500&state={state}", timeout=20).json()
        events: list[dict[str, Any]] = found["events"]
        return events

    def settle(self, within: float = 60.0) -> None:
        """Wait until the broker has delivered everything."""
        wait_until(lambda: not self.deliveries("waiting"), within)


@contextmanager
def hit_counter(
    folder: Path, redis: str, *, counts: int = 1, addresses: Mapping[str, str] | None = None
) -> Iterator[HitCounter]:
    """Start the homepage, so many counters, the renderer, and a broker that reads the YAML.

    `addresses` name other subscribers than the first counter and the renderer.
    """
    stores = {
        "PLOTKILN_REDIS_URL": redis,
        "PLOTKILN_ARTIFACTS_URL": (folder / "pictures").as_uri(),
        "PLOTKILN_ARTIFACTS_PUBLIC_URL": "https://pictures.example",
        "PLOTKILN_LOG_LEVEL": "WARNING",
    }
    counting = tuple(program("count", folder / f"count-{n}", **stores) for n in range(counts))
    draw = program("draw", folder / "draw", PLOTKILN_WORKERS="2", **stores)
    named = {"hit-counter": counting[0].url, "hit-picture": draw.url, **(addresses or {})}
    broker = Kiln(
        folder / "broker",
        PLOTKILN_TRIGGERS=str(DECLARED),
        PLOTKILN_SUBSCRIBERS=",".join(f"{name}={url}/" for name, url in named.items()),
    )
    homepage = program("homepage", folder / "homepage", K_SINK=broker.url + INGRESS, **stores)
    with ExitStack() as stack:
        started = (*counting, draw, broker, homepage)
        for one in started:
            stack.callback(one.__exit__, None, None, None)
            one.launch()
        for one in started:
            wait_until(one.ready, 60)
        public = folder / "pictures/published/hits.png"
        yield HitCounter(broker, homepage, counting, draw, public)
