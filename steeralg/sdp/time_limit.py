"""A time limit: solvers stop when it is over, and searches start nothing new.

Above: solvers, searches, bounds, classification. Below: errors. What is rounded and verified exactly is not cut short:
what has begun is finished.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from steeralg.arguments import require_between

MAX_SECONDS = 10**7
_END: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Within this context give whatever is asked for about so many seconds; a limit that is stricter already stays.

    Functions then return what they have proved by that time, or Undecided, or raise SolverError if no solver came to a
    point. Raises InputError unless the seconds are an integer from 1 on.
    """
    require_between("seconds", seconds, 1, MAX_SECONDS)
    with _until(time.monotonic() + seconds):
        yield


@contextmanager
def half_the_time(most: int) -> Iterator[None]:
    """Within this context give half of the time that is left, and no more than so many seconds."""
    left = seconds_left()
    with _until(time.monotonic() + (most if left is None else min(left / 2, most))):
        yield


@contextmanager
def _until(end: float) -> Iterator[None]:
    outer = _END.get()
    token = _END.set(end if outer is None else min(outer, end))
    try:
        yield
    finally:
        _END.reset(token)


def seconds_left() -> float | None:
    """Return the time that is left, 0 if it is over; None without a limit."""
    end = _END.get()
    return None if end is None else max(0.0, end - time.monotonic())


def time_is_over() -> bool:
    """Whether there is a limit, and it has been reached."""
    return seconds_left() == 0
