"""The page that is counted: its words in English and Chinese, one file, no script."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from plotkiln.counter.odometers import HEIGHT, WIDTH, odometer
from plotkiln.counter.subjects import HOME

__all__ = ["content_security", "hit_page"]

_PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1>
<img src="{picture}" width="{width}" height="{height}" alt="{alt}">
<p>{note}</p>
<details><summary>{elsewhere}</summary><p>{paste}</p><pre><code>{snippet}</code></pre>
<p><a href="/counters/{subject}">{number}</a></p></details>
</main></body></html>"""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "home": "Visits to this site",
        "title": "Visits to {subject}",
        "alt": "The number of visits on an odometer",
        "note": "Your visit is being counted. Reload the page to see it.",
        "elsewhere": "Count a page elsewhere",
        "paste": "Paste this line where the number should stand:",
        "number": "The number alone, as JSON",
    },
    "zh-CN": {
        "home": "本站访问量",
        "title": "{subject} 的访问量",
        "alt": "里程表上的访问次数",
        "note": "你的这次访问正在计入，刷新页面即可看到。",
        "elsewhere": "给别处的网页计数",
        "paste": "把下面这行放到要显示数字的地方：",
        "number": "只看数字（JSON）",
    },
}


def hit_page(subject: str, *, picture: str | None, base: str, language: str) -> str:
    """Return the page of a subject as HTML.

    `picture` is its address, None for a drawn zero; `base` is the address of this server.
    """
    words = _WORDS[language]
    title = words["home" if subject == HOME else "title"].format(subject=subject)
    snippet = (
        f'<img src="{base.rstrip("/")}/hits/{subject}.png" width="{WIDTH}" height="{HEIGHT}"'
        f' alt="{words["alt"]}">'
    )
    shown = {**words, "title": title, "snippet": snippet, "picture": picture or _zero()}
    return _PAGE.format(
        lang=language,
        style=_style(),
        subject=subject,
        width=WIDTH,
        height=HEIGHT,
        **{name: escape(text) for name, text in shown.items() if name != "home"},
    )


def content_security(public_url: str) -> str:
    """Return the page's policy: its own style, and pictures from here and where they are public."""
    style = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    place = urlsplit(public_url)
    origin = f" {place.scheme}://{place.netloc}" if place.netloc else ""
    return (
        f"default-src 'none'; style-src 'sha256-{style}'; img-src 'self' data:{origin}; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "static" / "page.css").read_text(encoding="utf-8")


@cache
def _zero() -> str:
    return f"data:image/svg+xml,{quote(odometer(0).decode())}"
