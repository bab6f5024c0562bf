"""Thresholds of local models where they are algebraic: from a functional that looks simple to an exact answer.

Above: thresholds. Below: inequalities, local models on given spaces. At the threshold the best inequality is met with
equality, so that the hidden states of a model are eigenvectors: they live in the kernels of F_lambda - bound, where
F_lambda is the sum over x of F[lambda(x)|x]. The bound is a least eigenvalue, exactly known if it is rational or
quadratic.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import sympy

from steeralg.algebra.local_system import LocalSystem
from steeralg.errors import InputError, VerificationError
from steeralg.exact.convert import number_to_sympy, numbers_from_sympy
from steeralg.exact.echelon import integral_columns, nullspace
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_bound, as_number
from steeralg.models.hidden import Space
from steeralg.models.lhs import SteeringInequality
from steeralg.models.local import Spaces, model_on
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import strategy_operators
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import LocalModel
from steeralg.progress import Progress, silent
from steeralg.sdp.local import FloatFunctional, least_eigenvalues

_TOLERANCES = (Fraction(1, 10**6), Fraction(1, 10**4))
_BITS = 48
_TIGHT = Fraction(1, 1 << 24)


def closed_threshold(
    data: Assemblage, noise: Assemblage, suggestion: FloatFunctional, *, progress: Progress = silent
) -> tuple[Number, LocalModel, SteeringInequality] | None:
    """Return the least weight of the noise with which the data are local, the model of that mixture, and the inequality
    that this mixture meets with equality and the data violate; None if they are not recognised.
    """
    # What is recognised is verified, so that a loose look costs time only.
    for tolerance, field in product(_TOLERANCES, dict.fromkeys([RATIONALS, data.field])):
        values = suggestion.recognised(field, tolerance)
        if values is None:
            continue
        try:
            found = _closed(data, noise, suggestion.system.functional(values), suggestion.system, progress)
        except (InputError, VerificationError):
            # Such as numbers of fields that do not fit together: then the threshold stays a bracket.
            continue
        if found is not None:
            return found
    return None


def _closed(
    data: Assemblage, noise: Assemblage, functional: Functional, system: LocalSystem, progress: Progress
) -> tuple[Number, LocalModel, SteeringInequality] | None:
    operators = list(strategy_operators(functional))
    guesses = list(zip(*(least_eigenvalues(view, _BITS) for view in zip(*operators, strict=True)), strict=True))
    least = min(sum(guess) for guess in guesses)
    tight = [k for k, guess in enumerate(guesses) if sum(guess) < least + _TIGHT]
    exact: dict[Matrix, Number | None] = {}
    shares: list[tuple[Fraction | Number, ...]] = [tuple(x - _TIGHT / 8 for x in guess) for guess in guesses]
    for k in tight:
        for operator in operators[k]:
            if operator not in exact:
                exact[operator] = least_eigenvalue(operator)
        values = [exact[operator] for operator in operators[k]]
        known = [x for x in values if x is not None]
        if len(known) < len(values):
            return None
        shares[k] = tuple(map(as_bound, known))
    bound = sum(map(as_number, shares[tight[0]]), Number.of(0))
    progress(f"trying the bound {bound}")
    inequality = SteeringInequality(functional, as_bound(bound), tuple(shares) if len(shares[0]) > 1 else ())
    low, high = functional.value(data), functional.value(noise)
    if not low < bound or not low < high:
        return None
    weight = (bound - low) / (high - low)
    mixture = data.mix(noise, weight)
    progress(f"trying the threshold {weight}")
    spaces: Spaces = [(system.strategies[k], tuple(map(_kernel, operators[k], shares[k]))) for k in tight]
    model = model_on(mixture, spaces, progress)
    return None if model is None else (weight, model, inequality)


def _kernel(operator: Matrix, share: Fraction | Number) -> Space:
    """The space on which an operator has a given eigenvalue; None if that is everything."""
    rest = operator - Matrix.identity(operator.rows).scale(share)
    return None if rest.is_zero else integral_columns(nullspace(rest))


def least_eigenvalue(matrix: Matrix) -> Number | None:
    """Return the least eigenvalue of a Hermitian matrix, if it is rational or quadratic over Q; None otherwise.

    Over other fields than Q only matrices of order 1 and 2 are looked at: a square root is adjoined where it is needed.
    """
    matrix.require_hermitian("the matrix")
    if matrix.rows == 1:
        return matrix.entry(0, 0)
    coefficients = [number_to_sympy(c) for c in _characteristic(matrix)]
    if not matrix.field.is_rational:
        if matrix.rows > 2:
            return None
        _, linear, constant = coefficients
        root = sympy.sqrtdenest(sympy.sqrt(sympy.expand(linear**2 / 4 - constant)))
        (found,) = numbers_from_sympy([-linear / 2 - root])
        return found
    # Real roots come in ascending order, quadratic ones by radicals.
    least: Any = sympy.Poly(coefficients, sympy.Symbol("x")).real_roots()[0]
    if least.has(sympy.CRootOf):
        return None
    (found,) = numbers_from_sympy([least])
    return found if found.field.degree <= 2 else None


def _characteristic(matrix: Matrix) -> list[Number]:
    """Return the coefficients of the characteristic polynomial, the leading one first (Faddeev and LeVerrier)."""
    found, power = [Number.of(1)], Matrix.zero(matrix.rows, matrix.rows)
    for k in range(1, matrix.rows + 1):
        power = matrix @ (power + Matrix.identity(matrix.rows).scale(found[-1]))
        found.append(power.trace() * Number.of(Fraction(-1, k)))
    return found
