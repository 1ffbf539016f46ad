"""What the documents show is run: specs are drawn, styles are read, commands are executed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from conftest import require
from docs.fences import ROOT, Block, anchors, blocks, documents, links
from kilns import Kiln
from plotkiln.events.rules import read_rules
from plotkiln.spec import Limits, parse_spec
from plotkiln.style.documents import parse_written
from plotkiln.style.looks import KnownStyle
from plotkiln.style.resolution import resolve
from servers import Consul
from templated import load_folder, restored_imports

_ALL = [block for document in documents() for block in blocks(document)]

#: Endings of the files that commands write, and how such a file begins.
_BEGINNINGS = {
    ".png": b"\x89PNG",
    ".svg": b"<?xml",
    ".pdf": b"%PDF",
    ".webp": b"RIFF",
    ".jpg": b"\xff\xd8",
    ".json": b"{",
    ".py": b'"""',
}


#: Parts what one block of a program prints from what the next one does.
_PAGE = "\f"


def _marked(*info: str) -> list[Block]:
    return [block for block in _ALL if block.info[: len(info)] == info]


def _documents_that_run(language: str) -> list[Path]:
    return sorted({block.document for block in _marked(language, "run")})


@pytest.fixture(scope="module")
def agent() -> Iterator[Consul]:
    """Start a Consul for these tests alone: the documents use the usual keys."""
    require(Consul.binary(), "consul")
    require(shutil.which("curl"), "curl")
    with Consul() as consul:
        yield consul


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start one server for all specs."""
    with Kiln(tmp_path_factory.mktemp("docs")) as kiln:
        yield kiln


@pytest.fixture(scope="module")
def client(kiln: Kiln) -> Iterator[httpx.Client]:
    """Open a client of that server."""
    with kiln.client() as client:
        yield client


def test_json_is_a_spec_or_a_style() -> None:
    """Every block of JSON says which contract it keeps."""
    marks = {block.info[1:] for block in _ALL if block.info[:1] == ("json",)}
    assert marks == {("spec",), ("style",), ("rules",)}


@pytest.mark.parametrize("block", _marked("json", "spec"), ids=lambda block: block.place)
def test_specs_are_drawn(client: httpx.Client, block: Block) -> None:
    """A spec in the documents is drawn without a warning."""
    answer = client.post("/plot", content=block.text)
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(_BEGINNINGS[".png"])
    assert "Plotkiln-Warnings" not in answer.headers


@pytest.mark.parametrize("block", _marked("python", "template"), ids=lambda block: block.place)
def test_templates_are_good(tmp_path: Path, block: Block) -> None:
    """A template in the documents is loaded without a fault."""
    with restored_imports():
        loaded = load_folder(tmp_path, {"shown.py": block.text})
    assert loaded.description.broken == []
    assert loaded.templates


@pytest.mark.parametrize("block", _marked("json", "style"), ids=lambda block: block.place)
def test_styles_are_good(block: Block) -> None:
    """A style in the documents keeps the contract of written styles."""
    assert not parse_written(block.text.encode()).warnings


@pytest.mark.parametrize("block", _marked("json", "rules"), ids=lambda block: block.place)
def test_rules_are_good(block: Block) -> None:
    """A file of rules in the documents has no fault."""
    assert read_rules(block.text.encode())


@pytest.mark.parametrize("block", _marked("sh"), ids=lambda block: block.place)
def test_commands_are_shell(block: Block) -> None:
    """A command in the documents is what a shell can read, run or not."""
    read = subprocess.run(["bash", "-n"], input=block.text, text=True, check=False)
    assert read.returncode == 0


@pytest.mark.parametrize("document", _documents_that_run("sh"), ids=lambda path: path.name)
def test_commands_run(agent: Consul, tmp_path: Path, document: Path) -> None:
    """The commands of a document succeed one after the other, and write and say what it shows."""
    agent.delete("plotting/", below=True)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    rules = str(ROOT / "examples/rules/readings.json")
    with Kiln(tmp_path / "data", CONSUL_HTTP_ADDR=agent.url, PLOTKILN_RULES=rules) as kiln:
        for block, following in _with_following(document, "sh"):
            printed = _run(block, tmp_path, kiln, agent)
            _check_files(block, tmp_path)
            if following is not None and following.info == ("text", "output"):
                assert re.fullmatch(_pattern(following.text), printed.strip()), printed


@pytest.mark.parametrize("document", _documents_that_run("python"), ids=lambda path: path.name)
def test_programs_run(tmp_path: Path, document: Path) -> None:
    """The Python of a document runs from top to bottom as one program, and says what it shows."""
    found = list(_with_following(document, "python"))
    program = f"\nprint({_PAGE!r})\n".join(block.text for block, _ in found)
    with Kiln(tmp_path / "data") as kiln:
        printed = _run_program(program, tmp_path, kiln).split(f"{_PAGE}\n")
    for (block, following), said in zip(found, printed, strict=True):
        if following is not None and following.info == ("text", "output"):
            assert re.fullmatch(_pattern(following.text), said.strip()), f"{block.place}\n{said}"
    for name in re.findall(r"(?:save|savefig)\(\"(\S+\.\w+)\"\)", program):
        path = tmp_path / name
        assert path.read_bytes().startswith(_BEGINNINGS[path.suffix]), name


def test_the_picture_is_what_its_caption_says() -> None:
    """docs/images/classic.png was drawn from the spec and in the style that README.md names."""
    spec = parse_spec((ROOT / "examples/classic.json").read_bytes(), Limits())
    style = parse_written((ROOT / "examples/style.json").read_bytes()).style
    known = KnownStyle(name="style", version=0, style=style, state="fresh")
    with Image.open(ROOT / "docs/images/classic.png") as picture:
        told = (picture.info["plotkiln:spec"], picture.info["plotkiln:style"])
    assert told == (spec.digest, resolve("style", {"style": known}).digest), (
        "draw it anew: plotkiln render examples/classic.json --style-file examples/style.json "
        "-o docs/images/classic.png"
    )


def test_the_chinese_readme_shows_the_same_code() -> None:
    """README.zh-CN.md has the code of README.md, its links, and its pictures in Chinese."""
    english, chinese = ROOT / "README.md", ROOT / "README.zh-CN.md"
    assert _code(english) == _code(chinese)
    picture = "docs/images/app/chart-wide-{}-light.webp".format
    there = {"README.zh-CN.md": "README.md", picture("en"): picture("zh")}
    assert sorted(there.get(link, link) for link in links(english)) == sorted(links(chinese))


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(document: Path) -> None:
    """Every link to a file leads to one, and every fragment to a heading."""
    for link in links(document):
        if link.startswith(("http://", "https://")):
            continue
        name, _, fragment = link.partition("#")
        target = document.parent / name if name else document
        assert target.exists(), link
        assert not fragment or fragment in anchors(target), link


def _with_following(document: Path, language: str) -> Iterator[tuple[Block, Block | None]]:
    """Yield each block of a language that is run, with the block after it."""
    found = blocks(document)
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block.info == (language, "run"):
            yield block, following


def _run_program(program: str, folder: Path, kiln: Kiln) -> str:
    """Run Python in a process of its own and return what it printed, the usual port in it."""
    usual = "127.0.0.1:8080"
    own = {"PLOTKILN_URL": kiln.url, "MPLBACKEND": "agg", "PYTHONIOENCODING": "utf-8"}
    strict = ["-W", "error", "-W", "ignore::ResourceWarning"]  # a program's end closes what is open
    done = subprocess.run(
        [sys.executable, *strict, "-c", program.replace(usual, f"127.0.0.1:{kiln.port}")],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(kiln.data), **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.replace(f"127.0.0.1:{kiln.port}", usual)


def _run(block: Block, folder: Path, kiln: Kiln, agent: Consul) -> str:
    """Run a block in a shell of its own and return what it printed, the usual ports in it."""
    ports = {"127.0.0.1:8080": f"127.0.0.1:{kiln.port}", "http://127.0.0.1:8500": agent.url}
    script = block.text
    for shown, real in ports.items():
        script = script.replace(shown, real)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=_environment(kiln, agent),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{block.place}\n{done.stdout}"
    printed = done.stdout.replace("\r\n", "\n")
    for shown, real in ports.items():
        printed = printed.replace(real, shown)
    return printed


def _environment(kiln: Kiln, agent: Consul) -> dict[str, str]:
    """Return what a reader's shell has: our programs, and the way to the server and to Consul."""
    programs = [Path(sys.executable).parent, Path(Consul.binary() or "").parent]
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    own = {"PLOTKILN_DATA": str(kiln.data), "CONSUL_HTTP_ADDR": agent.url}
    return {"PATH": path, "HOME": str(kiln.data), "PORT": str(kiln.port), **own}


def _check_files(block: Block, folder: Path) -> None:
    """Assert that each file that a command names as its output is what its ending says."""
    for name in re.findall(r"(?:-o|--output) (\S+\.\w+)", block.text):
        path = folder / name
        assert path.read_bytes().startswith(_BEGINNINGS[path.suffix]), f"{block.place}: {name}"


def _pattern(shown: str) -> str:
    """Return a pattern of what a document shows; … stands for anything."""
    return "(?s)" + re.escape(shown.strip()).replace("…", ".*?")


def _code(document: Path) -> list[tuple[tuple[str, ...], str]]:
    return [(block.info, block.text) for block in blocks(document)]
