"""What somebody may: by the scope of their token, and by who they are."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.identity import Scope
from plotkiln.identity.grants import Grants, carried

WRITERS = frozenset({Scope.STYLES_READ, Scope.STYLES_WRITE})
GRANTS = Grants(
    frozenset({Scope.RENDER}),
    {
        ("groups", "design"): WRITERS,
        ("groups", "operators"): frozenset({Scope.ADMIN}),
        ("realm_access.roles", "drawing"): frozenset({Scope.JOBS}),
    },
)


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({"scope": "openid render jobs"}, {Scope.RENDER, Scope.JOBS}),
        ({"scp": ["styles:read", "other"]}, {Scope.STYLES_READ}),
        ({"scp": "render", "scope": "admin"}, {Scope.RENDER, Scope.ADMIN}),
        ({"scope": "RENDER styles rendering ren der"}, set()),
        ({"scope": None, "scp": 1}, set()),
        ({}, set()),
    ],
)
def test_scopes_of_a_token(claims: dict[str, Any], scopes: set[Scope]) -> None:
    """Ours among a token's, word by word, in either claim that providers use."""
    assert carried(claims) == scopes


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ({}, set()),
        ({"groups": ["staff", "design"]}, WRITERS),
        ({"groups": "design"}, WRITERS),
        ({"groups": "design operators"}, set()),
        ({"groups": {"design": True}}, set()),
        ({"groups": ["design", "operators", 1, None]}, {*WRITERS, Scope.ADMIN}),
        ({"realm_access": {"roles": ["drawing"]}}, {Scope.JOBS}),
        ({"realm_access.roles": "drawing"}, {Scope.JOBS}),
        ({"realm_access": ["roles"]}, set()),
    ],
)
def test_scopes_of_somebody(claims: dict[str, Any], scopes: set[Scope]) -> None:
    """What everybody may, and what a claim has that is this value, or a list with it."""
    assert GRANTS.scopes_of(claims) == {Scope.RENDER, *scopes}


def test_the_claims_that_it_takes() -> None:
    """The outer names of the claims are known, so that they can be asked for."""
    assert GRANTS.claims == {"groups", "realm_access"}
    url = "https://charts.example/roles"
    by_url = Grants(by_claim={(url, "operator"): frozenset({Scope.ADMIN})})
    assert by_url.claims == {url}
    assert by_url.scopes_of({url: ["operator"]}) == {Scope.ADMIN}


@given(st.dictionaries(st.sampled_from(["scope", "scp", "groups"]), st.from_type(object)))
def test_whatever_claims_there_are(claims: dict[str, Any]) -> None:
    """No type of a claim breaks the reading, and none gives what nobody granted."""
    assert carried(claims) <= set(Scope)
    assert Scope.EVENTS not in GRANTS.scopes_of(claims)
