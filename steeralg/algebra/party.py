"""The algebra of one party: letters, their product rule, the adjoint.

Above: words, levels, moment matrices. Below: nothing. A new kind of party is one class here: its letters and its
product. A word of a party is a tuple of letters; a letter is (setting, index). Products return integer combinations
of reduced words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

Letter = tuple[int, int]
PartyWord = tuple[Letter, ...]
"""A reduced word: neighbouring letters belong to different settings."""


class PartyAlgebra(Protocol):
    """What the rest of the library asks of a party."""

    def letters(self) -> Iterator[Letter]:
        """Yield the letters that reduced words are made of."""

    def product(self, left: PartyWord, right: PartyWord) -> Mapping[PartyWord, int]:
        """Multiply two reduced words: reduced words with integer coefficients, empty for zero."""

    def adjoint(self, word: PartyWord) -> PartyWord:
        """Return the adjoint of a reduced word."""


@dataclass(frozen=True)
class Projectors:
    """A black box by its projectors E[a|x]: letters (x, a), the last outcome of every setting eliminated.

    E[a|x] E[b|x] = delta_ab E[a|x]; a setting with one outcome has no letters.
    """

    outcomes: tuple[int, ...]

    def letters(self) -> Iterator[Letter]:
        """Yield (x, a) for every outcome but the last."""
        return ((x, a) for x, d in enumerate(self.outcomes) for a in range(d - 1))

    def product(self, left: PartyWord, right: PartyWord) -> Mapping[PartyWord, int]:
        """Join the words: equal neighbours merge, different outcomes of a setting annihilate, last outcomes expand."""
        if any(a == self.outcomes[x] - 1 for x, a in left + right):
            return self._expanded(left + right)
        if not left or not right or left[-1][0] != right[0][0]:
            return {left + right: 1}
        return {left + right[1:]: 1} if left[-1] == right[0] else {}

    def _expanded(self, letters: PartyWord) -> Mapping[PartyWord, int]:
        """Multiply any sequence of letters, each last outcome written as 1 minus the others."""
        result: dict[PartyWord, int] = {(): 1}
        for x, a in letters:
            longer: dict[PartyWord, int] = {}
            for word, c in result.items():
                for letter, sign in self.effect(x, a).items():
                    for joined, d in self.product(word, letter).items():
                        longer[joined] = longer.get(joined, 0) + c * sign * d
            result = longer
        return {word: c for word, c in result.items() if c}

    def adjoint(self, word: PartyWord) -> PartyWord:
        """Reverse the word."""
        return word[::-1]

    def effect(self, setting: int, outcome: int) -> Mapping[PartyWord, int]:
        """Write E[a|x] in letters, the last outcome as 1 minus the others."""
        last = self.outcomes[setting] - 1
        if outcome < last:
            return {((setting, outcome),): 1}
        return {(): 1} | {((setting, a),): -1 for a in range(last)}


@dataclass(frozen=True)
class CyclicGroup:
    """A black box by unitaries: letters (x, k) for the k-th power of A_x = sum_a w^a E[a|x], w = exp(2 pi i/d), k >= 1.

    Every product is a single group element, and v* v = 1 for every word: the basis in which relaxations are well posed.
    """

    outcomes: tuple[int, ...]

    def letters(self) -> Iterator[Letter]:
        """Yield (x, k) for every non-trivial power."""
        return ((x, k) for x, d in enumerate(self.outcomes) for k in range(1, d))

    def product(self, left: PartyWord, right: PartyWord) -> Mapping[PartyWord, int]:
        """Join the words; powers of one setting add up modulo its number of outcomes and cancel at 0."""
        while left and right and left[-1][0] == right[0][0]:
            setting = left[-1][0]
            power = (left[-1][1] + right[0][1]) % self.outcomes[setting]
            if power:
                return {(*left[:-1], (setting, power), *right[1:]): 1}
            left, right = left[:-1], right[1:]
        return {left + right: 1}

    def adjoint(self, word: PartyWord) -> PartyWord:
        """Reverse the word and invert its letters."""
        return tuple((x, self.outcomes[x] - k) for x, k in reversed(word))


def count_words(party: PartyAlgebra, length: int) -> int:
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


def words_of_length(party: PartyAlgebra, length: int) -> list[PartyWord]:
    """Return the reduced words of one length, in lexicographic order of letters."""
    letters = list(party.letters())
    words: list[PartyWord] = [()]
    for _ in range(length):
        words = [(*word, letter) for word in words for letter in letters if not word or word[-1][0] != letter[0]]
    return words
