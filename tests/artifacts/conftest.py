"""What the tests of artifacts share: an S3 server, and each kind of store of bytes."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from obstore.store import MemoryStore

from conftest import require
from plotkiln.artifacts.objects import Objects, open_objects
from s3_servers import S3Server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """Start one S3 server for all tests; each uses a bucket of its own."""
    require(S3Server.binary(), "moto_server")
    with S3Server() as server:
        yield server


@pytest.fixture
def bucket_url(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """Make a bucket that this process may use; return the URL of a folder in it."""
    for name, value in s3.settings().items():
        monkeypatch.setenv(name, value)
    return f"{s3.bucket(f'kept-{uuid4()}')}/some/prefix"


@pytest.fixture
def bucket(bucket_url: str) -> Objects:
    """Open a bucket as a process does that keeps its renderings there."""
    return open_objects(bucket_url)


@pytest.fixture(params=["memory", "folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """Open each kind of store in turn."""
    if request.param == "memory":
        return Objects(MemoryStore())
    if request.param == "folder":
        return open_objects((tmp_path / "kept").as_uri())
    found: Objects = request.getfixturevalue("bucket")
    return found
