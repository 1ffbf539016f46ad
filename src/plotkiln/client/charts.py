"""`client.charts`: specs that are stored once, and shown in the style of their day."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from plotkiln.client.acts import Mode, Room, act
from plotkiln.client.exchanges import Call, Deadline, Steps, asked
from plotkiln.client.patience import PATIENCE, got
from plotkiln.client.pictures import MEDIA_TYPES, Picture, picture_of
from plotkiln.client.problems import checked, decoded
from plotkiln.client.specs import spec_document
from plotkiln.spec.models import Format

__all__ = ["Charts", "StoredChart"]


class StoredChart(msgspec.Struct, frozen=True, kw_only=True):
    """A stored chart and the addresses of its pictures."""

    id: str
    #: The picture in the spec's format, else PNG.
    url: str
    #: Format → address.
    formats: Mapping[str, str]


class Charts(Room[Mode]):
    """Stored charts."""

    @act
    def store(
        self,
        spec: Any = None,
        /,
        *,
        format: Format | None = None,  # noqa: A002 -- the spec's own word
        style: str | None = None,
        **members: Any,
    ) -> Steps[StoredChart]:
        """Store a spec for good; the same one again changes nothing.

        What can be given is told at `render`.
        """
        call = Call(
            method="POST",
            path="/charts",
            headers={"Content-Type": "application/json"},
            body=spec_document(spec, {**members, "format": format, "style": style}),
            repeatable=True,
        )
        answer = checked((yield from asked(call, Deadline(PATIENCE))))
        return self._whole(decoded(answer, StoredChart))

    @act
    def get(self, chart: str | StoredChart) -> Steps[dict[str, Any]]:
        """Return a stored spec; raises `NotFoundError`."""
        answer = checked((yield from got(f"/charts/{quote(_id(chart), safe='')}")))
        return decoded(answer, dict[str, Any])

    @act
    def picture(
        self,
        chart: str | StoredChart,
        *,
        format: Format = "png",  # noqa: A002 -- the spec's own word
        style: str | None = None,
        timeout: float | None = PATIENCE,
    ) -> Steps[Picture]:
        """Return a stored chart as it looks now, or in the style named, pinned by `name@42`.

        A chart that takes long is drawn by a job, and asked for until `timeout` seconds are over:
        `UnavailableError` then. Raises `NotFoundError`.
        """
        path = _picture_path(chart, format)
        headers = {"Accept": f"{MEDIA_TYPES[format]}, application/json"}
        query = {"style": style} if style else {}
        call = Call(method="GET", path=path, query=query, headers=headers, repeatable=True)
        answer = checked((yield from asked(call, Deadline(timeout))))
        return picture_of(answer, self._wire.address)

    def url(
        self,
        chart: str | StoredChart,
        *,
        format: Format = "png",  # noqa: A002 -- the spec's own word
        style: str | None = None,
    ) -> str:
        """Return the address at which a stored chart is always shown; asks nobody."""
        query = f"?{urlencode({'style': style})}" if style else ""
        return f"{self._wire.address}{_picture_path(chart, format)}{query}"

    def _whole(self, stored: StoredChart) -> StoredChart:
        """Return the chart with addresses that stand for themselves."""
        address = self._wire.address
        formats = {name: f"{address}{path}" for name, path in stored.formats.items()}
        return StoredChart(id=stored.id, url=f"{address}{stored.url}", formats=formats)


def _picture_path(chart: str | StoredChart, format: Format) -> str:  # noqa: A002
    return f"/charts/{quote(_id(chart), safe='')}.{format}"


def _id(chart: str | StoredChart) -> str:
    return chart.id if isinstance(chart, StoredChart) else chart
