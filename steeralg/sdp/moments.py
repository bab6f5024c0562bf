"""The moment structure of a level: which entries of the moment matrix are the same monomial.

Above: conic problems, rounding. Below: algebra. Built once per (scenario, level), vectorised, linear in matrix
positions: products are looked up in one small table per party, and a monomial's number is the mixed-radix number of
its party words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from steeralg.algebra.party import PartyAlgebra, PartyWord
from steeralg.algebra.word import Algebra, Word, is_observed

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class MomentStructure:
    """The words of a level and the monomial v*w at every (v, w).

    `monomial[v, w]` numbers v*w, -1 where the product vanishes; `monomial[w, v]` is its adjoint. Rows of the full
    moment matrix are ordered word first, then trusted index: order = len(words) * dim.
    """

    words: tuple[Word, ...]
    dim: int
    monomial: Integers
    numbers: Mapping[Word, int]
    """The numbers of the observed monomials (at most one letter per party) that occur."""

    @property
    def order(self) -> int:
        """The order of the full moment matrix."""
        return len(self.words) * self.dim

    @cached_property
    def element(self) -> Integers:
        """The full array of numbers of monomial (x) matrix unit, -1 for zero; its transpose numbers the adjoints."""
        d, n = self.dim, len(self.words)
        unit = np.arange(d)[:, None] * d + np.arange(d)[None, :]
        blocks = np.where(self.monomial < 0, -1, self.monomial * d * d)
        full = blocks[:, None, :, None] + unit[None, :, None, :]
        full = np.where(blocks[:, None, :, None] < 0, -1, full)
        return full.reshape(n * d, n * d)

    @cached_property
    def observed(self) -> NDArray[np.bool_]:
        """Where the full matrix holds observed moments."""
        return (
            np.isin(self.monomial, np.fromiter(self.numbers.values(), np.int64)).repeat(self.dim, 0).repeat(self.dim, 1)
        )

    def element_number(self, word: Word) -> Integers:
        """Return the D x D array of numbers of word (x) matrix units."""
        d = self.dim
        return self.numbers[word] * d * d + np.arange(d)[:, None] * d + np.arange(d)[None, :]


def moment_structure(algebra: Algebra, words: list[Word], dim: int) -> MomentStructure:
    """Build the moment structure of a list of words; every product has to be zero or a single word."""
    count = len(words)
    numbers = np.zeros((count, count), np.int64)
    vanishing = np.zeros((count, count), bool)
    party_numbers: list[dict[PartyWord, int]] = []
    for k, party in enumerate(algebra.parties):
        column = [word[k] for word in words]
        distinct = {w: i for i, w in enumerate(dict.fromkeys(column))}
        table, known = _product_table(party, list(distinct))
        index = np.array([distinct[w] for w in column])
        entries = table[index[:, None], index[None, :]]
        vanishing |= entries < 0
        numbers = numbers * len(known) + entries
        party_numbers.append(known)
    numbers[vanishing] = -1
    observed = {}
    for word in _observed_words(party_numbers):
        number = 0
        for w, known in zip(word, party_numbers, strict=True):
            number = number * len(known) + known[w]
        observed[word] = number
    occurring = set(np.unique(numbers).tolist())
    return MomentStructure(tuple(words), dim, numbers, {w: m for w, m in observed.items() if m in occurring})


def _product_table(party: PartyAlgebra, words: list[PartyWord]) -> tuple[Integers, dict[PartyWord, int]]:
    known: dict[PartyWord, int] = {}
    table = np.empty((len(words), len(words)), np.int64)
    for i, v in enumerate(words):
        adjoint = party.adjoint(v)
        for j, w in enumerate(words):
            result = party.product(adjoint, w)
            if len(result) > 1:
                raise ValueError("moment structures need products that are single words")
            table[i, j] = known.setdefault(next(iter(result)), len(known)) if result else -1
    return table, known


def _observed_words(party_numbers: list[dict[PartyWord, int]]) -> list[Word]:
    words: list[Word] = [()]
    for known in party_numbers:
        words = [(*word, w) for word in words for w in known if is_observed((w,))]
    return words
