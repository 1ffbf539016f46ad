from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from urllib.parse import parse_qs, unquote_plus, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.identity.code_flow import (
    Client,
    Endpoints,
    authorization_address,
    end_address,
    new_pending,
    token_request,
)

ENDPOINTS = Endpoints(
    issuer="https://login.example",
    authorization_endpoint="https://login.example/auth?tenant=a",
    token_endpoint="https://login.example/token",  # noqa: S106 -- an address
    end_session_endpoint="https://login.example/end",
    scopes_supported=("openid", "profile", "groups", "offline_access"),
)

PENDING = new_pending(browser="b", redirect="https://kiln.example/sign-in/callback", back="/")


def _query(address: str) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}


def test_the_challenge_is_the_verifiers_digest() -> None:
    """The provider gets SHA-256 of the verifier, which follows with the code alone (RFC 7636)."""
    asked = _query(authorization_address(ENDPOINTS, Client("kiln"), PENDING, state="s"))
    digest = sha256(PENDING.verifier.encode()).digest()
    assert asked["code_challenge"] == urlsafe_b64encode(digest).rstrip(b"=").decode()
    form = token_request(ENDPOINTS, Client("kiln"), PENDING, "code").form
    assert form["code_verifier"] == PENDING.verifier
    assert form["redirect_uri"] == asked["redirect_uri"] == PENDING.redirect


def test_the_query_of_an_endpoint_stays() -> None:
    """What stands in the provider's own address is sent along."""
    assert _query(authorization_address(ENDPOINTS, Client("kiln"), PENDING, state="s"))["tenant"]


def test_only_scopes_that_there_are_are_asked_for() -> None:
    """A provider refuses scopes that it does not have: of the wanted ones it gets its own."""
    address = authorization_address(
        ENDPOINTS, Client("kiln"), PENDING, state="s", wanted=("profile", "groups", "roles")
    )
    assert _query(address)["scope"] == "openid profile groups"


def test_a_public_client_names_itself() -> None:
    """Without a secret the client's id goes in the form, and nothing in a header."""
    request = token_request(ENDPOINTS, Client("kiln"), PENDING, "code")
    assert request.form["client_id"] == "kiln"
    assert not request.headers


@pytest.mark.parametrize("methods", [("client_secret_basic", "client_secret_post"), (), ("none",)])
@given(name=st.text(min_size=1), secret=st.text(min_size=1))
def test_a_secret_goes_as_basic_wherever_that_is_taken(
    methods: tuple[str, ...], name: str, secret: str
) -> None:
    """Whatever signs they have, id and secret arrive as they are (RFC 6749, section 2.3.1)."""
    endpoints = msgspec.structs.replace(ENDPOINTS, token_endpoint_auth_methods_supported=methods)
    request = token_request(endpoints, Client(name, secret), PENDING, "code")
    pair = b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
    assert [unquote_plus(part) for part in pair.split(":")] == [name, secret]
    assert "client_secret" not in request.form


def test_a_secret_goes_in_the_form_where_only_that_is_taken() -> None:
    """A provider that takes no Basic gets both in the form."""
    endpoints = msgspec.structs.replace(
        ENDPOINTS, token_endpoint_auth_methods_supported=("client_secret_post",)
    )
    request = token_request(endpoints, Client("kiln", "s3cret"), PENDING, "code")
    assert request.form["client_secret"] == "s3cret"  # noqa: S105 -- of a test
    assert not request.headers


def test_the_end_names_whose_session_it_is() -> None:
    """The provider learns by the ID token whom to sign out; a very long one is left out."""
    client = Client("kiln")
    address = end_address(ENDPOINTS, client, "a.b.c")
    assert address is not None
    assert _query(address) == {"client_id": "kiln", "id_token_hint": "a.b.c"}
    longer = end_address(ENDPOINTS, client, "a" * 5000)
    assert longer is not None
    assert _query(longer) == {"client_id": "kiln"}
    without = msgspec.structs.replace(ENDPOINTS, end_session_endpoint="")
    assert end_address(without, client, "a.b.c") is None
