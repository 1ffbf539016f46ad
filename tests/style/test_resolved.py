import msgspec

from plotkiln.style.builtin import BUILTIN
from plotkiln.style.looks import KnownStyle
from plotkiln.style.models import Style, TitleStyle
from plotkiln.style.resolved import Resolved, resolve_all

RED = Style(title=TitleStyle(color="#FF0000"))


def known(name: str, style: Style, version: int = 1) -> dict[str, KnownStyle]:
    """Return one known style by its name."""
    return {name: KnownStyle(name=name, version=version, style=style, state="fresh")}


def never_good(name: str) -> dict[str, KnownStyle]:
    """Return a known style of which no document ever was good."""
    style = KnownStyle(name=name, version=0, style=Style(), state="builtin", fault="broken")
    return {name: style}


def test_without_the_store_nothing_is_fresh() -> None:
    """The same styles are fresh with the store and stale without, and else alike."""
    styles = known("a", RED)
    near = resolve_all(styles, Resolved(), reachable=True)
    far = resolve_all(styles, near, reachable=False)
    assert (near.looks["a"].state, far.looks["a"].state) == ("fresh", "stale")
    assert (near.known["a"].state, far.known["a"].state) == ("fresh", "stale")
    assert msgspec.structs.replace(far.looks["a"], state="fresh") == near.looks["a"]
    assert far.changes(near) == {"a"}
    assert near.changes(near) == frozenset()


def test_a_chain_that_never_could_be_followed_leaves_the_styles_own_members() -> None:
    """Without a last good look, what the style says itself is drawn over the built-in."""
    heir = msgspec.structs.replace(RED, extends="missing")
    resolved = resolve_all(known("heir", heir), Resolved(), reachable=True)
    look = resolved.looks["heir"]
    assert (look.state, look.style.title and look.style.title.color) == ("stale", "#FF0000")
    assert "missing" in (resolved.known["heir"].fault or "")


def test_a_style_that_never_was_good_leaves_its_heirs_stale() -> None:
    """The heir of a broken style draws its own members, and is marked."""
    heir = msgspec.structs.replace(RED, extends="base")
    styles = {**never_good("base"), **known("heir", heir)}
    looks = resolve_all(styles, Resolved(), reachable=True).looks
    assert (looks["base"].state, looks["base"].style) == ("builtin", BUILTIN)
    title = looks["heir"].style.title
    assert (looks["heir"].state, title and title.color) == ("stale", "#FF0000")


def test_a_removed_style_is_a_change() -> None:
    """What was known before and is not now is among the changes."""
    before = resolve_all(known("a", RED), Resolved(), reachable=True)
    now = resolve_all({}, before, reachable=True)
    assert now.changes(before) == {"a"}
    assert now.looks == {}
