"""Proved lower bounds of functionals with symmetries: larger levels, smaller proofs.

Above: claims, the command line. Below: symmetric certificates, symmetric relaxations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from math import floor

from steeralg.algebra.automorphism import Automorphism, Generator
from steeralg.algebra.clifford import symmetry_group
from steeralg.algebra.group_basis import GroupBasis, Monomial
from steeralg.algebra.level import ALMOST_QUANTUM, Level
from steeralg.arguments import checked, require_between
from steeralg.certificates.symmetric import InvariantBlock, SymmetricBound, SymmetricSquares
from steeralg.errors import InputError, SolverError, VerificationError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, as_number, exact_rational
from steeralg.exact.psd import Factor
from steeralg.objects.functional import Functional
from steeralg.objects.symmetry import Symmetry
from steeralg.positivity.face import restrict, whole
from steeralg.positivity.facial import on_faces
from steeralg.progress import Progress, silent
from steeralg.sdp.recognise import fields
from steeralg.sdp.solve import ACCURATE_CHAIN, SYMMETRIC_CHAIN, Attempt, Solution, solutions
from steeralg.sdp.suggest import Suggestion, suggest_factor
from steeralg.sdp.symmetric import SymmetricRelaxation
from steeralg.sdp.symmetric_suggest import Repair, RepairedPoint, gram_suggestions
from steeralg.sdp.symmetric_system import SymmetricSystem, kernels
from steeralg.sdp.time_limit import time_is_over
from steeralg.verdict import Proved, Undecided

_TOLERANCE = Fraction(1, 10**7)
_WIDE = Fraction(1, 10**5)
_MAX_DIGITS = 9


@dataclass(frozen=True, eq=False)
class _Problem:
    """A functional with symmetries at a level."""

    functional: Functional
    level: Level
    basis: GroupBasis
    generators: tuple[Generator, ...]
    automorphisms: tuple[Automorphism, ...]

    @classmethod
    def of(cls, functional: Functional, symmetries: Sequence[Symmetry | str], level: Level) -> _Problem:
        scenario = functional.scenario
        basis, functional = GroupBasis.of(scenario).together(functional)
        if not basis.expansion(functional).keys() - {basis.one}:
            raise InputError("the functional is a number on all assemblages: there is nothing to bound")
        given = [Symmetry.parse(scenario, s) if isinstance(s, str) else s for s in symmetries]
        if any(s.scenario != scenario for s in given):
            raise InputError("a symmetry is of another scenario than the functional")
        generators, automorphisms = symmetry_group(basis, functional, given)
        return cls(functional, level, basis, tuple(generators), tuple(automorphisms))

    @cached_property
    def relaxation(self) -> SymmetricRelaxation:
        return SymmetricRelaxation.build(self.basis, self.level, self.automorphisms, self.expansion)

    @cached_property
    def expansion(self) -> dict[Monomial, Number]:
        return self.basis.expansion(self.functional)

    @property
    def plain_order(self) -> int:
        """The order of the moment matrix without symmetries.

        The group basis has as many rows for every dimension of the trusted side, unless Weyl operators are symmetries.
        """
        return len(self.relaxation.symmetries.numbering.words) * self.functional.scenario.dim

    def bound(self, grams: Sequence[Matrix], factors: Sequence[Factor | None], wanted: Number) -> SymmetricBound | None:
        """Return the bound that Gram matrices prove, if it is not below what is wanted."""
        origins = self.relaxation.symmetries.origins
        blocks = tuple(
            InvariantBlock(block.rows, tuple((origins[k], t) for k, t in block.characters), gram, factor)
            for block, gram, factor in zip(self.relaxation.blocks, grams, factors, strict=True)
        )
        squares = SymmetricSquares(self.basis, self.generators, blocks)
        try:
            return SymmetricBound.verified(self.functional, wanted, squares)
        except VerificationError:
            return None

    def rounded(self, suggestion: Sequence[Suggestion], wanted: Number) -> SymmetricBound | None:
        """Return the bound that suggested Gram matrices prove."""
        grams, factors = [], []
        for piece in suggestion:
            gram = piece.exact
            found = suggest_factor(gram)
            if found is None:
                return None
            grams.append(gram)
            factors.append(Factor(found[0], piece.order, found[1], found[2]))
        return self.bound(grams, factors, wanted)


@checked
def symmetric_bound(
    functional: Functional,
    symmetries: Sequence[Symmetry | str],
    bound: Fraction | int | str | None = None,
    level: Level = ALMOST_QUANTUM,
    *,
    digits: int = 6,
    chain: Sequence[Attempt] = SYMMETRIC_CHAIN,
    progress: Progress = silent,
) -> Proved[SymmetricBound] | Undecided:
    """Prove `<F, sigma> >= bound` on every quantum assemblage at a level, up to symmetries that fix the functional.

    The relaxation is restricted to invariant states and cut into blocks, which changes its minimum by nothing.
    Symmetries are given as such or in one line (see `Symmetry.parse`). Without a bound the best decimal with so many
    digits (at most 9) is proved. Raises InputError for a symmetry that does not take the functional to itself, or that
    is not in the Clifford group, and for a functional that is a number; LevelError if the level does not reach the
    functional or the symmetries leave it.
    """
    require_between("digits", digits, 1, _MAX_DIGITS)
    target = None if bound is None else exact_rational(bound)
    problem = _Problem.of(functional, symmetries, level)
    conic = problem.relaxation.problem(problem.relaxation.cost(problem.expansion))
    progress(f"level {level}: {conic.parameters} invariant parameters, blocks of {list(conic.blocks)} rows")
    plain = problem.plain_order
    if max(conic.blocks) >= plain:
        progress(f"without symmetries there are only {plain} rows: these save nothing, leave them out")
    repair, unit, best = Repair(conic), Fraction(1, 10**digits), None
    figure = "no solver returned a usable point"
    try:
        for solution in solutions(conic, chain):
            figure = f"the level's minimum is about {solution.figure(1)}"
            progress(f"{figure}, not proved")
            if target is not None and _is_below(solution, target):
                break
            point = repair.point(solution)
            if point is None:
                continue
            wanted = target if target is not None else Fraction(floor((point.reach - unit / 4) / unit)) * unit
            if wanted >= point.reach or (best is not None and wanted <= as_number(best.bound).fraction()):
                continue
            progress(f"rounding to prove {wanted}")
            found = _rounded(problem, repair, point, wanted)
            best = found or best
            if found is not None and (target is not None or Fraction(solution.objective) - wanted < 2 * unit):
                break
    except SolverError as error:
        figure = str(error)
    if best is None:
        what = "no bound proved" if target is None else f"<F, sigma> >= {target} not proved"
        return Undecided(f"{what} at level {level}: {figure}")
    return Proved(best)


def _is_below(solution: Solution, target: Fraction) -> bool:
    """Whether a solver is sure that the level's minimum is below a bound: then there is no use in going on."""
    is_accurate = solution.status.lower() == "solved" and Fraction(solution.attempt.tolerance) < _WIDE
    return is_accurate and Fraction(solution.objective) + _WIDE < target


