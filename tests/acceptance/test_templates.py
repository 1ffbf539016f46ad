"""Templates as their authors have them: a file in a folder, and a package of one's own."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from installed import User, install
from templated import HEAD, write_files

pytestmark = pytest.mark.acceptance

PACKAGE = {
    "pyproject.toml": """\
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"

        [project]
        name = "acme-charts"
        version = "1.2"

        [project.entry-points."plotkiln.templates"]
        dials = "acme_charts.dials"
        broken = "acme_charts.broken:nothing"

        [tool.hatch.build.targets.wheel]
        packages = ["acme_charts"]
        """,
    "acme_charts/__init__.py": "",
    "acme_charts/needle.py": "LENGTH = 0.8\n",
    "acme_charts/broken.py": "nothing = 3\n",
    "acme_charts/dials.py": f"""\
{HEAD}from acme_charts.needle import LENGTH

@template("acme-dial", title="Acme's dial", size=(200, 120))
def dial(
    figure,
    *,
    #: From 0 to 1.
    value: float,
):
    '''A needle.'''
    axes = figure.add_subplot()
    axes.plot([0, LENGTH * value], [0, 1])
""",
}


def package_wheel(folder: Path, files: dict[str, str]) -> Path:
    """Build the wheel of a package, without a network."""
    write_files(folder, files)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "out"]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    (wheel,) = (folder / "out").glob("*.whl")
    return wheel


def add(environment: Path, wheel: Path) -> None:
    """Install a wheel into an environment that exists."""
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    options = ["--no-index", "--no-deps", "--force-reinstall", str(wheel)]
    command = [*pip, "--python", str(python), "install", *options]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ})


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install plotkiln, and the package of templates, into an environment of their own."""
    folder = tmp_path_factory.mktemp("templates-environment")
    install(wheel, folder)
    add(folder, package_wheel(tmp_path_factory.mktemp("acme"), PACKAGE))
    return folder


@pytest.fixture
def author(environment: Path, tmp_path: Path) -> User:
    """Return a user of that environment."""
    return User(environment / "bin" / "plotkiln", tmp_path / "home")


def test_a_package_is_found_and_shown(author: User) -> None:
    """What an installed package offers by entry points is listed; what is none of it is broken."""
    listed = msgspec.json.decode(author.run("templates", "list", "--json").stdout)
    found = {template["name"]: template for template in listed["templates"]}
    assert found["acme-dial"]["source"] == "acme_charts"
    assert found["acme-dial"]["file"] == "dials.py"
    (broken,) = listed["broken"]
    assert broken["target"] == "acme_charts.broken:nothing"
    assert "is no template" in broken["message"]
    shown = author.run("templates", "show", "acme-dial").stdout.decode()
    assert "--value  number; must be given" in shown
    assert "From 0 to 1." in shown


def test_a_package_draws_files(author: User) -> None:
    """A template of a package is drawn by flags; wrong ones are exit code 3 with every fault."""
    done = author.run("templates", "render", "acme-dial", "--value", "0.5", "-o", "dial.png")
    assert (done.returncode, done.stderr) == (0, b"")
    header = (author.folder / "dial.png").read_bytes()[16:24]
    assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (200, 120)
    wrong = author.run("templates", "render", "acme-dial", "--valu", "x", "-o", "dial.svg")
    assert wrong.returncode == 3
    assert b"params.valu: unknown member (did you mean value?)" in wrong.stderr
    assert b"the member value is missing" in wrong.stderr
    assert not (author.folder / "dial.svg").exists()


def test_a_package_draws_over_http(author: User, environment: Path, tmp_path: Path) -> None:
    """A server draws by the package, and by its next release under another ETag."""
    spec = {"template": "acme-dial", "params": {"value": 0.5}}
    with author.kiln(tmp_path / "data") as kiln, kiln.client() as client:
        url = client.post("/charts", json=spec).json()["url"]
        first = client.get(url)
        assert first.content.startswith(b"\x89PNG")
        assert kiln.stop() == 0
        newer = {**PACKAGE, "acme_charts/needle.py": "LENGTH = 0.4\n"}
        add(environment, package_wheel(tmp_path / "newer", newer))
        kiln.start()
        second = client.get(url, headers={"If-None-Match": first.headers["etag"]})
        assert second.status_code == 200
        assert second.content != first.content


