"""Documents that an operator is handed: YAML of Triggers and schedules, JSON of settings."""

import subprocess
import sys

import pytest

#: Nine lists of nine of the one before: a thousand million words, once they are written out.
LAUGHS = "a0: &a0 [ha,ha,ha,ha,ha,ha,ha,ha,ha]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)

#: Documents that would grow, run or reach out.
HOSTILE = {
    "billion-laughs": LAUGHS,
    "itself": "a: &a [*a]\nkind: Trigger\n",
    "python-object": "!!python/object/apply:os.system ['touch ran']\n",
    "python-name": "!!python/name:os.system\n",
    "python-module": "kind: !!python/module:os\n",
    "deep": "[" * 20_000 + "]" * 20_000,
    "deep-maps": "{a: " * 20_000 + "}" * 20_000,
    "list-in-itself": "apiVersion: v1\nitems: &a [{apiVersion: v1, items: *a}]\n",
    "one-text-everywhere": "a: &a " + "a" * 100_000 + "\nb: [" + ", ".join(["*a"] * 1000) + "]\n",
    "merged": "a: &a {b: 1}\n" + "c: {<<: [" + ", ".join(["*a"] * 10_000) + "]}\n",
    "long-key": "? " + "a" * 200_000 + "\n: 1\n",
    "nothing": "",
    "binary": "\x00\x01\x02",
    "a-text": "ha",
    "timestamps": "kind: 9999-99-99T99:99:99Z\n",
    "large-number": "kind: " + "9" * 100_000 + "\n",
}

#: What reads such documents, by the setting that names them.
READERS = {
    "PLOTKILN_TRIGGERS": "plotkiln.events.triggers:read_topology",
    "PLOTKILN_RULES": "plotkiln.events.rules:load_rules",
    "PLOTKILN_SCHEDULES": "plotkiln.schedules.documents:load_schedules",
}

#: Reads each file of a folder within 1 GiB, and says which error that is.
PROGRAM = """
import importlib, resource, sys
from pathlib import Path
from plotkiln.errors import PlotkilnError
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
module, _, name = sys.argv[1].partition(":")
read = getattr(importlib.import_module(module), name)
for file in sorted(Path(sys.argv[2]).iterdir()):
    try:
        read(file, *([b"[]"] if name == "load_rules" else []))
        print(file.stem, "was read", flush=True)
    except PlotkilnError as error:
        print(file.stem, "was refused", len(str(error)), flush=True)
    except BaseException as error:
        print(file.stem, "was a defect", type(error), flush=True)
"""


@pytest.fixture(scope="module", params=READERS)
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """Return what became of each document."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in HOSTILE.items():
        folder.joinpath(f"{name}.yaml").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, READERS[request.param], str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=folder.parent,
    )
    assert not done.returncode, done.stderr
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_document_is_refused(
    outcomes: dict[str, str], attack: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What grows, runs or is no such document is refused in a sentence, within time and memory."""
    outcome = outcomes[attack]
    assert outcome.startswith("was refused") or (attack in HARMLESS and outcome == "was read")
    assert int(outcome.rpartition(" ")[2]) < 10_000 if "refused" in outcome else True
    assert not list(tmp_path_factory.getbasetemp().glob("**/ran"))


#: Documents without an object of ours, which are passed over.
HARMLESS = {"nothing", "merged", "long-key", "a-text"}
