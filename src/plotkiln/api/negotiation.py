"""What a client takes: `Accept` and `Accept-Encoding` (RFC 9110, section 12.5)."""

from typing import get_args

from starlette.exceptions import HTTPException

from plotkiln.artifacts.names import MEDIA_TYPES
from plotkiln.errors import NotFoundError
from plotkiln.spec.models import Format

__all__ = ["FORMATS", "MEDIA_TYPES", "accepted_format", "accepts_gzip", "format_of_path"]

FORMATS: tuple[Format, ...] = get_args(Format)


def accepted_format(accept: str) -> Format:
    """Return the format that a client likes best; png where it does not say, or does not mind.

    Raises `HTTPException` 406 when it accepts none of them.
    """
    if not accept.strip():
        return "png"
    wishes = [_wish(part) for part in accept.split(",")]
    liking = {name: _liking(media_type, wishes) for name, media_type in MEDIA_TYPES.items()}
    best = max(MEDIA_TYPES, key=lambda name: liking[name])
    if not liking[best]:
        offered = ", ".join(MEDIA_TYPES.values())
        raise HTTPException(406, f"This picture can be had as {offered}")
    return best


def accepts_gzip(accept_encoding: str) -> bool:
    """Say whether a client takes gzip; one that says nothing need not (RFC 9110, 12.5.3)."""
    wishes = dict(map(_wish, accept_encoding.split(",")))
    return bool(wishes.get("gzip", wishes.get("*", 0.0)))


def format_of_path(text: str) -> Format:
    """Return the format that ends an address; `jpg` is `jpeg`.

    Raises `NotFoundError` for another ending.
    """
    name = {"jpg": "jpeg"}.get(text, text)
    for format_ in FORMATS:
        if name == format_:
            return format_
    raise NotFoundError(f"A picture's address ends in one of {', '.join(FORMATS)}, not {text}.")


def _wish(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        return media_range, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return media_range, 0.0


def _liking(media_type: str, wishes: list[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that fits, 0 where none does."""
    family = media_type.partition("/")[0]
    for media_range in (media_type, f"{family}/*", "*/*"):
        qualities = [quality for wish, quality in wishes if wish == media_range]
        if qualities:
            return max(qualities)
    return 0.0