def test_from_nothing_to_a_picture(author: User) -> None:
    """`templates new` writes a file that works, draws by it, and serves it."""
    made = author.run("templates", "new", "speed-o-meter", "-o", "mine/speed.py")
    assert made.returncode == 0, made.stderr
    command = made.stdout.decode().splitlines()[-1]
    assert command == (
        "PLOTKILN_TEMPLATES=mine plotkiln templates render speed-o-meter -o speed-o-meter.png"
    )
    drawn = subprocess.run(
        ["bash", "-c", command], cwd=author.folder, env=author.environment, capture_output=True,
        check=False,
    )  # fmt: skip
    assert (drawn.returncode, drawn.stderr) == (0, b"")
    assert (author.folder / "speed-o-meter.png").read_bytes().startswith(b"\x89PNG")
    again = author.run("templates", "new", "speed-o-meter", "-o", "mine/speed.py")
    assert again.returncode == 3
    assert b"mine/speed.py" in again.stderr


def test_all_flags_of_a_template(author: User) -> None:
    """Lists at commas or repeated, negative numbers, texts, JSON from a pipe and from a flag."""
    author.run("templates", "new", "dial", "-o", "mine/dial.py")
    mine = {"PLOTKILN_TEMPLATES": "mine"}
    render = ("templates", "render", "dial")
    one = author.run(*render, "--limits=-10,10", "--value", "-3", "-o", "1.png", settings=mine)
    repeated = ("--limits", "-10", "--limits", "10")
    two = author.run(*render, *repeated, "--value=-3", "-o", "2.png", settings=mine)
    piped = author.run(
        *render, "--params", "-", "--limits", "[-10, 10]", "-o", "3.png",
        given=b'{"value": -3}', settings=mine,
    )  # fmt: skip
    assert [done.stderr for done in (one, two, piped)] == [b"", b"", b""]
    pictures = {(author.folder / f"{number}.png").read_bytes() for number in (1, 2, 3)}
    assert len(pictures) == 1
    events = '{"time": "2026-01-02", "label": "A start"}'
    told = author.run(
        "templates", "render", "annotated-time-series", "--times", "2026-01-01,2026-01-03",
        "--values", "1,2", "--events", events, "--fill", "--size", "640x400", "-o", "line.svg",
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (0, b"")
    assert b'width="640" height="400"' in (author.folder / "line.svg").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["render", "odometr", "-o", "x.png"], 6, ["did you mean odometer?"]),
        (["show", "odometr"], 6, ["did you mean odometer?"]),
        (["render", "odometer", "--value", "-1", "--digits", "99", "-o", "x.png"], 3,
         ["params.value:", "params.digits:"]),
        (["render", "odometer", "3", "-o", "x.png"], 3, ["3: is no flag"]),
        (["render", "odometer", "--value", "3"], 2, ["--output"]),
        (["render", "odometer", "--value", "3", "--size", "big", "-o", "x.png"], 3, ["--size big"]),
        (["render", "odometer", "--params", "none.json", "-o", "x.png"], 3, ["none.json"]),
        (["new", "no good"], 3, ["no good is no template's name"]),
        (["list", "--value", "3"], 2, ["--value"]),
    ],
)  # fmt: skip
def test_wrong_usage_is_told(
    author: User, arguments: list[str], code: int, words: list[str]
) -> None:
    """Each mistake ends with its exit code and plain words, without a picture."""
    done = author.run("templates", *arguments)
    assert done.returncode == code, done.stderr
    told = done.stderr.decode()
    assert all(word in told for word in words), told
    assert "Traceback" not in told
    assert not list(author.folder.glob("*x.*"))
