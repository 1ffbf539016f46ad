"""What the tests of artifacts share: an S3 server."""

from collections.abc import Iterator

import pytest

from conftest import require
from s3_servers import S3Server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """Start one S3 server for all tests; each uses a bucket of its own."""
    require(S3Server.binary(), "moto_server")
    with S3Server() as server:
        yield server
