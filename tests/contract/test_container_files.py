"""The Dockerfile and the compose file, which nothing here can run, against rules."""

import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from plotkiln.cli.arguments import parser
from plotkiln.settings import read_settings
from plotkiln.settings.variables import VARIABLES
from staged_images import CONTAINER, DOCKERFILE, ROOT, StagedImage, image_config

_KNOWN = {variable.name for variable in VARIABLES}

#: Names that are read by others than plotkiln's settings.
_FOREIGN = re.compile(r"AWS_|CONSUL_|PATH$|LANG$|HOME$|PYTHON")

#: An image by its tag, or by its digest.
_PINNED = re.compile(r"^[\w./-]+(:(?!latest)[\w.-]+|@sha256:[0-9a-f]{64})$")


def _instructions() -> Iterator[tuple[str, str]]:
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(" ")
        yield name, " ".join(rest.split())


def _of(name: str) -> list[str]:
    return [rest for instruction, rest in _instructions() if instruction == name]


def test_only_known_instructions_are_used() -> None:
    """ADD fetches, SHELL and ONBUILD surprise, HEALTHCHECK is each orchestrator's own."""
    known = {"ARG", "FROM", "WORKDIR", "COPY", "RUN", "LABEL", "ENV"}
    known |= {"USER", "EXPOSE", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
    assert {name for name, _ in _instructions()} <= known


def test_the_last_stage_holds_what_was_laid_out_and_nothing_else() -> None:
    """Nothing is run in it, so that no shell and no package manager has to be there."""
    text = DOCKERFILE.read_text()
    last = text[text.rindex("\nFROM ") :]
    assert last.startswith("\nFROM scratch\n")
    assert "\nRUN " not in last
    assert all("--from=" in line for line in re.findall(r"^COPY .*$", last, re.MULTILINE))


def _last_copies() -> list[tuple[dict[str, str], str, str]]:
    """Return the options, the source and the target of what the last stage copies, in order."""
    text = DOCKERFILE.read_text()
    found = []
    for copied in re.findall(r"^COPY (.*)$", text[text.rindex("\nFROM ") :], re.MULTILINE):
        *options, source, target = copied.split()
        found.append((dict(one[2:].split("=", 1) for one in options), source, target))
    return found


def _given_away() -> dict[str, str]:
    """Return the folders that are made for another than root, with whose they are."""
    return {target: options["chown"] for options, _, target in _last_copies() if "chown" in options}


def test_what_is_given_away_is_not_there_before(image: StagedImage) -> None:
    """`COPY --chown` changes nothing on a folder that exists: it must make it."""
    plain = {"/image/base/": image.base, "/image/app/": image.tree}
    copies = _last_copies()
    assert [source for options, source, _ in copies if "chown" not in options] == list(plain)
    for target in _given_away():
        inside = target.strip("/")
        assert not any((tree / inside).exists() for tree in plain.values()), target
        assert (image.base / inside).parent.is_dir(), target


def test_what_is_built_on_is_pinned_and_can_be_replaced() -> None:
    """The base has a tag that says a release, as an argument; indexes and mirrors are arguments."""
    arguments = dict(one.partition("=")[::2] for one in _of("ARG"))
    assert _PINNED.match(arguments["BASE_IMAGE"])
    assert _of("FROM")[0] == "${BASE_IMAGE} AS base"
    for name in ("APT_MIRROR", "PIP_INDEX_URL", "NPM_CONFIG_REGISTRY"):
        assert arguments[name] == ""


def test_no_host_is_named() -> None:
    """Where packages come from is the builder's business."""
    for name in ("Dockerfile", "install-packages.sh", "stage.py", "system.py"):
        text = (CONTAINER / name).read_text()
        assert not re.search(r"https?://(?!\[|127\.0\.0\.1|\$)", text), name


def test_what_is_installed_has_hashes() -> None:
    """No package comes that the locks do not know."""
    for run in _of("RUN"):
        assert "pip install" not in run or "--require-hashes" in run
    assert "--require-hashes" in (CONTAINER / "stage.py").read_text()
    assert "--no-install-recommends" in (CONTAINER / "install-packages.sh").read_text()


def test_what_is_copied_is_sent_to_the_builder() -> None:
    """`.dockerignore` lets through what COPY names."""
    allowed = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    for copied in _of("COPY"):
        if copied.startswith("--from=") or copied == ". .":
            continue
        for source in copied.split()[:-1]:
            assert list(ROOT.glob(source)), source
            assert any(source == one or source.startswith(f"{one}/") for one in allowed), source
    assert all(list(ROOT.glob(one)) for one in allowed)


def test_the_builder_gets_no_secrets_and_nothing_built() -> None:
    """Neither the history nor anybody's password or environment is sent."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[0] == "*"
    sent = [line[1:] for line in lines if line.startswith("!")]
    assert not any(fnmatch.fnmatch(name, one) for one in sent for name in (".git", ".venv", ".env"))
    assert "deploy/container/*.env" in lines


def test_it_runs_as_manifests_and_tests_have_it() -> None:
    """One user that is not root, by number; the image's command serves; the port is not set."""
    config = image_config()
    assert config.user == "65532:65532"
    assert (config.entrypoint, config.command) == (["plotkiln"], ["serve"])
    assert "PORT" not in config.environment
    assert _of("EXPOSE") == ["8080"]
    assert _of("STOPSIGNAL") == ["SIGTERM"]
    names = {name for name in config.environment if not _FOREIGN.match(name)}
    assert names <= _KNOWN


def test_it_says_what_it_is() -> None:
    """The labels are those of the OCI image specification."""
    (labels,) = _of("LABEL")
    names = set(re.findall(r"org\.opencontainers\.image\.(\w+)=", labels))
    assert names == {"title", "description", "licenses", "version", "revision"}


def _services() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = _compose()["services"]
    return services


def _compose() -> dict[str, Any]:
    composed: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
    return composed


def _own() -> dict[str, dict[str, Any]]:
    found = {name: one for name, one in _services().items() if "plotkiln" in one["image"]}
    assert set(found) == {"plotkiln", "live", "seed"}
    return found


@pytest.mark.parametrize("name", _services())
def test_every_service_has_a_pinned_image(name: str) -> None:
    """A tag that moves would be another store tomorrow."""
    assert _PINNED.match(_services()[name]["image"])


def test_what_a_service_waits_for_can_come() -> None:
    """Whoever is waited for has a health check, or ends."""
    services = _services()
    for one in services.values():
        for other, how in one.get("depends_on", {}).items():
            check = services[other].get("healthcheck", {})
            ends = services[other]["restart"] == "on-failure"
            healthy = "test" in check and not check.get("disable")
            assert {"service_healthy": healthy, "service_completed_successfully": ends}[
                how["condition"]
            ]


def test_only_this_machine_reaches_it() -> None:
    """Nobody is asked who they are: every port is published on loopback."""
    for one in _services().values():
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))


