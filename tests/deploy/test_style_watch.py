"""Consul's own watch, as the component `style-watch` runs it: it asks for `plot`, and lives on."""

import os
import re
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from manifests.building import kustomize, with_component
from manifests.rules.programs import variables

from conftest import require
from servers import Consul, wait_until

#: Says how it was called, and fails, as it does where `plot` does not answer.
WGET = """#!/bin/sh
echo "$@" >> "$CALLS"
exit 1
"""


class Watch(NamedTuple):
    """A watch that runs, and the calls of wget that it made."""

    process: subprocess.Popen[bytes]
    calls: Path

    def called(self, times: int) -> bool:
        """Say whether wget was called so often, and the watch has not ended over it."""
        assert self.process.poll() is None, self.process.returncode
        return len(self.calls.read_text().splitlines()) >= times


@pytest.fixture
def watch(consul: Consul, tmp_path: Path) -> Iterator[Watch]:
    """Run the pod's own arguments, with a wget that only notes its own."""
    require(kustomize(), "kustomize")
    overlay = with_component("minimal", "style-watch")
    (pod,) = (one for one in overlay.pods() if one.name == "Deployment style-watch")
    settings = variables(overlay, pod.containers[0]) | {
        "NAMESPACE": pod.owner["metadata"]["namespace"],
        "PLOTKILN_STYLES_PREFIX": "watched/styles",
    }
    (tmp_path / "wget").write_text(WGET)
    (tmp_path / "wget").chmod(0o755)
    calls = tmp_path / "calls"
    calls.touch()
    # as Kubernetes expands them
    words = [
        re.sub(r"\$\((\w+)\)", lambda found: settings[found[1]], word)
        for word in pod.containers[0]["args"]
    ]
    process = subprocess.Popen(
        [Consul.binary() or "consul", *words],
        env={
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "CONSUL_HTTP_ADDR": consul.url,
            "CALLS": str(calls),
        },
    )
    yield Watch(process, calls)
    process.kill()
    process.wait()


def test_each_change_asks_for_plot(consul: Consul, watch: Watch) -> None:
    """Each change of a style has its own request, whether the one before it was answered or not."""
    wait_until(partial(watch.called, 1))
    for number in (2, 3):
        consul.put("watched/styles/a", b'{"lines": %d}' % number)
        wait_until(partial(watch.called, number))
    (asked,) = set(watch.calls.read_text().splitlines())
    assert asked == "-q -T 120 -O /dev/null http://plot.plotkiln/health/ready"
