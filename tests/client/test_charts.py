import httpx
import pytest

import plotkiln
from patients import patient
from plotkiln.errors import BeingDrawn, NotFoundError, RuleError


def test_a_chart_is_stored_and_shown(client: plotkiln.Client) -> None:
    """A stored chart has an address that shows it; storing it again changes nothing."""
    stored = client.charts.store({"y": [1, 3, 2], "title": "Stored"}, format="svg")
    assert client.charts.store({"title": "Stored", "y": [1, 3, 2]}, format="svg") == stored
    assert stored.url == f"{client.url}/charts/{stored.id}.svg"
    assert httpx.get(stored.url).text.startswith("<?xml")
    assert client.charts.get(stored)["title"] == "Stored"
    assert client.charts.picture(stored).format == "png"
    assert client.charts.picture(stored.id, format="svg").data == httpx.get(stored.url).content


def test_addresses_are_made_without_asking() -> None:
    """`url` needs no server; a style, and a pin of it, stand in the query."""
    with plotkiln.Client("http://kiln.example/charts/") as client:
        url = client.charts.url("abc", format="webp", style="report@42")
    assert url == "http://kiln.example/charts/charts/abc.webp?style=report%4042"


def test_what_is_posted_is_stored_beside(client: plotkiln.Client) -> None:
    """A picture's own address shows the spec that it was drawn from."""
    picture = client.render(y=[5, 3, 4], title="Beside")
    assert picture.url
    assert httpx.get(picture.url).content == picture.data


def test_a_slow_chart_is_asked_for_until_it_is_there(client: plotkiln.Client) -> None:
    """What a job draws is shown once it is drawn; whoever does not wait is told so."""
    stored = client.charts.store(patient(4.0, "stored"))
    with pytest.raises(BeingDrawn) as told:
        client.charts.picture(stored, timeout=1)
    assert told.value.retry_after >= 1
    assert client.charts.picture(stored, timeout=60).data.startswith(b"\x89PNG")


def test_unknown_charts_and_styles(client: plotkiln.Client) -> None:
    """What is not there is an error in words, also where a picture was asked for."""
    with pytest.raises(NotFoundError, match="no chart"):
        client.charts.picture("a" * 26)
    with pytest.raises(NotFoundError):
        client.charts.get("../styles/default")
    stored = client.charts.store(y=[1])
    with pytest.raises(NotFoundError, match="nobody"):
        client.charts.picture(stored, style="nobody")
    with pytest.raises(RuleError):
        client.charts.store(x=[1, 2], y=[1])
