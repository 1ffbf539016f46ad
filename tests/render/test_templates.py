from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib._pylab_helpers import Gcf

from drawings import drawn, restyled
from pixels import differing, pixels_of
from plotkiln.errors import DrawingFailed, RuleError
from plotkiln.spec.models import Format
from plotkiln.style.builtin import BUILTIN
from plotkiln.templates.loading import LoadedTemplate
from provenances import read_provenance
from templated import HEAD, drawn_by, load_folder, restored_imports

_Gcf: Any = Gcf


@pytest.fixture(autouse=True)
def clean_imports() -> Iterator[None]:
    """Forget what a test has loaded."""
    with restored_imports():
        yield


def made(folder: Path, body: str, *, params: str = "", head: str = "") -> LoadedTemplate:
    """Load a template whose function has this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = f"{HEAD}{head}@template('made')\ndef made(figure, *, value: int = 1{params}):\n{lines}\n"
    loaded = load_folder(folder, {"made.py": text})
    assert loaded.description.broken == []
    return loaded.templates["made"]


def state() -> dict[str, Any]:
    """Return what pyplot and Matplotlib remember."""
    return {
        "rc": dict(dict.items(mpl.rcParams)),
        "figures": list(_Gcf.figs),
    }


def test_the_style_is_there_before_it_draws(tmp_path: Path) -> None:
    """A template sees the style as rcParams: its colours, sizes and palette."""
    body = """\
import matplotlib as mpl
assert figure.get_facecolor() == (0, 0, 0, 1)
assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == ["#ff0000"]
figure.add_subplot().plot([0, 1])
"""
    style = restyled(BUILTIN, figure={"facecolor": "#000000"}, palette=["#ff0000"])
    pixels = pixels_of(drawn_by(made(tmp_path, body), style=style).data)
    assert (pixels == (255, 0, 0)).all(axis=2).any()
    assert tuple(pixels[0, 0]) == (0, 0, 0)


def test_the_watermark_lies_over_it(tmp_path: Path) -> None:
    """The style's watermark is drawn after the template, whatever that draws last."""
    body = "figure.add_axes((0, 0, 1, 1), facecolor='white', zorder=1e5)"
    template = made(tmp_path, body)
    mark = {"text": "MARK", "fontsize": 60.0, "alpha": 1.0, "color": "#00ff00", "rotation": 0.0}
    with_mark = pixels_of(drawn_by(template, style=restyled(BUILTIN, watermark=mark)).data)
    assert (with_mark == (0, 255, 0)).all(axis=2).any()
    without = pixels_of(drawn_by(template).data)
    assert not (without == (0, 255, 0)).all(axis=2).any()


@pytest.mark.parametrize("format_", ["png", "svg", "pdf", "webp", "jpeg"])
def test_every_format_has_the_size(tmp_path: Path, format_: Format) -> None:
    """The picture is as large as asked for, and says what it is, in every format."""
    rendering = drawn_by(made(tmp_path, "figure.subplots()"), format=format_, value=7)
    told = read_provenance(rendering.data)
    assert told["title"] == "Made"
    assert told["description"] == "Made: value 7."
    if format_ in {"png", "webp", "jpeg"}:
        assert pixels_of(rendering.data).shape == (200, 300, 3)
    elif format_ == "svg":
        assert b'width="300" height="200"' in rendering.data


def test_another_size_is_not_taken(tmp_path: Path) -> None:
    """A template cannot change the picture's size; it is told."""
    body = "figure.subplots()\nfigure.set_size_inches(90, 90)\nfigure.set_dpi(200)"
    rendering = drawn_by(made(tmp_path, body))
    assert pixels_of(rendering.data).shape == (200, 300, 3)
    assert "own size is ignored" in rendering.warnings[0]


def test_the_title_parameter_names_the_picture(tmp_path: Path) -> None:
    """A parameter called title is the picture's name for those who cannot see it."""
    template = made(tmp_path, "figure.suptitle(title)", params=", title: str = ''")
    assert read_provenance(drawn_by(template, title="Über all").data)["title"] == "Über all"


