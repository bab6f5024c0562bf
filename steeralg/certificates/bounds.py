"""Proved lower bounds of a functional on the quantum set, from a level of the hierarchy.

Above: proofs, claims, the command line. Below: rounding, sdp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from steeralg.algebra.level import ALMOST_QUANTUM, Level, check_reach
from steeralg.algebra.word import projector_algebra
from steeralg.arguments import checked, require_between
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.moment_matrix import MomentMatrix, exact_moment_matrix
from steeralg.certificates.rounding import bound_certificate
from steeralg.errors import SolverError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number, exact_rational, outwards
from steeralg.objects.functional import Functional
from steeralg.progress import Progress, silent
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Attempt, Solution, solutions
from steeralg.sdp.suggest import bound_suggestions, moment_suggestion, reachable_bound
from steeralg.verdict import OneLine, Proved, Undecided

_MAX_DIGITS = 12
_THIN = Fraction(1, 10**9)
_WIDE = Fraction(1, 10**5)


_MOMENT_BITS = 44


def enclosed(what: str, lower: Fraction | Number | None, upper: Number | None) -> str:
    """Return a bracket as it is printed: rounded outwards, so that it is proved, too, and which ends are proved."""
    low = "-inf" if lower is None else outwards(as_number(lower).enclosure(256)[0], -1)
    high = "inf" if upper is None else outwards(upper.enclosure(256)[1], 1)
    if lower is None or upper is None:
        proved = "nothing" if lower is upper else "the lower end" if upper is None else "the upper end"
    else:
        proved = "both ends"
    return f"{what} is in [{low}, {high}], {proved} proved"


@dataclass(frozen=True, eq=False, repr=False)
class Bracket(OneLine):
    """What was reached: a certificate of a lower bound, and a point of the level that limits what the level can prove.

    Quantum assemblages have values of at least `lower`; the level's minimum is at most `upper`. Either may be missing:
    then `remark` says what became of the solvers.
    """

    certificate: BoundCertificate | None
    point: MomentMatrix | None
    functional: Functional
    remark: str = ""

    @property
    def lower(self) -> Fraction | Number | None:
        """The proved bound, a Number only if it is irrational."""
        return None if self.certificate is None else self.certificate.bound

    @property
    def upper(self) -> Number | None:
        """The exact value of the functional at the point."""
        return None if self.point is None else self.point.value(self.functional)

    def __str__(self) -> str:
        text = enclosed("the level's minimum", self.lower, self.upper)
        return f"{text} ({self.remark})" if self.remark else text


@dataclass(frozen=True, eq=False)
class _Solved:
    """A solver's point: the bound it can be repaired to, how far that may be from the minimum, and ways to make it
    exact.
    """

    reach: Fraction
    gap: Fraction
    certificate: Callable[[Fraction], BoundCertificate | None]
    point: Callable[[], MomentMatrix | None]


@checked
def prove_bound(
    functional: Functional,
    bound: Fraction | int | str,
    level: Level = ALMOST_QUANTUM,
    *,
    chain: Sequence[Attempt] = DEFAULT_CHAIN,
    progress: Progress = silent,
) -> Proved[BoundCertificate] | Undecided:
    """Prove `<F, sigma> >= bound` on every quantum assemblage, for a rational bound (Fraction, integer or string).

    Undecided carries the `Bracket` that was reached, both ends proved; no bound above its upper end can be proved at
    this level. Raises InputError for a bound that is not an exact rational number, LevelError if the level does not
    reach the data.
    """
    target = exact_rational(bound)
    best: BoundCertificate | None = None
    reached = Fraction(0)
    last: _Solved | None = None
    remark = ""
    try:
        for last in _solved(functional, level, chain, progress):
            # Below what this point reaches, the target itself; otherwise what it reaches, for the bracket. A target
            # that is far below is got by relaxing a bound at a distance the floats can handle.
            ease = max(abs(last.reach), Fraction(1))
            wanted = min(last.reach - _THIN, target) if last.reach - target < ease else last.reach - ease / 2
            wanted = target if wanted == target else _below(wanted, _MAX_DIGITS - 3)
            if best is None or reached < wanted:
                found = last.certificate(wanted)
                best, reached = (best, reached) if found is None else (found, wanted)
            if best is not None and reached >= target:
                return Proved(relaxed(best, target))
            if last.reach + last.gap < target and last.gap < _WIDE:
                break
    except SolverError as error:
        remark = str(error)
    bracket = Bracket(best, None if last is None else last.point(), functional, remark)
    return Undecided(f"<F, sigma> >= {target} not proved at level {level}: {bracket}", bracket)


@checked
def level_bracket(
    functional: Functional,
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 6,
    chain: Sequence[Attempt] = DEFAULT_CHAIN,
    progress: Progress = silent,
) -> Bracket:
    """Enclose the level's minimum of a functional, both ends proved, in an interval of about 10^-digits.

    The lower end is a decimal with that many digits and bounds every quantum assemblage. If the solvers are not that
    accurate the bracket is wider: what is returned is what was proved. Raises InputError for digits out of range (0 to
    12), LevelError if the level does not reach the data.
    """
    require_between("digits", digits, 0, _MAX_DIGITS)
    unit = Fraction(1, 10**digits)
    bracket = Bracket(None, None, functional)
    lower: Fraction | None = None
    solved: _Solved | None = None
    try:
        for solved in _solved(functional, level, chain, progress):
            wanted = _below(solved.reach - unit / 4, digits)
            if lower is None or wanted > lower:
                found = solved.certificate(wanted)
                if found is not None:
                    bracket, lower = replace(bracket, certificate=found), wanted
            # Points are dear: only one that promises to close the bracket is made exact.
            if lower is not None and solved.reach + solved.gap - lower < 2 * unit:
                bracket = replace(bracket, point=solved.point() or bracket.point)
                if bracket.upper is not None and bracket.upper < Number.of(lower + 3 * unit):
                    return bracket
    except SolverError as error:
        bracket = replace(bracket, remark=str(error))
    return bracket if bracket.point is not None or solved is None else replace(bracket, point=solved.point())


@checked
def best_bound(
    functional: Functional,
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 6,
    chain: Sequence[Attempt] = DEFAULT_CHAIN,
    progress: Progress = silent,
) -> Proved[BoundCertificate] | Undecided:
    """Prove the lower end of `level_bracket`. Raises what that raises."""
    bracket = level_bracket(functional, level, digits=digits, chain=chain, progress=progress)
    if bracket.certificate is None:
        return Undecided(f"no bound proved at level {level}: {bracket}", bracket)
    return Proved(bracket.certificate)


def relaxed(certificate: BoundCertificate, bound: Fraction) -> BoundCertificate:
    """Return the verified certificate of a lower bound: the difference times 1* 1 is added to the sum of squares.

    The Gram matrix of the first block must hold the empty word; its factor still serves, the rest only grew.
    """
    excess = as_number(certificate.bound) - Number.of(bound)
    if excess.is_zero:
        return certificate
    first, dim = certificate.blocks[0], certificate.functional.scenario.dim
    where = first.words.index(projector_algebra(certificate.functional.scenario).one)
    order = first.gram.rows
    ends = range(where * dim, (where + 1) * dim)
    diagonal = tuple(int(i == j and i in ends) for i in range(order) for j in range(order))
    extra = Matrix(RATIONALS, order, order, (diagonal, (0,) * (order * order))).scale(excess)
    blocks = [replace(first, gram=first.gram + extra), *certificate.blocks[1:]]
    return BoundCertificate.verified(certificate.functional, bound, blocks)


def _below(value: Fraction, digits: int) -> Fraction:
    """Return the largest decimal with so many digits that is not above a value."""
    return Fraction(floor(value * 10**digits), 10**digits)


def _solved(functional: Functional, level: Level, chain: Sequence[Attempt], progress: Progress) -> Iterator[_Solved]:
    """Yield the points of the chain for the functional's minimum over the level."""
    scenario = functional.scenario
    check_reach(scenario, level)
    relaxation = Relaxation.build(scenario, level)
    words = relaxation.projector.words
    progress(f"level {level}: {len(words)} words, moment matrix of order {relaxation.group.order}")
    terms = relaxation.observable_coefficients(relaxation.observation.coefficients(functional))
    real = all(matrix.is_real for matrix in functional.elements.values())
    problem = relaxation.bound(terms)
    for solution in solutions(problem, chain):
        progress(f"the level's minimum is about {solution.figure(1)}, not proved")
        reach, gap = reachable_bound(relaxation, solution, functional)

        def certificate(bound: Fraction, solution: Solution = solution) -> BoundCertificate | None:
            suggestions = bound_suggestions(relaxation, solution, functional, bound, real)
            found = (bound_certificate(words, s, functional, bound) for s in suggestions)
            return next((c for c in found if c is not None), None)

        def point(solution: Solution = solution) -> MomentMatrix | None:
            suggestion = moment_suggestion(relaxation, problem, solution, _MOMENT_BITS)
            return exact_moment_matrix(scenario, words, suggestion)

        yield _Solved(reach, gap, certificate, point)
