import pytest

from plotkiln.live.origins import may_open

ALLOWED = frozenset({"https://app.example", "http://localhost:5173"})


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "charts.example"),
        ("http://charts.example", "charts.example"),
        ("https://charts.example", "charts.example"),
        ("https://Charts.Example", "charts.example:443"),
        ("http://charts.example:8080", "charts.example:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("https://app.example", "live.example"),
        ("http://localhost:5173", "localhost:8080"),
    ],
)
def test_no_browser_the_own_host_and_those_allowed_may_listen(
    origin: str | None, host: str
) -> None:
    """Whoever is no page, a page of this host, or of an origin that is named, may listen."""
    assert may_open(origin, host, ALLOWED)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("", "charts.example"),
        ("null", "charts.example"),
        ("null", ""),
        ("https://evil.example", "charts.example"),
        ("https://charts.example.evil.example", "charts.example"),
        ("https://charts.example:444", "charts.example"),
        ("http://charts.example:443", "charts.example"),
        ("http://app.example", "charts.example"),
        ("file://", "charts.example"),
        ("chrome-extension://charts.example", "charts.example"),
        ("https://", ""),
        ("https://[", "charts.example"),
    ],
)
def test_pages_of_others_may_not(origin: str, host: str) -> None:
    """Any other page, and one that hides where it is from, may not."""
    assert not may_open(origin, host, ALLOWED)
