"""Robustness to noise: the least r for which r * noise + (1 - r) * sigma is in a set, enclosed with both ends proved.

Above: claims, the command line. Below: membership, families, moment matrices. The lower end is a functional that is
non-negative on the quantum set: with the noise in the set, r >= -F(sigma)/(F(noise) - F(sigma)). The upper end is a
mixture with a model: a parent (one black box and several trusted parties: then it is quantum), or no more than an exact
moment matrix of the level, which says that the level cannot see further.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.arguments import checked, require_between
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.families import Parent, find_parent
from steeralg.certificates.membership import Postquantum, certify
from steeralg.certificates.moment_matrix import MomentMatrix, exact_moment_matrix
from steeralg.certificates.rounding import violated_certificate
from steeralg.errors import InputError, ScenarioError, SolverError, VerificationError
from steeralg.exact.number import Number, as_number, outwards
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.functional import Functional
from steeralg.progress import Progress, silent
from steeralg.sdp.moments import Complex
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Solution, solutions
from steeralg.sdp.suggest import moment_suggestion, witness_suggestions
from steeralg.verdict import OneLine, Proved, Refuted, Undecided

_BITS = 44
_STEPS = 8


@dataclass(frozen=True, eq=False, repr=False)
class InLevel(OneLine):
    """Data with an exact moment matrix: no functional of this level refutes them. That does not make them quantum."""

    assemblage: Assemblage
    level: Level
    matrix: MomentMatrix


@dataclass(frozen=True, eq=False, repr=False)
class RobustnessBracket(OneLine):
    """What was proved: mixtures with `lower` and less noise are postquantum; the one with `upper` is in the set.

    `below` is the proof for the mixture at `lower`, `above` that for `upper`: a Parent proves that it is quantum,
    InLevel only that the level does not refute it. Either end may be missing.
    """

    level: Level
    below: Postquantum | None
    lower: Fraction | None
    above: Parent | InLevel | None
    upper: Fraction | None

    @property
    def is_of_level(self) -> bool:
        """Whether the upper end is no more than one of the level: the mixture is not proved quantum."""
        return isinstance(self.above, InLevel)

    def verify(self, assemblage: Assemblage, noise: Assemblage) -> None:
        """Verify both ends exactly, for data and noise. Raises VerificationError, and what certificates raise."""
        for end, weight in ((self.below, self.lower), (self.above, self.upper)):
            if (end is None) != (weight is None):
                raise VerificationError("an end of the bracket comes without its proof")
            if end is not None and weight is not None and not end.assemblage.agrees_with(assemblage.mix(noise, weight)):
                raise VerificationError(f"an end of the bracket is not about the mixture with weight {weight}")
        if self.below is not None:
            self.below.certificate.verify()
            value = self.below.certificate.functional.value(self.below.assemblage)
            if not value < as_number(self.below.certificate.bound):
                raise VerificationError("the mixture at the lower end does not violate the bound")
        if isinstance(self.above, InLevel):
            self.above.matrix.verify()
            self.above.matrix.verify_data(self.above.assemblage)
        elif self.above is not None:
            seen = observe(self.above.assemblage.scenario, self.above.parent)
            if not self.above.proves_quantum or not seen.agrees_with(self.above.assemblage):
                raise VerificationError("the mixture at the upper end is not observed of its parent")

    def __str__(self) -> str:
        low = "0" if self.lower is None else outwards(self.lower, -1)
        high = "1" if self.upper is None else outwards(self.upper, 1)
        end = "quantum" if isinstance(self.above, Parent) else f"not refuted at level {self.level}"
        ends = [f"postquantum up to {low}"] * (self.lower is not None) + [f"{end} at {high}"] * (self.upper is not None)
        return f"r in [{low}, {high}]: {' and '.join(ends) or 'nothing'} proved"


@checked
def in_level(
    assemblage: Assemblage,
    level: Level = ALMOST_QUANTUM,
    *,
    relaxation: Relaxation | None = None,
    progress: Progress = silent,
) -> Proved[InLevel] | Refuted[Postquantum] | Undecided:
    """Decide exactly whether data belong to a level: an exact moment matrix, or a violated certificate.

    Data on the very boundary of the level may stay undecided. `relaxation`, if given, is that of the scenario and level
    (it saves building it again). Raises LevelError if the level does not reach the data.
    """
    check_reach(assemblage.scenario, level)
    if relaxation is None:
        relaxation = Relaxation.build(assemblage.scenario, level)
    data = relaxation.observable_moments(relaxation.observation.moments(assemblage.elements))
    problem, words = relaxation.membership(data), relaxation.projector.words
    figure = "no solver returned a usable point"
    try:
        for solution in solutions(problem, DEFAULT_CHAIN):
            figure = f"the largest t with moment matrix >= t*1 is about {solution.figure(-1)}"
            progress(figure)
            if solution.objective > 0:
                for suggestion in witness_suggestions(relaxation, solution, data, assemblage.is_real):
                    found = violated_certificate(words, suggestion, assemblage)
                    if found is not None:
                        return Refuted(Postquantum(assemblage, *found, level))
            else:
                moments = moment_suggestion(relaxation, problem, solution, _BITS)
                matrix = exact_moment_matrix(assemblage.scenario, words, moments, assemblage)
                if matrix is not None:
                    return Proved(InLevel(assemblage, level, matrix))
    except SolverError as error:
        figure = str(error)
    return Undecided(f"neither a moment matrix of level {level} nor a certificate was found: {figure}")


@checked
def robustness(
    assemblage: Assemblage,
    noise: Assemblage,
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 4,
    progress: Progress = silent,
) -> RobustnessBracket:
    """Enclose the robustness to a quantum noise assemblage in an interval of about 10^-digits, both ends proved.

    That the noise is quantum is the caller's word (white, GHZ and W noise are); only noise that is quickly proved
    postquantum is refused (InputError), and instrumental data that are not general. Raises ScenarioError if noise and
    data do not fit, LevelError if the level does not reach the data.
    """
    check_robustness(assemblage, noise, level, digits)
    relaxation = Relaxation.build(assemblage.scenario, level)
    require_sense(relaxation, assemblage, noise)
    unit = Fraction(1, 10**digits)
    certificate, estimate = lower_certificate(relaxation, assemblage, noise, unit, progress)
    below, lower = (None, None) if certificate is None else lower_end(certificate, assemblage, noise, unit, level)
    above, upper = upper_end(relaxation, assemblage, noise, estimate, unit, progress)
    return RobustnessBracket(level, below, lower, above, upper)


def check_robustness(assemblage: Assemblage, noise: Assemblage, level: Level, digits: int) -> None:
    """Raise ScenarioError if noise and data do not fit, LevelError if the level does not reach the data, InputError for
    digits out of range.
    """
    if noise.scenario != assemblage.scenario:
        raise ScenarioError(f"the noise is for {noise.scenario}, the data for {assemblage.scenario}")
    require_between("digits", digits, 1, 9)
    check_reach(assemblage.scenario, level)


def require_sense(relaxation: Relaxation, assemblage: Assemblage, noise: Assemblage) -> None:
    """Refuse noise that a quick look finds postquantum, and instrumental data that no assemblage shows (InputError)."""
    if isinstance(certify(noise, relaxation.level, chain=DEFAULT_CHAIN[:4], relaxation=relaxation), Proved):
        raise InputError("the noise is postquantum itself: robustness is about mixtures with quantum noise")
    if assemblage.scenario.instrumental and isinstance(find_parent(assemblage), Refuted):
        raise InputError("these are not general instrumental data: no no-signalling assemblage shows them (see extend)")


# ---- the lower end ---------------------------------------------------------------------------------------------------
def lower_certificate(
    relaxation: Relaxation, assemblage: Assemblage, noise: Assemblage, unit: Fraction, progress: Progress
) -> tuple[BoundCertificate | None, Fraction]:
    """Return a certificate that proves about as much as the level can, and the level's own robustness, estimated."""
    data, end = (relaxation.observable_moments(relaxation.observation.moments(s.elements)) for s in (assemblage, noise))
    best: tuple[Fraction, BoundCertificate] | None = None
    last: Solution | None = None
    estimate = Fraction(0)
    try:
        for solution in solutions(relaxation.robustness(data, end), DEFAULT_CHAIN):
            estimate = Fraction(solution.objective)
            progress(f"the robustness is about {solution.figure(1)}, not proved")
            last = solution
            if solution.is_clearly_inside:
                break
            # A coarse point does not prove enough, and its own estimate is no measure.
            if solution.attempt.tolerance <= unit:
                best = _best(relaxation, solution, data, assemblage, noise, unit, best)
                if best is not None and estimate - best[0] < unit / 2:
                    break
    except SolverError as error:
        progress(str(error))
    if best is None and last is not None and estimate > 0:
        best = _best(relaxation, last, data, assemblage, noise, unit, best)
    return (None if best is None else best[1]), estimate


