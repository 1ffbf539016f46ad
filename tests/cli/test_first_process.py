"""A container's first process, which the kernel gives no default actions."""

import signal
import subprocess
import sys

#: A start that meets SIGTERM where Python ignores exceptions.
_START = """
import os, signal
from plotkiln.cli.main import _end_at_sigterm

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        os.getpid()

_end_at_sigterm()
Finalized()
print("went on")
"""


def test_sigterm_ends_a_start_wherever_it_is() -> None:
    """No finalizer, in which an exception is ignored, makes the process go on."""
    done = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, check=False, text=True
    )
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "")
