"""`plotkiln styles seed` and `plotkiln doctor` from the installed wheel."""

import msgspec
import pytest

from installed import User
from servers import free_port

pytestmark = pytest.mark.acceptance


def test_shipped_styles_are_in_the_wheel(user: User) -> None:
    """`seed` stores five styles, the second time none, and a chart is drawn in one of them."""
    first = msgspec.json.decode(user.run("styles", "seed", "--json").stdout)
    assert [(one["name"], one["outcome"]) for one in first] == [
        (name, "written") for name in ("default", "dark", "print", "slide", "colour-blind")
    ]
    second = user.run("styles", "seed", "dark")
    assert second.returncode == 0
    assert b"left as it is" in second.stdout
    drawn = user.run("render", "-", "-o", "-", "-f", "svg", "-s", "dark", given=b'{"y": [1, 3, 2]}')
    assert drawn.returncode == 0, drawn.stderr
    assert b"#191d23" in drawn.stdout


def test_an_unknown_shipped_style_is_6(user: User) -> None:
    """A name that does not ship is told with the nearest, and nothing is stored."""
    refused = user.run("styles", "seed", "drak")
    assert refused.returncode == 6
    assert b"did you mean dark" in refused.stderr
    missing = user.run("render", "-", "-o", "-", "-s", "dark", given=b'{"y": [1]}')
    assert missing.returncode == 6
    assert b"plotkiln styles seed dark" in missing.stderr


def test_the_doctor_finds_a_fresh_installation_well(user: User) -> None:
    """Whatever lies in the working directory, a fresh installation draws, and exit code is 0."""
    done = user.run("doctor", "--json", settings={"PORT": str(free_port())})
    assert done.returncode == 0, done.stdout
    report = msgspec.json.decode(done.stdout)
    checks = {one["name"]: one for one in report["checks"]}
    assert report["versions"]["matplotlib"].startswith("3.")
    assert checks["render"]["state"] == "ok"
    assert checks["port"]["state"] == "ok"
