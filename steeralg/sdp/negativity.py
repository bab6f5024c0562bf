"""The level's lower bound of the negativity: a program over two moment matrices, and functionals rounded from its dual.

Above: certificates, which verify everything exactly. Below: relaxations, solvers. Minimise the mass of Gamma_- over
moment matrices Gamma_+, Gamma_- >= 0 whose difference has the data as observed moments. The dual is a functional g with
both g and 1 - g sums of squares, and the minimum is the largest -<g, sigma>.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, log2

import numpy as np
import scipy.sparse

from steeralg.objects.functional import Functional
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import ConicProblem, Floats
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Solution
from steeralg.sdp.suggest import reachable_bound

_MAX_BITS, _FINE = 32, 40


def negativity_problem(relaxation: Relaxation, moments: Complex) -> ConicProblem:
    """Return the program for observable moments of the data (unitary, flat); block 0 is Gamma_+, block 1 Gamma_-."""
    data, anything = relaxation.membership(moments), relaxation.bound(np.zeros_like(moments))
    mass = np.zeros(anything.parameters) if anything.equality is None else anything.equality
    # The unobserved moments of Gamma_+ differ from those of Gamma_- as they like; the last column is the shift.
    free = data.linear[:, :-1]
    linear = scipy.sparse.bmat([[anything.linear, free], [anything.linear, None]]).tocsr()
    order = anything.order
    return ConicProblem(
        2 * order,
        np.concatenate([anything.rows, anything.rows + order]),
        np.concatenate([anything.columns, anything.columns + order]),
        np.concatenate([data.constant, anything.constant]),
        linear,
        None,
        np.concatenate([mass, np.zeros(free.shape[1])]),
        None,
        (order, order),
    )


@dataclass(frozen=True, eq=False)
class GapSuggestion:
    """A functional with bounds `low` <= F <= `high` that look provable, and a solver's points for F and for -F."""

    functional: Functional
    low: Fraction
    high: Fraction
    points: tuple[Solution, Solution]


def gap_suggestions(
    relaxation: Relaxation, solution: Solution, moments: Complex, real: bool, unit: Fraction
) -> Iterator[tuple[Fraction, GapSuggestion]]:
    """Yield rounded functionals, coarsest grid first, each with the lower bound of the negativity that it promises.

    The bounds are decimals in steps of about a tenth of `unit`.
    """
    order = relaxation.group.order
    halves = solution.gram[:order, :order], solution.gram[order:, order:]
    points = tuple(replace(solution, gram=half, objective=-float(k)) for k, half in enumerate(halves))
    coordinates = _coordinates(relaxation, relaxation.project(halves[0], None))
    fine = Fraction(1, 10 ** max(1, ceil(-log2(unit) / log2(10)) + 1))
    for bits in range(_MAX_BITS + 1):
        scaled = [np.rint(part * float(1 << bits)).astype(np.int64) for part in coordinates]
        if real:
            scaled[1][:] = 0
        functional = relaxation.observation.functional(scaled[0], scaled[1], 1 << bits)
        low = _below(reachable_bound(relaxation, points[0], functional)[0], fine)
        high = -_below(reachable_bound(relaxation, points[1], functional.scale(-1))[0], fine)
        terms = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
        promise = (float(low) - float((terms @ moments).real)) / float(high - low) if high > low else 0.0
        if promise > 0:
            yield Fraction(promise), GapSuggestion(functional, low, high, (points[0], points[1]))


def _below(value: Fraction, fine: Fraction) -> Fraction:
    """Return a decimal a little below a value."""
    return (floor(value / fine) - 1) * fine


def _coordinates(relaxation: Relaxation, gram: Complex) -> tuple[Floats, Floats]:
    """Return the coordinates of the functional that the class sums of a Gram matrix (unitary words) are."""
    carried = relaxation.carry(gram) * 2.0**_FINE
    carried = (carried + carried.conj().T) / 2
    observable, fit = np.fromiter(relaxation.projector.numbers.values(), np.int64), relaxation.observation.fit
    re, im = (
        fit @ relaxation.projector.class_sums(np.rint(part).astype(np.int64))[observable].ravel() / 2.0**_FINE
        for part in (carried.real, carried.imag)
    )
    return np.asarray(re), np.asarray(im)
