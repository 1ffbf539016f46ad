"""`plotkiln doctor` as a script and as a person see it, on real stores in every condition."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from conftest import require
from kilns import Kiln
from plotkiln.__about__ import __version__
from servers import Consul, free_port

TOKEN = "00000000-dead-beef-0000-000000000000"  # noqa: S105 -- nobody's


@pytest.fixture(scope="module")
def guarded() -> Iterator[Consul]:
    """Start a Consul that denies what no policy allows."""
    require(Consul.binary(), "consul")
    with Consul(acl=True) as agent:
        agent.put("plotting/styles/default", b'{"palette": ["#0B7285"]}')
        yield agent


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Return what a shell of somebody's with these settings has."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PORT": str(free_port()), "PLOTKILN_DATA": str(data), **settings}


def run(data: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the doctor."""
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", "doctor", *options],
        env=environment(data, **settings),
        capture_output=True,
        check=False,
        text=True,
        timeout=180,
    )


def examined(data: Path, **settings: str) -> tuple[int, dict[str, Any], dict[str, dict[str, Any]]]:
    """Return exit code, report, and checks by name."""
    done = run(data, "--json", **settings)
    assert done.stdout, done.stderr
    report = msgspec.json.decode(done.stdout)
    assert settings.get("CONSUL_HTTP_TOKEN", TOKEN) not in done.stdout + done.stderr
    return done.returncode, report, {one["name"]: one for one in report["checks"]}


def test_all_well_is_0(tmp_path: Path) -> None:
    """On the embedded defaults nothing is broken or away, and the report has its whole shape."""
    code, report, checks = examined(tmp_path / "data")
    assert code == 0
    assert report["state"] in {"ok", "warning"}
    assert report["versions"].keys() >= {"plotkiln", "python", "matplotlib", "numpy", "pillow"}
    assert report["versions"]["plotkiln"] == __version__
    assert report["settings"].keys() == {"PORT", "PLOTKILN_DATA"}
    assert list(checks) == [
        "data folder", "state database", "style store", "style writes", "jobs", "renderings",
        "memory", "port", "render", "fonts", "templates",
    ]  # fmt: skip
    for one in checks.values():
        assert one.keys() == {"name", "state", "took", "detail", "mend"}
        assert one["detail"]
        assert (one["state"] == "ok") == (one["mend"] == "")
    assert "cold" in checks["render"]["detail"]


def test_a_consul_is_examined(consul: Consul, tmp_path: Path) -> None:
    """With a Consul that answers its release is told, and its snapshot is to come."""
    prefix = "test/doctor/styles"
    code, report, checks = examined(
        tmp_path, CONSUL_HTTP_ADDR=consul.url, PLOTKILN_STYLES_PREFIX=prefix
    )
    assert code == 0
    assert report["versions"]["consul"]
    assert report["settings"]["CONSUL_HTTP_ADDR"] == consul.url
    assert checks["style store"]["state"] == checks["style writes"]["state"] == "ok"
    assert checks["style snapshot"]["detail"].startswith("none yet")


def test_an_absent_consul_is_4(tmp_path: Path) -> None:
    """What does not answer may come back: exit code 4, and the rest is looked at all the same."""
    code, report, checks = examined(tmp_path, CONSUL_HTTP_ADDR="http://127.0.0.1:9")
    assert (code, report["state"]) == (4, "away")
    assert checks["style store"]["state"] == checks["style writes"]["state"] == "away"
    assert "Start Consul" in checks["style store"]["mend"]
    assert checks["render"]["state"] == "ok"


def test_an_unknown_token_is_1(guarded: Consul, tmp_path: Path) -> None:
    """A token that Consul does not know is a fault, and never shown."""
    code, report, checks = examined(tmp_path, CONSUL_HTTP_ADDR=guarded.url, CONSUL_HTTP_TOKEN=TOKEN)
    assert (code, report["state"]) == (1, "fault")
    assert checks["style store"]["state"] == "fault"
    assert "token" in checks["style store"]["mend"]
    assert "consul" not in report["versions"]
    assert report["settings"].items() >= {("CONSUL_HTTP_TOKEN", "•••")}


