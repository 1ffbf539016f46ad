"""Signed addresses: one picture, for whoever has its address, until a time."""

import base64
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from issuers import Issuer
from kilns import Kiln
from people import Person, guarded_kiln
from plotkiln.spec import encode_spec

SPEC = b'{"y": [1, 2]}'
JSON = {"Content-Type": "application/json"}
KEYS = ",".join(
    f"{name}:{base64.b64encode(bytes([number]) * 32).decode()}"
    for number, name in enumerate(("new", "old"), 1)
)


@pytest.fixture(scope="module")
def guarded(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kiln]:
    """Start a server that signs addresses, and knows where browsers find it."""
    kiln = guarded_kiln(issuer, tmp_path_factory.mktemp("addresses"), PLOTKILN_SIGNING_KEYS=KEYS)
    kiln.settings["PLOTKILN_PUBLIC_URL"] = kiln.url
    with kiln:
        yield kiln


@pytest.fixture(scope="module")
def ada(guarded: Kiln) -> Iterator[Person]:
    """Return somebody who is signed in."""
    with Person(guarded) as person:
        person.sign_in()
        yield person


@pytest.fixture(scope="module")
def chart(ada: Person) -> str:
    """Return the address of a chart of hers."""
    stored = ada.here.post("/charts", content=SPEC, headers={**JSON, **ada.csrf})
    return str(stored.json()["url"])


def _sign(person: Person, address: str, **asked: object) -> httpx.Response:
    return person.here.post("/addresses", json={"address": address, **asked}, headers=person.csrf)


def _signed(person: Person, address: str, **asked: object) -> str:
    answer = _sign(person, address, **asked)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["address"])


def test_whoever_has_the_address_sees_the_picture(ada: Person, guarded: Kiln, chart: str) -> None:
    """A chart of one's own needs no token where its address is signed, and one without."""
    answer = _sign(ada, chart, hours=1)
    told = answer.json()
    assert told["address"].startswith(f"{guarded.url}{chart}?expires=")
    assert answer.headers["cache-control"] == "no-store"
    picture = httpx.get(told["address"], timeout=60)
    assert picture.status_code == 200
    assert picture.headers["content-type"] == "image/png"
    assert "private" in picture.headers["cache-control"]
    assert httpx.get(f"{guarded.url}{chart}", timeout=60).status_code == 401
    assert httpx.head(told["address"], timeout=60).status_code == 200


@pytest.mark.parametrize("asked", ["jpg", "png?style=default&note=why?", "png?note='<b>'", "png?"])
def test_what_is_signed_opens(ada: Person, chart: str, asked: str) -> None:
    """Whatever is taken to be signed is an address that is answered."""
    address = _signed(ada, chart.replace(".png", f".{asked}"))
    assert httpx.get(address, timeout=60).status_code == 200


def test_an_address_is_good_for_a_week_unless_asked_otherwise(ada: Person, chart: str) -> None:
    """The time until which it is good stands in it, and is what was asked for."""
    week = int(parse_qs(urlsplit(_signed(ada, chart)).query)["expires"][0])
    hour = int(parse_qs(urlsplit(_signed(ada, chart, hours=1)).query)["expires"][0])
    assert abs(week - time.time() - 7 * 86400) < 120
    assert abs(hour - time.time() - 3600) < 120


def test_a_specs_own_address_can_be_signed(ada: Person) -> None:
    """An address that holds its spec, with a style, is signed as it is."""
    address = f"/plot/{encode_spec(SPEC)}.svg?style=default"
    assert httpx.get(_signed(ada, address), timeout=60).status_code == 200


def test_every_byte_of_the_address_is_signed(ada: Person, chart: str) -> None:
    """Whichever byte of path, query, time, key or signature is another: it opens nothing."""
    good = _signed(ada, f"{chart}?style=default")
    start = good.index("/charts/") + 1
    with httpx.Client(timeout=60) as anybody:
        for place in range(start, len(good)):
            other = "B" if good[place] == "A" else "A"
            answer = anybody.get(good[:place] + other + good[place + 1 :])
            assert answer.status_code in {401, 404}, good[place:]


@pytest.mark.parametrize(
    "change",
    [
        lambda good: f"{good}&style=other",
        lambda good: good.replace("?", "?style=other&"),
        lambda good: good.replace(".png?", ".svg?"),
        lambda good: good.replace("?", "%3F", 1),
        lambda good: re.sub(r"expires=(\d+)", lambda found: f"expires={int(found[1]) + 1}", good),
        lambda good: good.replace("key=new", "key=old"),
        lambda good: good.replace("&key=", "&key=old&key="),
        lambda good: good.replace("/charts/", "/%63harts/"),
        lambda good: good + "=",
        lambda good: good.partition("&signature")[0],
        lambda good: re.sub(r"&signature=.*", "&signature=", good),
    ],
)
def test_a_changed_address_opens_nothing(ada: Person, chart: str, change: object) -> None:
    """More, less, or in another order: what was not signed is refused."""
    assert callable(change)
    answer = httpx.get(change(_signed(ada, chart)), timeout=60)
    assert answer.status_code in {401, 404}


