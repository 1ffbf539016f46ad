"""What a cold start imports for identity: nothing without, little with it."""

import subprocess
import sys

import pytest

#: What `plotkiln serve` imports of its own.
SERVE = "plotkiln.cli.composition, plotkiln.cli.identifying, plotkiln.live.routes"


def imported(modules: str, *prefixes: str) -> set[str]:
    """Return what a process that imports these has of what begins so."""
    program = (
        f"import sys, {modules}\n"
        f"print(*(name for name in sys.modules if name.startswith({prefixes!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_without_identity_nothing_of_it_is_imported() -> None:
    """Scopes and principals are known everywhere; what makes them out is not."""
    names = ("plotkiln.identity", "plotkiln.service.credentials", "jwt", "cryptography")
    assert imported(SERVE, *names) == {
        "plotkiln.identity",
        "plotkiln.identity.principals",
        "plotkiln.identity.scopes",
    }


@pytest.mark.parametrize("library", ["jwt", "cryptography", "httpx"])
def test_with_identity_libraries_wait_for_the_first_token(library: str) -> None:
    """A start with identity imports neither what verifies nor what asks the provider."""
    assert imported(f"{SERVE}, plotkiln.cli.identities", f"{library}.", library) == set()