def test_a_transparent_sheet_stays_so(tmp_path: Path) -> None:
    """A figure that the template makes transparent is not filled."""
    data = drawn_by(made(tmp_path, "figure.patch.set_alpha(0)\nfigure.text(0, 0, 'x')")).data
    from io import BytesIO

    from PIL import Image

    image = Image.open(BytesIO(data))
    assert image.mode == "RGBA"
    assert image.getpixel((150, 10)) == (255, 255, 255, 0)


def test_pyplot_draws_on_the_given_figure(tmp_path: Path) -> None:
    """plt.gcf() is the figure, plt's functions draw on it, and what they draw is the style's."""
    body = """\
import matplotlib.pyplot as plt
assert plt.gcf() is figure
assert plt.get_backend().lower() == "agg"
plt.plot([0, 1])
plt.title("By pyplot")
assert plt.gca() in figure.axes
"""
    by_hand = "axes = figure.add_subplot()\naxes.plot([0, 1])\naxes.set_title('By pyplot')"
    data = drawn_by(made(tmp_path / "a", body)).data
    assert differing(pixels_of(data), pixels_of(drawn_by(made(tmp_path / "b", by_hand)).data)) == 0


LEAKS = {
    "figures": "plt.figure(); plt.figure(); plt.plot([1])\nfigure.text(0, 0, 'x')",
    "closed": "figure.text(0, 0, 'x')\nplt.close('all')",
    "rc": "plt.rcParams['lines.linewidth'] = 30\nplt.rcdefaults()\nplt.style.use('ggplot')\n"
    "plt.rcParams['axes.facecolor'] = 'red'\nfigure.subplots()",
    "mathtext": "plt.rcParams['mathtext.fontset'] = 'stix'\nfigure.text(0, .5, '$x^2$')",
    "backend": "plt.switch_backend('svg')\nfigure.subplots()",
    "interactive": "plt.ion()\nfigure.subplots()",
    "random": "import random\nimport numpy as np\nrandom.random(); np.random.rand(9)\n"
    "figure.subplots()",
    "warnings": "import warnings\nwarnings.simplefilter('error')\nfigure.subplots()",
    "error": "plt.rcParams['lines.linewidth'] = 30\nplt.figure()\nraise ValueError('no')",
}


@pytest.mark.parametrize("body", LEAKS.values(), ids=LEAKS)
def test_regression_nothing_survives(tmp_path: Path, body: str) -> None:
    """Whatever a template does to pyplot and rcParams, the next drawing is as the one before."""
    chart: dict[str, Any] = {
        "y": [1, 3, 2],
        "title": "$x^2$",
        "size": {"width": 300, "height": 200},
    }
    before, known = drawn(**chart).data, state()
    template = made(tmp_path, f"import matplotlib.pyplot as plt\n{body}")
    first = _outcome(template)
    assert state() == known
    assert drawn(**chart).data == before
    assert _outcome(template) == first


def _outcome(template: LoadedTemplate) -> bytes | str:
    try:
        return drawn_by(template).data
    except DrawingFailed as error:
        return str(error)


def test_global_random_numbers_repeat(tmp_path: Path) -> None:
    """Templates that draw by unseeded global random numbers draw the same each time."""
    body = """\
import random
import numpy as np
figure.text(0, 0.5, f"{random.random()} {np.random.rand()}")
"""
    template = made(tmp_path, body)
    assert drawn_by(template).data == drawn_by(template).data


