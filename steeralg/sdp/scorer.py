"""The robustness of many assemblages of one scenario to white noise, estimated. Estimates rank; they prove nothing.

Above: the search. Below: relaxations, the solver of membership problems.

The moment matrix of white noise is that of the tracial state: in unitary words a multiple of the identity. So the least
w with `data + w noise` in the level is a largest t with moment matrix >= t*1, `w = -D t`, and the least weight r with
`r noise + (1 - r) data` in the level is `r = w/(1 + w)`.
"""

from __future__ import annotations

from fractions import Fraction

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Scenario
from steeralg.sdp.alternating import MembershipSolver
from steeralg.sdp.moments import Complex
from steeralg.sdp.relaxation import Relaxation

DIGITS = 4


class Scorer:
    """Estimates the least weight of white noise that brings data into a level of a scenario, to about 10^-3.

    The same data have the same estimate whatever was estimated before.
    """

    def __init__(self, scenario: Scenario, level: Level = ALMOST_QUANTUM) -> None:
        self.relaxation = Relaxation.build(scenario, level)
        self._solver = MembershipSolver(self.relaxation)

    def assemblage(self, sigma: Assemblage) -> Fraction:
        """Return the estimate for an exact assemblage of the scenario."""
        return self.moments(self.relaxation.observation.moments(sigma.elements))

    def moments(self, certificate: Complex) -> Fraction:
        """Return the estimate for observable moments of certificate monomials, flat."""
        constant = self._solver.constant(self.relaxation.observable_moments(certificate))
        return rounded(self._solver.solve(constant).robustness)


def rounded(robustness: float) -> Fraction:
    """Return a robustness as it is kept."""
    return Fraction(round(robustness * 10**DIGITS), 10**DIGITS)
