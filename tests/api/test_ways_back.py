"""Where a sign-in leads in the end, whatever the address says from which it began."""

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plotkiln.api.ways_back import way_back

#: What browsers do to the reference of a redirect before they read it (WHATWG URL, section 4.4).
_DROPPED = str.maketrans("\\", "/", "\t\n\r")


@pytest.mark.parametrize(
    "asked", ["/", "/#/styles/report", "/docs?q=1#who", "/charts/a.png", "/a:b", "/a//b"]
)
def test_a_path_of_this_server_is_kept(asked: str) -> None:
    """A path leads back with its query and its fragment."""
    assert way_back(asked) == asked


def test_a_fragment_is_one_of_the_app() -> None:
    """A fragment alone leads to a place in the web app."""
    assert way_back("#/jobs") == "/#/jobs"


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/ /evil.example",
        "javascript:alert(1)",
        "evil.example",
        "?next=//evil.example",
        "/sign-in?next=/",
        "/sign-out",
        "/x\r\nSet-Cookie: a=b",
        "/" + "x" * 2048,
        "//[",
    ],
)
def test_whatever_leads_elsewhere_leads_home(asked: str) -> None:
    """Another host, another scheme, a line end, or signing in again: it goes to the app."""
    assert way_back(asked) == "/"


@given(st.text(st.sampled_from("/\\\t\n :#?@.ex%2F5Cjavscript"), max_size=30))
@example("/%09/evil.example")
def test_no_text_leads_to_another_host(asked: str) -> None:
    """As a browser reads it, the address has neither a scheme nor a host."""
    read = way_back(asked).translate(_DROPPED).strip()
    assert read.startswith("/")
    assert not read.startswith("//")
    assert not urlsplit(read).scheme
