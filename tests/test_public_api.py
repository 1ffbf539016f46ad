import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import plotkiln

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(plotkiln.__path__, "plotkiln.")
    if not module.name.endswith(("__main__", "zygote"))
)


@pytest.mark.parametrize("name", MODULES)
def test_all_is_true(name: str) -> None:
    """`__all__` is sorted without repeats, and every name in it exists."""
    module = importlib.import_module(name)
    names = getattr(module, "__all__", [])
    assert len(set(names)) == len(names)
    assert sorted(names, key=_order) == list(names)
    assert all(hasattr(module, exported) for exported in names)


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is(name: str) -> None:
    """Each module opens with a docstring."""
    assert importlib.import_module(name).__doc__


def test_the_web_process_imports_no_matplotlib() -> None:
    """What `plotkiln serve` imports has no Matplotlib, numpy or Pillow in it."""
    program = (
        "import sys, plotkiln.cli.serve, plotkiln.cli.composition, plotkiln.cli.server,"
        " plotkiln.cli.logs, plotkiln.api;"
        "print([name for name in ('matplotlib', 'numpy', 'PIL') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert shown.stdout.strip() == b"[]"


def test_the_web_process_imports_nothing_for_trifles() -> None:
    """`plotkiln serve` needs no grammar of a command line, and no fractions for a median."""
    program = (
        "import sys, plotkiln.cli.main, plotkiln.cli.serve, plotkiln.cli.composition;"
        "import plotkiln.cli.server, plotkiln.cli.logs, plotkiln.live.routes;"
        "print([name for name in ('argparse', 'statistics', 'fractions') if name in sys.modules])"
    )
    assert _run("-c", program) == "[]"


def test_importing_plotkiln_imports_nothing_else() -> None:
    """`import plotkiln` costs nothing but itself: whatever else it has is imported on demand."""
    program = (
        "import sys; before = set(sys.modules); import plotkiln;"
        "print(sorted(set(sys.modules) - before))"
    )
    shown = _run("-S", "-c", program)
    assert shown == "['plotkiln', 'plotkiln.__about__']"


def test_the_client_imports_no_matplotlib() -> None:
    """Whoever asks a server needs no Matplotlib, numpy or Pillow, nor what serves."""
    program = (
        "import sys, plotkiln; plotkiln.Client;"
        "parts = ('matplotlib', 'numpy', 'PIL', 'starlette', 'plotkiln.cli', 'plotkiln.service');"
        "print([name for name in parts if name in sys.modules])"
    )
    shown = _run("-c", program)
    assert shown == "[]"


def test_what_is_imported_on_demand() -> None:
    """Every public name is there, is listed, and is what its module has; others are not."""
    assert set(plotkiln.__all__) <= set(dir(plotkiln))
    assert plotkiln.Client is importlib.import_module("plotkiln.client").Client
    assert plotkiln.use_style is importlib.import_module("plotkiln.house_style").use_style
    with pytest.raises(AttributeError, match="has no attribute 'Cleint'"):
        getattr(plotkiln, "Cleint")  # noqa: B009 -- a type checker would refuse it otherwise


def _run(*arguments: str) -> str:
    """Run Python where the sources are; return what it printed."""
    sources = Path(plotkiln.__file__).parents[1]
    command = [sys.executable, *arguments]
    shown = subprocess.run(command, cwd=sources, capture_output=True, check=True, text=True)
    return shown.stdout.strip()


def _order(name: str) -> tuple[int, str]:
    """Order as isort does: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