def reached(certificate: BoundCertificate, assemblage: Assemblage, noise: Assemblage) -> Fraction | None:
    """Return a number below which all weights of noise leave the bound violated, rounded down; None if none does."""
    return _reached(certificate.functional, certificate.bound, assemblage, noise)


def _reached(
    functional: Functional, limit: Fraction | Number, assemblage: Assemblage, noise: Assemblage
) -> Fraction | None:
    bound, value, end = as_number(limit), functional.value(assemblage), functional.value(noise)
    if not value < bound or end < bound:
        return None
    return ((bound - value) / (end - value)).enclosure(256)[0]


def lower_end(
    certificate: BoundCertificate, assemblage: Assemblage, noise: Assemblage, unit: Fraction, level: Level
) -> tuple[Postquantum | None, Fraction | None]:
    """Return the mixture at a short decimal strictly below what a certificate reaches, with its exact violation."""
    reach = reached(certificate, assemblage, noise)
    if reach is None:
        return None, None
    fine = unit / 10
    lower = floor(reach / fine) * fine
    if lower == reach:
        lower -= fine
    if lower < 0:
        return None, None
    mixture = assemblage.mix(noise, lower)
    return Postquantum(mixture, certificate, certificate.functional.value(mixture), level), lower


def _best(
    relaxation: Relaxation,
    solution: Solution,
    data: Complex,
    assemblage: Assemblage,
    noise: Assemblage,
    unit: Fraction,
    best: tuple[Fraction, BoundCertificate] | None,
) -> tuple[Fraction, BoundCertificate] | None:
    """Return the certificate that proves most, of those that one point rounds to."""
    real = assemblage.is_real and noise.is_real
    for suggestion in witness_suggestions(relaxation, solution, data, real, tight=True):
        functional = suggestion.functional
        promise = None if functional is None else _reached(functional, Fraction(0), assemblage, noise)
        # Finer ones that gain little are not worth their digits.
        if promise is None or (best is not None and promise < best[0] + unit / 8):
            continue
        found = violated_certificate(relaxation.projector.words, suggestion, assemblage)
        if found is None:
            continue
        best = promise, found[0]
        if Fraction(solution.objective) - promise < unit / 4:
            break
    return best


# ---- the upper end ---------------------------------------------------------------------------------------------------
def upper_end(
    relaxation: Relaxation,
    assemblage: Assemblage,
    noise: Assemblage,
    estimate: Fraction,
    unit: Fraction,
    progress: Progress,
) -> tuple[Parent | InLevel | None, Fraction | None]:
    """Return a mixture slightly above the estimate that is in the set, with its proof."""
    scenario = assemblage.scenario
    by_parent = not scenario.has_input and len(scenario.black_boxes) == 1
    fine = unit / 10
    decide: Callable[[Assemblage], object] = (
        find_parent if by_parent else (lambda s: in_level(s, relaxation.level, relaxation=relaxation))
    )
    # Data that look quantum may be so without any noise.
    without = [Fraction(0)] if estimate < fine else []
    for upper in (*without, *((ceil(max(estimate, Fraction(0)) / fine) + 2**k) * fine for k in range(_STEPS))):
        if upper > 1:
            break
        progress(f"looking for a model of the mixture with r = {upper}")
        verdict = decide(assemblage.mix(noise, upper))
        if isinstance(verdict, Proved):
            return verdict.witness, upper
    return None, None
