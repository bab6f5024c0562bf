"""Verdicts: every decision of the library is Proved, Refuted or Undecided, and carries its reason.

Above: everything that decides. Below: errors. A verdict has no truth value on purpose: `if psd(m)` would treat
"undecided" as one of the other two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from steeralg.errors import UndecidedError

W = TypeVar("W", covariant=True)


class _NoTruthValue:
    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict is not a truth value; test it with isinstance(verdict, Proved) or verdict.is_proved")

    @property
    def is_proved(self) -> bool:
        """Whether the statement is proved."""
        return isinstance(self, Proved)

    @property
    def is_refuted(self) -> bool:
        """Whether the statement is refuted."""
        return isinstance(self, Refuted)


@dataclass(frozen=True)
class Proved(_NoTruthValue, Generic[W]):
    """The statement holds; `witness` lets anyone check it."""

    witness: W


@dataclass(frozen=True)
class Refuted(_NoTruthValue, Generic[W]):
    """The statement fails; `witness` shows where."""

    witness: W


@dataclass(frozen=True)
class Undecided(_NoTruthValue):
    """Neither was established; `reason` says what was tried and how far it got, `bracket` holds proved ends if there
    are any.
    """

    reason: str
    bracket: object = None

    def demand(self) -> NoReturn:
        """Raise UndecidedError with the reason."""
        raise UndecidedError(self.reason)
