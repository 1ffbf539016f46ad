"""Overlays as `kubectl apply -k` would send them."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from manifests.objects import Given, Object, Overlay

__all__ = [
    "COMPONENTS",
    "OVERLAYS",
    "ROOT",
    "Unbuilt",
    "build",
    "combinations",
    "given_in",
    "kustomize",
    "overlay",
    "with_component",
]

ROOT = Path(__file__).parents[2] / "deploy/knative"
OVERLAYS = ("minimal", "production")
COMPONENTS = tuple(sorted(one.parent.name for one in ROOT.glob("components/*/kustomization.yaml")))

_CACHED = Path(__file__).parents[2] / ".cache/kustomize/usr/bin/kustomize"

#: `| Secret | `plotkiln-stores` | `KEY`, `KEY` | …`
_ROW = re.compile(
    r"^\| (?P<kind>Secret|ConfigMap) \| `(?P<name>[^`]+)` \| (?P<keys>[^|]*) \|", re.MULTILINE
)


class Unbuilt(Exception):
    """kustomize refuses a folder."""


def kustomize() -> Sequence[str]:
    """Return the command that builds a folder, kubectl's own if there is one; empty without any."""
    if shutil.which("kubectl"):
        return ["kubectl", "kustomize"]
    found = shutil.which("kustomize") or (str(_CACHED) if _CACHED.exists() else "")
    return [found, "build"] if found else []


def build(folder: Path) -> Sequence[Object]:
    """Return the objects of a folder, in the order in which they are applied.

    Raises `Unbuilt` with kustomize's own words.
    """
    done = subprocess.run(  # noqa: S603 -- a folder of ours
        [*(kustomize() or ["kubectl", "kustomize"]), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unbuilt(done.stderr)
    return [one for one in yaml.load_all(done.stdout, Loader=yaml.CSafeLoader) if one]


def overlay(name: str) -> Overlay:
    """Return an overlay with what its README takes for given."""
    folder = ROOT / "overlays" / name
    return Overlay(build(folder), given_in(folder))


def with_component(name: str, component: str) -> Overlay:
    """Return an overlay with one component more, built beside a copy of everything."""
    with tempfile.TemporaryDirectory() as temporary:
        shutil.copytree(ROOT.parent, temporary, dirs_exist_ok=True)
        root = Path(temporary) / ROOT.name
        folder = root / "overlays" / name
        file = folder / "kustomization.yaml"
        said = yaml.safe_load(file.read_text())
        said["components"].append(f"../../components/{component}")
        file.write_text(yaml.safe_dump(said))
        return Overlay(
            build(folder), [*given_in(folder), *given_in(root / "components" / component)]
        )


def combinations() -> Iterator[tuple[str, str]]:
    """Yield each overlay with each component that it does not have, and may have."""
    for name in OVERLAYS:
        has = yaml.safe_load((ROOT / "overlays" / name / "kustomization.yaml").read_text())
        there = {Path(one).name for one in has["components"]}
        for component in COMPONENTS:
            if component not in there and (name, component) != ("production", "trial-stores"):
                yield name, component


def given_in(folder: Path) -> Sequence[Given]:
    """Return what the tables of a folder's README say that its operator creates."""
    readme = folder / "README.md"
    if not readme.exists():
        return ()
    return [
        Given(row["kind"], row["name"], frozenset(re.findall(r"`([^`]+)`", row["keys"])))
        for row in _ROW.finditer(readme.read_text())
    ]
