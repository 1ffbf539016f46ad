import json
import os
from contextlib import suppress
from pathlib import Path

from containers import Container
from servers import wait_until

#: All that a container may write to, says the runtime contract.
_TMP = "/" + "tmp"


def test_it_listens_where_port_says(program: Container) -> None:
    """`PORT` alone says where, on every address of the pod."""
    wait_until(lambda: program.probe_once() == "ready")
    assert _listening(program) == {program.port}


def test_it_takes_http_1_1_and_keeps_connections(program: Container) -> None:
    """Proxies in front speak HTTP/1.1, and send one request after another."""
    client = program.sandbox.client(program.port)
    for _ in range(2):
        client.request("GET", "/health/ready")
        answer = client.getresponse()
        answer.read()
        assert (answer.status, answer.version, answer.will_close) == (200, 11, False)
    client.close()


def test_a_proxy_s_headers_change_nothing(program: Container) -> None:
    """Host and Forwarded name the outside; they are taken and trusted with nothing."""
    outside = {
        "Host": "plot.example.org",
        "Forwarded": 'for=192.0.2.60;proto=https;host="plot.example.org"',
        "X-Forwarded-For": "192.0.2.60",
        "X-Forwarded-Proto": "https",
    }
    assert program.ask("GET", "/health/ready", headers=outside).status == 200


def test_probes_are_answered_at_once(program: Container) -> None:
    """Each of fifty readiness probes finds it ready; how many in their time is printed."""
    print(f"probes answered: {program.probe_again(50)}")


def test_it_runs_as_nobody_with_no_rights(program: Container) -> None:
    """Each process has the image's user and group, no others, and no capability to gain."""
    for pid in program.processes:
        status = _status(pid)
        user, _, group = program.image.user.partition(":")
        assert (status["Uid"], status["Gid"]) == ("\t".join([user] * 4), "\t".join([group] * 4))
        assert status["Groups"] == ""
        assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0
        assert status["NoNewPrivs"] == "1"


def test_its_root_cannot_be_written_to(program: Container) -> None:
    """What is mounted for writing is `/tmp` alone."""
    lines = Path(f"/proc/{program.pid}/mountinfo").read_text().splitlines()
    mounts = [line.split() for line in lines]
    writable = {mount[4] for mount in mounts if "rw" in mount[5].split(",")}
    assert {place for place in writable if not place.startswith(("/dev/", "/proc"))} == {_TMP}


def test_it_writes_below_tmp_alone(program: Container) -> None:
    """Whatever is open for writing lies below `/tmp`, is a device, or is no file at all."""
    for pid in program.processes:
        root = str(Path(f"/proc/{pid}/root").readlink())
        for place in [place for place, mode in _open(pid) if mode != os.O_RDONLY]:
            inside = place.removeprefix(root)
            assert inside.startswith((f"{_TMP}/", "/dev/", "socket:", "pipe:", "anon_inode:"))


def test_it_logs_json_lines(program: Container) -> None:
    """Each line of standard error is one JSON object; nothing comes on standard output."""
    lines = [json.loads(line) for line in program.log().splitlines()]
    assert {"time", "level", "logger", "message"} <= set(lines[0])
    assert any(line["message"] == "listening" for line in lines)
    assert program.log("out") == ""


def test_it_complains_of_nothing(program: Container) -> None:
    """A start under these rules is worth no warning: no cache that cannot be written, no fonts."""
    lines = [json.loads(line) for line in program.log().splitlines()]
    worse = [line for line in lines if line["level"] not in {"info", "debug"}]
    # a Redis that is late on a machine with much else to do is no fault of the container's
    assert [line for line in worse if "Redis" not in line["message"]] == []


def test_service_links_are_not_settings(program: Container) -> None:
    """A Service named plotkiln, consul or redis in the namespace configures nothing."""
    environment = Path(f"/proc/{program.pid}/environ").read_bytes().split(b"\0")
    assert b"PLOTKILN_PORT=tcp://10.96.0.7:80" in environment
    assert program.probe_once() in {"ready", "late"}


def test_it_fits_into_its_memory(program: Container) -> None:
    """At rest a program takes less than half of the 512 MiB that its pod asks for."""
    taken = sum(map(_proportional, program.processes))
    print(f"{program.image.entrypoint}: {taken >> 20} MiB in {len(program.processes)} processes")
    assert taken < 256 << 20


def _listening(container: Container) -> set[int]:
    """Return the TCP ports that anything in this network listens on, at all addresses (proc(5))."""
    found = set()
    opened = {place for place, _ in _open(container.pid)}
    for line in Path(f"/proc/{container.pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        address, _, port = fields[1].partition(":")
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in opened:
            assert address == "00000000"
            found.add(int(port, 16))
    return found


def _status(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _open(pid: int) -> list[tuple[str, int]]:
    """Return what a process has open, and how (proc(5), fd and fdinfo)."""
    found = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            flags = (path.parent.parent / "fdinfo" / path.name).read_text().splitlines()[1]
            found.append((str(path.readlink()), int(flags.split()[1], 8) & os.O_ACCMODE))
    return found


def _proportional(pid: int) -> int:
    """Return the memory of a process in bytes; what several share is divided among them."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    raise AssertionError(pid)
