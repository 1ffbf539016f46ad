import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from kilns import Kiln, children
from plotkiln.spec import encode_spec
from servers import wait_until
from templated import HEAD, SPEEDOMETER, write_files

HELPED = f"""\
{HEAD}
from helper import WORD

@template("helped")
def helped(figure):
    figure.text(0.1, 0.5, WORD)
"""
FAILS = f"""\
{HEAD}
@template("fails")
def fails(figure, *, value: float):
    share = 1 / value
    figure.text(0, 0, str(share))
"""
FILES = {"speed.py": SPEEDOMETER, "fails.py": FAILS, "broken.py": "x = 1\nimport nothing_here\n"}


@pytest.fixture(scope="module")
def kiln(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server with a folder of templates."""
    folder = write_files(tmp_path_factory.mktemp("templates"), FILES)
    with Kiln(tmp_path_factory.mktemp("kiln"), PLOTKILN_TEMPLATES=str(folder)) as running:
        yield running


@pytest.fixture(scope="module")
def client(kiln: Kiln) -> Iterator[httpx.Client]:
    """Talk to the server."""
    with kiln.client() as opened:
        yield opened


def post(client: httpx.Client, name: str, **params: Any) -> httpx.Response:
    """Ask for a picture by a template."""
    return client.post("/plot", json={"template": name, "params": params})


def test_templates_are_listed(client: httpx.Client) -> None:
    """The list has every template with its schema, and every broken file with its line."""
    listed = client.get("/templates").json()
    names = [found["name"] for found in listed["templates"]]
    assert names == ["annotated-time-series", "fails", "odometer", "small-multiples", "speedometer"]
    speedometer = listed["templates"][-1]
    assert speedometer["params"]["properties"]["value"] == {"type": "number"}
    assert speedometer["file"] == "speed.py"
    (broken,) = listed["broken"]
    assert (broken["target"], broken["line"]) == ("broken.py", 2)
    assert "No module named 'nothing_here'" in broken["message"]


def test_one_is_described(client: httpx.Client) -> None:
    """One template is described by itself; an unknown one is 404 with the nearest name."""
    answer = client.get("/templates/odometer")
    assert answer.json()["size"] == [280, 64]
    assert answer.json()["source"] == "plotkiln"
    tag = {"If-None-Match": answer.headers["etag"]}
    assert client.get("/templates/odometer", headers=tag).status_code == 304
    missing = client.get("/templates/odomoter")
    assert missing.status_code == 404
    assert "did you mean odometer?" in missing.json()["detail"]


def test_openapi_knows_their_parameters(client: httpx.Client) -> None:
    """The description of the API has a component for each template's parameters."""
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["Params.speedometer"]["required"] == ["value"]
    assert schemas["Params.odometer"]["properties"]["value"]["minimum"] == 0
    assert {"TemplateList", "DescribedTemplate", "BrokenTemplate"} <= schemas.keys()


def test_a_picture_wherever_a_spec_goes(client: httpx.Client) -> None:
    """Posted, encoded in an address and stored, the same spec is the same picture."""
    spec = {"template": "speedometer", "params": {"value": 70}, "size": {"width": 300}}
    posted = client.post("/plot", json=spec)
    assert posted.status_code == 200
    encoded = client.get(f"/plot/{encode_spec(msgspec.json.encode(spec))}.png")
    stored = client.get(client.post("/charts", json=spec).json()["url"])
    assert posted.content == encoded.content == stored.content
    assert posted.headers["etag"] == encoded.headers["etag"] == stored.headers["etag"]
    again = client.get(posted.headers["content-location"])
    assert again.headers["etag"] == posted.headers["etag"]


def test_formats_and_styles(client: httpx.Client) -> None:
    """Format and style are chosen as of any spec."""
    spec = {"template": "odometer", "params": {"value": 1336}, "format": "svg"}
    answer = client.post("/plot", json=spec)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert 'width="280" height="64"' in answer.text
    assert "Odometer: value 1336." in answer.text
    unknown = client.post("/plot", json={**spec, "style": "nobody"})
    assert unknown.status_code == 422


def test_every_fault_before_anything_is_drawn(client: httpx.Client) -> None:
    """Wrong parameters and members out of place are 422 with every fault and its path."""
    spec = {
        "template": "speedometer",
        "params": {"valu": 1, "unit": 3, "limits": [0, "x"]},
        "x": [1],
    }
    answer = client.post("/plot", json=spec)
    assert answer.status_code == 422
    faults = {fault["path"]: fault["message"] for fault in answer.json()["errors"]}
    assert faults.keys() == {"x", "params", "params.valu", "params.unit", "params.limits[1]"}
    assert "did you mean value?" in faults["params.valu"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("speedomter", "did you mean speedometer?"),
        ("broken", "broken.py is broken: broken.py line 2: ModuleNotFoundError"),
    ],
)
def test_an_unknown_template_is_422(client: httpx.Client, name: str, words: str) -> None:
    """A template that a body names and nobody knows is a fault of the spec, with the mend."""
    answer = post(client, name)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["path"] == "template"
    assert words in fault["message"]


def test_a_fault_inside_shows_the_line(client: httpx.Client) -> None:
    """What a template raises is 422 with file, line and code; drawn, where a picture was asked."""
    answer = post(client, "fails", value=0)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/docs#drawing"
    line = "fails.py line 6: ZeroDivisionError: float division by zero, in: share = 1 / value"
    assert line in answer.json()["detail"]
    spec = msgspec.json.encode({"template": "fails", "params": {"value": 0}})
    picture = client.get(f"/plot/{encode_spec(spec)}.png")
    assert picture.status_code == 422
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "fails.py line 6" in picture.text


