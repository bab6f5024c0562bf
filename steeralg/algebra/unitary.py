"""The same parties by unitary letters: the basis in which relaxations are solved.

Above: words, moment structures. Below: letters. Words are group elements up to a phase: a product is one word times a
power of exp(2 pi i/period), and v* v = 1 for every word. That makes relaxations well posed: no zero entries, every
position of the moment matrix belongs to one class, and the identity is a strictly positive Gram matrix.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from steeralg.algebra.party import Letter, PartyWord

Twisted = tuple[PartyWord, int]
"""A word and the power of exp(2 pi i/period) it is multiplied by."""


class UnitaryParty(ABC):
    """A free product of finite groups (up to phases), one for each setting."""

    @property
    @abstractmethod
    def period(self) -> int:
        """The number of phases: they are powers of exp(2 pi i/period)."""

    @abstractmethod
    def letters(self) -> Iterator[Letter]:
        """Yield the non-trivial group elements of every setting."""

    @abstractmethod
    def times(self, setting: int, left: int, right: int) -> tuple[int, int]:
        """Multiply two elements of a setting: the element (0 is the identity) and a power of the phase."""

    @abstractmethod
    def inverse(self, setting: int, index: int) -> tuple[int, int]:
        """Return the adjoint of an element and a power of the phase."""

    def product(self, left: PartyWord, right: PartyWord) -> Twisted:
        """Join two words; neighbours of one setting multiply and may cancel."""
        power = 0
        while left and right and left[-1][0] == right[0][0]:
            setting = left[-1][0]
            index, turn = self.times(setting, left[-1][1], right[0][1])
            power += turn
            left, right = left[:-1], right[1:]
            if index:
                left = (*left, (setting, index))
                break
        return left + right, power % self.period

    def adjoint(self, word: PartyWord) -> Twisted:
        """Reverse the word and invert its letters."""
        inverses = [(x, *self.inverse(x, k)) for x, k in reversed(word)]
        return tuple((x, k) for x, k, _ in inverses), sum(turn for _, _, turn in inverses) % self.period


@dataclass(frozen=True)
class CyclicGroup(UnitaryParty):
    """A black box by unitaries: letters (x, k) for the k-th power of A_x = sum_a w^a E[a|x], w = exp(2 pi i/d), k >= 1.

    There are no phases.
    """

    outcomes: tuple[int, ...]

    @property
    def period(self) -> int:
        """One: there are no phases."""
        return 1

    def letters(self) -> Iterator[Letter]:
        """Yield (x, k) for every non-trivial power."""
        return ((x, k) for x, d in enumerate(self.outcomes) for k in range(1, d))

    def times(self, setting: int, left: int, right: int) -> tuple[int, int]:
        """Add powers modulo the number of outcomes."""
        return (left + right) % self.outcomes[setting], 0

    def inverse(self, setting: int, index: int) -> tuple[int, int]:
        """Negate the power."""
        return -index % self.outcomes[setting], 0


@dataclass(frozen=True)
class WeylGroup(UnitaryParty):
    """A trusted party with input by Weyl operators, one copy for each setting y: letters (y, p D + q) for X^p Z^q.

    X|j> = |j+1>, Z|j> = w^j |j>, w = exp(2 pi i/D), so Z X = w X Z; the phases are powers of w.
    """

    dim: int
    settings: int

    @property
    def period(self) -> int:
        """The order of w."""
        return self.dim

    def letters(self) -> Iterator[Letter]:
        """Yield (y, s) for every non-trivial Weyl operator."""
        return ((y, s) for y in range(self.settings) for s in range(1, self.dim * self.dim))

    def times(self, setting: int, left: int, right: int) -> tuple[int, int]:
        """Multiply: X^a Z^b X^c Z^e = w^(b c) X^(a+c) Z^(b+e)."""
        d = self.dim
        (a, b), (c, e) = divmod(left, d), divmod(right, d)
        return (a + c) % d * d + (b + e) % d, b * c % d

    def inverse(self, setting: int, index: int) -> tuple[int, int]:
        """Take the adjoint: (X^a Z^b)* = w^(a b) X^-a Z^-b."""
        d = self.dim
        a, b = divmod(index, d)
        return -a % d * d + -b % d, a * b % d
