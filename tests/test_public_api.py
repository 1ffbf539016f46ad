import importlib
import pkgutil
import subprocess
import sys

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


def _order(name: str) -> tuple[int, str]:
    """Order as isort does: constants, classes, the rest."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)
