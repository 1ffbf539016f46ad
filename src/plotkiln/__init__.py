"""On-demand Matplotlib rendering whose look lives in Consul KV."""

from plotkiln.__about__ import __version__

# Known to type checkers by its name: typing is not imported for it.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from plotkiln.client import AsyncClient, Client
    from plotkiln.house_style import use_style

__all__ = ["AsyncClient", "Client", "__version__", "use_style"]

#: What is imported only for those who ask for it, and from where: servers start without it.
_ON_DEMAND = {
    "AsyncClient": "plotkiln.client",
    "Client": "plotkiln.client",
    "use_style": "plotkiln.house_style",
}


def __getattr__(name: str) -> object:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 -- as what it imports

    found: object = getattr(import_module(_ON_DEMAND[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
