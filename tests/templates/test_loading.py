from pathlib import Path

import pytest

from plotkiln.service.templates import SHIPPED_DESCRIPTIONS
from plotkiln.templates.descriptions import BrokenTemplate, keep_descriptions, kept_descriptions
from plotkiln.templates.loading import LoadedSource, load_source
from plotkiln.templates.sources import TemplateSources, shipped_source
from templated import HEAD, SPEEDOMETER, load_folder, write_files


def broken(loaded: LoadedSource) -> dict[str, BrokenTemplate]:
    """Return what could not be loaded, by target."""
    return {found.target: found for found in loaded.description.broken}


def test_templates_are_described(tmp_path: Path) -> None:
    """A file's templates are known by name, file and schema."""
    loaded = load_folder(tmp_path, {"speed.py": SPEEDOMETER})
    (found,) = loaded.description.templates
    assert (found.name, found.file, found.source) == ("speedometer", "speed.py", tmp_path.name)
    assert found.description == "Show a speed."
    assert list(found.params["properties"]) == ["value", "unit", "limits"]
    assert loaded.description.broken == []


def test_helpers_are_imported_by_name_and_relatively(tmp_path: Path) -> None:
    """Files import modules and packages of the folder, in either way."""
    files = {
        "one.py": f"{HEAD}import colours\nfrom .parts.needle import LENGTH\n"
        "@template('one', description=f'{colours.RED} {LENGTH}')\ndef one(figure): ...",
        "colours.py": "RED = 'red'",
        "parts/__init__.py": "",
        "parts/needle.py": "LENGTH = 3",
    }
    loaded = load_folder(tmp_path, files)
    assert loaded.description.broken == []
    assert loaded.description.templates[0].description == "red 3"


def test_a_helper_never_shadows_what_is_installed(tmp_path: Path) -> None:
    """A file named like a module of the standard library is not taken for it."""
    files = {
        "a.py": f"{HEAD}import json\n@template('a', title=json.dumps(1))\ndef a(figure): ...",
        "json.py": "raise RuntimeError('not this one')",
    }
    loaded = load_folder(tmp_path, files)
    assert [found.title for found in loaded.description.templates] == ["1"]
    assert list(broken(loaded)) == ["json.py"]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("x = 1\nprint(1 / 0)\n", "bad.py line 2: ZeroDivisionError: division by zero, in:", 2),
        ("def (:\n", "bad.py line 1: SyntaxError: ", 1),
        ("import sys\nsys.exit('enough')\n", "bad.py line 2: SystemExit: enough, in:", 2),
        ("\nimport no_such_module\n", "bad.py line 2: ModuleNotFoundError: No module named", 2),
        (f"{HEAD}@template('x')\ndef x(figure, a): ...", "has no type", 3),
    ],
)
def test_a_broken_file_harms_no_other(tmp_path: Path, text: str, message: str, line: int) -> None:
    """What fails to load is described with its line; the other files are loaded."""
    loaded = load_folder(tmp_path, {"bad.py": text, "speed.py": SPEEDOMETER})
    assert list(loaded.templates) == ["speedometer"]
    (fault,) = loaded.description.broken
    assert message in fault.message
    assert (fault.file, fault.line, fault.fatal) == ("bad.py", line, False)


def test_no_path_of_the_machine_is_told(tmp_path: Path) -> None:
    """Messages name files below the folder, never where it lies."""
    text = "from pathlib import Path\n(Path(__file__).parent / 'logo.png').read_bytes()\n"
    loaded = load_folder(tmp_path, {"bad.py": text})
    message = broken(loaded)["bad.py"].message
    assert "'logo.png'" in message
    assert str(tmp_path) not in message
    assert "/" not in message.replace("parent / 'logo.png'", "")


def test_a_taken_name_is_a_fault(tmp_path: Path) -> None:
    """Two files may not declare one name; one that imports the other's template declares none."""
    files = {
        "a.py": SPEEDOMETER,
        "b.py": SPEEDOMETER,
        "c.py": "from a import speedometer\n",
    }
    loaded = load_folder(tmp_path, files)
    assert list(broken(loaded)) == ["b.py"]
    assert "the name speedometer is taken by a.py" in broken(loaded)["b.py"].message


def test_known_killers_are_skipped(tmp_path: Path) -> None:
    """A target to skip does not run, and is broken for the reason given."""
    write_files(tmp_path, {"bad.py": "open('/nowhere/x', 'w')", "speed.py": SPEEDOMETER})
    heard: list[str] = []
    source = TemplateSources(tmp_path).current()[0]
    loaded = load_source(source, skip={"bad.py": "it hangs"}, announce=heard.append)
    assert heard == ["speed.py"]
    assert broken(loaded)["bad.py"].message == "it hangs"
    assert broken(loaded)["bad.py"].fatal


def test_edits_within_a_second_are_seen(tmp_path: Path) -> None:
    """No cache of compiled code serves a file that was changed a moment later."""
    for number in range(5):
        text = f"{HEAD}from helper{number % 1} import WORD\n"
        text += "@template('a', title=WORD)\ndef a(figure): ..."
        write_files(tmp_path, {"helper0.py": f"WORD = 'w{number}'", "a.py": text})
        import sys

        sys.modules.pop("helper0", None)
        loaded = load_source(TemplateSources(tmp_path).current()[0])
        assert loaded.description.templates[0].title == f"w{number}"
    assert not list(tmp_path.rglob("*.pyc"))


def test_code_that_changes_while_it_loads_has_no_digest(tmp_path: Path) -> None:
    """Nobody can say which code was loaded when a file changed meanwhile."""
    text = "from pathlib import Path\n(Path(__file__).parent / 'other.txt').write_text('x')\n"
    assert load_folder(tmp_path, {"a.py": text}).code == ""


def test_descriptions_are_kept(tmp_path: Path) -> None:
    """What is written is read; what is torn or missing is nothing."""
    loaded = load_folder(tmp_path / "own", {"speed.py": SPEEDOMETER, "bad.py": "1 / 0"})
    file = tmp_path / "kept.json"
    assert kept_descriptions(file) == {}
    keep_descriptions(file, [loaded.description])
    assert kept_descriptions(file) == {loaded.description.key: loaded.description}
    file.write_bytes(file.read_bytes()[:-5])
    assert kept_descriptions(file) == {}


def test_the_shipped_descriptions_are_true() -> None:
    """What is known of shipped templates is what loading them says: run the tool if not."""
    description = load_source(shipped_source()).description
    assert description.broken == []
    assert kept_descriptions(SHIPPED_DESCRIPTIONS) == {description.key: description}
