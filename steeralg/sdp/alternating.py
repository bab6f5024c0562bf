"""Membership of many data in one level, estimated: alternating directions for the dual of a semidefinite program.

Above: the scorer and the climb of searches. Below: relaxations. The moment matrices that agree with data are C + A x;
the largest t with C + A x >= t*1 for some x is the least <C, Z> over density matrices Z orthogonal to all A_k. With
S for C + A x - t*1, a step of Wen, Goldfarb and Yin, Math. Prog. Comp. 2, 203 (2010), is

    x, t: the best ones for S and Z;    V = C + A x - t*1 - mu Z;    S = V_+;    Z = (1 - r) Z + r V_-/mu

and costs a projection onto the span of the A_k, which is sparse, and one eigendecomposition. There is no state but the
structure: the same data and start have the same answer whatever was solved before.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from scipy.linalg import orth

from steeralg.sdp.moments import Complex
from steeralg.sdp.observation import components
from steeralg.sdp.problem import ConicProblem
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.splitting import Hermitian, parts

TOLERANCE, ITERATIONS = 1e-3, 1_000
_SETTLED, _RELAXATION, _BALANCE = 8, 1.6, 0.6


@dataclass(frozen=True, eq=False)
class Estimate:
    """The least w >= 0 such that `data + w white noise` are in the level, about; Z and S, where another run may start.

    `<C, Z>` as a functional of the data is about 0 or more on the level, and -w/D at these data.
    """

    weight: float
    gram: Hermitian
    slack: Hermitian

    @property
    def robustness(self) -> float:
        """The weight of white noise in the mixture."""
        return self.weight / (1 + self.weight)


class MembershipSolver:
    """The membership problems of a level.

    With `real`, the elements of the data are real. So are then the moment matrices, if the words are real combinations
    of certificate words: for two outcomes, and without input; else everything is complex all the same.
    """

    def __init__(self, relaxation: Relaxation, real: bool = False) -> None:
        group = relaxation.group
        problem = relaxation.membership(np.zeros(len(group.observable), np.complex128))
        scenario = relaxation.scenario
        two = all(outcomes <= 2 for box in scenario.black_boxes for outcomes in box.outcomes)
        self._real = real and two and not scenario.has_input
        self._basis = _orthonormal(_directions(problem, self._real))
        self._transposed = self._basis.T.tocsr()
        # Which observable moment stands at a position; where there is none, the 0 after them.
        place = np.full(group.element.max() + 1, len(group.observable))
        place[group.observable] = np.arange(len(group.observable))
        self._place, self._phase = place[group.element], group.phase
        # For data of trace 1 the traces of the moment matrix and of Z are the number of words and 1.
        self._mu, self._noise = _BALANCE * len(group.words), scenario.dim

    def constant(self, moments: Complex) -> Hermitian:
        """Return C for observable moments (unitary, flat)."""
        entries = np.append(moments, 0)[self._place] * self._phase
        constant = (entries + entries.conj().T) / 2
        return np.ascontiguousarray(constant.real) if self._real else constant

    def solve(self, constant: Hermitian, start: Estimate | None = None) -> Estimate:
        """Return the estimate for C, once -D t and -D <C, Z> stay within the tolerance of each other for some steps."""
        n, mu = len(constant), self._mu
        gram = np.eye(n, dtype=constant.dtype) / n if start is None else start.gram
        slack = np.zeros_like(constant) if start is None else start.slack
        weights: deque[float] = deque(maxlen=2 * _SETTLED)
        for _ in range(ITERATIONS):
            moved = constant - mu * gram
            rest = moved - slack
            t = (_trace(rest) + mu) / n
            v = moved - self._projected(rest)
            v.reshape(-1)[:: n + 1] -= t
            slack, negative = parts(v)
            gram = gram + _RELAXATION * (negative / mu - gram)
            value = float(np.vdot(constant, gram).real) / _trace(gram)
            weights += max(0.0, -self._noise * t), max(0.0, -self._noise * value)
            if len(weights) == weights.maxlen and max(weights) - min(weights) < TOLERANCE:
                break
        return Estimate((weights[-2] + weights[-1]) / 2, gram, slack)

    def _projected(self, matrix: Hermitian) -> Hermitian:
        """Project onto the span of the A_k."""
        flat = self._basis @ (self._transposed @ matrix.reshape(-1).view(np.float64))
        return np.asarray(flat.view(matrix.dtype).reshape(matrix.shape))


def _trace(matrix: Hermitian) -> float:
    return float(matrix.reshape(-1)[:: len(matrix) + 1].sum().real)


def _directions(problem: ConicProblem, real: bool) -> scipy.sparse.csc_matrix:
    """Return the A_k, a column each: all entries row by row, real and imaginary parts in turn, or real parts only."""
    n, entries = problem.order, problem.linear.tocoo()
    kept = entries.col != problem.shift
    row, column, value = entries.row[kept], entries.col[kept], entries.data[kept]
    row, mirrored = problem.rows[row], problem.columns[row]
    off = row != mirrored
    place = np.concatenate([row * n + mirrored, (mirrored * n + row)[off]])
    column, value = np.concatenate([column, column[off]]), np.concatenate([value, value[off].conj()])
    parts = [value.real] if real else [value.real, value.imag]
    rows = np.concatenate([len(parts) * place + k for k in range(len(parts))])
    shape = len(parts) * n * n, problem.parameters
    matrix = scipy.sparse.csc_matrix((np.concatenate(parts), (rows, np.tile(column, len(parts)))), shape=shape)
    matrix.eliminate_zeros()
    return matrix[:, np.flatnonzero(matrix.getnnz(axis=0))]


def _orthonormal(matrix: scipy.sparse.csc_matrix) -> scipy.sparse.csr_matrix:
    """Return an orthonormal basis of the span of some columns, most of which are orthogonal already."""
    products = (matrix.T @ matrix).tocoo()
    mixed = np.unique(products.col[(products.row != products.col) & (np.abs(products.data) > 1e-12)])
    alone = np.setdiff1d(np.arange(matrix.shape[1]), mixed)
    blocks = [matrix[:, alone] @ scipy.sparse.diags(1 / np.sqrt(products.tocsr().diagonal()[alone]))]
    others = matrix[:, mixed].tocsr()
    for rows, columns in components(others) if len(mixed) else ():
        block = orth(others[rows][:, columns].toarray())
        place = np.repeat(rows, block.shape[1]), np.tile(np.arange(block.shape[1]), len(rows))
        blocks.append(scipy.sparse.csc_matrix((block.ravel(), place), shape=(matrix.shape[0], block.shape[1])))
    return scipy.sparse.hstack(blocks).tocsr()
