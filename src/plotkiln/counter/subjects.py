"""Subjects: what is counted, each with a counter, a page and a picture of its own."""

import re

from plotkiln.errors import NotFoundError

__all__ = ["HOME", "PATTERN", "is_subject", "page_of", "picture_of", "shows_total", "subject_of"]

#: The subject of an event, or of a page, that names none.
HOME = "home"

#: Small letters, digits, and between them `.`, `_` and `-`: it stands in addresses and file names.
PATTERN = r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$"

_SUBJECT = re.compile(PATTERN[:-1] + r"\Z")

_PICTURE = ".png"


def is_subject(text: str) -> bool:
    """Say whether a text may name a counter; one that ends like a picture may not."""
    return bool(_SUBJECT.match(text)) and not text.endswith(_PICTURE)


def subject_of(text: str) -> str:
    """Return the subject that an address names; raises `NotFoundError` where it cannot be one."""
    if not is_subject(text):
        raise NotFoundError(
            f"{text[:80]!r} names no counter: up to 64 small letters, digits, '.', '_' and '-',"
            " the first and the last of them a letter or a digit."
        )
    return text


def picture_of(subject: str) -> str:
    """Return the name of the picture that shows a subject's total."""
    return "hits.png" if subject == HOME else f"hits-{subject}.png"


def shows_total(path: str) -> bool:
    """Say whether a picture of a subject's total is at a path: as open as the page it stands on."""
    subject = path.removeprefix("/artifacts/hits").removeprefix("-").removesuffix(_PICTURE) or HOME
    return path == f"/artifacts/{picture_of(subject)}" and is_subject(subject)


def page_of(subject: str) -> str:
    """Return the path of a subject's page."""
    return "/hits/" if subject == HOME else f"/hits/{subject}"
