"""Check every overlay: `python -m manifests [FOLDER with CustomResourceDefinitions]`."""

import sys
from pathlib import Path

from manifests.building import OVERLAYS, Unbuilt, combinations, overlay, with_component
from manifests.crds import faults, read_schemas
from manifests.rules import broken


def main(folder: str = "") -> int:
    """Print what is wrong; return 1 where something is."""
    schemas = read_schemas(Path(folder)) if folder else {}
    if folder and not schemas:
        print(f"{folder}: holds no CustomResourceDefinition")
        return 2
    wrong = 0
    try:
        built = {name: overlay(name) for name in OVERLAYS}
        built |= {f"{name} with {one}": with_component(name, one) for name, one in combinations()}
    except Unbuilt as error:
        print(error)
        return 1
    for name, one in built.items():
        found = [*faults(one.objects, schemas), *broken(one)]
        wrong += len(found)
        checked = sum((o["apiVersion"], o["kind"]) in schemas for o in one.objects)
        print(f"{name}: {len(one.objects)} objects, {checked} by a CRD given, {len(found)} faults")
        for fault in found:
            print(f"  {fault}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
