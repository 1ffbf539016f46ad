import socket
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plotkiln.workers.messages import (
    Exited,
    Forked,
    FrameBuffer,
    Ready,
    decode_report,
    frame,
    receive_frame,
)

REPORTS = [Ready(12.5), Forked(4711), Exited(4711, -9)]


@given(cuts=st.lists(st.integers(min_value=0, max_value=60)))
def test_frames_survive_any_cut(cuts: list[int]) -> None:
    """Reports come out whole and in order, however the stream is cut into pieces."""
    stream = b"".join(frame(report) for report in REPORTS)
    places = sorted({0, *cuts, len(stream)})
    frames = FrameBuffer()
    bodies = [body for start, end in pairwise(places) for body in frames.feed(stream[start:end])]
    assert [decode_report(body) for body in bodies] == REPORTS


def test_a_blocking_reader_sees_the_end() -> None:
    """A frame that is cut off by the other side's end is no frame."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(frame(Forked(1)) + frame(Forked(2))[:-1])
        theirs.shutdown(socket.SHUT_WR)
        body = receive_frame(ours)
        assert body is not None
        assert decode_report(body) == Forked(1)
        assert receive_frame(ours) is None


@pytest.mark.parametrize("report", REPORTS)
def test_reports_round_trip(report: Ready | Forked | Exited) -> None:
    """A report decodes to what was encoded."""
    assert decode_report(frame(report)[4:]) == report
