"""The moment structure of a level by unitary words: which entries of the moment matrix are the same monomial.

Above: conic problems, relaxations. Below: algebra. Built once per (scenario, level), vectorised, linear in matrix
positions: products are looked up in one small table per party, and a monomial's number is the mixed-radix number of
its party words. Every v*w is one word times a power of exp(2 pi i/period).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import lcm

import numpy as np
from numpy.typing import NDArray

from steeralg.algebra.party import PartyWord
from steeralg.algebra.unitary import UnitaryParty
from steeralg.algebra.word import UnitaryAlgebra, Word, is_observable

Integers = NDArray[np.int64]
Complex = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class MomentStructure:
    """The words of a level and the monomial v*w at every (v, w).

    `monomial[v, w]` numbers the word and `twist[v, w]` its power of exp(2 pi i/period); `monomial[w, v]` is the
    adjoint. Rows of the full moment matrix are ordered word first, then trusted index: order = len(words) * dim.
    """

    words: tuple[Word, ...]
    dim: int
    monomial: Integers
    twist: Integers
    period: int
    numbers: Mapping[Word, int]
    """The numbers of the observable monomials (at most one letter per party) that occur."""

    @property
    def order(self) -> int:
        """The order of the full moment matrix."""
        return len(self.words) * self.dim

    @cached_property
    def element(self) -> Integers:
        """The full array of numbers of monomial (x) matrix unit; its transpose numbers the adjoints."""
        d = self.dim
        unit = np.arange(d)[:, None] * d + np.arange(d)[None, :]
        full = self.monomial[:, None, :, None] * d * d + unit[None, :, None, :]
        return full.reshape(self.order, self.order)

    @cached_property
    def phase(self) -> Complex:
        """The phase of every position of the full array."""
        turns = np.exp(2j * np.pi * np.arange(self.period) / self.period)[self.twist]
        return np.asarray(turns.repeat(self.dim, 0).repeat(self.dim, 1), dtype=np.complex128)

    @cached_property
    def observable(self) -> Integers:
        """The element numbers of the observable monomials, word by word, row by row of the matrix units."""
        d2 = self.dim * self.dim
        numbers = np.fromiter(self.numbers.values(), np.int64)
        return (numbers[:, None] * d2 + np.arange(d2)[None, :]).ravel()


def moment_structure(algebra: UnitaryAlgebra, words: list[Word], dim: int) -> MomentStructure:
    """Build the moment structure of a list of words."""
    count = len(words)
    period = lcm(*(party.period for party in algebra.parties))
    numbers, twist = np.zeros((2, count, count), np.int64)
    party_numbers: list[dict[PartyWord, int]] = []
    for k, party in enumerate(algebra.parties):
        column = [word[k] for word in words]
        distinct = {w: i for i, w in enumerate(dict.fromkeys(column))}
        table, turns, known = _product_table(party, list(distinct))
        index = np.array([distinct[w] for w in column])
        place = index[:, None], index[None, :]
        numbers = numbers * len(known) + table[place]
        twist = (twist + turns[place] * (period // party.period)) % period
        party_numbers.append(known)
    observable = {}
    for word in _observable_words(party_numbers):
        number = 0
        for w, known in zip(word, party_numbers, strict=True):
            number = number * len(known) + known[w]
        observable[word] = number
    occurring, monomial = np.unique(numbers, return_inverse=True)
    renumbered = {m: k for k, m in enumerate(occurring.tolist())}
    found = {w: renumbered[m] for w, m in observable.items() if m in renumbered}
    return MomentStructure(tuple(words), dim, monomial.reshape(count, count), twist, period, found)


def _product_table(party: UnitaryParty, words: list[PartyWord]) -> tuple[Integers, Integers, dict[PartyWord, int]]:
    known: dict[PartyWord, int] = {}
    table, turns = np.empty((2, len(words), len(words)), np.int64)
    for i, v in enumerate(words):
        adjoint, start = party.adjoint(v)
        for j, w in enumerate(words):
            word, turn = party.product(adjoint, w)
            table[i, j], turns[i, j] = known.setdefault(word, len(known)), (start + turn) % party.period
    return table, turns, known


def _observable_words(party_numbers: list[dict[PartyWord, int]]) -> list[Word]:
    words: list[Word] = [()]
    for known in party_numbers:
        words = [(*word, w) for word in words for w in known if is_observable((w,))]
    return words
