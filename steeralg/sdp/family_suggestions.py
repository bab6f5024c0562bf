"""What a solver suggests about whole families: independent elements and dual operators, as integers on a grid.

Above: certificates, which make them exact and verify them. Below: families, solvers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log2

import numpy as np

from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Label
from steeralg.sdp.basis import to_array
from steeralg.sdp.families import Families
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import ConicProblem
from steeralg.sdp.solve import DEFAULT_CHAIN, Solution, solutions

GRIDS = (2, 4, 6, 8, 10, 12, 16, 20, 26, 32, 40)
_FINE = 40
_SHORT = (8, 24, 120, 360)


@dataclass(frozen=True, eq=False)
class FamilySuggestion:
    """Values of a family's independent elements, rational numbers over one denominator."""

    values: tuple[Number, ...]
    figure: str


@dataclass(frozen=True, eq=False)
class DualSuggestion:
    """A functional `seen` of the data and operators `dual` that nearly add up to it; `rest`, a functional of the home
    scenario, is exactly what is missing. `shift` times the identity on every element is about what positivity needs.
    """

    seen: Functional
    rest: Functional
    dual: dict[Label, Matrix]
    shift: Fraction
    figure: str


def _numbers(values: Complex, scale: int, real: bool) -> tuple[Number, ...]:
    re = np.rint(values.real * scale).astype(np.int64).tolist()
    im = [0] * len(re) if real else np.rint(values.imag * scale).astype(np.int64).tolist()
    return tuple(Number(RATIONALS, (x,), (y,), scale) for x, y in zip(re, im, strict=True))


def parent_suggestions(
    families: Families, assemblage: Assemblage, real: bool
) -> Iterator[FamilySuggestion | DualSuggestion]:
    """Yield families that nearly have the observed elements, or duals that the data look to violate."""
    problem, chosen, point, free = families.membership(families.seen.moments(assemblage.elements))
    if problem is None:
        values = np.asarray(families.parameters @ point)
        yield FamilySuggestion(_numbers(values, 1 << _FINE, real), "the data fix all elements")
        return
    for solution in solutions(problem, DEFAULT_CHAIN):
        figure = f"the largest t with elements >= t*1 is about {solution.figure(-1)}"
        values = np.asarray(families.parameters @ (point + free @ solution.parameters[:-1]))
        if solution.objective < 0:
            yield from (FamilySuggestion(_numbers(values, 1 << bits, real), figure) for bits in GRIDS)
        else:
            yield from _duals(families, problem, chosen, solution, figure, real)
        if abs(solution.objective) < 10 * solution.attempt.tolerance:
            # On the boundary only the very family will do; where it is unique its entries often are short.
            yield from (FamilySuggestion(_numbers(values, scale, real), figure) for scale in _SHORT)


def _duals(
    families: Families,
    problem: ConicProblem,
    chosen: list[int],
    solution: Solution,
    figure: str,
    real: bool,
) -> Iterator[DualSuggestion]:
    trace = max(float(solution.gram.trace().real), 1e-12)
    gram = solution.gram * (problem.order / trace)
    # The violation, per unit of the trace, is what the shift may cost: on coarser grids it costs more.
    budget = max(solution.objective / (len(families.labels) * problem.order), 2.0**-60)
    coarsest = max(1, ceil(-log2(budget)))
    for bits in range(coarsest, min(coarsest + 12, 48)):
        yield dual_on_grid(families, gram, chosen, bits, real, figure)


def dual_on_grid(
    families: Families, gram: Complex, chosen: list[int], bits: int, real: bool, figure: str
) -> DualSuggestion:
    """Round dual operators, choose the nearest observed functional, and say what is missing."""
    scale, orders, offsets = 1 << bits, families.orders, families.offsets
    flat = np.zeros((2, int(offsets[-1])), np.int64)
    dual, start = {}, 0
    for k in chosen:
        place = slice(offsets[k], offsets[k + 1])
        block = gram[start : start + orders[k], start : start + orders[k]] * scale
        block = (block + block.conj().T) / 2
        flat[0, place] = np.rint(block.real).ravel()
        if not real:
            flat[1, place] = np.rint(block.imag).ravel()
        planes = tuple(tuple(part[place].tolist()) for part in flat)
        dual[families.labels[k]] = Matrix(RATIONALS, orders[k], orders[k], planes, scale)
        start += orders[k]
    sums = [np.asarray(np.rint(families.elements.T @ part), dtype=np.int64) for part in flat]
    nearest = [np.asarray(np.rint(families.restriction_fit @ part), dtype=np.int64) for part in sums]
    missing = [
        np.asarray(families.restriction @ part, dtype=np.int64) - total
        for part, total in zip(nearest, sums, strict=True)
    ]
    seen = families.seen.functional(nearest[0], nearest[1], scale)
    rest = families.whole.functional(missing[0], missing[1], scale)
    corrected = [m + rest.elements[label] if label in rest.elements else m for label, m in dual.items()]
    return DualSuggestion(seen, rest, dual, slack(corrected, bits), figure)


def bound_family_suggestions(
    families: Families, functional: Functional, real: bool
) -> Iterator[tuple[str, tuple[dict[Label, Matrix], Fraction], tuple[Number, ...]]]:
    """Yield, for each solver's point: its figure; dual operators and a bound that nearly fit; a family's independent
    elements, nearly positive and of nearly least value.
    """
    problem = families.bound(functional)
    every = list(range(len(families.labels)))
    for solution in solutions(problem, DEFAULT_CHAIN):
        values = np.asarray(families.parameters @ solution.parameters)
        dual = dual_on_grid(families, solution.gram, every, _FINE, real, "").dual
        bound = Fraction(round(solution.objective * (1 << _FINE)), 1 << _FINE)
        yield solution.figure(1), (dual, bound), _numbers(values, 1 << _FINE, real)


def slack(matrices: Sequence[Matrix], bits: int = _FINE) -> Fraction:
    """Return about the least multiple of the identity, on the grid 2^-bits, that makes all matrices positive."""
    least = min(float(np.linalg.eigvalsh(to_array(matrix))[0]) for matrix in matrices)
    return Fraction(max(0, ceil(-least * (1 << bits))) + 1, 1 << bits)
