"""Exact strategies: rounding a see-saw gives a valid realisation whatever the floats were, its value is near theirs
and nearer with more bits, and it never beats what is known of the quantum minimum.
"""

from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.certificates.strategy import MAX_BITS, best_strategy, exact_strategy
from steeralg.errors import InputError, ScenarioError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.objects.behaviour import bell_functional
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from steeralg.sdp.seesaw import see_saw
from tests import strategies as own

SCENARIOS = {
    "Bell": Scenario.of([(2, 3), (3,)], 1),
    "three outcomes, D = 3": Scenario.of([(3, 3), (3, 3)], 3),
    "three boxes": own.three_boxes,
    "input": Scenario.of([(2, 2)], 2, 2),
    "two boxes and an input": Scenario.of([(2,), (2, 3)], 2, 2),
    "instrumental": Scenario.of([(2, 2, 2)], 2, 2, True),
    "several trusted": Scenario.of([(2, 2)], (2, 2)),
    "two boxes, several trusted": Scenario.of([(2, 2), (2,)], (2, 3)),
}
every_scenario = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
CHSH = bell_functional(
    [(2, 2)] * 2, {((a, b), (x, y)): (-1) ** (a + b + x * y) for a, b, x, y in product((0, 1), repeat=4)}
)


def functional(scenario: Scenario, seed: int) -> Functional:
    random = Random(seed)

    def operator(order: int) -> Matrix:
        rows = [
            [own.gaussian(random.randint(-4, 4), random.randint(-4, 4)) for _ in range(order)] for _ in range(order)
        ]
        matrix = Matrix.from_numbers(rows, RATIONALS)
        return matrix + matrix.adjoint

    return Functional(scenario, {label: operator(scenario.order(label)) for label in scenario.labels()})


def fraction(strategy) -> Fraction:
    return strategy.value.fraction()


def test_chsh_is_reached_and_not_beaten():
    strategy = best_strategy(CHSH)
    assert fraction(strategy) ** 2 <= 8 and fraction(strategy) > Fraction(-283, 100)
    assert fraction(strategy) <= Fraction(-28284, 10000)
    assert 8 - fraction(strategy) ** 2 < Fraction(1, 10**8)
    assert strategy.realisation.state.matrix.denominator < 1 << 34
    assert str(strategy).startswith("a quantum strategy of value -2.8284271")


def test_the_three_outcome_inequality_of_two_qutrits():
    """CGLMP: about 2.914854 with qutrits (Acin et al., PRA 65, 052325), 2 classically."""
    plus = {(0, 0): 0, (1, 0): 1, (1, 1): 0, (0, 1): 0}
    minus = {(0, 0): 1, (1, 0): 0, (1, 1): 1, (0, 1): 2}
    table = {
        ((a, b), s): int((b - a) % 3 == minus[s]) - int((b - a) % 3 == plus[s])
        for s in plus
        for a in range(3)
        for b in range(3)
    }
    value = fraction(best_strategy(bell_functional([(3, 3)] * 2, table), starts=4))
    assert Fraction(-2914855, 10**6) < value < Fraction(-291485, 10**5)


def test_perfect_steering_of_two_unbiased_bases():
    """A maximally entangled pair predicts Z and X with certainty; nothing is below -1 for each setting."""
    outcomes = {(0, 0): [[-1, 0], [0, 0]], (1, 0): [[0, 0], [0, -1]]}
    half = Fraction(1, 2)
    outcomes |= {(a, 1): [[-half, -sign * half], [-sign * half, -half]] for a, sign in ((0, 1), (1, -1))}
    target = Functional.of(Scenario.of([(2, 2)], 2), {((a,), (x,)): matrix for (a, x), matrix in outcomes.items()})
    value = fraction(best_strategy(target, starts=3))
    assert -2 <= value < -2 + Fraction(1, 10**8)
    # Without entanglement: one pure state against both bases.
    alone = fraction(best_strategy(target, dims=(1,), starts=6))
    assert (alone + 1) ** 2 <= half < (alone + 1) ** 2 + Fraction(1, 10**6)


@every_scenario
def test_a_strategy_is_exact_and_close_to_its_suggestion(scenario):
    target = functional(scenario, 1)
    found = see_saw(target, starts=2)
    strategy = exact_strategy(target, found, 16)
    sigma = strategy.realisation.assemblage(scenario)
    assert sigma.scenario == scenario and target.value(sigma) == strategy.value
    assert strategy.realisation.field == RATIONALS
    assert abs(float(fraction(strategy)) - found.value) < 1e-6


@every_scenario
def test_more_bits_lose_less(scenario):
    target = functional(scenario, 2)
    found = see_saw(target, starts=1)
    losses = [float(fraction(exact_strategy(target, found, bits))) - found.value for bits in (4, 10, 20)]
    assert losses[0] > losses[1] > losses[2]
    assert losses[1] < 1e-2 and abs(losses[2]) < 1e-8


