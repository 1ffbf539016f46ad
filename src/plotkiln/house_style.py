"""The house's style in one's own Matplotlib session: `plotkiln.use_style`."""

import os
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plotkiln.client import Client
    from plotkiln.render.applied import AppliedStyle
    from plotkiln.style.looks import Look

__all__ = ["use_style"]


def use_style(
    name: str = "default",
    *,
    client: "Client | None" = None,
    url: str | None = None,
    token: str | None = None,
) -> "AppliedStyle":
    """Apply a style to this process' Matplotlib: what pyplot draws from now on looks like it.

    `name` may be pinned, as `report@42`. The style comes from the server of `client`, of `url` or
    of PLOTKILN_URL, which is shown `token` as a `Client` does; without any, from the style store
    that the environment names, as for `plotkiln render`. As a context manager what is returned
    takes the style off at the end:

        with plotkiln.use_style("report"):
            plt.plot(…)

    The watermark is written by the `watermark(figure)` of what is returned. Raises `NotFoundError`
    where there is no such style, `UnavailableError` where no server answers.
    """
    look = _look(name, client, url, token)
    # Before our own room, whose fonts are otherwise those of a server: none but what it is given.
    import_module("matplotlib.font_manager")
    from plotkiln.render.applied import AppliedStyle  # noqa: PLC0415 -- only who draws has use for it

    return AppliedStyle(look)


def _look(name: str, client: "Client | None", url: str | None, token: str | None) -> "Look":
    if client is not None:
        return client.styles.look(name)
    if url or os.environ.get("PLOTKILN_URL"):
        from plotkiln.client import Client  # noqa: PLC0415 -- as above

        with Client(url, token=token) as own:
            return own.styles.look(name)
    from plotkiln.cli.looks import stored_look  # noqa: PLC0415 -- as above

    return stored_look(name)
