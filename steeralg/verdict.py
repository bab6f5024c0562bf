"""Verdicts: every decision of the library is Proved, Refuted or Undecided, and carries its reason.

Above: everything that decides. Below: errors. A verdict has no truth value on purpose: `if psd(m)` would treat
"undecided" as one of the other two. `OneLine` is how verdicts and witnesses are written: short, whatever they hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, fields
from fractions import Fraction
from html import escape
from typing import Generic, NoReturn, TypeVar

from steeralg.errors import UndecidedError

W = TypeVar("W", covariant=True)
_LENGTH = 72


class OneLine:
    """A dataclass whose repr is one line: containers by what they hold, and what is long by its type.

    Notebooks show the text of `str`, which brackets have and which is the repr elsewhere.
    """

    def __repr__(self) -> str:
        shown = ((f.name, _brief(getattr(self, f.name))) for f in fields(self) if f.repr)  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(f'{name}={text}' for name, text in shown if text)})"

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def _brief(value: object) -> str:
    """Describe the value of a field; nothing for what is not there."""
    if value is None or (isinstance(value, Sequence | Mapping) and not value):
        return ""
    if isinstance(value, str) and len(value) > _LENGTH:
        return f"{value[:_LENGTH]!r}..."
    if isinstance(value, Sequence | Mapping | Set) and not isinstance(value, str | bytes):
        entries = list(value.values() if isinstance(value, Mapping) else value)
        kinds = sorted({type(entry).__name__ for entry in entries})
        if not set(kinds) <= {"int", "str", "NoneType"}:
            return f"[{len(entries)} {' or '.join(kinds)}]"
    text = str(value) if isinstance(value, Fraction) else repr(value)
    return text if len(text) <= _LENGTH and "\n" not in text else f"{type(value).__name__}(...)"


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


@dataclass(frozen=True, repr=False)
class _Settled(OneLine, _NoTruthValue, Generic[W]):
    witness: W

    def __repr__(self) -> str:
        witness = self.witness
        return f"{type(self).__name__}({repr(witness) if isinstance(witness, OneLine) else _brief(witness)})"

    def _repr_html_(self) -> str:
        own = getattr(self.witness, "_repr_html_", None)
        shown = f"<p>{escape(repr(self.witness))}</p>" if own is None else own()
        return f"<p><strong>{type(self).__name__}</strong></p>{shown}"


@dataclass(frozen=True, repr=False)
class Proved(_Settled[W]):
    """The statement holds; `witness` lets anyone check it."""


@dataclass(frozen=True, repr=False)
class Refuted(_Settled[W]):
    """The statement fails; `witness` shows where."""


@dataclass(frozen=True, repr=False)
class Undecided(OneLine, _NoTruthValue):
    """Neither was established; `reason` says what was tried and how far it got, `bracket` holds proved ends if there
    are any.
    """

    reason: str
    bracket: object = None

    def _repr_html_(self) -> str:
        return f"<p><strong>Undecided</strong>: {escape(self.reason)}</p>"

    def demand(self) -> NoReturn:
        """Raise UndecidedError with the reason."""
        raise UndecidedError(self.reason)
