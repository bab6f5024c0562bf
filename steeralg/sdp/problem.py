"""Relaxations as conic problems: real parameters for the classes of equal entries of the moment matrix.

Above: solvers, cvxpy models. Below: moment structures. The moment matrix is Gamma(x) with `Gamma[(v,i),(w,j)] =
L(v*w (x) e_ij)`; the problem is to minimise `cost . x` over Gamma(x) >= 0 and `equality . x = 1` if there is one. The
dual matrix Y of Gamma(x) >= 0, conjugated, is the Gram matrix of a sum of squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from steeralg.sdp.moments import Complex, Integers, MomentStructure

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ConicProblem:
    """minimise cost . x subject to Gamma(x) >= 0 (complex Hermitian of the given order) and equality . x = 1.

    Position p of the lower triangle, column by column, at (rows[p], columns[p]), holds `constant[p] + linear[p] . x`;
    `shift`, if not None, is a parameter subtracted from every diagonal entry.
    """

    order: int
    rows: Integers
    columns: Integers
    constant: Complex
    linear: scipy.sparse.csr_matrix
    shift: int | None
    cost: Floats
    equality: Floats | None
    blocks: tuple[int, ...] = ()
    """The orders of the diagonal blocks that make up Gamma; empty for one block."""

    @property
    def parameters(self) -> int:
        """The number of real parameters."""
        return len(self.cost)


@dataclass(frozen=True, eq=False)
class Point:
    """What a solver returns: objective, Gram matrix conj(Y), parameters, status; None where nothing is usable."""

    objective: float
    gram: Complex | None
    parameters: Floats | None
    status: str


def gamma(problem: ConicProblem, parameters: Floats) -> Complex:
    """Return the moment matrix Gamma(x), without the shift."""
    lower = problem.constant + problem.linear @ parameters
    result = np.zeros((problem.order, problem.order), np.complex128)
    result[problem.columns, problem.rows] = lower.conj()
    result[problem.rows, problem.columns] = lower
    return result


@dataclass(frozen=True, eq=False)
class Parameters:
    """Real parameters of all moments: one for a self-adjoint monomial (x) e_ij, two for a pair of adjoint ones.

    `linear` gives the moment matrix, position by position of the lower triangle; `observable` gives the moments of the
    observable monomials, in the order of the structure.
    """

    rows: Integers
    columns: Integers
    linear: scipy.sparse.csr_matrix
    observable: scipy.sparse.csr_matrix


def parameters(structure: MomentStructure) -> Parameters:
    """Number the classes and write every entry of the moment matrix in their parameters."""
    columns, rows = np.triu_indices(structure.order)
    number, adjoint = structure.element[rows, columns], structure.element[columns, rows]
    block = rows // structure.dim, columns // structure.dim
    here, there = structure.twist[block], structure.twist[block[::-1]]
    period, turn = structure.period, 2j * np.pi / structure.period
    # With v*w = p m and w*v = q m', L(m') = conj(p q L(m)): the class of a pair is numbered by the smaller number.
    canonical = np.minimum(number, adjoint)
    classes, first, index = np.unique(canonical, return_index=True, return_inverse=True)
    single = (number == adjoint)[first]
    second = np.where(single, -1, len(classes) + np.cumsum(~single) - 1)
    count = len(classes) + int((~single).sum())
    lower, alone = number < adjoint, number == adjoint
    # A self-adjoint class has L(m) = eta times a real number, eta^2 = conj(p q).
    eta = np.exp(-turn * ((here + there) % period) / 2)
    phase = np.where(alone, np.exp(turn * here) * eta, np.where(lower, np.exp(turn * here), np.exp(-turn * there)))
    place = np.arange(len(number))
    pair = ~alone
    entries = np.concatenate([phase, phase[pair] * np.where(lower[pair], 1j, -1j)])
    index_of = np.concatenate([index, second[index[pair]]])
    linear = scipy.sparse.csr_matrix(
        (entries, (np.concatenate([place, place[pair]]), index_of)), shape=(len(number), count)
    )
    return Parameters(rows, columns, linear, _observable(structure, rows, columns, number, adjoint, linear))


def _observable(
    structure: MomentStructure,
    rows: Integers,
    columns: Integers,
    number: Integers,
    adjoint: Integers,
    linear: scipy.sparse.csr_matrix,
) -> scipy.sparse.csr_matrix:
    """Read the observable moments off positions where they stand: the entry divided by its phase."""
    position = np.full(structure.element.max() + 1, -1)
    position[adjoint] = np.arange(len(number)) + len(number)
    position[number] = np.arange(len(number))
    mirrored, where = np.divmod(position[structure.observable], len(number))
    r, c = rows[where], columns[where]
    phase = np.where(mirrored, structure.phase[c, r], structure.phase[r, c])
    chosen = linear[where]
    at = np.repeat(np.arange(len(where)), np.diff(chosen.indptr))
    entries = np.where(mirrored[at], chosen.data.conj(), chosen.data) * phase[at].conj()
    return scipy.sparse.csr_matrix((entries, chosen.indices, chosen.indptr), shape=chosen.shape)


def membership_problem(
    structure: MomentStructure, every: Parameters, start: Floats, free: scipy.sparse.csc_matrix, known: Integers
) -> ConicProblem:
    """Ask for the largest t such that the data extend to a moment matrix >= t: t < 0 iff they are outside.

    `known` are the parameters of observable moments: they are `start` plus any combination of the columns of `free`.
    """
    constant, linear = _substituted(every, start, free, known, 1)
    count = linear.shape[1] - 1
    cost = np.zeros(count + 1)
    cost[count] = -1.0
    return ConicProblem(structure.order, every.rows, every.columns, constant, linear, count, cost, None)


def robustness_problem(
    structure: MomentStructure,
    every: Parameters,
    start: Floats,
    direction: Floats,
    free: scipy.sparse.csc_matrix,
    known: Integers,
) -> ConicProblem:
    """Ask for the least r such that the data, moved by r times a direction, extend to a moment matrix >= 0."""
    moved = scipy.sparse.hstack([free, scipy.sparse.csc_matrix(direction[:, None])])
    constant, linear = _substituted(every, start, moved, known, 0)
    cost = np.zeros(linear.shape[1])
    cost[-1] = 1.0
    return ConicProblem(structure.order, every.rows, every.columns, constant, linear, None, cost, None)


def _substituted(
    every: Parameters, start: Floats, moved: scipy.sparse.csc_matrix, known: Integers, spare: int
) -> tuple[Complex, scipy.sparse.csr_matrix]:
    """Return the constant and linear parts of the moment matrix, the known parameters being `start` plus combinations
    of the columns of `moved`. The new parameters: all others, these combinations, and spare ones that stand nowhere.
    """
    count = every.linear.shape[1]
    fixed, others = np.zeros(count), np.ones(count, bool)
    fixed[known], others[known] = start, False
    kept, entries = np.flatnonzero(others), moved.tocoo()
    place = np.concatenate([kept, known[entries.row]]), np.concatenate([np.arange(len(kept)), len(kept) + entries.col])
    shape = count, len(kept) + moved.shape[1] + spare
    change = scipy.sparse.csr_matrix((np.concatenate([np.ones(len(kept)), entries.data]), place), shape=shape)
    return every.linear @ fixed, every.linear @ change


def bound_problem(structure: MomentStructure, every: Parameters, coefficients: Complex) -> ConicProblem:
    """The minimum of a functional over the level; the multiplier of the normalisation is the optimum itself.

    `coefficients` are those of the observable monomials (x) matrix units, in the order of the structure.
    """
    cost = np.asarray((every.observable.T @ coefficients).real)
    d = structure.dim
    diagonal = np.zeros(every.observable.shape[0])
    empty = next(k for k, word in enumerate(structure.numbers) if not any(word))
    diagonal[empty * d * d : (empty + 1) * d * d : d + 1] = 1.0
    equality = np.asarray((every.observable.T @ diagonal).real)
    zero = np.zeros(len(every.rows), np.complex128)
    return ConicProblem(structure.order, every.rows, every.columns, zero, every.linear, None, cost, equality)
