"""What a client prefers and does not insist on: `Prefer` (RFC 7240)."""

import re
from collections.abc import Iterable, Mapping

import msgspec
from starlette.requests import Request

__all__ = [
    "Preferences",
    "parse_prefer",
    "preference_applied",
    "preferences_of",
    "read_preferences",
]

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
#: A comma within a quoted string separates nothing; a string that never ends swallows the rest.
_ELEMENTS = rf'(?:[^,"]|{_QUOTED}|"(?:[^"\\]|\\.)*\\?$)+'
_WORD = rf"(?:{_NAME}|{_QUOTED})"
_PARAMETERS = rf"(?:[ \t]*;(?:[ \t]*{_NAME}(?:[ \t]*=[ \t]*{_WORD})?)?)*"
_PREFERENCE = rf"(?P<name>{_NAME})(?:[ \t]*=[ \t]*(?P<value>{_WORD}))?{_PARAMETERS}"

#: Digits of a time: whoever would wait longer waits for ever.
_DIGITS = 9


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """The preferences that are known here."""

    #: `respond-async`: an acceptance at once rather than a result later.
    respond_async: bool = False
    #: `wait`: seconds for which the client waits for a result.
    wait: int | None = None
    #: `return=minimal`: no body where the headers say enough.
    minimal: bool = False


def preferences_of(request: Request) -> Preferences:
    """Return what the client of a request prefers."""
    return read_preferences(request.headers.getlist("prefer"))


def read_preferences(lines: Iterable[str]) -> Preferences:
    """Read the preferences that are known here; one with a value that it does not take is none."""
    found = parse_prefer(lines)
    return Preferences(
        respond_async=found.get("respond-async") == "",
        wait=_seconds(found.get("wait", "")),
        minimal=found.get("return", "").lower() == "minimal",
    )


def parse_prefer(lines: Iterable[str]) -> dict[str, str]:
    """Return every preference of one or several `Prefer` headers, by its name in small letters.

    No value and an empty one are the same, and the first of several of one name counts (section 2).
    What breaks the grammar is passed over: preferences are no demands.
    """
    if not (line := ", ".join(lines)):
        return {}  # most prefer nothing, and a cold start need not compile what would read it
    found: dict[str, str] = {}
    for element in re.findall(_ELEMENTS, line, re.DOTALL):
        preference = re.fullmatch(_PREFERENCE, element.strip(" \t"), re.DOTALL)
        if preference:
            found.setdefault(preference["name"].lower(), _unquoted(preference["value"] or ""))
    return found


def preference_applied(
    *, respond_async: bool = False, wait: int | None = None, minimal: bool = False
) -> Mapping[str, str]:
    """Return the header that names the preferences which were honoured; none for none."""
    names = [
        *(["respond-async"] if respond_async else []),
        *([f"wait={wait}"] if wait is not None else []),
        *(["return=minimal"] if minimal else []),
    ]
    return {"Preference-Applied": ", ".join(names)} if names else {}


def _unquoted(word: str) -> str:
    if not word.startswith('"'):
        return word
    return re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL)


def _seconds(text: str) -> int | None:
    """Return delta-seconds (RFC 9111, section 1.2.2); None for anything else."""
    if not text.isascii() or not text.isdecimal():
        return None
    digits = text.lstrip("0") or "0"
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS
