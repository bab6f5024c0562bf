"""Is an assemblage outside a level? If so, prove that it is postquantum.

Above: proofs, claims, the command line. Below: rounding, sdp. The answer is Proved or Undecided: a moment matrix
never proves that an assemblage is quantum, so "not refuted at this level" is all that the other side can say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.rounding import violated_certificate
from steeralg.errors import SolverError
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import Assemblage
from steeralg.progress import Progress, silent
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Attempt, solutions
from steeralg.sdp.suggest import witness_suggestions
from steeralg.verdict import OneLine, Proved, Undecided


@dataclass(frozen=True, eq=False, repr=False)
class Postquantum(OneLine):
    """A verified proof that an assemblage is postquantum: a bound certificate, violated strictly and exactly."""

    assemblage: Assemblage
    certificate: BoundCertificate
    exact_value: Number
    level: Level

    @property
    def value(self) -> Any:
        """The exact value <F, sigma> as a sympy number."""
        return number_to_sympy(self.exact_value)

    @property
    def bound(self) -> Any:
        """The bound that every quantum assemblage obeys, as a sympy number."""
        return number_to_sympy(as_number(self.certificate.bound))


@checked
def certify(
    assemblage: Assemblage,
    level: Level = ALMOST_QUANTUM,
    *,
    chain: Sequence[Attempt] = DEFAULT_CHAIN,
    relaxation: Relaxation | None = None,
    progress: Progress = silent,
) -> Proved[Postquantum] | Undecided:
    """Prove that an assemblage is postquantum, by a functional whose bound at a level it violates.

    Returns Proved with a verified certificate as soon as some solver's suggestion rounds to one, or Undecided with the
    figure the solvers ended with. `relaxation`, if given, must be of the same scenario and level (it saves building it
    again). Raises LevelError if the level does not reach the data.
    """
    check_reach(assemblage.scenario, level)
    if relaxation is None:
        relaxation = Relaxation.build(assemblage.scenario, level)
    words = relaxation.projector.words
    progress(f"level {level}: {len(words)} words, moment matrix of order {relaxation.group.order}")
    data = relaxation.observable_moments(relaxation.observation.moments(assemblage.elements))
    problem = relaxation.membership(data)
    figure = "no solver returned a usable point"
    try:
        for solution in solutions(problem, chain):
            figure = f"the largest t with moment matrix >= t*1 is about {solution.figure(-1)}"
            progress(figure)
            for suggestion in witness_suggestions(relaxation, solution, data, assemblage.is_real):
                found = violated_certificate(words, suggestion, assemblage)
                if found is not None:
                    return Proved(Postquantum(assemblage, *found, level))
            if solution.is_clearly_inside:
                break
    except SolverError as error:
        figure = str(error)
    return Undecided(f"not refuted at level {level}: {figure}")
