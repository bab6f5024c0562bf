"""What a solver's point suggests, as integers: Gram matrices on a grid, rational bounds, triangular factors.

Above: certificates, which verify everything exactly and never see a float. Below: relaxations, solvers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log2

import numpy as np

from steeralg.algebra.word import Word
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.functional import Functional
from steeralg.sdp.basis import to_array
from steeralg.sdp.moments import Complex
from steeralg.sdp.problem import ConicProblem, gamma
from steeralg.sdp.relaxation import Candidate, Relaxation
from steeralg.sdp.solve import Solution
from steeralg.sdp.threads import one_thread, steps_on_one_thread

MAX_GRID_BITS = 48


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A Hermitian matrix of integers over 2^bits, flat and row-major, in certificate words; for a functional that was
    free to choose, the functional.
    """

    order: int
    bits: int
    re: tuple[int, ...]
    im: tuple[int, ...]
    functional: Functional | None = None

    @property
    def exact(self) -> Matrix:
        """The exact matrix."""
        return Matrix(RATIONALS, self.order, self.order, (self.re, self.im), 1 << self.bits)


def _suggestion(candidate: Candidate, functional: Functional | None = None) -> Suggestion:
    re, im = tuple(candidate.re.ravel().tolist()), tuple(candidate.im.ravel().tolist())
    return Suggestion(len(candidate.re), candidate.bits, re, im, functional)


def _finest(relaxation: Relaxation, gram: Complex) -> int:
    """Return the number of bits of the finest grid on which the entries still are exact as floats."""
    size = float(np.abs(relaxation.carry(gram)).max())
    return min(MAX_GRID_BITS, 52 - ceil(log2(size))) if size > 0 else 0


