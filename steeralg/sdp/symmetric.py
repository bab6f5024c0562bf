"""Symmetric relaxations: a level under a group of symmetries of a functional, as a conic problem.

Above: suggestions, certificates. Below: blocks, invariant moments, conic problems. The rows of the moment matrix are
monomials; an invariant state has one or two parameters for every orbit of monomials, and its moment matrix is positive
if all blocks are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from steeralg.algebra.automorphism import Automorphism
from steeralg.algebra.group_basis import GroupBasis, Monomial
from steeralg.algebra.level import Level, level_words
from steeralg.algebra.word import UnitaryAlgebra
from steeralg.errors import LevelError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.sdp.basis import to_array
from steeralg.sdp.entries import Entries
from steeralg.sdp.invariant import Numbering, Orbits, orbits
from steeralg.sdp.isotypic import SymmetricBlock, blocks
from steeralg.sdp.problem import ConicProblem, Floats
from steeralg.sdp.symmetries import Symmetries

_REAL = 1e-12
"""Coefficients are sums of few roots of unity; smaller ones are rounding errors."""


@dataclass(frozen=True, eq=False)
class SymmetricRelaxation:
    """A level of a scenario under a group of symmetries of a functional."""

    symmetries: Symmetries
    blocks: tuple[SymmetricBlock, ...]
    orbits: Orbits

    @classmethod
    def build(
        cls,
        basis: GroupBasis,
        level: Level,
        generators: Sequence[Automorphism],
        expansion: Mapping[Monomial, Number],
    ) -> SymmetricRelaxation:
        """Build the blocks for a functional's expansion.

        Raises LevelError for a level that the symmetries do not preserve, or that does not reach the functional.
        """
        words = tuple(level_words(UnitaryAlgebra(tuple(basis.boxes)), level))
        symmetries = Symmetries.of(Numbering(basis, words), generators)
        chosen = blocks(symmetries)
        wanted = np.array([symmetries.numbering.number(monomial) for monomial in expansion], np.int64)
        products = np.concatenate([np.unique(block.numbers) for block in chosen])
        numbers = np.unique(np.concatenate([np.zeros(1, np.int64), wanted, products]))
        elements = [symmetries.elements[k] for k in symmetries.representatives]
        found = orbits(symmetries.numbering, numbers, elements)
        reached = np.unique(found.index[np.searchsorted(numbers, products)])
        if not np.isin(found.index[np.searchsorted(numbers, wanted)], reached).all():
            raise LevelError(f"level {level} does not reach the functional; take a higher one")
        return cls(symmetries, tuple(chosen), found)

    @cached_property
    def entries(self) -> Entries:
        """The parameters of invariant states."""
        return Entries(self.symmetries.basis.order, self.orbits)

    def cost(self, expansion: Mapping[Monomial, Number]) -> Floats:
        """Return the coefficients of the functional's expansion in the parameters."""
        if not expansion:
            return np.zeros(self.entries.parameters)
        numbers = np.array([self.symmetries.numbering.number(m) for m in expansion])
        field = next(iter(expansion.values())).field
        values = to_array(Matrix.from_numbers([list(expansion.values())], field))[0]
        rows = self.entries.rows(numbers, np.zeros(len(numbers), np.int64))
        return np.asarray((values @ rows).real).ravel()

    def problem(self, cost: Floats) -> ConicProblem:
        """Return the problem of the least value of a functional."""
        orders = [len(block.rows) for block in self.blocks]
        rows, columns, linear, start = [], [], [], 0
        for block, order in zip(self.blocks, orders, strict=True):
            c, r = np.triu_indices(order)
            rows.append(r + start)
            columns.append(c + start)
            linear.append(_in_basis(self.entries.block(block.numbers, block.turns, block.weights), block.real_form))
            start += order
        every = scipy.sparse.vstack(linear).tocsr()
        zero = np.zeros(every.shape[0], np.complex128)
        place = np.concatenate(rows), np.concatenate(columns)
        return ConicProblem(start, *place, zero, every, None, cost, self.entries.one, tuple(orders))


def _in_basis(lower: scipy.sparse.csr_matrix, basis: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
    """Return the lower triangle, column by column, of T* M T for that of M; real if that is all there is."""
    order = basis.shape[0]
    columns, rows = np.triu_indices(order)
    below = rows != columns
    here, there = rows * order + columns, (columns * order + rows)[below]
    place = np.arange(len(rows))
    spread = scipy.sparse.csr_matrix((np.ones(len(rows)), (here, place)), shape=(order * order, len(rows)))
    mirror = scipy.sparse.csr_matrix((np.ones(len(there)), (there, place[below])), shape=spread.shape)
    # vec(T* M T) = (T* (x) T^T) vec(M), row by row.
    moved = scipy.sparse.kron(basis.conj().T, basis.T).tocsr()[here] @ (spread @ lower + mirror @ lower.conj())
    moved = moved.tocsr()
    if np.abs(moved.data.imag).max(initial=0.0) < _REAL:
        moved = moved.real.astype(np.complex128)
    moved.data[np.abs(moved.data) < _REAL] = 0.0
    moved.eliminate_zeros()
    return moved
