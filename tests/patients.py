"""A template that takes as long as it is told, on every machine, and servers that have it."""

import os
from pathlib import Path
from typing import Any

import httpx

from kilns import Kiln
from templated import HEAD, write_files

__all__ = ["PATIENT", "Sheet", "ended", "patient", "patient_kiln", "submit"]

PATIENT = (
    "import os\nimport time\nfrom pathlib import Path\n"
    + HEAD.replace("import template", "import progress, template")
    + '''\
@template("patient")
def patient(figure, *, seconds: float = 0.0, sheet: str = "", mark: str = ""):
    """Wait, and write a mark; with a sheet as long as that says, whatever it says by then."""
    if seconds < 0:
        raise ValueError("nobody is so fast")
    if sheet:
        Path(f"{sheet}.pid").write_text(str(os.getpid()))
    start = time.monotonic()
    while True:
        told = float(Path(sheet).read_text()) if sheet else seconds
        passed = time.monotonic() - start
        if passed >= told:
            break
        progress(passed / told, "Waiting")
        time.sleep(0.05)
    figure.text(0.5, 0.5, mark)
'''
)


def patient(seconds: float, mark: str = "", **members: Any) -> dict[str, Any]:
    """Return a spec that takes so many seconds, fails for fewer than 0, and is named by a mark."""
    params = {"seconds": seconds, "mark": mark}
    return {
        "template": "patient",
        "params": params,
        "size": {"width": 200, "height": 100},
    } | members


class Sheet:
    """A file that tells a drawing how long it takes, while it is drawn, and that tells by whom."""

    def __init__(self, path: Path, seconds: float) -> None:
        self._path = path
        self.tell(seconds)

    def tell(self, seconds: float) -> None:
        """Have the drawing take so many seconds in all."""
        beside = self._path.with_suffix(".new")
        beside.write_text(str(seconds))
        beside.replace(self._path)  # a reader finds the old one or the new one

    def spec(self, mark: str = "", **members: Any) -> dict[str, Any]:
        """Return a spec that takes as long as this says, and is named by a mark."""
        params = {"sheet": os.fspath(self._path), "mark": mark}
        size = {"width": 200, "height": 100}
        return {"template": "patient", "params": params, "size": size} | members

    @property
    def pid(self) -> int | None:
        """The process that drew it last, None before any did."""
        path = Path(f"{self._path}.pid")
        return int(path.read_text() or 0) or None if path.exists() else None


def patient_kiln(folder: Path, **settings: str) -> Kiln:
    """Return a server with two workers for jobs, a short budget, the template by three names."""
    names = ("patient", "nimble", "moody", "pinned")  # each is judged by what it took itself
    files = {f"{name}.py": PATIENT.replace('"patient"', f'"{name}"') for name in names}
    templates = write_files(folder / "templates", files)
    usual = {"PLOTKILN_WORKERS": "3", "PLOTKILN_BUDGET": "2", "PLOTKILN_TEMPLATES": str(templates)}
    return Kiln(folder / "data", command=None, **{**usual, **settings})


def submit(client: httpx.Client, spec: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Submit a job that is accepted; return it."""
    answer = client.post("/jobs", json=spec, headers=headers)
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


def ended(client: httpx.Client, id: str) -> dict[str, Any]:  # noqa: A002 -- the field's word
    """Wait for the end of a job; return it."""
    answer = client.get(f"/jobs/{id}", headers={"Prefer": "wait=50"})
    assert answer.status_code == 200, answer.text
    job: dict[str, Any] = answer.json()
    assert "ended" in job, job
    return job
