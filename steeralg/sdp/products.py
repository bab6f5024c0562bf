"""The products v*w of certificate words, as integers: class sums, representatives, exact corrections.

Above: relaxations. Below: algebra. In projectors and matrix units a product is zero, one word, or (where a last matrix
unit is eliminated) a short integer combination. The coefficients of sum_{v,w} v*w (x) Z_vw are therefore one sparse
integer matrix times the D x D blocks of Z. In a set of words closed under deleting letters, every reduced word that
occurs is v*w alone for some pair: its representative, where a class sum can be corrected without touching any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from steeralg.algebra.party import PartyAlgebra, PartyWord
from steeralg.algebra.word import Algebra, Word, is_observable
from steeralg.errors import LevelError
from steeralg.sdp.moments import Integers


@dataclass(frozen=True, eq=False)
class ProductStructure:
    """Words and the expansion of every v*w: term t says that position `position[t]` = v * len(words) + w contains the
    monomial `monomial[t]` with the integer `coefficient[t]`.
    """

    words: tuple[Word, ...]
    dim: int
    position: Integers
    monomial: Integers
    coefficient: Integers
    monomials: tuple[Word, ...]

    @property
    def order(self) -> int:
        """The order of Gram matrices."""
        return len(self.words) * self.dim

    @cached_property
    def numbers(self) -> Mapping[Word, int]:
        """The numbers of the observable monomials (at most one letter per party)."""
        return {word: k for k, word in enumerate(self.monomials) if is_observable(word)}

    @cached_property
    def _sums(self) -> scipy.sparse.csr_matrix:
        shape = len(self.monomials), len(self.words) ** 2
        return scipy.sparse.csr_matrix((self.coefficient, (self.monomial, self.position)), shape=shape)

    def class_sums(self, plane: Integers) -> Integers:
        """Return the coefficient of every monomial in sum_{v,w} v*w (x) Z_vw, shape (monomials, D, D)."""
        n, d = len(self.words), self.dim
        blocks = plane.reshape(n, d, n, d).transpose(0, 2, 1, 3).reshape(n * n, d * d)
        return np.asarray(self._sums @ blocks).reshape(-1, d, d)

    @cached_property
    def _single(self) -> Integers:
        """The monomial at every position whose product is that monomial alone, -1 elsewhere."""
        terms = np.bincount(self.position, minlength=len(self.words) ** 2)
        alone = (terms[self.position] == 1) & (self.coefficient == 1)
        result = np.full(len(self.words) ** 2, -1)
        result[self.position[alone]] = self.monomial[alone]
        return result

    @cached_property
    def representative(self) -> tuple[Integers, Integers]:
        """A pair (v, w) for every monomial with v*w that monomial alone, a diagonal one where there is one.

        Raises LevelError if there is none: the words are not closed under deleting letters.
        """
        n = len(self.words)
        places = np.flatnonzero(self._single >= 0)
        rows, columns = np.divmod(places, n)
        order = np.lexsort((rows != columns, self._single[places]))
        found, first = np.unique(self._single[places][order], return_index=True)
        if len(found) < len(self.monomials):
            raise LevelError("the words are not closed under deleting letters")
        chosen = places[order][first]
        return chosen // n, chosen % n

    @cached_property
    def adjoint(self) -> Integers:
        """The number of every monomial's adjoint."""
        v, w = self.representative
        return np.asarray(self._single[w * len(self.words) + v])

    def corrected(
        self, re: Integers, im: Integers, wanted: tuple[Integers, Integers]
    ) -> tuple[Integers, Integers, int]:
        """Change a Hermitian integer matrix at representatives so that its class sums are the wanted ones.

        Returns the matrix and the factor, 1 or 2, that it was multiplied by: where a self-adjoint class has no diagonal
        position an odd difference needs halves.
        """
        missing = [w - self.class_sums(plane) for w, plane in zip(wanted, (re, im), strict=True)]
        v, w = self.representative
        half = (self.adjoint == np.arange(len(v))) & (v != w)
        factor = 2 if any(np.any(part[half] % 2) for part in missing) else 1
        result = []
        n, d = len(self.words), self.dim
        first = np.flatnonzero(np.arange(len(v)) <= self.adjoint)
        for plane, part, sign in zip((re, im), missing, (1, -1), strict=True):
            blocks = (plane * factor).reshape(n, d, n, d)
            amount = part * factor
            amount[half] //= 2
            moved = amount[first]
            blocks[v[first], :, w[first], :] += moved
            off = v[first] != w[first]
            blocks[w[first][off], :, v[first][off], :] += sign * moved[off].transpose(0, 2, 1)
            result.append(blocks.reshape(n * d, n * d))
        return result[0], result[1], factor


def product_structure(algebra: Algebra, words: list[Word], dim: int) -> ProductStructure:
    """Expand all products of a list of words."""
    count = len(words)
    position = np.arange(count * count)
    number, coefficient = np.zeros(count * count, np.int64), np.ones(count * count, np.int64)
    known: list[list[PartyWord]] = []
    for k, party in enumerate(algebra.parties):
        column = [word[k] for word in words]
        distinct = {w: i for i, w in enumerate(dict.fromkeys(column))}
        index = np.array([distinct[w] for w in column])
        start, terms, factors, found = _expansions(party, list(distinct))
        pair = index[position // count] * len(distinct) + index[position % count]
        lengths = start[pair + 1] - start[pair]
        entry = np.repeat(np.arange(len(pair)), lengths)
        within = np.arange(len(entry)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        term = start[pair][entry] + within
        number = number[entry] * len(found) + terms[term]
        coefficient, position = coefficient[entry] * factors[term], position[entry]
        known.append(found)
    occurring, monomial = np.unique(number, return_inverse=True)
    monomials = tuple(_word(int(m), known) for m in occurring)
    return ProductStructure(tuple(words), dim, position, monomial, coefficient, monomials)


def _expansions(party: PartyAlgebra, words: list[PartyWord]) -> tuple[Integers, Integers, Integers, list[PartyWord]]:
    """Return the terms of v*w for every pair, as compressed rows, and the party's words that occur."""
    known: dict[PartyWord, int] = {}
    start, terms, factors = [0], [], []
    for v in words:
        adjoint = party.adjoint(v)
        for w in words:
            for word, coefficient in party.product(adjoint, w).items():
                terms.append(known.setdefault(word, len(known)))
                factors.append(coefficient)
            start.append(len(terms))
    return np.array(start), np.array(terms, np.int64), np.array(factors, np.int64), list(known)


def _word(number: int, known: list[list[PartyWord]]) -> Word:
    parts = []
    for found in reversed(known):
        number, digit = divmod(number, len(found))
        parts.append(found[digit])
    return tuple(reversed(parts))
