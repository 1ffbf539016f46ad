"""An error drawn as SVG, by hand: the web process has no Matplotlib, and an `<img>` no words."""

from html import escape
from textwrap import wrap

__all__ = ["error_picture"]

_WIDTH, _LINE, _MOST_LINES = 640, 20, 8

_FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
    ' viewBox="0 0 {width} {height}" font-family="sans-serif"><title>{label}</title>'
    '<rect x=".5" y=".5" width="{inner}" height="{bottom}" rx="6" fill="#fffaf5"'
    ' stroke="#d9480f"/>{text}</svg>'
)


def error_picture(status: int, title: str, detail: str) -> bytes:
    """Draw a status, a title and a detail, 640 pixels wide."""
    lines = wrap(detail, 76)[:_MOST_LINES]
    height = 64 + _LINE * len(lines)
    text = _text(24, 38, f"{status} · {title}", 'font-size="18" fill="#862e0b"')
    for number, line in enumerate(lines):
        text += _text(24, 64 + _LINE * number, line, 'font-size="14" fill="#444"')
    picture = _FRAME.format(
        width=_WIDTH,
        height=height,
        inner=_WIDTH - 1,
        bottom=height - 1,
        label=escape(f"{status}: {title}"),
        text=text,
    )
    return picture.encode()


def _text(x: int, y: int, text: str, attributes: str) -> str:
    printable = "".join(character if character.isprintable() else "�" for character in text)
    return f'<text x="{x}" y="{y}" {attributes}>{escape(printable)}</text>'
