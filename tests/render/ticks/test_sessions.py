"""Ticks on an axis of sessions."""

from plotkiln.render.ticks import SessionScale

#: The working days of 2024-01 to 2024-03.
DAYS = [float(day) for day in range(19723, 19814) if (day + 3) % 7 < 5]


def scale(sessions: list[float]) -> SessionScale:
    """Return the axis of all sessions."""
    return SessionScale(-0.5, len(sessions) - 0.5, sessions)


def test_months_stand_at_their_first_session() -> None:
    """1 March 2024 is a Friday, 1 January a Monday: each month has its tick on a session."""
    axis = scale(DAYS)
    positions = axis.positions(4)
    assert [DAYS[int(at)] for at in positions] == [19723, 19754, 19783]
    assert axis.labels(positions) == ["Jan\n2024", "Feb", "Mar"]


def test_a_round_day_without_a_session_is_the_next_one() -> None:
    """A Monday off is written as the Tuesday that it is."""
    sessions = [day for day in DAYS[:20] if day != 19730]
    axis = scale(sessions)
    positions = axis.positions(5)
    assert 19731 in [sessions[int(at)] for at in positions]
    assert "9 Jan" in axis.labels(positions)


def test_days_of_hours_are_written_as_days() -> None:
    """Hours of several days have ticks at each day's first session."""
    sessions = [day + hour / 24 for day in DAYS[:3] for hour in range(9, 17)]
    axis = scale(sessions)
    positions = axis.positions(3)
    assert positions == [0, 8, 16]
    assert axis.labels(positions) == ["1 Jan\n2024", "2 Jan", "3 Jan"]


def test_a_single_session_has_a_tick() -> None:
    """However few sessions there are, one is written."""
    axis = scale([19723.5])
    assert axis.positions(5) == [0]
    assert axis.labels([0]) != [""]
