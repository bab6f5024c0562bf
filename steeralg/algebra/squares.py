"""Sums of squares of forms on product vectors as an exact linear system for Gram matrices.

Above: positivity, sdp. Below: forms. Wanted are positive semidefinite `Z_b`, one for each block of monomials, with
`p prod_j |x_j|^(2(k_j - 1)) = sum_b sum_{u,v} (Z_b)_uv conj(u) v`: the positions (u, v) of all blocks are partitioned
by the monomial conj(u) v, and the entries of each class have to sum to its coefficient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import factorial, prod

from steeralg.algebra.form import Form, Monomial, adjoint, cuts, form_of, monomials, split_by_phase, star_times
from steeralg.algebra.gram import GramSystem, Terms
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number


@dataclass(frozen=True, eq=False)
class SquareSystem(GramSystem):
    """Blocks of monomials for an operator on factors of dimensions `dims`, and the form they have to sum to.

    `is_real`: the operator is real, and real symmetric Gram matrices suffice (average with the complex conjugate).
    """

    dims: tuple[int, ...]
    copies: tuple[int, ...]
    cuts: int
    blocks: tuple[tuple[Monomial, ...], ...]
    form: Form
    field: Field
    is_real: bool

    @classmethod
    def build(
        cls, matrix: Matrix, dims: Sequence[int], copies: Sequence[int], chosen: Sequence[tuple[int, ...]] = ()
    ) -> SquareSystem:
        """Return the system with the monomials of the chosen cuts (all, if none is named), split by phases."""
        form = form_of(matrix, dims, copies)
        blocks = [
            tuple(part)
            for cut in chosen or cuts(copies)
            for part in split_by_phase(monomials(dims, copies, cut), dims, form)
        ]
        count = len(chosen or cuts(copies))
        return cls(tuple(dims), tuple(copies), count, tuple(blocks), form, matrix.field, matrix.is_real)

    @cached_property
    def classes(self) -> dict[Monomial, int]:
        """The monomials conj(u) v of all positions, numbered; only these can be matched."""
        found: dict[Monomial, int] = {}
        for words in self.blocks:
            for u in words:
                for v in words:
                    found.setdefault(star_times(u, v), len(found))
        return found

    @cached_property
    def positions(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """The number of conj(u) v, by block, row u, column v."""
        number = self.classes
        return tuple(tuple(tuple(number[star_times(u, v)] for v in words) for u in words) for words in self.blocks)

    @property
    def orders(self) -> tuple[int, ...]:
        """The numbers of monomials."""
        return tuple(map(len, self.blocks))

    @cached_property
    def terms(self) -> tuple[tuple[tuple[Terms, ...], ...], ...]:
        """One class for every position."""
        return tuple(tuple(tuple(((c, 1),) for c in row) for row in block) for block in self.positions)

    @cached_property
    def adjoints(self) -> tuple[int, ...]:
        """The number of the complex conjugate of every class."""
        return tuple(self.classes[adjoint(monomial)] for monomial in self.classes)

    @cached_property
    def right(self) -> tuple[Number, ...] | None:
        """The coefficient of every class; None if the form has a monomial that no position gives."""
        if any(monomial not in self.classes for monomial in self.form):
            return None
        return tuple(self.form.get(monomial, Number.of(0)) for monomial in self.classes)

    @cached_property
    def unit(self) -> tuple[tuple[Fraction, ...], ...]:
        """Positive diagonals, by block, that are Gram matrices for the unit operator: a share of every cut."""
        share = Fraction(1, self.cuts)
        return tuple(tuple(share * _multiplicity(word) for word in words) for words in self.blocks)


def _multiplicity(word: Monomial) -> int:
    """How often a monomial occurs among the products of its entries in any order."""
    return prod(_orders(part) for factor in word for part in factor)


def _orders(indices: tuple[int, ...]) -> int:
    return factorial(len(indices)) // prod(factorial(indices.count(i)) for i in set(indices))
