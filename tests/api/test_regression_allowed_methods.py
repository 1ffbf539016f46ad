"""405 once listed the methods of only one of the operations at an address."""

import httpx


def test_allow_lists_every_method(client: httpx.Client) -> None:
    """Where several methods are taken, Allow lists them all."""
    refused = client.post("/styles/default", json={})
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT", "DELETE"}
    assert client.head("/styles/default").status_code == 200
