"""`plotkiln render`: files in, pictures out."""

import shutil
from pathlib import Path

import msgspec
import pytest

from installed import CHECKOUT, User

pytestmark = pytest.mark.acceptance

MAGIC = {
    "png": b"\x89PNG",
    "svg": b"<?xml",
    "pdf": b"%PDF",
    "webp": b"RIFF",
    "jpeg": b"\xff\xd8",
}

EXAMPLES = sorted(
    path for path in (CHECKOUT / "examples").glob("*.json") if path.name != "style.json"
)

SHORTEST = b'{"x": [1, 2, 3], "y": [4, 1, 7]}'
TABLE = b"month,sales\nJan,3\nFeb,5\n"


@pytest.mark.parametrize("format_", MAGIC)
def test_each_format_is_the_same_in_every_process(user: User, format_: str) -> None:
    """Two processes with nothing in common but the wheel write the same bytes."""
    (user.folder / "spec.json").write_bytes(SHORTEST)
    pictures = []
    for number in range(2):
        name = f"{number}.{format_}"
        settings = {"PLOTKILN_DATA": str(user.home / f"data-{number}")}
        done = user.run("render", "spec.json", "-o", name, settings=settings)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        pictures.append((user.folder / name).read_bytes())
    assert pictures[0].startswith(MAGIC[format_])
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_drawn(user: User, example: Path) -> None:
    """Each example spec is drawn without a warning."""
    shutil.copy(example, user.folder / "example.json")
    done = user.run("render", "example.json", "-o", "example.svg")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (user.folder / "example.svg").stat().st_size > 2000


def test_a_pipe_in_and_out(user: User) -> None:
    """`-` reads the spec from standard input and writes the picture to standard output."""
    piped = user.run("render", "-", "-o", "-", "-f", "pdf", given=SHORTEST)
    assert piped.returncode == 0
    assert piped.stdout.startswith(b"%PDF")
    assert piped.stderr == b""


def test_csv_with_options(user: User) -> None:
    """A CSV table is drawn with the members that --set gives."""
    (user.folder / "table.csv").write_bytes(TABLE)
    options = ("--set", "kind=bar", "--set", "title=Sales")
    assert user.run("render", "table.csv", *options, "-o", "table.png").returncode == 0
    piped = user.run("render", "-", "--csv", *options, "-o", "-", given=TABLE)
    assert piped.stdout == (user.folder / "table.png").read_bytes()


def test_facts_are_printed_as_json(user: User) -> None:
    """--json prints what was drawn, and a second run finds it drawn."""
    (user.folder / "spec.json").write_bytes(SHORTEST)
    first, second = (
        msgspec.json.decode(user.run("render", "spec.json", "-o", "a.png", "--json").stdout)
        for _ in range(2)
    )
    assert (first["source"], second["source"]) == ("drawn", "store")
    assert first["digest"] == second["digest"]
    assert first["style"] == "default@0"
    assert first["bytes"] == (user.folder / "a.png").stat().st_size


def test_a_style_file(user: User) -> None:
    """--style-file draws in a document that is stored nowhere."""
    (user.folder / "spec.json").write_bytes(SHORTEST)
    (user.folder / "wide.json").write_bytes(b'{"figure": {"figsize": [5, 2], "dpi": 100}}')
    done = user.run("render", "spec.json", "--style-file", "wide.json", "-o", "wide.png")
    assert done.returncode == 0, done.stderr
    header = (user.folder / "wide.png").read_bytes()[16:24]
    assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (500, 200)


@pytest.mark.parametrize(
    ("spec", "options", "code", "words"),
    [
        (b"{", ["-o", "x.png"], 3, ["not JSON"]),
        (b"{}", ["-o", "x.png"], 3, ["plotkiln:"]),
        (b'{"y": [1, true], "colour": 1}', ["-o", "x.png"], 3, ["y[1]:", "colour:"]),
        (SHORTEST, ["-o", "x.gif"], 3, ["gif", "png"]),
        (SHORTEST, ["-o", "nowhere/x.png"], 3, ["nowhere/x.png"]),
        (SHORTEST, ["-o", "x.png", "-s", "nobody"], 6, ["nobody"]),
        (SHORTEST, ["-o", "x.png", "--set", "kind=bar"], 3, ["--set"]),
        (SHORTEST, [], 2, ["--output"]),
    ],
)
def test_wrong_input_is_told(
    user: User, spec: bytes, options: list[str], code: int, words: list[str]
) -> None:
    """Wrong input ends with its exit code and plain words on standard error, without a picture."""
    done = user.run("render", "-", *options, given=spec)
    assert done.returncode == code, done.stderr
    told = done.stderr.decode()
    assert all(word in told for word in words), told
    assert "Traceback" not in told
    assert "\x1b" not in told
    assert done.stdout == b""
    assert not list(user.folder.glob("*x.*"))


def test_a_missing_file_is_told(user: User) -> None:
    """A spec that does not exist is exit code 3, with its name."""
    done = user.run("render", "missing.json", "-o", "x.png")
    assert done.returncode == 3
    assert b"missing.json" in done.stderr