@steps_on_one_thread
def witness_suggestions(
    relaxation: Relaxation, solution: Solution, moments: Complex, real: bool, tight: bool = False
) -> Iterator[Suggestion]:
    """Yield Gram matrices, coarsest grid first, that look positive and of negative value on the given moments.

    The functional is still free: whatever the class sums are, exactly. `tight` keeps as much of the violation as
    positivity allows; otherwise there is room on both sides.
    """
    # Trace `order` makes the average eigenvalue 1, so that grid bits mean the same at every size.
    scale = relaxation.group.order / max(float(solution.gram.trace().real), 1e-12)
    gram = relaxation.project(solution.gram * scale, None)
    budget = -relaxation.pairing(gram, moments) / len(relaxation.group.words)
    if budget <= 0:
        return
    # On coarser grids than this no positive shift is affordable, and unshifted candidates are hardly ever positive.
    coarsest = max(0, ceil(-log2(budget)))
    for bits in range(coarsest, _finest(relaxation, gram) + 1):
        candidate = relaxation.grid(gram, bits, real, None)
        unit = float(1 << candidate.bits)
        # The shift that positivity needs, and the one that the violation affords.
        least, most = floor(-candidate.least * unit) + 1, ceil(budget * unit) - 1
        if least <= most:
            chosen = relaxation.shifted(candidate, least if tight else (least + most) // 2)
            coordinates = relaxation.observed_coordinates(chosen)
            yield _suggestion(chosen, relaxation.observation.functional(*coordinates, 1 << chosen.bits))


@steps_on_one_thread
def bound_suggestions(
    relaxation: Relaxation, solution: Solution, functional: Functional, bound: Fraction, real: bool
) -> Iterator[Suggestion]:
    """Yield Gram matrices, coarsest grid first, that look positive and nearly certify a functional's bound.

    Their class sums are those of the functional minus the bound, rounded to the grid.
    """
    terms = relaxation.observation.coefficients(functional)
    gram = relaxation.with_bound(solution.gram, relaxation.observable_coefficients(terms), float(bound))
    target = relaxation.certificate_target(terms, float(bound))
    least = relaxation.least(gram)
    if least <= 0:
        return
    # On a grid coarser than the least eigenvalue rounding leaves hardly anything positive.
    for bits in range(max(0, ceil(-log2(least)) - 3), _finest(relaxation, gram) + 1):
        candidate = relaxation.grid(gram, bits, real, target)
        if candidate.least > 0:
            yield _suggestion(candidate)


@dataclass(frozen=True, eq=False)
class MomentSuggestion:
    """Moments on the grid 2^-bits: for every product of words the flat integers (re, im); `noise` is what positivity
    needs.
    """

    bits: int
    blocks: Mapping[Word, tuple[tuple[int, ...], tuple[int, ...]]]
    noise: Fraction


@one_thread()
def moment_suggestion(relaxation: Relaxation, problem: ConicProblem, solution: Solution, bits: int) -> MomentSuggestion:
    """Suggest a moment matrix in certificate words from a solver's parameters, and how much of the uniform moments to
    mix in.
    """
    moments = relaxation.carry_moments(gamma(problem, solution.parameters))
    structure, dim = relaxation.projector, relaxation.scenario.dim
    grid = np.rint(moments * float(1 << bits))
    blocks = {}
    for word, v, w in zip(structure.monomials, *structure.representative, strict=True):
        block = grid[v * dim : (v + 1) * dim, w * dim : (w + 1) * dim]
        re, im = (tuple(part.astype(np.int64).ravel().tolist()) for part in (block.real, block.imag))
        blocks[word] = re, im
    # Rounding moves an eigenvalue by at most about order/2^bits in certificate words, and the inverse transform
    # magnifies that.
    stretch = float(np.abs(relaxation.transform).sum(axis=1).max()) ** 2
    needed = max(-relaxation.least(gamma(problem, solution.parameters)), 0.0) + structure.order * stretch / (1 << bits)
    return MomentSuggestion(bits, blocks, min(Fraction(ceil(2 * dim * needed * 2**bits), 1 << bits), Fraction(1)))


@one_thread()
def reachable_bound(relaxation: Relaxation, solution: Solution, functional: Functional) -> tuple[Fraction, Fraction]:
    """Estimate the bound that this point can be repaired to, and how far that may be from the level's minimum."""
    terms = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
    tight = relaxation.with_bound(solution.gram, terms, solution.objective)
    repair = max(-relaxation.least(tight), 0.0) * len(relaxation.group.words)
    accuracy = solution.attempt.tolerance * max(1.0, abs(solution.objective))
    return Fraction(solution.objective - repair), Fraction(repair + accuracy)


@one_thread()
def suggest_factor(matrix: Matrix) -> tuple[int, tuple[int, ...], tuple[int, ...]] | None:
    """Suggest (e, Re L, Im L), L integer lower triangular, with 4^e matrix - L L* dominant; None if it does not look
    positive.
    """
    gram = to_array(matrix)
    least = float(np.linalg.eigvalsh(gram)[0])
    if least <= 0:
        return None
    try:
        factor = np.linalg.cholesky(gram - 0.5 * least * np.eye(len(gram)))
    except np.linalg.LinAlgError:
        return None
    # An entry of the rest is off by at most about 2^e times a row sum of L: begin a little below what that asks for.
    start = max(int(np.ceil(np.log2(np.abs(factor).sum(axis=1).max() / least))) - 4, 0)
    for exponent in range(start, start + 16):
        scale = float(1 << exponent)
        if np.abs(factor).max() * scale >= 2.0**52:
            return None
        rounded = np.rint(factor.real * scale) + 1j * np.rint(factor.imag * scale)
        rest = gram * scale * scale - rounded @ rounded.conj().T
        sizes = np.abs(rest.real) + np.abs(rest.imag)
        diagonal = rest.diagonal().real
        if np.all(diagonal * (1 - 1e-9) >= sizes.sum(axis=1) - sizes.diagonal()):
            re, im = rounded.real.astype(np.int64), rounded.imag.astype(np.int64)
            return exponent, tuple(re.ravel().tolist()), tuple(im.ravel().tolist())
    return None
