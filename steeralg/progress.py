"""Progress: what takes long reports what it does, one line of text at a time.

Above: everything that takes long. Below: nothing. Reports are for people: what they say is not proved.
"""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Report nothing."""