def test_a_figure_of_its_own_is_told(tmp_path: Path) -> None:
    """A template that draws on a new figure is told to draw on the given one."""
    body = "import matplotlib.pyplot as plt\nfig, axes = plt.subplots()\naxes.plot([1, 2])"
    with pytest.raises(DrawingFailed, match="draw on the one it is given"):
        drawn_by(made(tmp_path, body))
    assert list(_Gcf.figs) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x = {}\nx['no']", "made.py line 6: KeyError: 'no', in: x['no']"),
        ("raise ValueError('too\\n  much')", "made.py line 5: ValueError: too much, in: raise"),
        ("import sys\nsys.exit(3)", "made.py line 6: SystemExit: 3, in: sys.exit(3)"),
        ("assert value > 5", "made.py line 5: AssertionError, in: assert value > 5"),
        ("figure.add_subplot().plot([1], [1, 2])", "made.py line 5: ValueError: x and y must"),
        ("figure.text(0, 0, '$\\\\nope$')", "ParseFatalException: Unknown symbol"),
        ("open(__file__ + 'x')", "No such file or directory: 'made.pyx'"),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, body: str, words: str) -> None:
    """Whatever a template raises is a refusal that names file, line and code, and no path."""
    with pytest.raises(DrawingFailed) as caught:
        drawn_by(made(tmp_path, body))
    assert str(caught.value).startswith("made: ")
    assert words in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_fault_in_a_helper_names_the_helper(tmp_path: Path) -> None:
    """The innermost line of the folder's code is told."""
    files = {
        "made.py": f"{HEAD}import parts.deep as d\n@template('made')\ndef made(figure): d.f()",
        "parts/deep.py": "def f():\n    return [][1]\n",
    }
    loaded = load_folder(tmp_path, files)
    with pytest.raises(DrawingFailed, match=r"parts/deep\.py line 2: IndexError"):
        drawn_by(loaded.templates["made"])


def test_a_fault_at_drawing_time_is_told(tmp_path: Path) -> None:
    """What a template leaves behind may fail when the figure is drawn: that is told, too."""
    body = """\
from matplotlib.artist import Artist
class Late(Artist):
    def draw(self, renderer):
        raise KeyError("late")
figure.add_artist(Late())
"""
    with pytest.raises(DrawingFailed, match=r"made\.py line 8: KeyError: 'late'"):
        drawn_by(made(tmp_path, body))


def test_parameters_are_checked_here_too(tmp_path: Path) -> None:
    """What the web process lets through and the types do not take is a fault with its path."""
    with pytest.raises(RuleError, match=r"params\.value"):
        drawn_by(made(tmp_path, "figure.subplots()"), value="x")


def test_a_template_may_refuse_by_path(tmp_path: Path) -> None:
    """A RuleError that a template raises itself keeps its faults."""
    head = "from plotkiln.errors import Fault, RuleError\n"
    body = "raise RuleError(faults=[Fault('params.value', 'is odd')])"
    with pytest.raises(RuleError, match=r"params\.value: is odd"):
        drawn_by(made(tmp_path, body, head=head))


def test_warnings_are_the_pictures(tmp_path: Path) -> None:
    """A template's own warning is the picture's; numpy's names the line; others' are not told."""
    body = """\
import warnings
import numpy as np
warnings.warn("two rows are left out")
figure.text(0, 0, str(np.array([1.0]) / 0))
warnings.warn("old", DeprecationWarning)
"""
    told = drawn_by(made(tmp_path, body)).warnings
    assert told == (
        "two rows are left out",
        "made.py line 8: divide by zero encountered in divide",
    )


def test_what_the_style_cannot_do_is_left_out(tmp_path: Path) -> None:
    """An rc that Matplotlib cannot draw with does not break a template."""
    style = restyled(BUILTIN, rc={"no.such": 1})
    assert (
        "rc.no.such is ignored"
        in drawn_by(made(tmp_path, "figure.subplots()"), style=style).warnings[0]
    )


@pytest.mark.usefixtures("cjk_fonts")
def test_texts_find_their_fonts(tmp_path: Path) -> None:
    """Chinese in parameters and in the template's own code is drawn, without a box."""
    sign = "figure.text(0.1, 0.1, '速度')"
    template = made(tmp_path, f"{sign}\nfigure.text(0.1, 0.5, word)", params=", word: str = ''")
    rendering = drawn_by(template, word="汉字")
    assert rendering.warnings == ()
    assert differing(pixels_of(rendering.data), pixels_of(drawn_by(template, word="漢字").data)) > 0


def test_missing_glyphs_are_told(tmp_path: Path) -> None:
    """A character that no font has is a warning of the picture."""
    warnings = drawn_by(made(tmp_path, "figure.text(0, 0, chr(0x13000))")).warnings
    assert "U+13000" in warnings[0]
