"""Bounds of single texts."""

from plotkiln.spec.bounds import check_text
from plotkiln.spec.faults import Faults
from plotkiln.spec.limits import Limits


def test_what_xml_holds_is_drawn_and_nothing_else() -> None:
    """Of all characters, those that XML 1.0 has (section 2.2, Char) are taken as texts."""
    assert [chr(code) for code in range(0x110000) if _taken(chr(code)) != _is_char(code)] == []


def _taken(text: str) -> bool:
    faults = Faults()
    check_text("title", text, Limits(), faults)
    return not faults.found


def _is_char(code: int) -> bool:
    return (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
