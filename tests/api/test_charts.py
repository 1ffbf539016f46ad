import httpx

SPEC = {"y": [3, 1, 2], "title": "Stored", "format": "svg"}


def test_a_stored_chart_has_a_short_address(client: httpx.Client) -> None:
    """Storing a spec answers 201 with the addresses of its pictures."""
    stored = client.post("/charts", json=SPEC)
    assert stored.status_code == 201
    chart = stored.json()
    assert len(chart["id"]) == 26
    assert stored.headers["location"] == chart["url"] == f"/charts/{chart['id']}.svg"
    for format_, address in chart["formats"].items():
        assert client.get(address).status_code == 200, format_


def test_storing_again_is_the_same_chart(client: httpx.Client) -> None:
    """The same spec of the same owner is one chart."""
    first, second = (client.post("/charts", json=SPEC).json() for _ in range(2))
    assert first == second


def test_a_chart_shows_its_spec(client: httpx.Client) -> None:
    """The stored spec comes back byte for byte."""
    body = b'{ "y": [1, 2.50],  "title": "as sent" }'
    stored = client.post("/charts", content=body, headers={"Content-Type": "application/json"})
    assert client.get(f"/charts/{stored.json()['id']}").content == body


def test_a_chart_is_drawn_in_another_style(client: httpx.Client) -> None:
    """A style named in the address wins over the chart's own, and has an ETag of its own."""
    style = {"palette": ["#ff0000"], "figure": {"figsize": [5, 3]}}
    created = client.put("/styles/chart-red", json=style, headers={"If-None-Match": "*"})
    assert created.status_code == 201
    address = client.post("/charts", json={"y": [1, 2, 3]}).json()["formats"]["png"]
    own = client.get(address)
    red = client.get(address, params={"style": "chart-red"})
    assert red.headers["plotkiln-style"] == f"chart-red@{created.headers['etag'].strip(chr(34))}"
    assert red.headers["etag"] != own.headers["etag"]
    assert int.from_bytes(red.content[16:20]) == 600


def test_unknown_charts_and_styles(client: httpx.Client) -> None:
    """An unknown chart is 404, as is an unknown style in its address; one in its spec is 422."""
    assert client.get(f"/charts/{'a' * 26}.png").status_code == 404
    assert client.get(f"/charts/{'a' * 26}").status_code == 404
    stored = client.post("/charts", json={"y": [1, 2]}).json()
    assert client.get(stored["url"], params={"style": "nobody-knows"}).status_code == 404
    assert client.post("/charts", json={"y": [1], "style": "nobody-knows"}).status_code == 422
