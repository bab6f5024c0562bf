"""Alternating directions for conic problems: first links of the chain of solvers, quick to a point that rounds.

Above: the chain of solvers. Below: conic problems. The method is that of Wen, Goldfarb and Yin, Math. Prog. Comp. 2,
203 (2010), for the pair of problems

    minimise  cost . x       with  S = G + A x >= 0,            equality . x = 1
    maximise  -<G, Z> - l    with  A* Z = cost + l equality,    Z >= 0

A step is the best x for the slack S and the multiplier Z, an over-relaxation (Eckstein and Bertsekas, Math. Prog. 55,
293 (1992)), then one eigendecomposition. Classes of equal entries make A* A diagonal, or nearly so.

    A* A x = A* (S - G + mu Z) - mu (cost + l equality);   V = r (G + A x) + (1 - r) S - mu Z;   S = V_+;   Z = V_-/mu
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

from steeralg.sdp.moments import Complex, Integers
from steeralg.sdp.problem import ConicProblem, Floats, Point
from steeralg.sdp.time_limit import time_is_over

UNFINISHED = "last iteration"
"""The status of a point whose errors are not within the tolerance."""

_RELAXATION = 1.5
_PERIOD = 10
"""How many steps it is from one look at the errors to the next."""

_GROWTH, _LEAST, _MOST = 1.5, 2.0, 10.0
"""From one change of mu to the next the number of steps grows by this factor; by what factors mu is changed."""

_BIAS = 4.0
"""How much more an error of Z counts: what is rounded is Z."""

_FILL = 50
"""Entries for each row of A* A above which solving with it is no longer negligible."""

Hermitian = NDArray[Any]
"""A complex Hermitian matrix, or a real symmetric one where everything is real."""


class Splitting:
    """The state of the iteration for a problem; `solve` goes on from where it stands."""

    def __init__(self, problem: ConicProblem) -> None:
        self.problem = problem
        n = problem.order
        constant = np.zeros((n, n), np.complex128)
        constant[problem.columns, problem.rows] = problem.constant.conj()
        constant[problem.rows, problem.columns] = problem.constant
        matrices = _matrices(problem)
        self.is_real, self._kept = _real_parameters(problem)
        self._constant = np.ascontiguousarray(constant.real) if self.is_real else constant
        self._a = (matrices.real if self.is_real else _interleaved(matrices))[:, self._kept].tocsr()
        self._adjoint = self._a.T.tocsr()
        self._cost = problem.cost[self._kept]
        self._equality = None if problem.equality is None else problem.equality[self._kept]
        inverse = _inverse(self._adjoint @ self._a)
        self.is_usable = inverse is not None
        self._inverse = inverse or np.copy
        if self._equality is not None:
            self._normal = self._inverse(self._equality)
            self._length = float(self._equality @ self._normal)
        self._ends = np.cumsum(problem.blocks)[:-1]
        self._gram, self._slack = np.zeros_like(self._constant), np.zeros_like(self._constant)
        self._x = self._fit(np.zeros(len(self._cost)))
        # About the ratio of what S and Z are going to be.
        sizes = np.linalg.norm(self._moments()), np.linalg.norm(self._a @ self._inverse(self._cost))
        self._mu = float(2 * sizes[0] / sizes[1]) if all(sizes) else 1.0
        self._steps, self._next = 0, 0

    def solve(self, tolerance: float, iterations: int) -> Point:
        """Return a point whose relative errors are within the tolerance, or the last one."""
        if not self.is_usable:
            return Point(float("nan"), None, None, "not attempted: A* A is not sparse, or singular")
        status = UNFINISHED
        for _ in range(iterations):
            self._step()
            if time_is_over():
                break
            if self._steps % _PERIOD == 0:
                primal, dual, gap = self._errors()
                if not np.isfinite(primal + dual):
                    return Point(float("nan"), None, None, "diverged")
                self._balance(primal, dual)
                if max(primal, dual, gap) <= tolerance:
                    status = "solved"
                    break
        parameters, _, gram, _ = self.position
        return Point(self._dual_value(), gram, parameters, status)

    @property
    def position(self) -> tuple[Floats, Complex, Complex, float]:
        """x, conj(S), conj(Z) and l, for another solver to start from."""
        parameters = np.zeros(self.problem.parameters)
        parameters[self._kept] = self._x
        slack, gram = (matrix.conj().astype(np.complex128) for matrix in (self._slack, self._gram))
        return parameters, slack, gram, self._multiplier()[1]

    def _step(self) -> None:
        wanted = self._mu * self._gram
        self._x = self._fit(self._adjoint @ self._flat(self._slack - self._constant + wanted) - self._mu * self._cost)
        relaxed = _RELAXATION * self._moments() + (1 - _RELAXATION) * self._slack
        self._slack, negative = self._parts(relaxed - wanted)
        self._gram = negative / self._mu
        self._steps += 1

    def _balance(self, primal: float, dual: float) -> None:
        """A large mu brings Z nearer to its equations, a small one S."""
        if self._steps >= self._next and primal > 0:
            self._next = max(self._steps + _PERIOD, int(_GROWTH * self._steps))
            factor = float(np.sqrt(dual / primal))
            if not 1 / _LEAST < factor < _LEAST:
                self._mu *= min(max(factor, 1 / _MOST), _MOST)

    def _fit(self, right: Floats) -> Floats:
        """Solve A* A x = right + l equality with equality . x = 1."""
        x = self._inverse(right)
        return x if self._equality is None else x - ((self._equality @ x - 1) / self._length) * self._normal

    def _moments(self) -> Hermitian:
        """G + A x."""
        return self._constant + self._matrix(self._a @ self._x)

    def _parts(self, v: Hermitian) -> tuple[Hermitian, Hermitian]:
        """Return V_+ and V_- >= 0 with V = V_+ - V_-, block by block."""
        if len(self._ends) == 0:
            return parts(v)
        positive = np.zeros_like(v)
        for block in np.split(np.arange(len(v)), self._ends):
            place = np.ix_(block, block)
            positive[place] = parts(v[place])[0]
        return positive, positive - v

    def _multiplier(self) -> tuple[Floats, float]:
        """What is left of A* Z - cost, and l."""
        left = self._adjoint @ self._flat(self._gram) - self._cost
        if self._equality is None:
            return left, 0.0
        multiplier = float(self._normal @ left) / self._length
        return left - multiplier * self._equality, multiplier

    def _dual_value(self) -> float:
        return -float(np.vdot(self._constant, self._gram).real) - self._multiplier()[1]

    def _errors(self) -> tuple[float, float, float]:
        """How far S and (with its bias) Z are from their equations, relative to their sizes; the relative gap."""
        primal = np.linalg.norm(self._slack - self._moments()) / (np.linalg.norm(self._slack) + 1e-300)
        dual = np.linalg.norm(self._a @ self._inverse(self._multiplier()[0])) / (np.linalg.norm(self._gram) + 1e-300)
        value, bound = float(self._cost @ self._x), self._dual_value()
        return float(primal), float(_BIAS * dual), abs(value - bound) / max(1.0, abs(value))

    def _flat(self, matrix: Hermitian) -> Floats:
        return matrix.reshape(-1).view(np.float64)

    def _matrix(self, flat: Floats) -> Hermitian:
        return flat.view(self._constant.dtype).reshape(self._constant.shape)


def parts(v: Hermitian) -> tuple[Hermitian, Hermitian]:
    """Return V_+ and V_- >= 0 with V = V_+ - V_-."""
    values, vectors = np.linalg.eigh(v)
    split = int(np.searchsorted(values, 0.0))
    if 2 * split > len(values):
        kept = vectors[:, split:]
        positive = (kept * values[split:]) @ kept.conj().T
        return positive, positive - v
    kept = vectors[:, :split]
    negative = (kept * -values[:split]) @ kept.conj().T
    return v + negative, negative


def _real_parameters(problem: ConicProblem) -> tuple[bool, Integers]:
    """Whether everything is real but for some parameters of imaginary entries, which may be left at zero; the rest."""
    count, entries = problem.parameters, problem.linear.tocoo()
    parts_of = entries.data.real, entries.data.imag
    real, imaginary = (np.bincount(entries.col, part != 0, count) > 0 for part in parts_of)
    real |= problem.cost != 0
    if problem.equality is not None:
        real |= problem.equality != 0
    if np.any(real & imaginary) or np.any(problem.constant.imag):
        return False, np.arange(count)
    return True, np.flatnonzero(~imaginary)


def _matrices(problem: ConicProblem) -> scipy.sparse.csc_matrix:
    """Return the matrices A_k, one column each, row by row."""
    n, entries = problem.order, problem.linear.tocoo()
    lower = problem.rows[entries.row] * n + problem.columns[entries.row]
    upper = problem.columns[entries.row] * n + problem.rows[entries.row]
    off = lower != upper
    place, column = [lower, upper[off]], [entries.col, entries.col[off]]
    value = [entries.data, entries.data[off].conj()]
    if problem.shift is not None:
        place.append(np.arange(n) * (n + 1))
        column.append(np.full(n, problem.shift))
        value.append(np.full(n, -1.0))
    index = np.concatenate(place), np.concatenate(column)
    return scipy.sparse.csc_matrix((np.concatenate(value), index), shape=(n * n, problem.parameters))


def _interleaved(matrices: scipy.sparse.csc_matrix) -> scipy.sparse.csc_matrix:
    """Return complex columns as real ones, real and imaginary parts in turn."""
    entries = matrices.tocoo()
    place = np.concatenate([2 * entries.row, 2 * entries.row + 1]), np.concatenate([entries.col, entries.col])
    value = np.concatenate([entries.data.real, entries.data.imag])
    result = scipy.sparse.csc_matrix((value, place), shape=(2 * matrices.shape[0], matrices.shape[1]))
    result.eliminate_zeros()
    return result


def _inverse(gram: scipy.sparse.csr_matrix) -> Callable[[Floats], Floats] | None:
    """Return how to solve with A* A; None if that would take long, or if it is singular."""
    diagonal = gram.diagonal()
    if not np.all(diagonal > 0):
        return None
    if np.count_nonzero(gram.data) == len(diagonal):
        return lambda right: right / diagonal
    if gram.nnz > _FILL * len(diagonal):
        return None
    # So that columns that depend on each other are no obstacle.
    solve = scipy.sparse.linalg.factorized((gram + scipy.sparse.diags(1e-12 * diagonal)).tocsc())
    return lambda right: np.asarray(solve(right))
