"""Exact Gram matrices from a solver's: rounded where they can be definite, on faces where they are singular.

Above: searches for sums of squares of every kind. Below: faces, rounding, sdp for the suggestions. What is returned
solves the exact system; that it is positive semidefinite, and proves what it should, is for the caller to verify in the
original problem: `accept` returns what is wanted, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from steeralg.algebra.gram import GramSystem
from steeralg.exact.matrix import Matrix
from steeralg.positivity.face import Face, restrict
from steeralg.positivity.rounding import Rounding
from steeralg.progress import Progress, silent
from steeralg.sdp.gram import GramRelaxation, GramSolution
from steeralg.sdp.time_limit import time_is_over

Result = TypeVar("Result")
Accept = Callable[[list[Matrix]], Result | None]

CLOSE = Fraction(1, 10**6)
"""Optima that are closer to 0 than this are taken for the boundary."""

_GRIDS = (0, 1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 28, 34, 40)
_ROUNDS = 8


def solved(system: GramSystem, face: Face) -> tuple[GramRelaxation, GramSolution] | None:
    """Return the relaxation on a face with its first usable solution; None if there is none."""
    relaxation = GramRelaxation.build(system, face)
    solution = None if relaxation is None else next(relaxation.solutions(), None)
    return None if relaxation is None or solution is None else (relaxation, solution)


def rounded(
    system: GramSystem, face: Face, relaxation: GramRelaxation, solution: GramSolution, accept: Accept[Result]
) -> Result | None:
    """Round a solution on a face to finer and finer grids until what solves the system exactly is accepted."""
    rounding = Rounding(system, face, relaxation.pivots)
    for bits in [b for b in _GRIDS if b >= solution.least_bits()]:
        if time_is_over():
            return None
        guess = [solution.rounded(b, bits, system.is_real) for b in range(len(system.orders))]
        grams = rounding.near(guess)
        found = None if grams is None else accept(grams)
        if found is not None:
            return found
    return None


def on_faces(system: GramSystem, face: Face, accept: Accept[Result], progress: Progress = silent) -> Result | None:
    """Reduce a face until definite matrices exist on it, and round there.

    Wherever the margin is 0, the solver's moment matrices show vectors that every solution annihilates; those that are
    recognised in the field are divided out. Leaving some out, or none being recognised, only means that the search
    fails: a wrong face has no solution that is accepted.
    """
    thin = None
    for _ in range(_ROUNDS):
        if time_is_over():
            return None
        found = solved(system, face)
        if found is None or found[1].optimum < -10 * CLOSE:
            break
        relaxation, solution = found
        progress(f"face of dimension {sum(relaxation.orders)}: margin about {solution.optimum:.3g}")
        if solution.optimum > CLOSE:
            return rounded(system, face, relaxation, solution, accept)
        if solution.optimum > 0:
            thin = face, relaxation, solution
        kernels = [solution.kernel(b, system.field) if n else None for b, n in enumerate(relaxation.orders)]
        if all(kernel is None for kernel in kernels):
            break
        face = restrict(system, face, kernels)
    # What looked like the boundary of a face may be a thin interior, which a fine grid still meets.
    return None if thin is None else rounded(system, *thin, accept)
