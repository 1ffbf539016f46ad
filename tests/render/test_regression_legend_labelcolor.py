import matplotlib as mpl
import pytest

from plotkiln.render.notes import Notes
from plotkiln.render.rcparams import rc_params, styled
from plotkiln.spec.colors import CSS_NAMES
from plotkiln.style.models import LegendStyle, Style


@pytest.mark.parametrize("color", sorted(CSS_NAMES | {"#123456", "#12345678", "none", "C1"}))
def test_every_colour_can_be_a_legends_label_colour(color: str) -> None:
    """Matplotlib refuses colour names of six and eight letters here; styles may use them."""
    notes = Notes()
    params = rc_params(Style(legend=LegendStyle(labelcolor=color)), notes)
    with styled(params, {}, notes):
        wanted = mpl.colors.to_rgba(color)
        assert mpl.colors.to_rgba(mpl.rcParams["legend.labelcolor"]) == wanted
