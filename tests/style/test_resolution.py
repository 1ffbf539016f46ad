import msgspec
import pytest
from hypothesis import given

from plotkiln.errors import NotFoundError, RuleError
from plotkiln.style.builtin import BUILTIN, builtin_look
from plotkiln.style.digests import content_digest
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.merging import merge
from plotkiln.style.models import FontStyle, LineStyle, Style
from plotkiln.style.resolution import MOST_LINKS, chain, resolve
from style_values import known, styles

CORPORATE = known("corporate", Style(font=FontStyle(size=9.0), palette=["navy"]), version=12)
PRESS = known("press", Style(extends="corporate", font=FontStyle(color="red")), version=7)


def by_name(*styles: KnownStyle) -> dict[str, KnownStyle]:
    """Return styles by their names."""
    return {style.name: style for style in styles}


def refusal(name: str, *styles: KnownStyle) -> str:
    """Return the fault for which a chain is refused."""
    with pytest.raises(RuleError) as caught:
        resolve(name, by_name(*styles))
    (fault,) = caught.value.faults
    assert fault.path == "extends"
    return fault.message


def test_without_any_style_the_built_in_one_serves() -> None:
    """`default` is the built-in style, version 0, while none is stored."""
    look = resolve("default", {})
    assert look == builtin_look()
    assert (look.name, look.version, look.state, look.style) == ("default", 0, "builtin", BUILTIN)


def test_a_chain_is_laid_over_the_built_in_style() -> None:
    """Each style supplies what the ones before it leave out; the built-in one the rest."""
    look = resolve("press", by_name(CORPORATE, PRESS))
    assert look.style == merge(
        merge(msgspec.structs.replace(PRESS.style, extends=None), CORPORATE.style), BUILTIN
    )
    assert look.style.font is not None
    assert (look.style.font.size, look.style.font.color) == (9.0, "red")
    assert look.style.palette == ["navy"]
    assert look.style.extends is None


def test_the_version_is_the_highest_in_the_chain() -> None:
    """An edit of any style in the chain raises the version of the look."""
    assert resolve("press", by_name(CORPORATE, PRESS)).version == 12


def test_the_stored_default_supplies_nothing_to_the_others() -> None:
    """What a style leaves out comes from the built-in style, never from the stored default."""
    default = known("default", Style(lines=LineStyle(linewidth=9.0)), version=99)
    look = resolve("corporate", by_name(CORPORATE, default))
    assert look.style.lines == BUILTIN.lines
    assert look.version == 12


def test_default_can_be_extended() -> None:
    """`extends: default` takes the stored default, and the built-in style where there is none."""
    style = known("mine", Style(extends="default", palette=["tan"]))
    default = known("default", Style(lines=LineStyle(linewidth=9.0)), version=99)
    stored = resolve("mine", by_name(style, default))
    assert stored.style.lines is not None
    assert (stored.style.lines.linewidth, stored.version) == (9.0, 99)
    alone = resolve("mine", by_name(style))
    assert (alone.style.lines, alone.version, alone.state) == (BUILTIN.lines, 1, "fresh")


def test_one_stale_style_makes_the_look_stale() -> None:
    """The look is as fresh as the stalest style in its chain."""
    stale = msgspec.structs.replace(CORPORATE, state="stale")
    assert resolve("press", by_name(CORPORATE, PRESS)).state == "fresh"
    assert resolve("press", by_name(stale, PRESS)).state == "stale"


def test_warnings_of_the_chain_are_collected() -> None:
    """What another style brought along is marked with its name."""
    below = msgspec.structs.replace(CORPORATE, warnings=("a: ignored",))
    above = msgspec.structs.replace(PRESS, warnings=("b: ignored",))
    look = resolve("press", by_name(below, above))
    assert look.warnings == ("b: ignored", "corporate: a: ignored")


def test_an_unknown_name_is_not_found_with_the_nearest() -> None:
    """A name that nobody stored is told, with the known one most like it."""
    with pytest.raises(NotFoundError, match=r"'corporat' \(did you mean corporate\?\)"):
        resolve("corporat", by_name(CORPORATE))


def test_a_missing_target_is_told_with_the_chain() -> None:
    """A chain that leads to nowhere is refused, with its links and the nearest name."""
    style = known("mine", Style(extends="corprate"))
    assert refusal("mine", style, CORPORATE) == (
        "there is no style named 'corprate' to extend (did you mean corporate?): mine → corprate"
    )


def test_a_circle_is_told_with_its_links() -> None:
    """Styles that extend each other are refused, whatever their number."""
    circle = [known("a", Style(extends="b")), known("b", Style(extends="c"))]
    circle.append(known("c", Style(extends="b")))
    assert refusal("a", *circle) == "the styles extend each other in a circle: a → b → c → b"
    own = known("default", Style(extends="default"))
    assert refusal("default", own).endswith("default → default")


def test_a_chain_has_at_most_sixteen_styles() -> None:
    """The sixteenth style may end the chain, a seventeenth is refused."""
    links = [known(f"s{number}", Style(extends=f"s{number + 1}")) for number in range(20)]
    last = known(f"s{MOST_LINKS - 1}", Style())
    assert len(chain("s0", by_name(*links, last))) == MOST_LINKS
    assert refusal("s0", *links).startswith("more than 16 styles")


@given(styles())
def test_the_digest_is_of_the_content_alone(style: Style) -> None:
    """Name, version and state do not enter the digest; the resolved members do."""
    one = resolve("one", {"one": known("one", style, version=3)})
    two = resolve("two", {"two": known("two", style, version=4, state="stale")})
    assert one.digest == two.digest == content_digest(merge(style, BUILTIN))


@given(styles(), styles())
def test_extending_is_merging(over: Style, under: Style) -> None:
    """A style that extends another looks like the two merged into one document."""
    above = known("above", msgspec.structs.replace(over, extends="below"))
    look = resolve("above", by_name(above, known("below", under)))
    assert look.digest == resolve("m", {"m": known("m", merge(over, under))}).digest


def test_a_look_survives_its_way_to_a_render_process() -> None:
    """The built-in look is the same after it was sent as MessagePack."""
    look = builtin_look()
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(look), type=Look) == look


def test_a_shipped_style_that_is_not_stored_is_hinted_at() -> None:
    """The fault of an unknown name says how to store a style of that name that ships."""
    with pytest.raises(NotFoundError, match="plotkiln styles seed dark"):
        resolve("dark", {})
    house = known("house", Style(extends="print"))
    with pytest.raises(RuleError, match="plotkiln styles seed print"):
        resolve("house", {"house": house})
