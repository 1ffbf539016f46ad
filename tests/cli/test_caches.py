from pathlib import Path

import pytest

from plotkiln.cli.caches import cache_folder
from plotkiln.errors import SettingsError
from plotkiln.settings import Settings

FINGERPRINT = "0123456789abcdef" * 4


def _prepared(folder: Path) -> Path:
    (folder / "fonts-0123456789abcdef").mkdir(parents=True)
    (folder / "fonts-0123456789abcdef/list.json").write_text("made ahead")
    return folder


def test_a_new_cache_begins_with_what_was_made_ahead(tmp_path: Path) -> None:
    """The first start reads what the image's build wrote."""
    prepared = _prepared(tmp_path / "image")
    settings = Settings(data=tmp_path / "data")
    for _ in range(2):
        folder = cache_folder(settings, FINGERPRINT, prepared)
        assert (folder / "list.json").read_text() == "made ahead"


def test_what_is_cached_already_stays(tmp_path: Path) -> None:
    """A list that this machine wrote is not replaced."""
    settings = Settings(data=tmp_path / "data")
    (cache_folder(settings, FINGERPRINT, tmp_path / "none") / "list.json").write_text("own")
    folder = cache_folder(settings, FINGERPRINT, _prepared(tmp_path / "image"))
    assert (folder / "list.json").read_text() == "own"


def test_other_fonts_have_a_cache_of_their_own(tmp_path: Path) -> None:
    """What was made ahead for the image's fonts does not serve where there are more."""
    prepared = _prepared(tmp_path / "image")
    folder = cache_folder(Settings(data=tmp_path / "data"), "f" * 64, prepared)
    assert list(folder.iterdir()) == []


def test_a_data_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    """The refusal names the setting."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="PLOTKILN_DATA"):
        cache_folder(Settings(data=tmp_path / "file"), FINGERPRINT, tmp_path)