def test_a_denied_prefix_is_1(guarded: Consul, tmp_path: Path) -> None:
    """Consul hides from a listing what a token may not see: the doctor finds that out."""
    token = guarded.create_token("elsewhere", rules='key_prefix "other/" { policy = "read" }')
    code, _, checks = examined(tmp_path, CONSUL_HTTP_ADDR=guarded.url, CONSUL_HTTP_TOKEN=token)
    assert code == 1
    assert checks["style store"]["state"] == "fault"
    assert "read on the key" in checks["style store"]["detail"]


def test_a_token_that_only_reads_is_0(guarded: Consul, tmp_path: Path) -> None:
    """Reading is enough to draw; what writing would need is told."""
    rules = 'key_prefix "plotting/styles" { policy = "read" }'
    token = guarded.create_token("reader", rules=rules)
    file = tmp_path / "token"
    file.write_text(token)
    done = run(tmp_path / "data", CONSUL_HTTP_ADDR=guarded.url, CONSUL_HTTP_TOKEN_FILE=str(file))
    assert done.returncode == 0
    assert token not in done.stdout + done.stderr
    assert "1 stored" in done.stdout
    assert "read only: Consul denies access" in done.stdout


def test_a_folder_that_cannot_be_is_1(tmp_path: Path) -> None:
    """Where the data cannot be kept, every check that needs it says so, and none is left out."""
    (tmp_path / "file").write_bytes(b"")
    code, report, checks = examined(tmp_path / "file" / "data")
    assert (code, report["state"]) == (1, "fault")
    assert checks["data folder"]["state"] == "fault"
    assert "PLOTKILN_DATA" in checks["data folder"]["mend"]
    assert checks["render"]["state"] == "fault"
    assert checks["memory"]["state"] != "fault"


def test_a_setting_that_cannot_be_used_is_2(tmp_path: Path) -> None:
    """Without settings there is nothing to look at."""
    done = run(tmp_path, PLOTKILN_QUEUE="many")
    assert (done.returncode, done.stdout) == (2, "")
    assert "PLOTKILN_QUEUE" in done.stderr


def test_a_running_server_may_have_the_port(tmp_path: Path) -> None:
    """Beside a server with the same settings everything is well."""
    with Kiln(tmp_path) as kiln:
        code, _, checks = examined(tmp_path, PORT=str(kiln.port))
    assert code == 0
    assert checks["port"]["detail"].endswith("a plotkiln serves there")


def test_the_list_is_plain_when_piped(tmp_path: Path) -> None:
    """A line each, aligned, without a control sequence, and a verdict at the end."""
    done = run(tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"plotkiln {__version__} · python 3.")
    assert "\x1b" not in done.stdout + done.stderr
    told = [line for line in lines if line.startswith(("ok ", "warning "))]
    assert len({line.index(" ms  ") for line in told}) == 1
    assert lines[-1] in {"all well", "1 to know of", "2 to know of"}


def test_the_list_is_coloured_on_a_terminal(tmp_path: Path) -> None:
    """Somebody who watches sees colours, and what is being looked at."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "plotkiln", "doctor"],
        env=environment(tmp_path),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b"".join(iter(lambda: read(ours), b""))
    os.close(ours)
    assert process.wait(180) == 0
    assert b"\x1b[32mok" in shown
    assert "fonts …".encode() in shown


def read(terminal: int) -> bytes:
    """Return what was printed, nothing at the end: Linux reports that as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_a_template_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    """A broken file in the folder of templates is a warning that names it; the others serve."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "house.py").write_text("import no_such_module\n")
    code, _, checks = examined(tmp_path / "data", PLOTKILN_TEMPLATES=str(folder))
    assert code == 0
    assert checks["templates"]["state"] == "warning"
    assert "house.py" in checks["templates"]["detail"]
    assert "no_such_module" in checks["templates"]["detail"]


def test_identity_is_looked_at(tmp_path: Path) -> None:
    """Keys and provider are checks of their own; one that is away is 4."""
    code, report, checks = examined(
        tmp_path / "data",
        PLOTKILN_OIDC_ISSUER="http://127.0.0.1:9",
        PLOTKILN_OIDC_AUDIENCE="plotkiln",
        PLOTKILN_OIDC_CLIENT_SECRET="a secret of the client",  # noqa: S106 -- nobody's
    )
    assert code == 4
    assert checks["api keys"]["state"] == "ok"
    assert checks["identity provider"]["state"] == "away"
    assert report["settings"].items() >= {("PLOTKILN_OIDC_CLIENT_SECRET", "•••")}