def test_our_own_are_run_as_in_a_pod() -> None:
    """Their root is read-only, they have no capability, and `/tmp` to write to."""
    for one in _own().values():
        assert one["read_only"] is True
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert [Path(place).name for place in one["tmpfs"]] == ["tmp"]


def test_their_environment_and_commands_are_known() -> None:
    """Every variable is a setting, every command one of plotkiln's."""
    for one in _own().values():
        assert {name for name in one["environment"] if not _FOREIGN.match(name)} <= _KNOWN
        parser().parse_args(one.get("command", image_config().command))


def test_volumes_are_declared() -> None:
    """What is kept has a name, and every name is used."""
    used = {
        volume.partition(":")[0]
        for one in _services().values()
        for volume in one.get("volumes", [])
    }
    assert used == set(_compose()["volumes"])


def test_their_volumes_can_be_written_to() -> None:
    """A volume takes the owner of the folder that it is mounted over."""
    user = image_config().user
    for one in _own().values():
        for volume in one.get("volumes", []):
            assert _given_away()[f"{volume.partition(':')[2]}/"] == user


def test_their_settings_are_read() -> None:
    """Each value is one that plotkiln takes."""
    for one in _own().values():
        own = {name: value for name, value in one["environment"].items() if name in _KNOWN}
        read_settings({**own, "CONSUL_HTTP_ADDR": one["environment"]["CONSUL_HTTP_ADDR"]})


def test_consul_keeps_its_name() -> None:
    """Named by its container it would come back as another server, without its own leader."""
    assert "-node=consul" in _services()["consul"]["command"]


def test_secrets_come_from_a_file_that_git_does_not_take() -> None:
    """The example shows each name; the compose file has no password."""
    example = (CONTAINER / "secrets.example.env").read_text()
    names = set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} <= names
    for one in _services().values():
        assert not names & set(one.get("environment", {}))
    assert "/deploy/container/secrets.env" in (ROOT / ".gitignore").read_text()
