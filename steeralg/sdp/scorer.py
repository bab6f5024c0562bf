"""The robustness of many assemblages of one scenario to white noise, estimated in one workspace of the solver.

Above: the search. Below: relaxations, solvers. Estimates rank candidates; they prove nothing.

The moment matrix of white noise is that of the tracial state: in unitary words a multiple of the identity. So the least
weight r of white noise with `r noise + (1 - r) data` in the level follows from the largest t with moment matrix >= t*1
as `r = -D t/(1 - D t)`, and only the constant of that problem depends on the data: one factorisation serves them all.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.scenario import Scenario
from steeralg.sdp.cold import ColdSolver
from steeralg.sdp.moments import Complex
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import ConeForm

DIGITS = 4


class Scorer:
    """Estimates the least weight of white noise that brings data into a level of a scenario, to about 10^-3.

    The same data have the same estimate whatever was estimated before.
    """

    def __init__(self, scenario: Scenario, level: Level = ALMOST_QUANTUM) -> None:
        self.relaxation = Relaxation.build(scenario, level)
        form = self._form(np.zeros(len(self.relaxation.group.numbers) * scenario.dim**2, np.complex128))
        self._solver = ColdSolver(form)

    def _form(self, moments: Complex) -> ConeForm:
        return ConeForm(self.relaxation.membership(moments))

    def assemblage(self, sigma: Assemblage) -> Fraction:
        """Return the estimate for an exact assemblage of the scenario."""
        return self.moments(self.relaxation.observation.moments(sigma.elements))

    def moments(self, certificate: Complex) -> Fraction:
        """Return the estimate for observable moments of certificate monomials, flat; 0 where the solver gives none."""
        found = self._solver.solve(self._form(self.relaxation.observable_moments(certificate)).data["b"])
        if found is None:
            return Fraction(0)
        weight = max(0.0, self.relaxation.scenario.dim * found[0])
        return Fraction(round(weight / (1 + weight) * 10**DIGITS), 10**DIGITS)
