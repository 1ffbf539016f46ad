"""Measures what importing costs a cold start: the web process's parts, and their alternatives.

Each row is a Python process of its own that imports the row's modules and ends. All rows are run
in turn, round after round, so that a slow moment of the machine meets all of them alike.
"""

import sys
from importlib.util import find_spec

from measuring import report, run_time, summary

ROUNDS = 7

#: The web process as `plotkiln serve` imports it.
_WEB_PROCESS = (
    *("plotkiln.cli.serve", "plotkiln.cli.composition", "plotkiln.cli.server"),
    "plotkiln.live.routes",
)

#: Row → the modules it imports.
OURS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "asyncio": ("asyncio",),
    "msgspec": ("msgspec",),
    "starlette": ("starlette.applications",),
    "uvicorn": ("uvicorn", "uvloop", "httptools"),
    "obstore": ("obstore.store",),
    "rfc8785": ("rfc8785",),
    "httpx": ("httpx",),
    "starlette + uvicorn + msgspec + obstore + rfc8785": (
        *("starlette.applications", "uvicorn", "uvloop", "httptools"),
        *("msgspec", "obstore.store", "rfc8785"),
    ),
    "plotkiln's web process": _WEB_PROCESS,
    "left for later: jsonschema_rs": ("jsonschema_rs",),
    "left for the first socket: websockets": (*_WEB_PROCESS, "plotkiln.live.sockets"),
    "left for later: prometheus_client": ("prometheus_client",),
    "left to the zygote: matplotlib": ("matplotlib.figure", "matplotlib.backends.backend_agg"),
}

#: Row → the modules it imports, when they are installed.
ALTERNATIVES: dict[str, tuple[str, ...]] = {
    "fastapi": ("fastapi",),
    "litestar": ("litestar",),
    "flask": ("flask",),
    "blacksheep": ("blacksheep",),
    "aiohttp": ("aiohttp.web",),
    "py-consul": ("consul",),
    "py-consul, asynchronous": ("consul.aio",),
    "pydantic": ("pydantic",),
    "jsonschema": ("jsonschema",),
    "importlib.metadata": ("importlib.metadata",),
    "multiprocessing": ("multiprocessing.pool",),
    "wsproto": (*_WEB_PROCESS, "wsproto", "uvicorn.protocols.websockets.wsproto_impl"),
}


def main() -> None:
    """Measure every row that can be imported here."""
    rows = {**OURS, **{f"alternative: {name}": names for name, names in ALTERNATIVES.items()}}
    absent = [name for name, modules in rows.items() if not all(map(_installed, modules))]
    found: dict[str, list[float]] = {name: [] for name in rows if name not in absent}
    for name in found:
        _import(rows[name])  # byte code and the disk's cache are warm from here on
    for _ in range(ROUNDS):
        for name, times in found.items():
            times.append(_import(rows[name]))
    results = {name: summary(times) for name, times in found.items()}
    report(
        "What does importing it cost a cold start? (whole process, the row `nothing` included)",
        "ms",
        {"rows": results, "not installed": absent},
    )


def _installed(module: str) -> bool:
    return find_spec(module.partition(".")[0]) is not None


def _import(modules: tuple[str, ...]) -> float:
    code = "".join(f"import {module}\n" for module in modules)
    return run_time([sys.executable, "-c", code])


if __name__ == "__main__":
    main()