def test_the_web_process_has_no_matplotlib(kiln: Kiln, client: httpx.Client) -> None:
    """Describing, checking and drawing templates maps no library of Matplotlib's here."""
    assert post(client, "speedometer", value=1).status_code == 200
    maps = Path(f"/proc/{kiln.pid}/maps").read_text()
    assert "matplotlib" not in maps
    assert "numpy" not in maps


def test_changed_code_is_a_new_picture(tmp_path: Path) -> None:
    """An edit of a template, or of its helper, is a new ETag and a new picture within seconds."""
    folder = write_files(tmp_path / "own", {"helped.py": HELPED, "helper.py": "WORD = 'one'"})
    with Kiln(tmp_path / "data", PLOTKILN_TEMPLATES=str(folder)) as kiln, kiln.client() as client:
        url = client.post("/charts", json={"template": "helped"}).json()["url"]
        first = client.get(url)
        tag = {"If-None-Match": first.headers["etag"]}
        assert client.get(url, headers=tag).status_code == 304
        write_files(folder, {"helper.py": "WORD = 'two'"})
        wait_until(lambda: client.get(url, headers=tag).status_code == 200)
        second = client.get(url)
        assert second.content != first.content
        write_files(folder, {"helper.py": "WORD = 'one'"})
        wait_until(lambda: client.get(url).headers["etag"] == first.headers["etag"])
        assert client.get(url).content == first.content


def test_edits_harm_no_render(tmp_path: Path) -> None:
    """While a template is edited again and again, every request is answered by a picture."""
    folder = write_files(tmp_path / "own", {"helped.py": HELPED, "helper.py": "WORD = '0'"})
    with Kiln(tmp_path / "data", PLOTKILN_TEMPLATES=str(folder)) as kiln:
        answers: list[str] = []

        def ask(number: int) -> None:
            with kiln.client() as client:
                for turn in range(12):
                    spec = {"template": "helped", "alt": f"{number}-{turn}"}
                    answer = client.post("/plot", json=spec)
                    answers.append("picture" if answer.status_code == 200 else answer.text)

        def answered(seen: int) -> bool:
            return len(answers) > seen or not any(map(threading.Thread.is_alive, threads))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
        for thread in threads:
            thread.start()
        edit = 0
        while any(thread.is_alive() for thread in threads):
            edit, seen = edit + 1, len(answers)
            new = folder / "helper.new"
            new.write_text(f"WORD = '{edit}'")
            new.rename(folder / "helper.py")
            threads[0].join(0.5)
            # on a busy machine nobody types faster than it answers
            wait_until(partial(answered, seen))
        assert edit > 2
        assert answers == ["picture"] * 36


def test_a_broken_file_heals(tmp_path: Path) -> None:
    """A file that is mended is a template a moment later, without a restart."""
    folder = write_files(tmp_path / "own", {"speed.py": "def ("})
    with Kiln(tmp_path / "data", PLOTKILN_TEMPLATES=str(folder)) as kiln, kiln.client() as client:
        assert "SyntaxError" in post(client, "speed").json()["errors"][0]["message"]
        write_files(folder, {"speed.py": SPEEDOMETER})
        wait_until(lambda: post(client, "speedometer", value=3).status_code == 200)


def test_a_cold_process_answers_without_loading(tmp_path: Path) -> None:
    """A process that has just started checks, plans and answers 304 by what is kept."""
    folder = write_files(tmp_path / "own", {"speed.py": SPEEDOMETER})
    kiln = Kiln(tmp_path / "data", PLOTKILN_TEMPLATES=str(folder))
    spec = {"template": "speedometer", "params": {"value": 3}}
    with kiln:
        with kiln.client() as client:
            url = client.post("/charts", json=spec).json()["url"]
            tag = client.get(url).headers["etag"]
        assert kiln.stop() == 0
        kiln.start()
        with kiln.client() as client:
            assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
            address = f"/plot/{encode_spec(msgspec.json.encode(spec))}.png"
            assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
            assert post(client, "speedometer", value="x").status_code == 422
            assert client.get("/templates").status_code == 200
            assert len(children(kiln.pid)) == 1  # the zygote, without a branch


def test_a_missing_folder_breaks_nothing(tmp_path: Path) -> None:
    """A folder that is not there is listed as broken; charts are drawn."""
    kiln = Kiln(tmp_path / "data", PLOTKILN_TEMPLATES=str(tmp_path / "nowhere"))
    with kiln, kiln.client() as client:
        assert client.post("/plot", json={"y": [1, 2]}).status_code == 200
        (broken,) = client.get("/templates").json()["broken"]
        assert broken["message"] == "there is no such folder"
        assert post(client, "odometer", value=1).status_code == 200


def test_a_template_that_is_gone(tmp_path: Path) -> None:
    """A stored chart whose template was removed says so, as words and as a picture."""
    folder = write_files(tmp_path / "own", {"speed.py": SPEEDOMETER})
    with Kiln(tmp_path / "data", PLOTKILN_TEMPLATES=str(folder)) as kiln, kiln.client() as client:
        spec = {"template": "speedometer", "params": {"value": 3}}
        url = client.post("/charts", json=spec).json()["url"]
        assert client.get(url).status_code == 200
        (folder / "speed.py").unlink()
        wait_until(lambda: client.get(url).status_code == 422)
        assert client.get(url).headers["content-type"] == "image/svg+xml"
        answer = client.get(url, headers={"Accept": "application/json"})
        assert answer.json()["errors"][0]["path"] == "template"
