"""Whole numbers in a query."""

from starlette.requests import Request

from plotkiln.errors import MalformedError

__all__ = ["whole_number"]


def whole_number(request: Request, name: str, *, least: int, most: int) -> int | None:
    """Return a query parameter, None where it is missing.

    Raises `MalformedError` when it is no whole number from `least` to `most`.
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    # as many digits as the bound has: a longer number takes time to read
    if text.isascii() and text.isdecimal() and len(text) <= len(str(most)):
        number = int(text)
        if least <= number <= most:
            return number
    raise MalformedError(f"?{name}= takes a whole number from {least} to {most}.")
