"""How axes write their values."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.spec.tickformats import number_format, time_format


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        (",.1f", "1,234.5"),
        (".0%", "123450%"),
        ("d", "1234"),
        (",d", "1,234"),
        (",", "1,234.5"),
        ("+", "+1234.5"),
        ("_.2f", "1_234.50"),
        (".3e", "1.234e+03"),
        (" g", " 1234.5"),
    ],
)
def test_number_formats_are_pythons(sent: str, written: str) -> None:
    """A checked format writes any number; d and a bare comma mean what people expect."""
    checked = number_format(sent)
    assert checked is not None
    assert format(1234.5, checked) == written


@pytest.mark.parametrize(
    "sent", ["", "{}", "{:.1f}", "0.0%", "$,.0f", "10d", ".2d", "x", ".100f", "<5", "n", "s", ".f"]
)
def test_other_formats_are_refused(sent: str) -> None:
    """Templates, widths, fills, integers' forms and spreadsheet patterns are no formats here."""
    assert number_format(sent) is None


@given(st.text(alphabet="+ ,_.0123456789eEfFgG%d", max_size=6), st.floats())
def test_a_checked_number_format_never_fails(sent: str, number: float) -> None:
    """What passes the check can write every float."""
    checked = number_format(sent)
    assert checked is None or format(number, checked)


@pytest.mark.parametrize("sent", ["%d %b", "%Y-%m-%d", "%H:%M", "%b\n%Y", "Q%m", "100 %% of %Y"])
def test_time_formats_are_strftimes(sent: str) -> None:
    """Portable directives pass as they are, with any text between them."""
    assert time_format(sent) == sent
    assert datetime(2024, 3, 5, tzinfo=UTC).strftime(sent)


@pytest.mark.parametrize("sent", ["", "Mar", "%", "%%", "%-d", "%s", "%c", "%Ey", "%d %", "%\n"])
def test_other_directives_are_refused(sent: str) -> None:
    """No directive, an unfinished one, or one that depends on the platform is refused."""
    assert time_format(sent) is None