def _rounded(problem: _Problem, repair: Repair, point: RepairedPoint, wanted: Fraction) -> SymmetricBound | None:
    suggestions = gram_suggestions(problem.relaxation, repair, point, wanted)
    found = (problem.rounded(suggestion, Number.of(wanted)) for suggestion in suggestions)
    return next((bound for bound in found if bound is not None), None)


@checked
def symmetric_minimum(
    functional: Functional,
    symmetries: Sequence[Symmetry | str],
    level: Level = ALMOST_QUANTUM,
    *,
    progress: Progress = silent,
) -> Proved[SymmetricBound] | Undecided:
    """Prove the rational or quadratic bound that the level's minimum is recognised as (see `exact_minimum`).

    Symmetries, and the errors raised, are as in `symmetric_bound`.
    """
    problem = _Problem.of(functional, symmetries, level)
    conic = problem.relaxation.problem(problem.relaxation.cost(problem.expansion))
    base = next(iter(problem.expansion.values())).field
    figure = "no solver returned a usable point"
    try:
        for solution in solutions(conic, ACCURATE_CHAIN):
            figure = f"the level's minimum is about {solution.figure(1)}"
            progress(figure)
            for field, _, value in fields(solution.objective, base, _TOLERANCE):
                if time_is_over():
                    return Undecided(f"no exact minimum was proved at level {level}, the time was up: {figure}")
                progress(f"trying the minimum {value}")
                system = SymmetricSystem(problem.relaxation, problem.expansion, value, field)
                face = restrict(system, whole(system), kernels(problem.relaxation, conic, solution, field))
                found = on_faces(system, face, partial(_accepted, problem, value), progress)
                if found is not None:
                    return Proved(found)
    except SolverError as error:
        figure = str(error)
    return Undecided(f"no exact minimum was recognised and proved at level {level}: {figure}")


def _accepted(problem: _Problem, value: Number, grams: Sequence[Matrix]) -> SymmetricBound | None:
    return problem.bound(grams, [None] * len(grams), value)
