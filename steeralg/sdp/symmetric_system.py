"""A symmetric relaxation as an exact linear system for the Gram matrices of its blocks.

Above: bounds at the optimum. Below: symmetric relaxations, Gram systems. Classes are the orbits of monomials with a
representative r, L(r) and its conjugate apart; where a symmetry says L(r) = zeta^e conj L(r), a monomial counts half
for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from steeralg.algebra.gram import GramSystem, Terms
from steeralg.algebra.group_basis import Monomial
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.sdp.problem import ConicProblem, gamma
from steeralg.sdp.recognise import approximate_root, short_span
from steeralg.sdp.solve import Solution
from steeralg.sdp.symmetric import SymmetricRelaxation

_RANK, _ACCURACY = 1e-5, 2e-5
"""What counts as a non-zero eigenvalue of a moment matrix, and how accurate its eigenvectors are then."""


def kernels(
    relaxation: SymmetricRelaxation, problem: ConicProblem, solution: Solution, field: Field
) -> list[Matrix | None]:
    """Return, for every block, what the Gram matrices at the optimum annihilate: the range of the moment matrix.

    Columns, recognised in a field; None where nothing is, or nothing is recognised.
    """
    moments, start, found = gamma(problem, solution.parameters), 0, list[Matrix | None]()
    for block in relaxation.blocks:
        order, basis = len(block.rows), block.real_form
        own = basis @ moments[start : start + order, start : start + order] @ basis.conj().T
        sizes, vectors = np.linalg.eigh(np.asarray(own).conj() * np.outer(block.weights, block.weights))
        rank = int((sizes > _RANK * max(1.0, float(sizes[-1]))).sum())
        start += order
        root = approximate_root(field)
        rows = short_span(vectors[:, order - rank :].T, field, root, _ACCURACY) if rank else None
        found.append(None if rows is None else Matrix.from_numbers(rows, field).transpose)
    return found


@dataclass(frozen=True, eq=False)
class SymmetricSystem(GramSystem):
    """f - value = sum over blocks of sum_ij Z_ij M_ij, in all invariant states; f as the expansion in monomials."""

    relaxation: SymmetricRelaxation
    expansion: Mapping[Monomial, Number]
    value: Number
    field: Field
    is_real = False

    @cached_property
    def _powers(self) -> list[Number]:
        return self.relaxation.symmetries.basis.powers_over(self.field)

    @cached_property
    def _classes(self) -> dict[int, int]:
        """The first class of every orbit with L(r) != 0; the monomial 1 has one class, all others two."""
        found, count = {}, 0
        for orbit, phase in enumerate(self.relaxation.orbits.phases.tolist()):
            if phase != -2:
                found[orbit] = count
                count += 1 if self.relaxation.orbits.representatives[orbit] == 0 else 2
        return found

    def _terms(self, number: int, turn: int) -> dict[int, Number]:
        """zeta^turn times a monomial."""
        orbits, order = self.relaxation.orbits, len(self._powers)
        place = int(np.searchsorted(orbits.numbers, number))
        orbit = int(orbits.index[place])
        phase, first = int(orbits.phases[orbit]), self._classes.get(orbit)
        if first is None:
            return {}
        turn = (turn + int(orbits.power[place])) % order
        if orbits.representatives[orbit] == 0:
            return {first: self._powers[turn]}
        conjugated = int(orbits.conjugated[place])
        if phase == -1:
            return {first + conjugated: self._powers[turn]}
        # L(r) = zeta^e conj L(r), and conj L(r) = zeta^-e L(r).
        half, other = Number.of(Fraction(1, 2)), self._powers[(turn + (-phase if conjugated else phase)) % order]
        return {first + conjugated: self._powers[turn] * half, first + 1 - conjugated: other * half}

    @cached_property
    def orders(self) -> tuple[int, ...]:
        """The orders of the blocks."""
        return tuple(len(block.rows) for block in self.relaxation.blocks)

    @cached_property
    def terms(self) -> tuple[tuple[tuple[Terms, ...], ...], ...]:
        """For every block and position (i, j) the classes of M_ij, with coefficients."""
        adjoints, found = self.adjoints, []
        for block in self.relaxation.blocks:
            order = len(block.rows)
            table: list[list[Terms]] = [[()] * order for _ in range(order)]
            columns, rows = np.triu_indices(order)
            for i, j, numbers, turns in zip(
                rows.tolist(), columns.tolist(), block.numbers.tolist(), block.turns.tolist(), strict=True
            ):
                sums: dict[int, Number] = {}
                for number, turn in zip(numbers, turns, strict=True):
                    for c, x in self._terms(number, turn).items():
                        sums[c] = sums[c] + x if c in sums else x
                table[i][j] = tuple((c, x) for c, x in sums.items() if not x.is_zero)
                table[j][i] = tuple((adjoints[c], x.conjugate()) for c, x in table[i][j])
            found.append(tuple(map(tuple, table)))
        return tuple(found)

    @cached_property
    def adjoints(self) -> tuple[int, ...]:
        """The class of the conjugate."""
        result: list[int] = []
        for orbit, first in self._classes.items():
            single = self.relaxation.orbits.representatives[orbit] == 0
            result += [first] if single else [first + 1, first]
        return tuple(result)

    @cached_property
    def right(self) -> tuple[Number, ...]:
        """The coefficients of the functional minus the value."""
        zero = Number.of(0, self.field)
        result = [zero] * len(self.adjoints)
        for monomial, value in self.expansion.items():
            for c, x in self._terms(self.relaxation.symmetries.numbering.number(monomial), 0).items():
                result[c] = result[c] + value * x
        one = self._classes[int(np.searchsorted(self.relaxation.orbits.representatives, 0))]
        result[one] = result[one] - self.value
        return tuple(x + zero for x in result)

    @cached_property
    def unit(self) -> tuple[tuple[Fraction, ...], ...]:
        """Unit matrices."""
        return tuple((Fraction(1),) * order for order in self.orders)
