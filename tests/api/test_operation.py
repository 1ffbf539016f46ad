import re
from pathlib import Path

import httpx
import jsonschema_rs

from kilns import Kiln, children


def test_probes_answer(client: httpx.Client) -> None:
    """Live and ready answer 200."""
    assert client.get("/health/live").status_code == 200
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["renders"] == 0


def test_metrics_count(client: httpx.Client) -> None:
    """Requests and pictures are counted by their labels, in Prometheus' format."""
    client.post("/plot", json={"y": [1, 2, 3], "title": "counted"})
    metrics = client.get("/metrics").text
    assert re.search(
        r'plotkiln_http_requests_total{method="POST",route="/plot",status="200"} \d', metrics
    )
    assert re.search(r'plotkiln_pictures_total{source="drawn"} \d', metrics)
    assert "plotkiln_render_seconds_bucket" in metrics
    assert "plotkiln_styles_reachable 1.0" in metrics


def test_schemas_are_published(client: httpx.Client) -> None:
    """Both contracts are valid JSON Schemas of the dialect they name."""
    for name in ("spec", "style"):
        schema = client.get(f"/schemas/{name}").json()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema_rs.meta.validate(schema)


def test_openapi_examples_work(client: httpx.Client) -> None:
    """Every example of POST /plot in the description is drawn."""
    document = client.get("/openapi.json").json()
    content = document["paths"]["/plot"]["post"]["requestBody"]["content"]["application/json"]
    assert content["examples"]
    for name, example in content["examples"].items():
        assert client.post("/plot", json=example["value"]).status_code == 200, name


def test_the_reference_needs_no_script(client: httpx.Client) -> None:
    """The reference holds no script and no inline style, and every link inside leads somewhere."""
    answer = client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<script" not in answer.text
    assert "style=" not in re.sub(r'href="[^"]*"', "", answer.text)
    for link in re.findall(r'(?:href|src)="(/[^"#]+)', answer.text):
        assert client.get(link).status_code == 200, link


def test_a_request_keeps_its_id(client: httpx.Client) -> None:
    """The caller's request id is kept when it is safe, and replaced when it is not."""
    kept = client.get("/health/live", headers={"X-Request-Id": "abc-1"})
    assert kept.headers["x-request-id"] == "abc-1"
    replaced = client.get("/health/live", headers={"X-Request-Id": 'a"b'})
    assert replaced.headers["x-request-id"] != 'a"b'


def test_the_web_process_has_no_matplotlib(kiln: Kiln, client: httpx.Client) -> None:
    """After drawing, the web process has mapped no Matplotlib library; a child of its has."""
    client.post("/plot", json={"y": [1, 2]})
    assert "matplotlib" not in mapped(kiln.pid)
    assert any("matplotlib" in mapped(child) for child in children(kiln.pid))


def mapped(pid: int) -> str:
    """Return what a process has mapped (proc(5), maps)."""
    return Path(f"/proc/{pid}/maps").read_text()


def test_ready_may_be_asked_for_more(client: httpx.Client) -> None:
    """`?verbose` adds what the process needs, each part with state, time and mend."""
    answer = client.get("/health/ready?verbose")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    verbose = answer.json()
    assert verbose.keys() > client.get("/health/ready").json().keys()
    assert [one["name"] for one in verbose["checks"]] == [
        "data folder", "state database", "style store", "renderings", "memory", "render processes",
    ]  # fmt: skip
    assert {one["state"] for one in verbose["checks"]} <= {"ok", "warning"}
    assert client.get("/health/ready?verbose=0").json().keys() < verbose.keys()


def test_a_lost_store_leaves_the_process_ready(tmp_path: Path) -> None:
    """Without Consul the status stays 200, the check says away, and no secret is shown."""
    token, password = "do-not-show-this", "nor-this"
    address = f"http://ana:{password}@127.0.0.1:9"
    kiln = Kiln(tmp_path, CONSUL_HTTP_ADDR=address, CONSUL_HTTP_TOKEN=token)
    with kiln, kiln.client() as client:
        answer = client.get("/health/ready?verbose")
    checks = {one["name"]: one for one in answer.json()["checks"]}
    assert answer.status_code == 200
    assert (answer.json()["state"], checks["style store"]["state"]) == ("away", "away")
    assert "plotkiln doctor" in checks["style store"]["mend"]
    assert token not in answer.text
    assert password not in answer.text
