"""How long a process had no processor, though it had something to do."""

from pathlib import Path

__all__ = ["seconds_starved"]


def seconds_starved(pid: int | None = None) -> float:
    """Return for how many seconds a process's main thread has waited for a processor so far.

    This process's where no other is named. 0 where the platform does not tell, or the process is
    gone. The run queue's delay (proc(5), schedstat), which time spent asleep is no part of; time
    for which a control group's quota was used up is.
    """
    try:
        _, delay, _ = Path(f"/proc/{pid or 'self'}/schedstat").read_text().split()
    except (OSError, ValueError):
        return 0.0
    return int(delay) / 1e9
