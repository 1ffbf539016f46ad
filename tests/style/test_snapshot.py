import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from plotkiln.style import snapshot
from plotkiln.style.known import Knowledge, remembered
from plotkiln.style.looks import StoredDocument


def knowledge(size: int = 9, index: int = 7) -> Knowledge:
    """Return what is known of one good style."""
    return remembered([StoredDocument("a", 3, b'{"font": {"size": %d}}' % size)], index=index)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """Documents, versions and index come back; the folder is created."""
    path = tmp_path / "new" / "styles.json"
    snapshot.save(path, knowledge())
    assert snapshot.load(path) == knowledge()
    assert [file.name for file in path.parent.iterdir()] == ["styles.json"]


def test_nothing_saved_is_nothing_known(tmp_path: Path) -> None:
    """A missing file is a first start, and no reason for a line in the log."""
    assert snapshot.load(tmp_path / "styles.json") == Knowledge()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"index": "x", "documents": []}', b"\xff"])
def test_a_broken_file_is_passed_over(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is no snapshot counts as none, with a line in the log."""
    path = tmp_path / "styles.json"
    path.write_bytes(content)
    assert snapshot.load(path) == Knowledge()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert str(path) in caplog.text


def test_a_file_that_cannot_be_written_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where saving fails there is a line in the log, and nothing else happens."""
    (tmp_path / "file").write_text("in the way")
    snapshot.save(tmp_path / "file" / "styles.json", knowledge())
    assert "could not be saved" in caplog.text


def test_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    """Of many that save at the same time one stands, and no other file stays behind."""
    path = tmp_path / "styles.json"
    states = [knowledge(size, size) for size in range(1, 41)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda state: snapshot.save(path, state), states))
    assert snapshot.load(path) in states
    assert list(tmp_path.iterdir()) == [path]
