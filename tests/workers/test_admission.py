from pathlib import Path

import pytest

from plotkiln.errors import MemoryShort, QueueFull, ShuttingDown
from plotkiln.workers.admission import Admission
from plotkiln.workers.memory import free_memory, memory_limit


def test_one_more_than_the_places_is_refused() -> None:
    """Whoever comes when every place is taken is refused; a place that is left is free again."""
    admission = Admission(places=1, memory_reserve=0)
    with admission.place(), pytest.raises(QueueFull, match="1 renders"), admission.place():
        pass
    with admission.place():
        assert admission.taken == 1
    assert admission.taken == 0


def test_a_render_needs_free_memory() -> None:
    """Less free memory than the reserve refuses, and the message names both in MiB."""
    admission = Admission(places=1, memory_reserve=128 << 20, free=lambda: 64 << 20)
    with pytest.raises(MemoryShort, match="64 MiB of memory are free, 128 MiB"), admission.place():
        pass
    assert admission.taken == 0


def test_unknown_free_memory_refuses_nobody() -> None:
    """Where the platform does not tell, memory bounds nothing."""
    admission = Admission(places=1, memory_reserve=1 << 60, free=lambda: None)
    with admission.place():
        assert admission.taken == 1


def test_closed_lets_nobody_in() -> None:
    """Once closed, newcomers are told that the service shuts down."""
    admission = Admission(places=1, memory_reserve=0)
    admission.close()
    with pytest.raises(ShuttingDown), admission.place():
        pass


def test_this_machine_tells_its_free_memory() -> None:
    """On Linux the free memory is known and positive."""
    free = free_memory()
    assert free is not None
    assert free > 0


def test_a_container_s_limit_is_told(tmp_path: Path) -> None:
    """The bound is its control group's own; one without, or of version 1, has none."""
    assert memory_limit(tmp_path) is None
    (tmp_path / "memory.max").write_text("max\n")
    assert memory_limit(tmp_path) is None
    (tmp_path / "memory.max").write_text("1073741824\n")
    assert memory_limit(tmp_path) == 1 << 30
