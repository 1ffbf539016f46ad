from pathlib import Path

from plotkiln.workers.fonts import font_folders, installed_fonts


def write_font(path: Path, content: bytes) -> None:
    """Write a file that stands for a font."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_matplotlibs_own_fonts_come_first() -> None:
    """The first folder is Matplotlib's, found without importing it."""
    assert (font_folders()[0] / "DejaVuSans.ttf").is_file()


def test_files_are_found_in_one_order(tmp_path: Path) -> None:
    """Font files are found at any depth, sorted by name, and other files are not."""
    write_font(tmp_path / "b" / "Beta.otf", b"beta")
    write_font(tmp_path / "a" / "deep" / "Alpha.TTF", b"alpha")
    write_font(tmp_path / "a" / "README.txt", b"no font")
    names = [Path(file).name for file in installed_fonts([tmp_path]).files]
    assert names == ["Alpha.TTF", "Beta.otf"]


def test_the_fingerprint_follows_content_and_names(tmp_path: Path) -> None:
    """Another table directory, name or size gives another fingerprint; another place does not."""
    write_font(tmp_path / "one" / "Alpha.ttf", b"alpha")
    write_font(tmp_path / "moved" / "deeper" / "Alpha.ttf", b"alpha")
    write_font(tmp_path / "changed" / "Alpha.ttf", b"alphA")
    write_font(tmp_path / "renamed" / "Beta.ttf", b"alpha")
    write_font(tmp_path / "grown" / "Alpha.ttf", b"alpha" + bytes(10_000))
    prints = {
        name: installed_fonts([tmp_path / name]).fingerprint
        for name in ("one", "moved", "changed", "renamed", "grown")
    }
    assert prints["one"] == prints["moved"]
    assert len(set(prints.values())) == 4


def test_a_missing_folder_is_empty(tmp_path: Path) -> None:
    """A folder that does not exist holds no fonts."""
    assert installed_fonts([tmp_path / "nowhere"]).files == ()
