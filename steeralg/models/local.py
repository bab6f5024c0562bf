"""Has an assemblage a local hidden state model? Decided with a witness either way: a model or a steering inequality.

Above: thresholds, classification, the command line. Below: inequalities, facial reduction, exact linear programs, Gram
matrices on faces, sdp for the suggestions. Models are positive solutions of an exact linear system and are rounded on
the face that the data leave; inequalities are functionals on a coarse grid, with bounds that are verified exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from steeralg.algebra.local_system import LocalSystem
from steeralg.arguments import checked
from steeralg.errors import InputError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.models.bell import Weighted, decide_behaviour
from steeralg.models.hidden import Space, at_most_lines, hidden_spaces, kernels, unit_states
from steeralg.models.lhs import SteeringInequality, SteeringViolation, violation_of
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.deterministic import Strategy
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.positivity.face import whole
from steeralg.positivity.facial import CLOSE, on_faces, rounded, solved
from steeralg.progress import Progress, silent
from steeralg.sdp.local import FloatFunctional, functional_of, is_small
from steeralg.verdict import Proved, Refuted, Undecided

Spaces = Sequence[tuple[Strategy, tuple[Space, ...]]]
"""The strategies that may occur, with the space of the hidden state in every view."""

LocalVerdict = Proved[LocalModel] | Refuted[SteeringViolation] | Undecided

GRIDS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 28, 32, 36, 40)
"""Bits of the grids that functionals are rounded to, the coarsest first."""

_PENALTIES = (0, 2, 4, 8, 16, 32, 64, 128, 256)


@checked
def decide_local(assemblage: Assemblage, *, progress: Progress = silent) -> LocalVerdict:
    """Decide whether an assemblage has a local hidden state model, in any scenario (for D = 1: is Bell-local).

    Proved with an exact model (SAPHS18 Def. 1; S26 Def. 14 for several trusted parties), Refuted with a steering
    inequality and its violation. Behaviours are always decided, and so are data of one view whose pure elements leave
    every hidden state at most one dimension; others may stay undecided on the very boundary of the set of local models,
    or if there are too many strategies for a semidefinite program. Raises ScenarioError for more than 100,000
    deterministic strategies and for sequential scenarios.
    """
    scenario = assemblage.scenario
    if all(dim == 1 for dim in scenario.views):
        return decide_behaviour(assemblage)
    system = LocalSystem.of(assemblage)
    spaces = hidden_spaces(assemblage, system.strategies)
    progress(f"{len(spaces)} of {len(system.strategies)} deterministic strategies may occur")
    if all(at_most_lines(scenario, found) for _, found in spaces):
        known = Weighted(system, [(strategy, unit_states(found)) for strategy, found in spaces]).decide()
        if isinstance(known, Proved):
            return known
        # A solver's functional is shorter, but may fail.
        found = _by_solver(system, progress)
        violation = found.witness if isinstance(found, Refuted) else _lifted(assemblage, known.witness)
        return found if violation is None else Refuted(violation)
    if len(spaces) < len(system.strategies) or any(space is not None for _, found in spaces for space in found):
        model = model_on(assemblage, spaces, progress)
        if model is not None:
            return Proved(model)
    return _by_solver(system, progress)


def model_on(assemblage: Assemblage, spaces: Spaces, progress: Progress = silent) -> LocalModel | None:
    """Look for a model with hidden states on given spaces: by an exact linear program where these are lines."""
    kept = tuple(strategy for strategy, _ in spaces)
    real = assemblage.is_real and all(space is None or space.is_real for _, found in spaces for space in found)
    system = LocalSystem(assemblage, kept, real)
    if all(at_most_lines(assemblage.scenario, found) for _, found in spaces):
        entries = [(strategy, unit_states(found)) for strategy, found in spaces]
        verdict = Weighted(system, entries).decide()
        return verdict.witness if isinstance(verdict, Proved) else None
    if not is_small(system):
        return None
    face = [space for _, found in spaces for space in found]
    return on_faces(system, face, partial(_accepted, system), progress)


def _by_solver(system: LocalSystem, progress: Progress) -> LocalVerdict:
    """Look for an inequality, or for a model where nothing is known of the hidden states."""
    if not is_small(system):
        return Undecided(f"{len(system.strategies)} strategies: the semidefinite program is too large")
    found = solved(system, whole(system))
    if found is None:
        return Undecided("no solver returned a usable point")
    relaxation, solution = found
    figure = f"the largest t with hidden states >= t*1 is about {solution.optimum:.9g} ({solution.attempt})"
    progress(figure)
    accept = partial(_accepted, system)
    if solution.optimum <= CLOSE:
        violation = _rounded_violation(functional_of(relaxation, system, solution))
        if violation is not None:
            return Refuted(violation)
    if solution.optimum > 0:
        model = rounded(system, whole(system), relaxation, solution, accept)
        if model is not None:
            return Proved(model)
    if abs(solution.optimum) <= CLOSE:
        model = on_faces(system, whole(system), accept, progress)
        if model is not None:
            return Proved(model)
    return Undecided(f"neither a local model nor a steering inequality was found: {figure}")


def _rounded_violation(suggestion: FloatFunctional) -> SteeringViolation | None:
    """Return the violation with the coarsest grid that proves one."""
    for bits in GRIDS:
        functional = suggestion.system.functional(suggestion.rounded(bits))
        violation = violation_of(suggestion.system.assemblage, functional)
        if violation is not None:
            return violation
    return None


def _accepted(system: LocalSystem, grams: Sequence[Matrix]) -> LocalModel | None:
    """Return the model if these are positive hidden states that give the data."""
    views = len(system.scenario.views)
    exact = unify(grams)
    groups = [tuple(exact[k : k + views]) for k in range(0, len(exact), views)]
    entries = [HiddenState(s, states) for s, states in zip(system.strategies, groups, strict=True)]
    try:
        model = LocalModel(tuple(entry for entry in entries if not entry.states[0].is_zero))
        found = model.assemblage(system.scenario)
    except InputError:
        return None
    return model if found.agrees_with(system.assemblage) else None


def _lifted(assemblage: Assemblage, functional: Functional) -> SteeringViolation | None:
    """Return the violation of a functional that is not negative where hidden states can live, and is on the data.

    Where they cannot live it is raised by multiples of the kernels of the elements: that costs the data nothing. With
    one view the bound is half of the value, however small that is; with several it is found in floats.
    """
    half = functional.value(assemblage) * Number.of(Fraction(1, 2))
    for size in _PENALTIES:
        elements = dict(functional.elements)
        for label, kernel in kernels(assemblage).items():
            raised = (kernel @ kernel.adjoint).scale(1 << size)
            elements[label] = elements[label] + raised if label in elements else raised
        lifted = Functional(assemblage.scenario, elements)
        if len(assemblage.scenario.views) > 1:
            violation = violation_of(assemblage, lifted)
            if violation is not None:
                return violation
            continue
        try:
            return SteeringViolation.of(assemblage, SteeringInequality(lifted, half))
        except VerificationError:
            continue
    return None
