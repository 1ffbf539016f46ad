from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from conftest import require
from patients import ended, patient, patient_kiln, submit
from s3_servers import S3Server


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3Server]:
    """Start an object store."""
    require(S3Server.binary(), "moto")
    with S3Server() as server:
        yield server


def settings(bucket: S3Server, name: str) -> dict[str, str]:
    """Return what has a server keep its renderings in a bucket of this name."""
    return {"PLOTKILN_ARTIFACTS_URL": f"{bucket.bucket(name)}/results", **bucket.settings()}


def test_a_result_is_fetched_from_the_object_store(tmp_path: Path, bucket: S3Server) -> None:
    """A result has a signed address, where anybody finds its bytes, and leads there if asked."""
    with patient_kiln(tmp_path, **settings(bucket, "signed")) as kiln, kiln.client() as client:
        job = ended(client, submit(client, patient(0, "signed"))["id"])
        own = client.get(job["result"]["href"])
        led = client.get(job["result"]["href"], params={"redirect": 1})
        assert (led.status_code, led.content) == (303, b"")
        assert led.headers["cache-control"] == "no-store"
        for address in (led.headers["location"], job["result"]["url"]):
            assert "Signature=" in address
            there = httpx.get(address)
            assert there.content == own.content
            assert there.headers["content-type"] == "image/png"
            assert "immutable" in there.headers["cache-control"]
        listed = client.get("/jobs").json()["jobs"]
        assert listed[0]["result"]["url"].startswith(f"{bucket.url}/signed/results/")


def test_no_address_is_given_where_none_is_wanted(tmp_path: Path, bucket: S3Server) -> None:
    """With `PLOTKILN_PRESIGN=0` results come from the server alone."""
    told = {**settings(bucket, "unsigned"), "PLOTKILN_PRESIGN": "0"}
    with patient_kiln(tmp_path, **told) as kiln, kiln.client() as client:
        job = ended(client, submit(client, patient(0))["id"])
        assert "url" not in job["result"]
        assert client.get(f"{job['result']['href']}?redirect=1").status_code == 200
