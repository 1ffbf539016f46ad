import importlib.metadata
import subprocess
import sys

from plotkiln.workers.renderer import distribution_versions, renderer_identity


def test_versions_are_those_of_the_distributions() -> None:
    """The releases read from folder names are those that importlib.metadata knows."""
    names = ("matplotlib", "numpy", "pillow")
    expected = {name: importlib.metadata.version(name) for name in names}
    assert distribution_versions(names) == expected


def test_a_missing_distribution_is_left_out() -> None:
    """A distribution that is not installed has no version."""
    assert distribution_versions(("no-such-distribution",)) == {}


def test_the_key_follows_the_fonts() -> None:
    """Other fonts are another renderer."""
    assert renderer_identity("a").key != renderer_identity("b").key
    assert renderer_identity("a").key == renderer_identity("a").key


def test_matplotlib_is_not_imported() -> None:
    """The renderer is known without importing Matplotlib or numpy."""
    program = (
        "import sys; from plotkiln.workers.renderer import renderer_identity;"
        "renderer_identity('fonts');"
        "print([name for name in ('matplotlib', 'numpy', 'PIL') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert shown.stdout.strip() == b"[]"
