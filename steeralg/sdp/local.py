"""Local hidden state models in floating point: what solvers suggest for models, inequalities and thresholds.

Above: decisions about local models. Below: Gram matrices, conic problems, solvers, scipy's linear programs (HiGHS).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import scipy.optimize
import scipy.sparse
import scipy.sparse.linalg

from steeralg.algebra.local_system import LocalSystem
from steeralg.errors import SolverError
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.sdp.basis import to_array, to_arrays
from steeralg.sdp.gram import GRAM_CHAIN, GramRelaxation, GramSolution
from steeralg.sdp.problem import Floats
from steeralg.sdp.recognise import approximate_root, recognise
from steeralg.sdp.solve import solutions

_MAX_TABLE, _MAX_ORDER = 40_000_000, 6_000
_PERTURBATION, _PRECISION = 1e-5, 1e-10


def is_small(system: LocalSystem) -> bool:
    """Whether the semidefinite program fits in memory: its tables are dense."""
    table = sum(d * d for d in system.orders) * len(system.adjoints)
    return table <= _MAX_TABLE and sum(system.orders) <= _MAX_ORDER


@dataclass(frozen=True, eq=False)
class FloatFunctional:
    """The coordinates of a functional that a solver suggests, and the optimum it belongs to: negative if it is that of
    a violated inequality, or the least weight of the noise.
    """

    system: LocalSystem
    values: Floats
    optimum: float

    @classmethod
    def of(cls, system: LocalSystem, parameters: Floats, optimum: float) -> FloatFunctional:
        """Read the coordinates off the parameters of moments: these are the entries of the transposed operators."""
        coordinates = system.coordinates
        values = np.array([-x if c[3] else x for x, c in zip(parameters, coordinates, strict=False)])
        return cls(system, values, optimum)

    def _shortened(self) -> Floats:
        """Entries of size 1 at most; a multiple of the unit operator, which only moves the bound, is taken away."""
        values = np.array(self.values)
        places = self.system.coordinates
        # Only one trusted party's whole state is known not to change with the settings, and comes first.
        if not self.system.scenario.instrumental:
            first = [k for k, (p, i, j, _) in enumerate(places) if p == 0 and i == j]
            values[first] -= np.mean(values[first])
        return values / max(float(np.max(np.abs(values), initial=0.0)), 1e-300)

    def rounded(self, bits: int) -> list[Number]:
        """Return the coordinates on the grid 2^-bits, scaled to a size of 1."""
        return [Number.of(Fraction(int(x), 1 << bits)) for x in np.rint(self._shortened() * 2.0**bits)]

    def recognised(self, field: Field, tolerance: Fraction) -> list[Number] | None:
        """Return the coordinates as short numbers of a field, scaled to a size of 1; None if some is not short."""
        root = approximate_root(field)
        found = [recognise(float(x), field, root, tolerance) for x in self._shortened()]
        exact = [x for x in found if x is not None]
        return exact if len(exact) == len(found) else None


def functional_of(relaxation: GramRelaxation, system: LocalSystem, solution: GramSolution) -> FloatFunctional:
    """Return the functional whose sums over strategies are the moment matrices of a solution on the whole space."""
    ends = np.concatenate(([0], np.cumsum(relaxation.orders)))
    block = np.searchsorted(ends, relaxation.problem.rows, side="right") - 1
    place = relaxation.problem.rows - ends[block], relaxation.problem.columns - ends[block]
    wanted = np.array([solution.moments[b][i, j] for b, i, j in zip(block, *place, strict=True)])
    table = scipy.sparse.vstack([relaxation.problem.linear.real, relaxation.problem.linear.imag]).tocsc()
    normal = (table.T @ table).tocsc()
    parameters = scipy.sparse.linalg.spsolve(normal, table.T @ np.concatenate([wanted.real, wanted.imag]))
    return FloatFunctional.of(system, np.atleast_1d(parameters), solution.optimum)


def threshold_functionals(system: LocalSystem, noise: LocalSystem) -> Iterator[FloatFunctional]:
    """Yield functionals that are not negative on local models, with <F, noise - data> = 1 and the least <F, data>:
    minus that is the least weight of the noise with which the data are local.
    """
    relaxation = GramRelaxation.build(system, [None] * len(system.orders))
    if relaxation is None:
        return
    here, there = (np.array(_paired(s)) for s in (system, noise))
    rest = np.zeros(relaxation.problem.parameters - len(here))
    problem = replace(
        relaxation.problem,
        cost=np.concatenate([here, rest]),
        equality=np.concatenate([there - here, rest]),
    )
    try:
        for solution in solutions(problem, GRAM_CHAIN):
            yield FloatFunctional.of(system, solution.parameters, -solution.objective)
    except SolverError:
        return


def _paired(system: LocalSystem) -> list[float]:
    """What a unit of every parameter contributes to the value of the functional on the data."""
    data = _floats(system.data())
    weights = [1.0 if i == j else -2.0 if imaginary else 2.0 for _, i, j, imaginary in system.coordinates]
    return [float(x) * w for x, w in zip(data, weights, strict=True)]


def least_eigenvalues(matrices: Sequence[Matrix], bits: int) -> list[Fraction]:
    """Return numbers on the grid 2^-bits that look like lower bounds of the least eigenvalues."""
    arrays = to_arrays(matrices)
    least = np.linalg.eigvalsh(arrays)[:, 0]
    size = np.max(np.abs(arrays), axis=(1, 2), initial=0.0)
    below = np.floor((least - 1e-13 * (1.0 + size)) * 2.0**bits)
    return [Fraction(int(x), 1 << bits) for x in below]


def start_columns(
    columns: Sequence[Mapping[int, Number]], right: Sequence[Number], cost: Sequence[Number]
) -> list[int]:
    """Suggest a basis of columns for minimising cost . x with sum_j x_j column_j = right and x >= 0, best first.

    The right side is moved a little, by a mixture of the columns, so that optima are unique and every basic variable
    shows. Rows that cannot be satisfied are given up at a high price.
    """
    count, rows = len(columns), len(right)
    entries = [(k, j, x) for j, column in enumerate(columns) for k, x in column.items()]
    values = _floats([x for _, _, x in entries])
    index = [k for k, _, _ in entries], [j for _, j, _ in entries]
    table = scipy.sparse.csc_matrix((values, index), shape=(rows, count))
    wanted, price = _floats(right), _floats(cost)
    moved = table @ np.random.default_rng(0).uniform(0.5, 1.5, count)
    size = max(float(np.max(np.abs(moved), initial=0.0)), 1e-300)
    wanted = wanted + moved * (_PERTURBATION * max(float(np.max(np.abs(wanted), initial=0.0)), 1e-300) / size)
    unit = scipy.sparse.identity(rows, format="csc")
    result = scipy.optimize.linprog(
        np.concatenate([price, np.full(2 * rows, 1e3)]),
        A_eq=scipy.sparse.hstack([table, unit, -unit]).tocsc(),
        b_eq=wanted,
        method="highs-ds",
        options={"primal_feasibility_tolerance": _PRECISION, "dual_feasibility_tolerance": _PRECISION},
    )
    if result.x is None:
        return []
    x = np.asarray(result.x[:count])
    return [int(j) for j in np.argsort(-x, kind="stable") if x[j] > 0][: 2 * rows]


def _floats(numbers: Sequence[Number]) -> Floats:
    """Return real numbers of one field as floats."""
    field = next((x.field for x in numbers if not x.field.is_rational), RATIONALS)
    return np.asarray(to_array(Matrix.from_numbers([list(numbers)], field)).real.ravel(), dtype=np.float64)