def test_other_methods_and_places_take_no_signature(ada: Person, guarded: Kiln, chart: str) -> None:
    """A signature is for looking at that picture: it writes nothing, and reads nothing else."""
    query = urlsplit(_signed(ada, chart)).query
    for method, path in (("POST", "/plot"), ("GET", chart.rpartition(".")[0]), ("GET", "/jobs")):
        answer = httpx.request(
            method, f"{guarded.url}{path}?{query}", content=SPEC, headers=JSON, timeout=60
        )
        assert answer.status_code == 401, path


def test_an_address_is_over_at_its_time(ada: Person, chart: str) -> None:
    """Whoever comes later is refused."""
    address = _signed(ada, chart, hours=0.002)
    end = int(parse_qs(urlsplit(address).query)["expires"][0])
    first = httpx.get(address, timeout=60).status_code
    assert first == 200 or time.time() >= end
    while time.time() < end + 0.1:
        httpx.get(address, timeout=60)
    assert httpx.get(address, timeout=60).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "/jobs",
        "/styles/default",
        "/plot",
        "charts/x.png",
        "https://evil.example/charts/{id}.png",
        "//evil.example/charts/{id}.png",
        "/charts/../jobs",
        "/charts/{id}.png#part",
        "/charts/{id}.exe",
        "/charts/{id}.png?a=ü",
        "/charts/{id}.png?expires=1",
        "/charts/{id}.png?a=1&signature=x",
        "/artifacts/../jobs.png",
    ],
)
def test_only_pictures_are_signed(ada: Person, chart: str, address: str) -> None:
    """What is no address of a picture here, or is signed already, is refused by name."""
    id_ = chart.removeprefix("/charts/").removesuffix(".png")
    answer = _sign(ada, address.replace("{id}", id_))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "address"


@pytest.mark.parametrize("hours", [0, -1, 24 * 366 + 1, "1", None])
def test_the_time_is_bounded(ada: Person, chart: str, hours: object) -> None:
    """No address is good for ever, or for no time."""
    assert _sign(ada, chart, hours=hours).status_code == 400


def test_nobody_signs_what_they_do_not_see(ada: Person, guarded: Kiln, chart: str) -> None:
    """Another's chart, and one that is not there, look the same."""
    with Person(guarded, "bob") as bob:
        bob.sign_in()
        assert _sign(bob, chart).status_code == 404
        assert _sign(bob, f"/charts/{'a' * 26}.png").status_code == 404
        assert _sign(bob, "/artifacts/nothing.png").status_code == 404


def test_nobody_signs_for_nobody(guarded: Kiln, chart: str) -> None:
    """Who is not known signs nothing, nor does a signed address sign another."""
    asked = {"address": chart}
    assert httpx.post(f"{guarded.url}/addresses", json=asked, timeout=60).status_code == 401
    query = urlsplit(_plotkiln(guarded, "address", chart).stdout.strip()).query
    assert httpx.post(f"{guarded.url}/addresses?{query}", json=asked, timeout=60).status_code == 401


def test_the_command_line_signs_by_the_same_keys(guarded: Kiln, chart: str) -> None:
    """`plotkiln address` needs no server, and what it signs opens the picture."""
    address = _plotkiln(guarded, "address", chart, "--hours", "24").stdout.strip()
    assert address.startswith(guarded.url)
    assert httpx.get(address, timeout=60).status_code == 200


def test_keys_are_rotated(guarded: Kiln, chart: str) -> None:
    """What an older key of the ring signed is good; what one that is not in it signed, is not."""
    old, gone = KEYS.partition(",")[2], f"new:{base64.b64encode(bytes(32)).decode()}"
    for keys, status in ((old, 200), (gone, 401), (gone.replace("new", "gone"), 401)):
        address = _plotkiln(guarded, "address", chart, PLOTKILN_SIGNING_KEYS=keys).stdout.strip()
        assert httpx.get(address, timeout=60).status_code == status


def test_the_command_line_refuses_what_is_no_picture(guarded: Kiln) -> None:
    """What no server would sign, the command line does not either."""
    done = _plotkiln(guarded, "address", "/jobs")
    assert done.returncode == 3
    assert "no address of a picture" in done.stderr


def test_without_keys_it_is_said_what_is_missing(
    issuer: Issuer, guarded: Kiln, ada: Person
) -> None:
    """A server without keys names the setting; so does the command line."""
    kiln = guarded_kiln(issuer, guarded.data / "keyless")
    with kiln:
        headers = {"Authorization": f"Bearer {issuer.token('render')}"}
        asked = {"address": f"/plot/{encode_spec(SPEC)}.png"}
        answer = httpx.post(f"{kiln.url}/addresses", json=asked, headers=headers, timeout=60)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/docs#not-offered"
    assert "PLOTKILN_SIGNING_KEYS" in answer.json()["detail"]
    assert "PLOTKILN_SIGNING_KEYS" in _plotkiln(kiln, "address", asked["address"]).stderr


def _plotkiln(kiln: Kiln, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "plotkiln", *arguments],
        env={**kiln.environment(), **settings},
        check=False,
        capture_output=True,
        text=True,
    )
