"""A plotkiln server on a Consul of the test's own, and what a watcher of its pictures sees."""

from pathlib import Path
from typing import Any

import httpx

from kilns import Kiln
from servers import Consul, wait_until

__all__ = ["StyledKiln"]

_SPEC = {"y": [3, 1, 4, 1, 5], "title": "Seen", "size": {"width": 480, "height": 320}}


class StyledKiln(Kiln):
    """A `Kiln` of two workers whose styles lie in Consul."""

    def __init__(self, data: Path, consul: Consul, **settings: str) -> None:
        settings = {"CONSUL_HTTP_ADDR": consul.url, "PLOTKILN_WORKERS": "2", **settings}
        super().__init__(data, command=None, **settings)

    def picture(self, style: str = "default") -> httpx.Response:
        """Ask for always the same chart."""
        return httpx.post(f"{self.url}/plot", json={**_SPEC, "style": style}, timeout=30)

    def default(self) -> dict[str, Any]:
        """Return what `/styles` says of the default style."""
        listed: dict[str, Any] = httpx.get(f"{self.url}/styles", timeout=30).json()
        return next(style for style in listed["styles"] if style["name"] == "default")

    def wait_for(
        self,
        state: str,
        *,
        version: int | None = None,
        style: str = "default",
        within: float = 30.0,
    ) -> httpx.Response:
        """Wait for a picture of this state, and of this version if one is given; return it."""
        seen: list[httpx.Response] = []

        def shown() -> bool:
            seen[:] = [self.picture(style)]
            headers = seen[0].headers
            return headers.get("plotkiln-style-state") == state and (
                version is None or headers["plotkiln-style"] == f"{style}@{version}"
            )

        self._wait(shown, seen, within)
        return seen[0]

    def restyle(self, consul: Consul, document: bytes, style: str = "default") -> str:
        """Write a style as `consul kv put` does, wait until it serves, return `name@version`."""
        key = f"{self.settings['PLOTKILN_STYLES_PREFIX']}/{style}"
        consul.put(key, document)
        served = self.wait_for("fresh", style=style, version=consul.version(key))
        return served.headers["plotkiln-style"]

    def wait_for_status(self, status: int, *, within: float = 30.0) -> httpx.Response:
        """Wait for an answer of this status; return it."""
        seen: list[httpx.Response] = []

        def shown() -> bool:
            seen[:] = [self.picture()]
            return seen[0].status_code == status

        self._wait(shown, seen, within)
        return seen[0]

    @staticmethod
    def _wait(shown: Any, seen: list[httpx.Response], within: float) -> None:
        try:
            wait_until(shown, within)
        except TimeoutError as error:
            last = seen[0]
            error.add_note(f"the last answer: {last.status_code} {dict(last.headers)}")
            raise
