"""The algebra of one party: letters, their product rule, the adjoint.

Above: words, levels, certificates. Below: nothing. Every party is a free product, over its settings, of small algebras
with a basis of projectors or matrix units; a new kind of party is one class here: its basis, its product, its adjoint.
A word of a party is a tuple of letters; a letter is (setting, index). The last basis element of every setting is 1
minus others and eliminated, so that words whose neighbouring letters have different settings are linearly independent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

Letter = tuple[int, int]
PartyWord = tuple[Letter, ...]
"""A reduced word: neighbouring letters belong to different settings."""


class Letters(Protocol):
    """What levels ask of a party: its letters."""

    def letters(self) -> Iterator[Letter]:
        """Yield the letters that reduced words are made of."""


class PartyAlgebra(ABC):
    """A free product of algebras, one for each setting. Subclasses say how many basis elements a setting has, which of
    them sum to 1, how two multiply, and what the adjoint of one is.
    """

    @abstractmethod
    def sizes(self) -> Sequence[int]:
        """Return the number of basis elements of each setting."""

    @abstractmethod
    def unit(self, setting: int) -> Sequence[int]:
        """Return the basis elements of a setting that sum to 1; the last basis element is one of them."""

    @abstractmethod
    def times(self, setting: int, left: int, right: int) -> int | None:
        """Multiply two basis elements of a setting: another one, or None for zero."""

    @abstractmethod
    def star(self, setting: int, index: int) -> int:
        """Return the adjoint of a basis element."""

    @abstractmethod
    def text(self, letter: Letter) -> str:
        """Write a letter as in proof files."""

    def letters(self) -> Iterator[Letter]:
        """Yield every basis element but the last of each setting."""
        return ((x, k) for x, size in enumerate(self.sizes()) for k in range(size - 1))

    def element(self, setting: int, index: int) -> Mapping[PartyWord, int]:
        """Write a basis element in letters, the last one as 1 minus the others it sums to 1 with."""
        last = self.sizes()[setting] - 1
        if index < last:
            return {((setting, index),): 1}
        return {(): 1} | {((setting, k),): -1 for k in self.unit(setting) if k != last}

    def product(self, left: PartyWord, right: PartyWord) -> Mapping[PartyWord, int]:
        """Multiply two words: reduced words with integer coefficients, empty for zero. Last basis elements expand."""
        sizes = self.sizes()
        if any(k == sizes[x] - 1 for x, k in left + right):
            return self._expanded(left + right)
        if not left or not right or left[-1][0] != right[0][0]:
            return {left + right: 1}
        setting = left[-1][0]
        index = self.times(setting, left[-1][1], right[0][1])
        if index is None:
            return {}
        if index < sizes[setting] - 1:
            return {(*left[:-1], (setting, index), *right[1:]): 1}
        result = dict(self.product(left[:-1], right[1:]))
        for k in self.unit(setting):
            if k < index:
                word = (*left[:-1], (setting, k), *right[1:])
                result[word] = result.get(word, 0) - 1
        return {word: c for word, c in result.items() if c}

    def _expanded(self, letters: PartyWord) -> Mapping[PartyWord, int]:
        """Multiply any sequence of letters."""
        result: dict[PartyWord, int] = {(): 1}
        for x, k in letters:
            longer: dict[PartyWord, int] = {}
            for word, c in result.items():
                for letter, sign in self.element(x, k).items():
                    for joined, d in self.product(word, letter).items():
                        longer[joined] = longer.get(joined, 0) + c * sign * d
            result = longer
        return {word: c for word, c in result.items() if c}

    def adjoint(self, word: PartyWord) -> PartyWord:
        """Reverse the word and take the adjoint of every letter."""
        return tuple((x, self.star(x, k)) for x, k in reversed(word))

    def is_word(self, word: PartyWord) -> bool:
        """Whether a value is a word: existing letters, neighbours of different settings; last ones are allowed."""
        sizes = self.sizes()
        return all(0 <= x < len(sizes) and 0 <= k < sizes[x] for x, k in word) and all(
            left[0] != right[0] for left, right in pairwise(word)
        )


@dataclass(frozen=True)
class Projectors(PartyAlgebra):
    """A black box by its projectors E[a|x]: letters (x, a). E[a|x] E[b|x] = delta_ab E[a|x], sum_a E[a|x] = 1."""

    outcomes: tuple[int, ...]

    def sizes(self) -> Sequence[int]:
        """Return the numbers of outcomes."""
        return self.outcomes

    def unit(self, setting: int) -> Sequence[int]:
        """Return all outcomes: they sum to 1."""
        return range(self.outcomes[setting])

    def times(self, setting: int, left: int, right: int) -> int | None:
        """Multiply projectors of one setting: equal ones merge, different ones annihilate."""
        return left if left == right else None

    def star(self, setting: int, index: int) -> int:
        """Return the outcome: projectors are Hermitian."""
        return index

    def text(self, letter: Letter) -> str:
        """Write E[a|x] as `a|x`."""
        return f"{letter[1]}|{letter[0]}"


@dataclass(frozen=True)
class MatrixUnits(PartyAlgebra):
    """A trusted party with input by its matrix units e^y_ij, one copy of M_D for each setting y: letters (y, i D + j).

    e^y_ij e^y_kl = delta_jk e^y_il, (e^y_ij)* = e^y_ji, sum_i e^y_ii = 1 (the Stinespring dilations of the channels).
    """

    dim: int
    settings: int

    def sizes(self) -> Sequence[int]:
        """Return D^2 for each setting."""
        return (self.dim * self.dim,) * self.settings

    def unit(self, setting: int) -> Sequence[int]:
        """Return the diagonal matrix units: they sum to 1."""
        return range(0, self.dim * self.dim, self.dim + 1)

    def times(self, setting: int, left: int, right: int) -> int | None:
        """Multiply matrix units of one setting."""
        (i, j), (k, m) = divmod(left, self.dim), divmod(right, self.dim)
        return i * self.dim + m if j == k else None

    def star(self, setting: int, index: int) -> int:
        """Return the transposed matrix unit."""
        i, j = divmod(index, self.dim)
        return j * self.dim + i

    def text(self, letter: Letter) -> str:
        """Write e^y_ij as `i,j|y`."""
        i, j = divmod(letter[1], self.dim)
        return f"{i},{j}|{letter[0]}"


def count_words(party: Letters, length: int) -> int:
    """Return the number of reduced words of one length without listing them."""
    per_setting: dict[int, int] = {}
    for x, _ in party.letters():
        per_setting[x] = per_setting.get(x, 0) + 1
    ending = dict.fromkeys(per_setting, 0)
    total = 1
    for _ in range(length):
        ending = {x: count * (total - ending[x]) for x, count in per_setting.items()}
        total = sum(ending.values())
    return total


def words_of_length(party: Letters, length: int) -> list[PartyWord]:
    """Return the reduced words of one length, in lexicographic order of letters."""
    letters = list(party.letters())
    words: list[PartyWord] = [()]
    for _ in range(length):
        words = [(*word, letter) for word in words for letter in letters if not word or word[-1][0] != letter[0]]
    return words
