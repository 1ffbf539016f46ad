import msgspec
import pytest
from hypothesis import given

from plotkiln.render.notes import Notes
from plotkiln.render.rcparams import rc_params
from plotkiln.style.builtin import BUILTIN
from plotkiln.style.merging import merge, superseded
from plotkiln.style.models import AxesStyle, FontStyle, Style, TickStyle, TitleStyle
from plotkiln.style.rc_table import LOOKS
from style_values import styles


@given(styles(), styles(), styles())
def test_merging_is_associative(top: Style, middle: Style, bottom: Style) -> None:
    """A chain may be merged from either end."""
    assert merge(merge(top, middle), bottom) == merge(top, merge(middle, bottom))


@given(styles())
def test_the_empty_style_changes_nothing(style: Style) -> None:
    """An empty style above or below another leaves it as it is."""
    assert merge(style, Style()) == style
    assert merge(Style(), style) == style


@given(styles())
def test_a_style_over_itself_is_itself(style: Style) -> None:
    """Merging is idempotent."""
    assert merge(style, style) == style


@given(styles(), styles())
def test_what_is_set_above_stays(over: Style, under: Style) -> None:
    """No member that the upper style sets is taken from the lower one."""
    merged = merge(over, under)
    for section in ("figure", "font", "title", "axes", "legend", "lines", "ticks", "watermark"):
        for name, value in msgspec.structs.asdict(getattr(over, section) or Style()).items():
            if value is not None:
                assert getattr(getattr(merged, section), name) == value
    assert (over.rc or {}).items() <= (merged.rc or {}).items()


@given(styles())
def test_over_the_built_in_style_every_member_is_set(style: Style) -> None:
    """A style over the built-in one is complete, but for a watermark's text."""
    merged = merge(style, BUILTIN)
    for section in msgspec.structs.asdict(merged).values():
        if isinstance(section, msgspec.Struct):
            unset = {
                name for name, value in msgspec.structs.asdict(section).items() if value is None
            }
            assert unset <= {"text"}
    assert merged.palette
    assert merged.rc is not None


def test_lists_replace_each_other_as_a_whole() -> None:
    """Palette, families and spines of the upper style hide those of the lower one."""
    over = Style(palette=["red"], font=FontStyle(family=["A"]), axes=AxesStyle(spines=[]))
    merged = merge(over, BUILTIN)
    assert merged.palette == ["red"]
    assert merged.font is not None
    assert merged.font.family == ["A"]
    assert merged.axes is not None
    assert merged.axes.spines == []


def test_rc_merges_by_name_and_null_is_missing() -> None:
    """Entries of both styles meet; a null entry lets the lower one through."""
    over = Style(rc={"axes.titlepad": 1.0, "errorbar.capsize": None})
    under = Style(rc={"errorbar.capsize": 2.0, "axes.titlepad": 3.0, "axes.labelpad": None})
    assert merge(over, under).rc == {"axes.titlepad": 1.0, "errorbar.capsize": 2.0}


def test_a_member_hides_the_rc_param_of_the_same_meaning_below() -> None:
    """A style's own `title.fontsize` is not overruled by `axes.titlesize` of the style below."""
    below = Style(rc={"axes.titlesize": 30.0, "xtick.labelsize": 8.0, "axes.titlepad": 9.0})
    over = Style(title=TitleStyle(fontsize=12.0), ticks=TickStyle(labelsize=9.0))
    assert merge(over, below).rc == {"axes.titlepad": 9.0}


def test_within_one_document_rc_stays_beside_the_member() -> None:
    """Both say the same in one document: both stay, and `rc` is applied last."""
    both = Style(title=TitleStyle(fontsize=12.0), rc={"axes.titlesize": 30.0})
    assert merge(both, BUILTIN).rc == {"axes.titlesize": 30.0}


def test_every_hidden_rc_param_is_a_look() -> None:
    """The names that members stand for are rcParams that a style may set."""
    names = list(superseded(BUILTIN))
    assert names
    assert [name for name in names if name not in LOOKS] == []
    assert len(names) == len(set(names))


@pytest.mark.parametrize("member", ["figsize", "dpi"])
def test_size_has_no_rc_param_beside_it(member: str) -> None:
    """Figsize and dpi are refused in `rc`, so nothing needs to be hidden."""
    assert f"figure.{member}" not in list(superseded(BUILTIN))


def test_members_hide_exactly_the_rc_params_that_render_sets_for_them() -> None:
    """Merging and rendering agree on which rcParams a member stands for."""
    always = set(rc_params(Style(), Notes()))
    for section in ("figure", "font", "title", "axes", "legend", "lines", "ticks", "watermark"):
        for name, value in msgspec.structs.asdict(getattr(BUILTIN, section)).items():
            one = type(getattr(BUILTIN, section))(**{name: value})
            style = Style(**{section: one})
            drawn = set(rc_params(style, Notes())) - always
            assert drawn - {"font.family"} == set(superseded(style)) - {"font.family"}, name
