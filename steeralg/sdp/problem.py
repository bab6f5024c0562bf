"""Relaxations as conic problems: one free parameter pair per class of equal entries of the moment matrix.

Above: solvers, cvxpy models. Below: moment structures, the group basis. The moment matrix is Gamma(x) with
`Gamma[(v,i),(w,j)] = L(v*w (x) e_ij)`; the problem is to minimise `cost . x` over Gamma(x) >= 0 and `equality . x =
1` if there is one. The dual matrix Y of Gamma(x) >= 0, conjugated, is the Gram matrix of a sum of squares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steeralg.algebra.word import Word
from steeralg.sdp.basis import Complex
from steeralg.sdp.moments import Integers, MomentStructure

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ConicProblem:
    """minimise cost . x subject to Gamma(x) >= 0 (complex Hermitian of the given order) and equality . x = 1.

    Position p of the lower triangle (column by column) holds `constant[p] + x[real[p]] + i * sign[p] *
    x[imaginary[p]]`, index -1 meaning no parameter; `shift`, if not None, is a parameter subtracted from every
    diagonal entry.
    """

    order: int
    rows: Integers
    columns: Integers
    constant: Complex
    real: Integers
    imaginary: Integers
    sign: Integers
    shift: int | None
    cost: Floats
    equality: Floats | None

    @property
    def parameters(self) -> int:
        """The number of real parameters."""
        return len(self.cost)


def gamma(problem: ConicProblem, parameters: Floats) -> Complex:
    """Return the moment matrix Gamma(x), without the shift."""
    padded = np.append(parameters, 0.0)
    lower = problem.constant + padded[problem.real] + 1j * problem.sign * padded[problem.imaginary]
    result = np.zeros((problem.order, problem.order), np.complex128)
    result[problem.columns, problem.rows] = lower.conj()
    result[problem.rows, problem.columns] = lower
    return result


def _positions(structure: MomentStructure) -> tuple[Integers, Integers, Integers, Integers]:
    """Lower triangle column by column, and for each position its element number and that of its adjoint."""
    columns, rows = np.triu_indices(structure.order)
    element = structure.element
    return rows, columns, element[rows, columns], element[columns, rows]


def _parameters(
    number: Integers, adjoint: Integers, free: NDArray[np.bool_]
) -> tuple[Integers, Integers, Integers, int, Integers]:
    """Number the free classes: a real parameter for each pair of adjoint elements, an imaginary one unless
    self-adjoint.
    """
    canonical = np.minimum(number, adjoint)
    classes, index = np.unique(canonical[free], return_inverse=True)
    self_adjoint = np.ones(len(classes), bool)
    np.logical_and.at(self_adjoint, index, (number == adjoint)[free])
    real_of = np.arange(len(classes))
    imaginary_of = np.where(self_adjoint, -1, len(classes) + np.cumsum(~self_adjoint) - 1)
    real = np.full(len(number), -1)
    imaginary = np.full(len(number), -1)
    real[free], imaginary[free] = real_of[index], imaginary_of[index]
    sign = np.where(number <= adjoint, 1, -1)
    return real, imaginary, sign, len(classes) + int((~self_adjoint).sum()), classes


def membership_problem(structure: MomentStructure, moments: Mapping[Word, Complex]) -> ConicProblem:
    """Ask for the largest t such that the moments extend to a moment matrix >= t: t < 0 iff they are outside."""
    rows, columns, number, adjoint = _positions(structure)
    size = int(structure.element.max()) + 1
    known = np.zeros(size, np.complex128)
    fixed = np.zeros(size, bool)
    for word in structure.numbers:
        numbers = structure.element_number(word)
        known[numbers] = moments[word]
        fixed[numbers] = True
    free = ~fixed[number]
    real, imaginary, sign, count, _ = _parameters(number, adjoint, free)
    cost = np.zeros(count + 1)
    cost[count] = -1.0
    constant = np.where(free, 0, known[number])
    return ConicProblem(structure.order, rows, columns, constant, real, imaginary, sign, count, cost, None)


def bound_problem(structure: MomentStructure, coefficients: Mapping[Word, Complex]) -> ConicProblem:
    """The minimum of a functional over the level; the multiplier of the normalisation is the optimum itself."""
    rows, columns, number, adjoint = _positions(structure)
    real, imaginary, sign, count, classes = _parameters(number, adjoint, np.ones(len(number), bool))
    first = {int(c): k for k, c in enumerate(classes)}
    imaginary_of = np.full(len(classes), -1)
    imaginary_of[real] = imaginary
    cost, equality = np.zeros(count), np.zeros(count)
    for word, table in coefficients.items():
        numbers = structure.element_number(word)
        transposed = structure.element_number(_adjoint_observed(word, structure)).T
        for e, a, value in zip(numbers.flat, transposed.flat, table.flat, strict=True):
            k = first[int(min(e, a))]
            cost[k] += value.real
            if imaginary_of[k] >= 0:
                cost[imaginary_of[k]] -= value.imag * (1 if e <= a else -1)
    empty = next(word for word in structure.words if not any(word))
    for e in structure.element_number(empty).diagonal():
        equality[first[int(e)]] = 1.0
    zero = np.zeros(len(number), np.complex128)
    return ConicProblem(structure.order, rows, columns, zero, real, imaginary, sign, None, cost, equality)


def _adjoint_observed(word: Word, structure: MomentStructure) -> Word:
    """The observed word whose number is the adjoint's: found where the structure holds both."""
    where = np.argwhere(structure.monomial == structure.numbers[word])[0]
    number = structure.monomial[where[1], where[0]]
    return next(w for w, m in structure.numbers.items() if m == number)
