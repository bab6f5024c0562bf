"""What is made of assemblages: marginals sum outcomes out at any setting and determine the assemblage; behaviours are
traces with the trusted party's effects; mixtures are weighted means; maps act on every element; relabelled measurements
steer to relabelled elements.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import FormatError, InputError, NormalisationError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.tensor import partial_trace
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests import strategies as own

HALF = Fraction(1, 2)
scenarios = own.scenarios | st.just(own.three_boxes)
assemblages = scenarios.flatmap(own.quantum_assemblages)
fast = settings(deadline=None, max_examples=20)


@given(assemblages)
@fast
def test_a_marginal_sums_outcomes_out_at_any_setting(sigma):
    scenario = sigma.scenario
    for kept in product((True, False), repeat=len(scenario.black_boxes)):
        for a, x in scenario.labels():
            partial = tuple(tuple(v if keep else None for v, keep in zip(p, kept, strict=True)) for p in (a, x))
            summed = [
                sigma.elements[b, x]
                for b in scenario.outcomes(x)
                if all(q == r or not keep for q, r, keep in zip(a, b, kept, strict=True))
            ]
            assert sigma.marginal(partial) == total(summed)


@given(own.experiments())
@fast
def test_the_reduced_state_is_the_trusted_partys_part_of_the_state(experiment):
    scenario, state, povms = experiment
    boxes = range(len(scenario.black_boxes))
    assert Assemblage.from_state(state, povms).reduced_state == partial_trace(state.matrix, state.dims, boxes)


@given(assemblages, st.data())
@fast
def test_probabilities_and_behaviours_are_traces_with_the_trusted_effects(sigma, data):
    dim = sigma.scenario.dim
    trusted = [data.draw(own.povms(dim, 2)), data.draw(own.povms(dim, 3))]
    plain, joint, table = sigma.behaviour(), sigma.behaviour(trusted), sigma.probabilities()
    assert joint.scenario.dim == plain.scenario.dim == 1
    for a, x in sigma.scenario.labels():
        assert plain[a, x][0] == table[a, x] == sympy.trace(sigma[a, x])
        for y, povm in enumerate(trusted):
            values = [joint[(*a, b), (*x, y)][0] for b in range(len(povm.effects))]
            wanted = [sympy.expand(sympy.trace(e.sympy() * sigma[a, x])) for e in povm.effects]
            assert values == wanted
            assert sum(values) == table[a, x]
    assert all(sum(table[a, x] for a in sigma.scenario.outcomes(x)) == 1 for x in sigma.scenario.settings())


def test_a_behaviour_needs_effects_of_the_trusted_dimension():
    with pytest.raises(ShapeError):
        white_noise(own.three_boxes).behaviour([POVM((Matrix.identity(3),))])


@given(
    scenarios.flatmap(lambda s: st.tuples(own.quantum_assemblages(s), own.quantum_assemblages(s))), st.integers(0, 5)
)
@fast
def test_a_mixture_is_the_weighted_mean(pair, fifths):
    first, second, weight = *pair, Fraction(fifths, 5)
    mixed = first.mix(second, weight)
    for label, m in mixed.elements.items():
        assert m == first.elements[label].scale(1 - weight) + second.elements[label].scale(weight)


@pytest.mark.parametrize("weight", [2, -1, Fraction(-1, 10**9), 0.1, float("nan")])
def test_a_weight_is_an_exact_number_between_0_and_1(weight):
    noise = white_noise(own.three_boxes)
    with pytest.raises(InputError):
        noise.mix(noise, weight)


def test_assemblages_of_different_scenarios_do_not_mix():
    with pytest.raises(ScenarioError):
        white_noise(own.three_boxes).mix(white_noise(Scenario.of([(2,), (2, 3), (2,)], 3)), Fraction(1, 2))


@given(own.experiments(), st.data())
@fast
def test_a_map_acts_on_every_element(experiment, data):
    scenario, state, povms = experiment
    unitary = data.draw(own.unitaries(scenario.dim))
    rotation = LinearMap.from_action(scenario.dim, lambda m: unitary @ m @ unitary.adjoint)
    sigma = Assemblage.from_state(state, povms)
    rotated = sigma.apply(rotation)
    assert rotated == Assemblage.from_state(state, povms, rotation)
    assert all(m == unitary @ sigma.elements[label] @ unitary.adjoint for label, m in rotated.elements.items())
    assert (
        sigma.apply(identity(scenario.dim))
        == sigma
        == sigma.apply(transpose(scenario.dim)).apply(transpose(scenario.dim))
    )


def test_maps_have_to_fit_keep_the_trace_and_keep_the_elements_positive():
    sigma = Assemblage.from_state(State.pure([1, 0, 0, 1], (2, 2)), [[POVM.observable([[1, 0], [0, -1]])]])
    with pytest.raises(ShapeError):
        sigma.apply(identity(3))
    with pytest.raises(NormalisationError):
        sigma.apply(LinearMap.from_action(2, lambda m: m.scale(2)))
    with pytest.raises(PositivityError):
        sigma.apply(LinearMap.from_action(2, lambda m: m.scale(2) - Matrix.identity(2).scale(m.trace()).scale(HALF)))


@st.composite
def tables(draw):
    """An assemblage and its marginals over every subset of boxes, last outcomes left out."""
    sigma = draw(assemblages)
    choices = [
        [(None, None), *((a, x) for x, d in enumerate(box.outcomes) for a in range(d - 1))]
        for box in sigma.scenario.black_boxes
    ]
    keys = [(tuple(a for a, _ in choice), tuple(x for _, x in choice)) for choice in product(*choices)]
    return sigma, {key: sigma.marginal(key) for key in keys}


@given(tables())
@fast
def test_the_independent_marginals_determine_the_assemblage(pair):
    sigma, table = pair
    assert Assemblage.from_marginals(sigma.scenario, table) == sigma


@given(tables(), st.data())
@fast
def test_a_table_has_the_independent_marginals_and_nothing_else(pair, data):
    sigma, table = pair
    last = tuple(box.outcomes[0] - 1 for box in sigma.scenario.black_boxes)
    dependent = (last, (0,) * len(last))
    with pytest.raises(InputError):
        Assemblage.from_marginals(sigma.scenario, table | {dependent: Matrix.identity(sigma.scenario.dim)})
    del table[data.draw(st.sampled_from(list(table)))]
    with pytest.raises(FormatError):
        Assemblage.from_marginals(sigma.scenario, table)


@given(own.experiments(), st.data())
@fast
def test_relabelled_measurements_steer_to_relabelled_elements(experiment, data):
    _, state, povms = experiment
    sigma = Assemblage.from_state(state, povms)
    settings_ = [data.draw(st.permutations(range(len(box)))) for box in povms]
    outcomes = [[data.draw(st.permutations(range(len(p.effects)))) for p in box] for box in povms]
    relabelled = [
        [POVM(tuple(box[x].effects[a] for a in outcomes[k][x])) for x in settings_[k]] for k, box in enumerate(povms)
    ]
    for (a, x), matrix in Assemblage.from_state(state, relabelled).elements.items():
        old = tuple(settings_[k][s] for k, s in enumerate(x))
        assert (
            matrix == sigma.elements[tuple(outcomes[k][s][b] for k, (b, s) in enumerate(zip(a, old, strict=True))), old]
        )
