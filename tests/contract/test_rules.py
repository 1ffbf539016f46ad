import re
from pathlib import Path

from staged_images import ROOT

_HERE = Path(__file__).parent


def test_every_rule_names_its_tests_and_every_test_its_rule() -> None:
    """The table in docs/image.md and the tests that run containers say the same."""
    document = (ROOT / "docs/image.md").read_text()
    table = document[document.index("## The runtime contract") :]
    told = set(re.findall(r"`(test_\w+)`", table))
    files = [_HERE / f"test_{name}.py" for name in ("programs", "lifecycle", "jobs")]
    text = "".join(path.read_text() for path in files)
    written = set(re.findall(r"^def (test_\w+)", text, re.MULTILINE))
    assert told == written
