"""Strategies for local and for general no-signalling assemblages, and for functionals.

Above: postquantum assemblages. Below: quantum ones, hidden state models. A *box term* shares numbers among some
parties, uniform but for their sum, a function f of these parties' settings modulo d: boxes answer their numbers, the
trusted side prepares a state by its own. Whatever f is, nobody signals; for two boxes, d = 2 and f = x1 x2 this is the
PR box. Where nobody shares, the terms are those of local models. Affine combinations of these are all no-signalling
families already (SAPHS18 Thm 5): with enough terms, and enough white noise to be positive, nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.arguments import checked
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage, observe
from steeralg.objects.family import noise_elements
from steeralg.objects.functional import Functional
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.scenario import Label, Scenario
from steeralg.strategies.matrix import WEIGHTS, Scalars, drawn_by, drawn_hermitian, drawn_positive, require, scalars
from steeralg.strategies.quantum import normalised, quantum_assemblages
from steeralg.verdict import Proved

Family: TypeAlias = Mapping[Label, Matrix]
_GRID = 64


@checked
def local_models(scenario: Scenario, *, max_terms: int = 3, field: Any = RATIONALS) -> SearchStrategy[LocalModel]:
    """Local hidden state models with one to `max_terms` hidden values, each with deterministic answers.

    They shrink to one hidden value, answers 0, states |0><0|. Raises ScenarioError for a sequential scenario.
    """
    scenario.require_simultaneous("hidden state models")
    require("max_terms", max_terms, 1)
    return drawn_by(drawn_model, scenario, max_terms, scalars(field))


def drawn_model(draw: DrawFn, scenario: Scenario, max_terms: int, over: Scalars) -> LocalModel:
    """Draw the weights, answers and states of a model."""
    weights = [draw(WEIGHTS) for _ in range(draw(st.integers(1, max_terms)))]
    entries = []
    for weight in weights:
        answers = tuple(tuple(draw(st.integers(0, d - 1)) for d in box.outcomes) for box in scenario.black_boxes)
        share = Fraction(weight, sum(weights))
        states = tuple(normalised(drawn_positive(draw, d, over, 1, d)).scale(share) for d in scenario.views)
        entries.append(HiddenState(answers, states))
    return LocalModel(tuple(entries))


@checked
def lhs_assemblages(scenario: Scenario, *, max_terms: int = 3, field: Any = RATIONALS) -> SearchStrategy[Assemblage]:
    """Assemblages with a local hidden state model: those of `local_models`, whose arguments these are."""
    drawn = local_models(scenario, max_terms=max_terms, field=field)
    return drawn.map(lambda model: model.assemblage(scenario))


@checked
def no_signalling_assemblages(
    scenario: Scenario, *, max_terms: int = 3, field: Any = RATIONALS
) -> SearchStrategy[Assemblage]:
    """No-signalling assemblages of any kind: local, quantum, postquantum.

    Affine combinations of one to `max_terms` pairs of relabelled PR-like boxes and states, with the least multiple of
    1/64 of white noise that makes them positive; or quantum assemblages. Instrumental ones are general: observed of a
    no-signalling parent. All sequential ones are quantum, and come from realisations. They shrink to outcomes 0 and
    |0><0|.
    """
    require("max_terms", max_terms, 1)
    if scenario.sequential:
        return quantum_assemblages(scenario, field=field)
    if scenario.instrumental:
        parents = no_signalling_assemblages(scenario.parent, max_terms=max_terms, field=field)
        return parents.map(lambda parent: observe(scenario, parent))
    affine = drawn_by(_drawn_affine, scenario, max_terms, scalars(field))
    return affine | quantum_assemblages(scenario, field=field)


def _drawn_affine(draw: DrawFn, scenario: Scenario, max_terms: int, over: Scalars) -> Assemblage:
    terms = [drawn_box_term(draw, scenario, over) for _ in range(draw(st.integers(1, max_terms)))]
    weights = [draw(st.sampled_from((1, 2, 3, -1, -2))) for _ in terms[1:]]
    # The first weight keeps the sum positive.
    first = draw(WEIGHTS) + max(0, -sum(weights))
    whole = Fraction(1, first + sum(weights))
    family = {
        label: total(term[label].scale(w * whole) for w, term in zip((first, *weights), terms, strict=True))
        for label in terms[0]
    }
    return Assemblage(scenario, family if min(weights, default=0) >= 0 else made_positive(scenario, family))


def made_positive(scenario: Scenario, family: Family) -> dict[Label, Matrix]:
    """Mix a family with the least multiple of 1/64 of white noise that makes it positive, by bisection."""
    noise = noise_elements(scenario)

    def mixed(k: int) -> dict[Label, Matrix]:
        share = Fraction(k, _GRID)
        return {label: m.scale(1 - share) + noise[label].scale(share) for label, m in family.items()}

    low, high = -1, _GRID
    while high - low > 1:
        middle = (low + high) // 2
        positive = all(isinstance(decide_psd(m), Proved) for m in mixed(middle).values())
        low, high = (low, middle) if positive else (middle, high)
    return mixed(high)


def drawn_box_term(draw: DrawFn, scenario: Scenario, over: Scalars) -> Family:
    """Draw a box term: who shares, modulo what; the function f; what every box adds to its share; states by shares."""
    boxes, views = scenario.black_boxes, scenario.views
    parties = range(len(boxes) + (views != (1,)))
    groups = [group for size in range(2, len(parties) + 1) for group in combinations(parties, size)]
    group = draw(st.sampled_from([(), *groups]))
    most = max(2, max(d for box in boxes for d in box.outcomes))
    modulus = draw(st.integers(2, min(3, most))) if group else 1
    counts = [*(len(box.outcomes) for box in boxes), len(views)]
    inputs = list(product(*(range(counts[k]) for k in group)))
    size = len(inputs) if group else 0
    values = draw(st.lists(st.integers(0, modulus - 1), min_size=size, max_size=size)) or [0]
    added = [[draw(st.integers(0, d - 1)) for d in box.outcomes] for box in boxes]
    number = modulus if len(boxes) in group else 1
    states = [[normalised(drawn_positive(draw, d, over, 1, d)) for _ in range(number)] for d in views]
    return box_term(scenario, group, modulus, dict(zip(inputs, values, strict=True)), added, states)


def box_term(
    scenario: Scenario,
    group: Sequence[int],
    modulus: int,
    function: Mapping[tuple[int, ...], int],
    added: Sequence[Sequence[int]],
    states: Sequence[Sequence[Matrix]],
) -> dict[Label, Matrix]:
    """Return the family in which the parties of `group` (the boxes, then the trusted side) have numbers that sum to
    `function` of their settings modulo `modulus`, and are uniform otherwise; others have 0.

    Box k answers its number plus added[k][x]; the trusted side prepares states[view][number].
    """
    boxes, share = scenario.black_boxes, Fraction(1, modulus ** max(0, len(group) - 1))
    counts: dict[Label, dict[int, int]] = {}
    for x, view in product(scenario.settings(), range(len(scenario.views))):
        settings = (*x, view)
        target = function[tuple(settings[k] for k in group)]
        for free in product(range(modulus), repeat=max(0, len(group) - 1)):
            # The last of the group makes up the sum; zip ends at once where nobody shares.
            numbers = dict(zip(group, (*free, (target - sum(free)) % modulus), strict=False))
            outcome = tuple((numbers.get(k, 0) + added[k][x[k]]) % box.outcomes[x[k]] for k, box in enumerate(boxes))
            held, number = counts.setdefault(scenario.label(outcome, x, view), {}), numbers.get(len(boxes), 0)
            held[number] = held.get(number, 0) + 1
    family = {}
    for label in scenario.labels():
        view = scenario.view(label)
        parts = [states[view][number].scale(n * share) for number, n in counts.get(label, {}).items()]
        zero = Matrix.zero(scenario.views[view], scenario.views[view], states[view][0].field)
        family[label] = total([zero, *parts])
    return family


@checked
def functionals(scenario: Scenario, *, field: Any = RATIONALS) -> SearchStrategy[Functional]:
    """Functionals with Hermitian operators of small integers for every label; they shrink to 0.

    Raises ScenarioError for a sequential scenario, where there is nothing to bound.
    """
    scenario.require_simultaneous("functionals")
    return drawn_by(_drawn_functional, scenario, scalars(field))


def _drawn_functional(draw: DrawFn, scenario: Scenario, over: Scalars) -> Functional:
    return Functional(
        scenario, {label: drawn_hermitian(draw, scenario.order(label), over) for label in scenario.labels()}
    )
