"""`plotkiln serve` as installed: what the README promises, and what it refuses to start with."""

import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import httpx
import msgspec
import pytest

from installed import CHECKOUT, User
from servers import wait_until

pytestmark = pytest.mark.acceptance

SPEC = {"x": [1, 2, 3], "y": [4, 1, 7], "title": "Installed"}

FORMATS = ("png", "svg", "pdf", "webp", "jpeg")


def test_the_readme_s_first_picture(user: User) -> None:
    """The first curl line of the README draws a picture."""
    readme = (CHECKOUT / "README.md").read_text()
    line = next(line for line in readme.splitlines() if line.startswith("curl") and "/plot" in line)
    with user.kiln(user.home / "data") as kiln:
        command = line.replace("http://127.0.0.1:8080", kiln.url)
        subprocess.run(["sh", "-c", command], check=True, cwd=user.folder)
    assert (user.folder / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_a_server_and_a_command_draw_the_same_bytes(user: User) -> None:
    """POST /plot and `plotkiln render` agree on digest and bytes, in every format."""
    spec = msgspec.json.encode(SPEC)
    (user.folder / "spec.json").write_bytes(spec)
    with (
        user.kiln(user.home / "served") as kiln,
        httpx.Client(base_url=kiln.url, headers={"Accept-Encoding": "identity"}) as client,
    ):
        for format_ in FORMATS:
            posted = client.post("/plot", json={**SPEC, "format": format_}, timeout=60)
            assert posted.status_code == 200
            name = f"drawn.{format_}"
            facts = user.run("render", "spec.json", "-o", name, "--json").stdout
            assert posted.headers["etag"] == f'"{msgspec.json.decode(facts)["digest"]}"'
            assert posted.content == (user.folder / name).read_bytes()


def test_a_command_changes_a_server_s_next_picture(user: User) -> None:
    """A style put by another process on the same data is the running server's next look."""
    data = user.home / "data"
    with user.kiln(data) as kiln, kiln.client() as client:
        before = client.post("/plot", json=SPEC)
        assert before.headers["plotkiln-style"] == "default@0"
        put = user.run(
            "styles",
            "put",
            "default",
            "-",
            "--json",
            given=b'{"palette": ["#d6336c"]}',
            settings={"PLOTKILN_DATA": str(data)},
        )
        look = f"default@{msgspec.json.decode(put.stdout)['version']}"
        wait_until(lambda: client.post("/plot", json=SPEC).headers["plotkiln-style"] == look, 5)
        after = client.post("/plot", json=SPEC)
        assert after.headers["plotkiln-style-state"] == "fresh"
        assert after.headers["etag"] != before.headers["etag"]
        assert after.content != before.content


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"HOST": "0.0.0.0"}, ["HOST=0.0.0.0", "PLOTKILN_ANONYMOUS=allow"]),  # noqa: S104 -- refused
        ({"PLOTKILN_WORKER": "2"}, ["PLOTKILN_WORKER ", "PLOTKILN_WORKERS"]),
        ({"PLOTKILN_WORKERS": "many"}, ["PLOTKILN_WORKERS=many", "whole number"]),
        ({"K_SERVICE": "plot"}, ["CONSUL_HTTP_ADDR", "PLOTKILN_EPHEMERAL=allow"]),
        ({"PLOTKILN_ARTIFACTS_URL": "ftp://x"}, ["PLOTKILN_ARTIFACTS_URL=ftp://x"]),
        ({"PLOTKILN_DATA": "/dev/null/x"}, ["PLOTKILN_DATA=/dev/null/x"]),
        ({"PORT": "1e3"}, ["PORT=1e3"]),
        ({"CONSUL_HTTP_ADDR": "127.0.0.1:99999999"}, ["127.0.0.1:99999999"]),
        (
            {"CONSUL_HTTP_ADDR": "https://127.0.0.1:1", "CONSUL_CACERT": "/nowhere.pem"},
            ["/nowhere.pem"],
        ),
    ],
)
def test_a_wrong_setting_is_told(user: User, settings: dict[str, str], words: list[str]) -> None:
    """A setting that cannot be used ends the start with exit code 2, and plain words that help."""
    refused = user.run("serve", settings={"PORT": "0", **settings})
    told = refused.stderr.decode()
    assert refused.returncode == 2, told
    assert all(word in told for word in words), told
    assert "Traceback" not in told
    assert "\x1b" not in told


def test_what_is_allowed_is_served(user: User) -> None:
    """`allow` serves on any address, and from a pod's own stores; service links are no settings."""
    with user.kiln(
        user.home / "data",
        HOST="0.0.0.0",  # noqa: S104 -- meant, for a moment
        PLOTKILN_ANONYMOUS="allow",
        K_SERVICE="plot",
        PLOTKILN_EPHEMERAL="allow",
        PLOTKILN_SERVICE_HOST="10.0.0.1",
        PLOTKILN_PORT_8080_TCP="tcp://10.0.0.1:8080",
    ) as kiln:
        assert httpx.post(f"{kiln.url}/plot", json=SPEC, timeout=60).status_code == 200
        assert kiln.stop() == 0


def test_the_web_app_is_served(user: User, wheel: Path) -> None:
    """`/` is the web app; all that it was built of is there, and all that its document names."""
    folder = "plotkiln/api/static/app"
    names = ZipFile(wheel).namelist()
    built = {name.removeprefix(folder) for name in names if name.startswith(f"{folder}/")}
    assert {"/index.html", "/sw.js", "/manifest.webmanifest"} < built
    with user.kiln(user.home / "data") as kiln, kiln.client() as client:
        document = client.get("/").text
        named = set(re.findall(r'(?:href|src)="(/[^"]+)"', document))
        assert any(address.startswith("/assets/") for address in named)
        for address in sorted(named | built):
            assert client.get(address).status_code == 200, address


def test_a_taken_port_is_told(user: User) -> None:
    """A second server on one port ends with exit code 2 and names the port."""
    with user.kiln(user.home / "data") as kiln:
        refused = user.run("serve", settings={"PORT": str(kiln.port)})
    assert refused.returncode == 2
    assert str(kiln.port) in refused.stderr.decode()
