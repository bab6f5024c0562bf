"""A quick estimate of the robustness to noise, for searches.

Above: the search. Below: relaxations, solvers. Estimates prove nothing.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.errors import SolverError
from steeralg.objects.assemblage import Assemblage
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import Attempt, solutions

_QUICK = (Attempt("scs", 1e-3, 2_000),)


def estimated_robustness(relaxation: Relaxation, assemblage: Assemblage, noise: Assemblage) -> Fraction:
    """Return a solver's figure for the least weight of noise in the level, to about 10^-3; 0 where it gives none."""
    data, end = (relaxation.observable_moments(relaxation.observation.moments(s.elements)) for s in (assemblage, noise))
    try:
        solution = next(solutions(relaxation.robustness(data, end), _QUICK))
    except SolverError:
        return Fraction(0)
    return Fraction(round(solution.objective * 10**6), 10**6)
