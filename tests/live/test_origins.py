import pytest

from plotkiln.live.origins import Origins

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
    assert Origins(ALLOWED).admit(origin, host)


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
    assert not Origins(ALLOWED).admit(origin, host)


@pytest.mark.parametrize("bound", ["127.0.0.1", "127.0.0.2", "::1", "[::1]", "localhost"])
@pytest.mark.parametrize(
    ("host", "admitted"),
    [
        ("127.0.0.1:8080", True),
        ("localhost:8080", True),
        ("charts.localhost:8080", True),
        ("[::1]:8080", True),
        ("live.example:8080", True),
        ("evil.example:8080", False),
        ("localhost.evil.example:8080", False),
        ("127.0.0.1.evil.example:8080", False),
        ("192.0.2.1:8080", False),
    ],
)
def test_regression_a_name_that_was_bent_to_loopback_is_none_of_ours(
    bound: str, host: str, admitted: bool
) -> None:
    """A server of this machine alone knows its names; a stranger's DNS gives it no other."""
    origins = Origins(ALLOWED, bound=bound, address="wss://live.example/live")
    assert origins.admit(f"http://{host}", host) is admitted
    assert origins.admit("https://app.example", host)
    assert origins.admit(None, host)


def test_a_server_of_a_network_has_whatever_name_it_is_asked_by() -> None:
    """Gateways give it names that it cannot know."""
    assert Origins(bound="0.0.0.0").admit("http://charts.example", "charts.example")  # noqa: S104 -- no socket
