import os
from pathlib import Path

from drawings import drawn
from plotkiln.render import prepare
from plotkiln.render.fontlist import CACHE_NAME


def test_a_prepared_process_draws_the_same(tmp_path: Path) -> None:
    """Warming up changes no byte."""
    before = drawn(y=[1, 2], title="$x$").data
    prepare([], tmp_path)
    assert drawn(y=[1, 2], title="$x$").data == before
    assert (tmp_path / CACHE_NAME).exists()


def test_forked_processes_draw_the_same(tmp_path: Path) -> None:
    """Two children of a prepared process that draw at one time do not disturb each other."""
    prepare([], tmp_path)
    expected = drawn(y=[1, 2], title="Fork $x^2$ é").data
    children = []
    for number in range(2):
        child = os.fork()
        if not child:
            pictures = [drawn(y=[1, 2], title="Fork $x^2$ é").data for _ in range(3)]
            (tmp_path / str(number)).write_bytes(b"".join(pictures))
            os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    for number in range(2):
        assert (tmp_path / str(number)).read_bytes() == expected * 3
