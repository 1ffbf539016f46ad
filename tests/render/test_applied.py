import warnings
from typing import Any

import matplotlib as mpl
import msgspec
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from plotkiln.render.applied import AppliedStyle, _is_look
from plotkiln.render.notes import Notes
from plotkiln.render.rcparams import rc_params, styled
from plotkiln.style.builtin import BUILTIN, builtin_look
from plotkiln.style.looks import KnownStyle, Look
from plotkiln.style.models import FigureStyle, FontStyle, Style, Watermark
from plotkiln.style.resolution import resolve
from plotkiln.style.shipped import SHIPPED, shipped_document


def look(style: Style) -> Look:
    """Return a style's look under the name of `mine`."""
    known = KnownStyle(name="mine", version=7, style=style, state="fresh")
    return resolve("mine", {"mine": known})


def session() -> dict[str, Any]:
    """Return all rcParams but the backend."""
    return {key: value for key, value in dict.copy(mpl.rcParams).items() if key != "backend"}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_style_is_applied_as_pictures_are_drawn(name: str) -> None:
    """Each rcParam of looks is what the renderer sets it to for the same style."""
    style = msgspec.json.decode(shipped_document(name), type=Style)
    shown = look(msgspec.structs.replace(style, extends=None))
    with styled(rc_params(shown.style, Notes()), dict(shown.style.rc or {}), Notes()):
        drawn = session()
    with AppliedStyle(shown):
        applied = session()
    sheet = {"figure.figsize", "figure.dpi"}
    looks = {key for key in drawn if _is_look(key)} - sheet
    assert len(looks) > 200
    assert {key: applied[key] for key in looks} == {key: drawn[key] for key in looks}
    figure = shown.style.figure
    assert figure
    assert [list(applied["figure.figsize"]), applied["figure.dpi"]] == [figure.figsize, figure.dpi]


def test_the_session_keeps_what_is_its_own() -> None:
    """Neither the backend nor how files are written changes, and all is as before at the end."""
    with mpl.rc_context({"savefig.format": "svg", "pdf.fonttype": 3, "lines.linewidth": 9.0}):
        before = session()
        with AppliedStyle(builtin_look()) as applied:
            assert mpl.rcParams["savefig.format"] == "svg"
            assert mpl.rcParams["pdf.fonttype"] == 3
            assert mpl.rcParams["lines.linewidth"] == 2.2
            assert repr(applied) == "<default@0, builtin>"
        assert session() == before


def test_a_style_stays_until_it_is_taken_off() -> None:
    """Applied plainly a style lasts; a second one over it is no addition but another."""
    with mpl.rc_context():
        before = session()
        first = AppliedStyle(look(Style(palette=["#123456"], rc={"axes.titlepad": 30})))
        second = AppliedStyle(builtin_look())
        assert mpl.rcParams["axes.titlepad"] == mpl.rcParamsDefault["axes.titlepad"]
        second.restore()
        assert mpl.rcParams["axes.titlepad"] == 30
        first.restore()
        assert session() == before


def test_what_cannot_be_applied_is_a_warning() -> None:
    """A font that is missing, and rcParams that Matplotlib refuses, are told by name."""
    style = Style(font=FontStyle(family=["Nowhere Sans"]), rc={"axes.titlepad": "wide"})
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        AppliedStyle(look(style)).restore()
    assert [str(warning.message).partition(":")[0] for warning in told] == ["mine", "mine"]
    assert "Nowhere Sans" in str(told[0].message)
    assert "rc.axes.titlepad" in str(told[1].message)


def test_the_watermark_is_written_on_demand() -> None:
    """`watermark` lays the style's text over a figure, within it; where there is none, nothing."""
    mark = Watermark(text="Internal use only, and for nobody else at all", alpha=0.5)
    figure = Figure((4, 3), dpi=100)
    FigureCanvasAgg(figure)
    with AppliedStyle(look(Style(watermark=mark, figure=FigureStyle(dpi=100)))) as applied:
        applied.watermark(figure)
    (text,) = figure.texts
    assert (text.get_text(), text.get_alpha()) == (mark.text, 0.5)
    box = text.get_window_extent()
    assert box.width <= 400
    assert box.height <= 300
    bare = Figure()
    with AppliedStyle(builtin_look()) as applied:
        applied.watermark(bare)
    assert bare.texts == []
    assert BUILTIN.watermark
