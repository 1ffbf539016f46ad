"""Where a browser goes once it has signed in: nowhere but this server."""

from urllib.parse import urlsplit

__all__ = ["way_back"]

#: Characters of an address; longer ones go through no redirect unharmed.
_LONGEST = 2048


def way_back(asked: str) -> str:
    r"""Return a path of this server with query and fragment; `/` for whatever leads elsewhere.

    A fragment alone is one of the web app. Browsers take `\` for `/`, and drop tabs and line ends:
    `/\evil.example` and `/<tab>/evil.example` are other hosts.
    """
    path = f"/{asked}" if asked.startswith("#") else asked
    if len(path) > _LONGEST or not path.isprintable() or "\\" in path or " " in path:
        return "/"
    if not path.startswith("/") or path.startswith("//"):
        return "/"
    return "/" if _is_elsewhere(path) else path


def _is_elsewhere(path: str) -> bool:
    """Say whether a path leads to another host after all, or back to signing in."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc) or parts.path.startswith("/sign-")
