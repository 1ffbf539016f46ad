"""The start page: a chart, the styles with their state, and the way to the reference."""

from html import escape

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from plotkiln.api.examples import CLASSIC
from plotkiln.api.pages import element, page, table
from plotkiln.api.services import principal_of, services_of
from plotkiln.service.styles import ListedStyle
from plotkiln.spec import encode_spec

__all__ = ["get_home"]


async def get_home(request: Request) -> Response:
    """Show a chart in the style named in the query, else in `default`, and every style."""
    listed = await services_of(request).styles.list(principal_of(request))
    names = {style.name for style in listed.styles}
    chosen = request.query_params.get("style", "")
    content = element("h1", "Charts in today’s style")
    content += _chart(chosen if chosen in names else "")
    if not listed.reachable:
        content += f'<p class="stale">{escape(listed.fault or "The style store is away.")}</p>'
    content += element("h2", "Styles")
    content += table(("Style", "Version", "State", "Colours", ""), map(_style_row, listed.styles))
    content += element("h2", "Draw one yourself") + element("pre", _curl(request))
    return page("plotkiln", content)


def _chart(style: str) -> str:
    address = f"/plot/{encode_spec(msgspec.json.encode(CLASSIC))}.svg"
    address += f"?style={style}" if style else ""
    return f'<img src="{address}" width="1200" height="720" alt="A line with round markers">'


def _style_row(style: ListedStyle) -> str:
    swatch = "".join(_swatch(color) for color in style.palette)
    note = escape(style.fault or "; ".join(style.warnings))
    return (
        f'<tr><td><a href="/?style={style.name}">{style.name}</a></td>'
        f'<td><a href="/styles/{style.name}">{style.version}</a></td>'
        f'<td class="{style.state}">{style.state}</td><td>{swatch}</td><td>{note}</td></tr>'
    )


def _swatch(color: str) -> str:
    return (
        f'<svg width="14" height="14" role="img" aria-label="{escape(color)}">'
        f'<rect width="14" height="14" fill="{escape(color)}"/></svg>'
    )


def _curl(request: Request) -> str:
    body = '{"x": [1, 2, 3, 4], "y": [4, 1, 7, 5], "title": "Hello"}'
    address = request.base_url.replace(path="/plot")
    return (
        f"curl -X POST {address} \\\n     -H 'Content-Type: application/json' \\\n"
        f"     -d '{body}' -o plot.png"
    )