@given(st.integers(0, 10**6), st.integers(1, 3))
@settings(deadline=None, max_examples=15)
def test_any_start_and_any_rounding_is_a_strategy_above_the_chsh_bound(seed, bits):
    """A bit or two may make a bad strategy, but no invalid one: it is checked as it is built."""
    assert fraction(best_strategy(CHSH, starts=1, seed=seed, bits=bits)) > Fraction(-283, 100)


@every_scenario
@pytest.mark.parametrize("bits", [1, 2, 3])
def test_the_coarsest_rounding_is_valid(scenario, bits):
    for seed in range(2):
        best_strategy(functional(scenario, 5), starts=1, seed=seed, bits=bits)


def deterministic_minimum(target: Functional) -> Fraction:
    """The least value when every box answers by a function of its setting and the trusted party has a number."""
    values = []
    for answers in own.deterministic_elements(target.scenario):
        chosen = [
            matrix.entry(0, 0).fraction()
            for (a, x, *_), matrix in target.elements.items()
            if all(answers[k][x[k]] == a[k] for k in range(len(a)))
        ]
        values.append(sum(chosen))
    return min(values)


DETERMINISTIC = Scenario.of([(2, 3), (3, 2)], 1)


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=10)
def test_boxes_of_dimension_one_are_deterministic(seed):
    target = functional(DETERMINISTIC, seed)
    strategy = best_strategy(target, dims=(1, 1), starts=2, seed=seed)
    assert strategy.realisation.state.dims == (1, 1, 1)
    assert strategy.value.denominator == 1
    assert fraction(strategy) >= deterministic_minimum(target)


@pytest.mark.parametrize("seed", range(5))
def test_enough_starts_find_the_best_deterministic_answers_and_entanglement_does_not_harm(seed):
    target = functional(DETERMINISTIC, seed)
    least = deterministic_minimum(target)
    assert fraction(best_strategy(target, dims=(1, 1), starts=40)) == least
    assert fraction(best_strategy(target)) <= least + Fraction(1, 10**6)


@every_scenario
def test_every_round_goes_down(scenario):
    target = functional(scenario, 4)
    values = [see_saw(target, starts=1, rounds=rounds).value for rounds in (1, 2, 4, 8, 16)]
    assert all(later <= earlier + 1e-5 for earlier, later in pairwise(values))


def test_chsh_without_entanglement():
    assert fraction(best_strategy(CHSH, dims=(1, 2))) == fraction(best_strategy(CHSH, dims=[1, 1])) == -2


def test_one_operator_is_minimised_by_its_eigenvector():
    """One setting and one outcome: the least eigenvalue of F, here 1 - sqrt(2)."""
    target = Functional.of(Scenario.of([(1,)], 2), {((0,), (0,)): [[2, 1], [1, 0]]})
    value = fraction(best_strategy(target, starts=1))
    assert value < 1 and (1 - value) ** 2 <= 2 < (1 - value) ** 2 + Fraction(1, 10**6)


def test_an_input_can_use_all_of_a_larger_factor():
    """The channels may start from any dimension; with a one-dimensional one they prepare states."""
    scenario = Scenario.of([(2, 2)], 2, 2)
    target = functional(scenario, 3)
    values = {}
    for factor in (1, 2, 3):
        strategy = best_strategy(target, dims=(2, factor), starts=4)
        assert strategy.realisation.state.dims == (2, factor)
        assert {m.dim_in for m in strategy.realisation.channels} == {factor}
        values[factor] = fraction(strategy)
    assert values[2] <= values[1] + Fraction(1, 10**6)


def test_the_zero_functional_has_value_zero():
    for scenario in SCENARIOS.values():
        assert best_strategy(Functional(scenario, {}), starts=1, bits=4).value.is_zero


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=5)
def test_the_same_seed_gives_the_same_strategy(seed):
    target = functional(SCENARIOS["instrumental"], seed)
    assert best_strategy(target, starts=2, seed=seed) == best_strategy(target, starts=2, seed=seed)


@pytest.mark.parametrize(
    "scenario, dims, message",
    [
        (Scenario.of([(2, 2)], 2), (2, 2, 2), "3 local dimensions for 1 black boxes and 1 trusted"),
        (Scenario.of([(2, 2)] * 2, 2), (2,), "1 local dimensions"),
        (Scenario.of([(2, 2)], 2), (0,), "0 is no local dimension"),
        (Scenario.of([(2, 2)], 2), (2, 3), "trusted factors without input"),
        (Scenario.of([(2, 2)], 2), (300,), "multiply to more than"),
    ],
)
def test_local_dimensions_have_to_fit(scenario, dims, message):
    with pytest.raises(ScenarioError, match=message):
        best_strategy(functional(scenario, 1), dims=dims)


@pytest.mark.parametrize("bits", [0, -1, MAX_BITS + 1, 8.0, True])
def test_bits_are_a_small_number(bits):
    with pytest.raises(InputError, match="bits"):
        best_strategy(CHSH, bits=bits)


def test_there_is_a_start():
    with pytest.raises(InputError, match="starts = 0"):
        best_strategy(CHSH, starts=0)
