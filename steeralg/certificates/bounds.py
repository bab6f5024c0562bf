"""Proved lower bounds of a functional on the quantum set, from a level of the hierarchy.

Above: proofs, claims, the command line. Below: rounding, sdp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from steeralg.algebra.level import Level, check_reach
from steeralg.certificates.certificate import BoundCertificate
from steeralg.certificates.membership import Progress, silent
from steeralg.certificates.rounding import bound_certificate
from steeralg.errors import InputError, SolverError
from steeralg.exact.number import Number
from steeralg.objects.functional import Functional
from steeralg.sdp.basis import coefficients
from steeralg.sdp.problem import bound_problem
from steeralg.sdp.relaxation import Relaxation
from steeralg.sdp.solve import DEFAULT_CHAIN, Attempt, Solution, solutions
from steeralg.sdp.suggest import bound_suggestions, reachable_bound
from steeralg.verdict import Proved, Undecided

_MAX_DIGITS = 12
_THIN = Fraction(1, 10**9)


@dataclass(frozen=True, eq=False)
class _Point:
    """A solver's point: the bound it can be repaired to, how far that may be from the minimum, how to certify one."""

    figure: str
    reach: Fraction
    gap: Fraction
    attempt: Callable[[Fraction], BoundCertificate | None]


def prove_bound(
    functional: Functional,
    bound: Fraction | int | str,
    level: Level = "1+AB",
    *,
    chain: Sequence[Attempt] = DEFAULT_CHAIN,
    progress: Progress = silent,
) -> Proved[BoundCertificate] | Undecided:
    """Prove `<F, sigma> >= bound` on every quantum assemblage, for a rational bound (Fraction, integer or string).

    Undecided reports the bracket that was reached: the best bound proved on the way, and the solvers' figure for the
    level's minimum, above which nothing can be proved at this level. Raises InputError for a bound that is not an exact
    rational number, LevelError if the level does not reach the data.
    """
    target = exact_rational(bound)
    best, figure = None, "no solver returned a usable point"
    try:
        for point in _points(functional, level, chain, progress):
            figure = point.figure
            # Below what this point reaches, the target itself; otherwise what it reaches, for the bracket.
            wanted = target if target <= point.reach else _below(point.reach - _THIN, _MAX_DIGITS - 3)
            if best is None or wanted > best.bound:
                best = point.attempt(wanted) or best
            if best is not None and best.bound >= target:
                return Proved(best)
    except SolverError as error:
        figure = str(error)
    reached = "nothing proved" if best is None else f"proved >= {Number.of(best.bound).decimal(_MAX_DIGITS - 3)}"
    return Undecided(f"<F, sigma> >= {target} not proved at level {level}: {reached}; {figure}")


def best_bound(
    functional: Functional,
    level: Level = "1+AB",
    *,
    digits: int = 6,
    chain: Sequence[Attempt] = DEFAULT_CHAIN,
    progress: Progress = silent,
) -> Proved[BoundCertificate] | Undecided:
    """Prove a bound within about 10^-digits of the level's minimum; the bound is a decimal with that many digits.

    If the solvers are not that accurate the bound may be looser: what is returned is the best that was proved. `digits`
    is at most 12.
    """
    if not 0 <= digits <= _MAX_DIGITS:
        raise InputError(f"digits = {digits}: between 0 and {_MAX_DIGITS}")
    best, figure = None, "no solver returned a usable point"
    try:
        for point in _points(functional, level, chain, progress):
            figure = point.figure
            wanted = _below(point.reach - Fraction(1, 4 * 10**digits), digits)
            if best is None or wanted > best.bound:
                best = point.attempt(wanted) or best
            if best is not None and point.reach + point.gap - best.bound < Fraction(2, 10**digits):
                break
    except SolverError as error:
        figure = str(error)
    return Undecided(f"no bound proved at level {level}: {figure}") if best is None else Proved(best)


def exact_rational(value: Fraction | int | str) -> Fraction:
    """Return a rational number given as Fraction, integer or string. Raises InputError for anything else, floats
    included.
    """
    if isinstance(value, bool) or not isinstance(value, Fraction | int | str):
        raise InputError(
            f"bound {value!r} is not exact; give a Fraction, an integer or a string such as '-0.5' or '-1/2'"
        )
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise InputError(f"bound {value!r} is not a rational number; write '-0.5' or '-1/2'") from None


def _below(value: Fraction, digits: int) -> Fraction:
    """Return the largest decimal with so many digits that is not above a value."""
    return Fraction(floor(value * 10**digits), 10**digits)


def _points(functional: Functional, level: Level, chain: Sequence[Attempt], progress: Progress) -> Iterator[_Point]:
    """Yield the points of the chain for the functional's minimum over the level."""
    check_reach(functional.scenario, level)
    relaxation = Relaxation.build(functional.scenario, level)
    words = relaxation.projector.words
    progress(f"level {level}: {len(words)} words, moment matrix of order {relaxation.group.order}")
    terms = coefficients(functional.scenario, functional.elements)
    real = all(matrix.is_real for matrix in functional.elements.values())
    for solution in solutions(bound_problem(relaxation.group, terms), chain):
        figure = f"the level's minimum is about {solution.figure(1)}, not proved"
        progress(figure)
        reach, gap = reachable_bound(relaxation, solution, terms)

        def attempt(bound: Fraction, solution: Solution = solution) -> BoundCertificate | None:
            suggestions = bound_suggestions(relaxation, solution, terms, bound, real)
            found = (bound_certificate(words, s, functional, bound) for s in suggestions)
            return next((c for c in found if c is not None), None)

        yield _Point(figure, reach, gap, attempt)
