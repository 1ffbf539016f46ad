import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from drawings import built, drawn, full
from pixels import pixels_of
from plotkiln.render.fontlist import CACHE_NAME, FONTS, use_fonts
from plotkiln.render.fonts import families_for, font_families
from plotkiln.render.notes import Notes

SMALL = {"width": 320, "height": 200, "dpi": 60}


def _shipped(name: str) -> Path:
    return next(Path(entry.fname) for entry in FONTS.ttflist if Path(entry.fname).name == name)


@pytest.mark.usefixtures("cjk_fonts")
def test_chinese_text_is_drawn_by_a_family_that_has_it() -> None:
    """The style's own families come first; another one supplies what they lack."""
    with built(full(y=[1, 2], title="各季度销售额 2024", size=SMALL)) as plot:
        assert plot.notes.texts() == ()
    rendering = drawn(y=[1, 2], title="各季度", size=SMALL)
    assert rendering.warnings == ()
    assert (pixels_of(rendering.data) != pixels_of(drawn(y=[1, 2], size=SMALL).data)).any()


@pytest.mark.usefixtures("cjk_fonts")
def test_chinese_text_is_drawn_beside_mathtext() -> None:
    """Mathtext asks one family only: one that has the characters is asked first."""
    notes = Notes()
    families = families_for(["中文 $x^2$"], ["DejaVu Sans"], notes)
    assert families[0].startswith("Noto")
    assert drawn(y=[1, 2], title="中文 $x^2$", size=SMALL).warnings == ()


def test_a_character_that_mathtext_cannot_draw_is_told() -> None:
    """Beside mathtext one family draws all characters; those that it lacks are one warning each."""
    notes = Notes()
    families_for(["$x$ \u4e2d\u4e2d"], ["DejaVu Sans"], notes)
    assert notes.texts()[-1] == "U+4E2D \u4e2d cannot be drawn beside mathtext"


def test_a_character_that_no_font_has_is_one_warning() -> None:
    """However often it stands in the picture, a missing character is told once."""
    texts = [f"\U000130b8 {n} \U000130b8" for n in range(3)]
    spec: dict[str, Any] = {"kind": "bar", "x": texts, "y": [1, 2, 3], "title": texts[0]}
    message = "no installed font has U+130B8 \U000130b8: a box stands for it"
    assert drawn(**spec).warnings == (message,)
    assert drawn(**spec).warnings == (message,)


def test_a_character_that_no_font_has_is_told_in_every_format() -> None:
    """The warning does not depend on the format, nor on what was drawn before."""
    for name in ("png", "svg", "pdf"):
        assert len(drawn(format=name, y=[1], title="\U000130b8", size=SMALL).warnings) == 1


def test_joiners_and_spaces_need_no_glyph() -> None:
    """What is drawn as nothing is never missing."""
    notes = Notes()
    families_for(["a\u200db\u00a0c\u2060d\u200f"], ["DejaVu Sans"], notes)
    assert notes.texts() == ()


def test_only_families_that_are_needed_are_asked() -> None:
    """A long fallback list costs nothing where its first family has every character."""
    listed = ["DejaVu Sans", "DejaVu Serif", "STIXGeneral"]
    assert families_for(["Plain text"], listed, Notes()) == ["DejaVu Sans"]


def test_families_are_found_whatever_their_case() -> None:
    """Names are compared without regard to case, and each is kept once."""
    notes = Notes()
    assert font_families(["dejavu sans", "DejaVu Sans", "No Such"], notes) == ["DejaVu Sans"]
    assert notes.texts() == ()


def test_a_font_list_is_read_from_its_cache(tmp_path: Path) -> None:
    """The second start reads what the first one wrote."""
    use_fonts([], tmp_path)
    first, written = list(FONTS.ttflist), (tmp_path / CACHE_NAME).stat().st_mtime_ns
    use_fonts([], tmp_path)
    assert FONTS.ttflist == first
    assert (tmp_path / CACHE_NAME).stat().st_mtime_ns == written


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"key": 1}', "\x00"])
def test_a_broken_cache_is_rebuilt(tmp_path: Path, broken: str) -> None:
    """A cache that cannot be read costs time, nothing else."""
    use_fonts([], tmp_path)
    good = (tmp_path / CACHE_NAME).read_text()
    (tmp_path / CACHE_NAME).write_text(broken)
    use_fonts([], tmp_path)
    assert (tmp_path / CACHE_NAME).read_text() == good


def test_a_cache_of_other_fonts_is_rebuilt(tmp_path: Path) -> None:
    """The list follows the files that are asked for."""
    extra = tmp_path / "Extra.ttf"
    extra.write_bytes(_shipped("DejaVuSans.ttf").read_bytes())
    cache = tmp_path / "cache"
    use_fonts([extra], cache)
    assert any(Path(entry.fname) == extra for entry in FONTS.ttflist)
    use_fonts([], cache)
    assert not any(Path(entry.fname) == extra for entry in FONTS.ttflist)


def test_an_unwritable_cache_is_no_failure(tmp_path: Path) -> None:
    """A folder that cannot be made is done without."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    use_fonts([], blocked / "cache")
    assert FONTS.ttflist


def test_broken_font_files_are_left_out(tmp_path: Path) -> None:
    """A file that is no font, or is not there, is passed over."""
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    before = len(FONTS.ttflist)
    use_fonts([tmp_path / "broken.ttf", tmp_path / "missing.ttf"])
    assert len(FONTS.ttflist) == before


def test_matplotlib_s_own_fonts_come_first(tmp_path: Path) -> None:
    """A DejaVu Sans of the machine's does not take the place of the one that is shipped."""
    (tmp_path / "DejaVuSans.ttf").write_bytes(_shipped("DejaVuSerif.ttf").read_bytes())
    plain = drawn(y=[1, 2], size=SMALL).data
    use_fonts([tmp_path / "DejaVuSans.ttf"])
    try:
        assert drawn(y=[1, 2], size=SMALL).data == plain
    finally:
        use_fonts([])


def test_importing_the_room_searches_no_fonts() -> None:
    """Neither fc-list nor any font of the machine is touched on import."""
    program = (
        "import sys\n"
        "def audit(event, args):\n"
        "    if event == 'subprocess.Popen': sys.exit(f'started {args[0]}')\n"
        "    if event == 'open' and str(args[0]).endswith(('.ttf', '.otf', '.ttc')):\n"
        "        sys.exit(f'opened {args[0]}')\n"
        "sys.addaudithook(audit)\n"
        "import plotkiln.render\n"
        "from plotkiln.render.fontlist import FONTS\n"
        "assert FONTS.ttflist == []\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()


def test_pyplot_is_never_imported() -> None:
    """Pyplot, which keeps figures alive, stays out of the process."""
    program = (
        "import sys; sys.path[:0] = ['tests', 'src']; from drawings import drawn\n"
        "for name in ('png', 'svg', 'pdf', 'webp', 'jpeg'): drawn(format=name, y=[1, 2])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr.decode()
