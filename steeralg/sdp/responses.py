"""Local responses to many directions at once: linear programs in floats, by HiGHS.

Above: locality for all projective measurements. Below: numbers. Strategy l of the boxes has a weight w_l and, for every
direction k, a response 0 <= q_lk <= w_l. The data have a row for every element a|x: column 0 is the sum of the w_l of
the strategies that answer a to x, column 1 + k that of their q_lk. All that comes out is a suggestion, as fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse
from scipy.optimize import linprog

from steeralg.exact.number import Number
from steeralg.sdp.problem import Floats

Table = tuple[tuple[Fraction, ...], ...]
Tight = tuple[tuple[int, ...], ...]

LARGEST_VISIBILITY = 2
_TIGHT = 1e-9
_BITS = 64


@dataclass(frozen=True)
class Point:
    """Weights and responses, of shape (strategies, 1 + directions), with what is tight there: `fixed` is -1 where an
    entry is zero and 1 where a response is all of the weight. `slack` is the least of all other w, q and w - q,
    negative if there are no local responses.
    """

    columns: Table
    fixed: Tight
    slack: Fraction


@dataclass(frozen=True)
class Visibility:
    """The largest visibility with local responses, and a functional, of the shape of the data, that is not negative on
    local responses and vanishes on the data at that visibility.
    """

    value: Fraction
    functional: Table


@dataclass(frozen=True, eq=False)
class ResponseProgram:
    """The programs of one scenario: `incidence[j, l]` is 1 where strategy l gives element j, 0 elsewhere."""

    incidence: Floats
    directions: int

    @classmethod
    def build(cls, given: Sequence[Sequence[int]], elements: int, directions: int) -> ResponseProgram:
        """Return the programs for strategies that give the listed elements."""
        incidence = np.zeros((elements, len(given)))
        for strategy, numbers in enumerate(given):
            incidence[list(numbers), strategy] = 1.0
        return cls(incidence, directions)

    def interior(self, data: Sequence[Sequence[Number]], fixed: Tight) -> Point | None:
        """Return a point for the data that is as far inside as what is fixed allows; None if the solver fails."""
        flat = np.array(fixed).T.ravel()
        free, order = flat == 0, self._order()
        inner = scipy.sparse.vstack(
            [-scipy.sparse.identity(flat.size, format="csr")[free], order[free[self._strategies :]]]
        )
        bounds = [(None, None) if at else (0, None) for at in free] + [(-1.0, 1.0)]
        x, objective = self._solve(inner, 1.0, self._equations(flat), self._right(data, flat), bounds)
        return None if x is None else Point(self._columns(x), fixed, Fraction(-objective))

    def vertex(self, data: Sequence[Sequence[Number]], fixed: Tight) -> Point | None:
        """Return an extreme point for the data; None if there is none."""
        flat = np.array(fixed).T.ravel()
        cost = np.zeros(flat.size + 1)
        cost[: self._strategies] = np.linspace(1.0, 2.0, self._strategies)
        x, _ = self._solve(self._order(), 0.0, self._equations(flat), self._right(data, flat), (0, None), cost)
        if x is None:
            return None
        columns = np.asarray(x[:-1]).reshape(1 + self.directions, -1).T
        tight = np.where(columns[:, :1] - columns < _TIGHT, 1, 0)
        tight[:, 0] = 0
        tight[columns < _TIGHT] = -1
        return Point(self._columns(x), tuple(tuple(map(int, row)) for row in tight), Fraction(0))

    def visibility(self, data: Sequence[Sequence[Number]], uniform: Sequence[Sequence[Number]]) -> Visibility | None:
        """Return the largest v, at most 2, for which v data + (1 - v) uniform has local responses."""
        flat = np.zeros(self._strategies * (1 + self.directions))
        right, change = self._right(uniform, flat), self._right(uniform, flat) - self._right(data, flat)
        equations = scipy.sparse.hstack([self._equations(flat), scipy.sparse.csr_matrix(change.reshape(-1, 1))])
        cost = np.append(np.zeros(flat.size), -1.0)
        order = _bordered(self._order(), 0.0)
        bounds = [(0, None)] * flat.size + [(0, LARGEST_VISIBILITY)]
        solved = linprog(cost, order, np.zeros(order.shape[0]), equations, right, bounds, "highs-ds")
        if solved.x is None or solved.status:
            return None
        functional = -np.asarray(solved.eqlin.marginals).reshape(1 + self.directions, -1).T
        return Visibility(Fraction(-solved.fun), _table(functional))

    def _solve(
        self,
        inequalities: scipy.sparse.csr_matrix,
        last: float,
        equations: scipy.sparse.csr_matrix,
        right: Floats,
        bounds: object,
        cost: Floats | None = None,
    ) -> tuple[Floats | None, float]:
        """Minimise a cost, by default minus the last unknown, which enters every inequality with `last`."""
        if cost is None:
            cost = np.append(np.zeros(equations.shape[1]), -1.0)
        above = _bordered(inequalities, last)
        solved = linprog(cost, above, np.zeros(above.shape[0]), _bordered(equations, 0.0), right, bounds, "highs-ds")
        return (None, 0.0) if solved.x is None or solved.status else (solved.x, float(solved.fun))

    @property
    def _strategies(self) -> int:
        return int(self.incidence.shape[1])

    def _order(self) -> scipy.sparse.csr_matrix:
        """Return the rows q - w, direction by direction."""
        one = scipy.sparse.identity(self._strategies)
        weights = scipy.sparse.vstack([-one] * self.directions)
        return scipy.sparse.hstack([weights, scipy.sparse.kron(scipy.sparse.identity(self.directions), one)]).tocsr()

    def _equations(self, flat: Floats) -> scipy.sparse.csr_matrix:
        """Return the rows of the data, column by column, then those of what is fixed."""
        rows = [
            scipy.sparse.kron(scipy.sparse.identity(1 + self.directions), self.incidence),
            scipy.sparse.identity(flat.size, format="csr")[flat == -1],
            self._order()[flat[self._strategies :] == 1],
        ]
        return scipy.sparse.vstack(rows).tocsr()

    def _right(self, data: Sequence[Sequence[Number]], flat: Floats) -> Floats:
        values = np.array([[float(x.enclosure(_BITS)[0]) for x in row] for row in data])
        return np.append(values.T.ravel(), np.zeros(np.count_nonzero(flat)))

    def _columns(self, x: Floats) -> Table:
        return _table(np.asarray(x[:-1]).reshape(1 + self.directions, -1).T)


def _table(array: Floats) -> Table:
    return tuple(tuple(Fraction(float(x)) for x in row) for row in array)


def _bordered(matrix: scipy.sparse.csr_matrix, last: float) -> scipy.sparse.csr_matrix:
    """Add a column for the last unknown."""
    return scipy.sparse.hstack([matrix, scipy.sparse.csr_matrix(np.full((matrix.shape[0], 1), last))]).tocsr()
