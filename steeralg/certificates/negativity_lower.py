"""Lower bounds of the negativity: a functional that sums of squares bound from both sides.

Above: negativity. Below: bound certificates, and sdp for the suggestions. If W = P - N shows sigma, then sigma is the
difference of what P and N show, quantum but for their norms tr P = 1 + tr N and tr N. So lo <= F <= hi on the quantum
set gives <F, sigma> >= lo (1 + tr N) - hi tr N, that is, tr N (hi - lo) >= lo - <F, sigma>.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from steeralg.algebra.level import Level
from steeralg.algebra.word import Word
from steeralg.arguments import checked
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.rounding import bound_certificate
from steeralg.errors import ScenarioError, SolverError, VerificationError
from steeralg.exact.number import Number, as_number
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.functional import Functional
from steeralg.progress import Progress
from steeralg.sdp.moments import Complex
from steeralg.sdp.negativity import GapSuggestion, gap_suggestions, negativity_problem
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Solution, solutions
from steeralg.sdp.suggest import bound_suggestions
from steeralg.verdict import OneLine


@dataclass(frozen=True, eq=False, repr=False)
class NegativityAtLeast(OneLine):
    """`low` proves lo <= F and `high` proves -F >= -hi on quantum assemblages: the negativity of the assemblage is at
    least (lo - <F, sigma>)/(hi - lo). Construct with `verified`.
    """

    assemblage: Assemblage
    low: BoundCertificate
    high: BoundCertificate

    @classmethod
    @checked
    def verified(cls, assemblage: Assemblage, low: BoundCertificate, high: BoundCertificate) -> NegativityAtLeast:
        """Return the bound after exact verification. Raises what `verify` raises."""
        result = cls(assemblage, low, high)
        result.verify()
        return result

    @property
    def functional(self) -> Functional:
        """F."""
        return self.low.functional

    @property
    def value(self) -> Number:
        """The bound (lo - <F, sigma>)/(hi - lo); it says nothing unless it is positive."""
        low, high = as_number(self.low.bound), -as_number(self.high.bound)
        return (low - self.functional.value(self.assemblage)) / (high - low)

    def verify(self) -> None:
        """Verify everything exactly. Raises VerificationError if a certificate fails, if the two are not about F and
        -F, or if lo < hi does not hold; ScenarioError for the functional of another scenario.
        """
        if self.functional.scenario != self.assemblage.scenario:
            raise ScenarioError("the functional and the assemblage live in different scenarios")
        opposite = self.functional.scale(-1)
        if self.high.functional.scenario != opposite.scenario or self.high.functional.elements != opposite.elements:
            raise VerificationError("the second certificate is not about the negative of the first one's functional")
        if not as_number(self.low.bound) < -as_number(self.high.bound):
            raise VerificationError("the lower bound of the functional is not below its upper bound")
        self.low.verify()
        self.high.verify()


def lower_end(
    assemblage: Assemblage,
    level: Level,
    unit: Fraction,
    progress: Progress,
    relaxation: Relaxation | None = None,
) -> NegativityAtLeast | None:
    """Return a lower bound from a level, within about `unit` of what the level can prove; None if that is zero.

    `relaxation`, if given, is that of the scenario and level (it saves building it again).
    """
    if relaxation is None:
        relaxation = Relaxation.build(assemblage.scenario, level)
    data = relaxation.observable_moments(relaxation.observation.moments(assemblage.elements))
    best: NegativityAtLeast | None = None
    try:
        for solution in solutions(negativity_problem(relaxation, data), DEFAULT_CHAIN):
            progress(f"level {level}: the negativity is at least about {solution.figure(1)}, not proved")
            estimate = Fraction(solution.objective)
            suggestion = _chosen(relaxation, solution, data, assemblage, unit)
            if suggestion is not None:
                found = _proved(relaxation, suggestion, assemblage)
                if found is not None and (best is None or best.value < found.value):
                    best = found
            reached = estimate < unit / 4 if best is None else Number.of(estimate - unit / 2) < best.value
            # A coarse point's own estimate is no measure.
            if reached and solution.attempt.tolerance <= unit / 10:
                break
    except SolverError as error:
        progress(str(error))
    return best


def _chosen(
    relaxation: Relaxation, solution: Solution, data: Complex, assemblage: Assemblage, unit: Fraction
) -> GapSuggestion | None:
    """Return the coarsest functional that promises about as much as any."""
    found = list(gap_suggestions(relaxation, solution, data, assemblage.is_real, unit))
    best = max((promise for promise, _ in found), default=Fraction(0))
    return next((suggestion for promise, suggestion in found if promise > best - unit / 8), None)


def _proved(relaxation: Relaxation, suggestion: GapSuggestion, assemblage: Assemblage) -> NegativityAtLeast | None:
    """Prove both bounds of a functional; None if that does not succeed, or proves nothing."""
    words, real = relaxation.projector.words, assemblage.is_real
    functional = suggestion.functional
    low = _certificate(relaxation, words, suggestion.points[0], functional, suggestion.low, real)
    if low is None:
        return None
    high = _certificate(relaxation, words, suggestion.points[1], functional.scale(-1), -suggestion.high, real)
    if high is None:
        return None
    found = NegativityAtLeast(assemblage, low, high)
    return found if found.value.sign() > 0 else None


def _certificate(
    relaxation: Relaxation,
    words: Sequence[Word],
    point: Solution,
    functional: Functional,
    bound: Fraction,
    real: bool,
) -> BoundCertificate | None:
    suggestions = bound_suggestions(relaxation, point, functional, bound, real)
    found = (bound_certificate(words, s, functional, bound) for s in suggestions)
    return next((c for c in found if c is not None), None)
