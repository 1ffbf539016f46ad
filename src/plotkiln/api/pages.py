"""The frame of the plain pages: no script, one style sheet, everything escaped."""

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from plotkiln.__about__ import __version__

__all__ = ["code_and_words", "element", "get_stylesheet", "page", "table"]

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="/static/plain.css"></head>
<body><header><a href="/">plotkiln</a> <small>{version}</small>
<nav><a href="/docs">Reference</a> <a href="/openapi.json">OpenAPI</a></nav></header>
<main>{content}</main></body></html>"""


def page(title: str, content: str, status: int = 200) -> Response:
    """Answer with a page; `content` is HTML."""
    body = _PAGE.format(title=escape(title), version=__version__, content=content)
    return Response(body, status, {"Cache-Control": "no-cache"}, media_type="text/html")


def element(name: str, text: str) -> str:
    """Return an element that holds text."""
    return f"<{name}>{escape(text)}</{name}>"


def code_and_words(text: str) -> str:
    """Return text as HTML, what stands between backticks as code."""
    parts = escape(text).split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )


def table(heads: Iterable[str], rows: Iterable[str]) -> str:
    """Return a table of texts in its head and of `<tr>` elements below."""
    head = "".join(element("th", text) for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


async def get_stylesheet(_request: Request) -> Response:
    """Return the style sheet of the plain pages."""
    return Response(_stylesheet(), headers={"Cache-Control": "no-cache"}, media_type="text/css")


@cache
def _stylesheet() -> bytes:
    return (Path(__file__).parent / "static" / "plain.css").read_bytes()
