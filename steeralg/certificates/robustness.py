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
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.families import Parent, find_parent
from steeralg.certificates.membership import Postquantum, Progress, certify, silent
from steeralg.certificates.moment_matrix import MomentMatrix, exact_moment_matrix
from steeralg.certificates.rounding import violated_certificate
from steeralg.errors import InputError, ScenarioError, SolverError
from steeralg.exact.number import outwards
from steeralg.objects.assemblage import Assemblage
from steeralg.sdp.moments import Complex
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Solution, solutions
from steeralg.sdp.suggest import moment_suggestion, witness_suggestions
from steeralg.verdict import Proved, Refuted, Undecided

_BITS = 44
_STEPS = 8


@dataclass(frozen=True, eq=False)
class InLevel:
    """Data with an exact moment matrix: no functional of this level refutes them. That does not make them quantum."""

    assemblage: Assemblage
    level: Level
    matrix: MomentMatrix


@dataclass(frozen=True, eq=False)
class RobustnessBracket:
    """What was proved: mixtures with `lower` and less noise are postquantum; the one with `upper` is in the set.

    `below` is the proof for the mixture at `lower`, `above` that for `upper`: a Parent proves that it is quantum,
    InLevel only that the level does not refute it. Either end may be missing.
    """

    level: Level
    below: Postquantum | None
    lower: Fraction | None
    above: Parent | InLevel | None
    upper: Fraction | None

    def __str__(self) -> str:
        low = "0" if self.lower is None else outwards(self.lower, -1)
        high = "1" if self.upper is None else outwards(self.upper, 1)
        end = "quantum" if isinstance(self.above, Parent) else f"not refuted at level {self.level}"
        ends = [f"postquantum up to {low}"] * (self.lower is not None) + [f"{end} at {high}"] * (self.upper is not None)
        return f"r in [{low}, {high}]: {' and '.join(ends) or 'nothing'} proved"


def in_level(
    assemblage: Assemblage, level: Level = ALMOST_QUANTUM, *, progress: Progress = silent
) -> Proved[InLevel] | Refuted[Postquantum] | Undecided:
    """Decide exactly whether data belong to a level: an exact moment matrix, or a violated certificate.

    Data on the very boundary of the level may stay undecided.
    """
    check_reach(assemblage.scenario, level)
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
    if noise.scenario != assemblage.scenario:
        raise ScenarioError(f"the noise is for {noise.scenario}, the data for {assemblage.scenario}")
    if not 1 <= digits <= 9:
        raise InputError(f"digits = {digits}: between 1 and 9")
    check_reach(assemblage.scenario, level)
    _require_sense(assemblage, noise, level)
    relaxation = Relaxation.build(assemblage.scenario, level)
    data, end = (relaxation.observable_moments(relaxation.observation.moments(s.elements)) for s in (assemblage, noise))
    unit = Fraction(1, 10**digits)
    best: tuple[Fraction, BoundCertificate] | None = None
    estimate = Fraction(0)
    try:
        for solution in solutions(relaxation.robustness(data, end), DEFAULT_CHAIN):
            estimate = Fraction(solution.objective)
            progress(f"the robustness is about {solution.figure(1)}, not proved")
            best = _best(relaxation, solution, data, assemblage, noise, unit, best)
            if best is not None and estimate - best[0] < unit / 2:
                break
    except SolverError as error:
        progress(str(error))
    below, lower = _below(assemblage, noise, best, unit, level)
    above, upper = _above(assemblage, noise, estimate, unit, level, progress)
    return RobustnessBracket(level, below, lower, above, upper)


def _require_sense(assemblage: Assemblage, noise: Assemblage, level: Level) -> None:
    """Refuse noise that a quick look finds postquantum, and instrumental data that no assemblage shows."""
    if isinstance(certify(noise, level, chain=DEFAULT_CHAIN[:3]), Proved):
        raise InputError("the noise is postquantum itself: robustness is about mixtures with quantum noise")
    if assemblage.scenario.instrumental and isinstance(find_parent(assemblage), Refuted):
        raise InputError("these are not general instrumental data: no no-signalling assemblage shows them (see extend)")


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
        found = violated_certificate(relaxation.projector.words, suggestion, assemblage)
        if found is None:
            continue
        certificate, value = found
        rise = certificate.functional.value(noise) - value
        if rise.sign() <= 0:
            continue
        proved = (-value / rise).enclosure(256)[0]
        if best is None or proved > best[0]:
            best = proved, certificate
        if Fraction(solution.objective) - best[0] < unit / 4:
            break
    return best


def _below(
    assemblage: Assemblage,
    noise: Assemblage,
    best: tuple[Fraction, BoundCertificate] | None,
    unit: Fraction,
    level: Level,
) -> tuple[Postquantum | None, Fraction | None]:
    """Return the mixture at a short decimal strictly below what was proved, with its exact violation."""
    if best is None:
        return None, None
    fine = unit / 10
    lower = floor(best[0] / fine) * fine
    if lower == best[0]:
        lower -= fine
    if lower < 0:
        return None, None
    mixture = assemblage.mix(noise, lower)
    return Postquantum(mixture, best[1], best[1].functional.value(mixture), level), lower


def _above(
    assemblage: Assemblage, noise: Assemblage, estimate: Fraction, unit: Fraction, level: Level, progress: Progress
) -> tuple[Parent | InLevel | None, Fraction | None]:
    """Return a mixture slightly above the estimate that is in the set, with its proof."""
    scenario = assemblage.scenario
    by_parent = not scenario.has_input and len(scenario.black_boxes) == 1
    fine = unit / 10
    decide: Callable[[Assemblage], object] = find_parent if by_parent else (lambda s: in_level(s, level))
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
