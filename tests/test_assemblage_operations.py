"""What is made of assemblages: marginals sum outcomes out at any setting and determine the assemblage; behaviours are
traces with the trusted party's effects; mixtures are weighted means; maps act on every element; relabelled measurements
steer to relabelled elements; inputs, restrictions and local marginals are what their definitions say.
"""

from fractions import Fraction
from itertools import product
from math import prod

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
all_scenarios = own.scenarios | own.kinds
assemblages = scenarios.flatmap(own.quantum_assemblages)
all_assemblages = all_scenarios.flatmap(own.quantum_assemblages)
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
    all_scenarios.flatmap(lambda s: st.tuples(own.quantum_assemblages(s), own.quantum_assemblages(s))),
    st.integers(0, 5),
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


# ---- inputs, several trusted parties, instrumental data ----------------------------------------------------------
inputs = st.sampled_from([s for s in own.KINDS.values() if s.has_input and not s.instrumental])


@given(st.sampled_from([s for s in own.KINDS.values() if not s.instrumental]).flatmap(own.quantum_assemblages))
@fast
def test_probabilities_are_traces_of_any_view(sigma):
    table = sigma.probabilities()
    for label, matrix in sigma.elements.items():
        assert table[label[:2]] == sympy.Rational(str(matrix.trace().fraction()))
    behaviour = sigma.behaviour()
    assert {label: m[0] for label in behaviour.elements for m in [behaviour[label]]} == table


@given(inputs.flatmap(own.quantum_assemblages))
@fast
def test_a_marginal_of_one_setting_of_the_input_sums_outcomes_out(sigma):
    scenario = sigma.scenario
    for (a, x, y), kept in product(scenario.labels(), product((True, False), repeat=len(scenario.black_boxes))):
        partial = tuple(tuple(v if keep else None for v, keep in zip(p, kept, strict=True)) for p in (a, x))
        summed = [
            sigma.elements[b, x, y]
            for b in scenario.outcomes(x)
            if all(q == r or not keep for q, r, keep in zip(a, b, kept, strict=True))
        ]
        assert sigma.marginal((*partial, y)) == total(summed)


def turned(u):
    return LinearMap.from_action(u.rows, lambda m: u @ m @ u.adjoint)


@given(st.data())
@fast
def test_with_input_applies_one_map_for_every_setting(data):
    sigma = data.draw(st.sampled_from([own.KINDS["one box"], own.KINDS["two boxes"]]).flatmap(own.quantum_assemblages))
    u, v = (data.draw(own.unitaries(2)) for _ in range(2))
    found = sigma.with_input([turned(u), turned(v), transpose(2)])
    assert found.scenario == Scenario.of([b.outcomes for b in sigma.scenario.black_boxes], 2, 3)
    for (a, x), m in sigma.elements.items():
        images = [u @ m @ u.adjoint, v @ m @ v.adjoint, m.transpose]
        assert [found.elements[a, x, y] for y in range(3)] == images


@given(st.sampled_from([s.parent for s in own.KINDS.values() if s.instrumental]).flatmap(own.quantum_assemblages))
@fast
def test_instrumental_data_are_the_elements_whose_input_is_the_outcome(sigma):
    found = sigma.instrumental()
    assert found.scenario.parent == sigma.scenario
    assert found.elements == {(a, x): sigma.elements[a, x, a[0]] for a, x in found.scenario.labels()}


@pytest.mark.parametrize("dims", [(2, 2), (2, 3), (3, 2), (2, 1, 2), (4, 1)], ids=str)
def test_marginals_are_local_partial_traces(dims):
    scenario = Scenario.of([(2, 2)], prod(dims))

    @given(own.quantum_assemblages(scenario))
    @settings(deadline=None, max_examples=5)
    def check(sigma):
        found = sigma.marginals(dims)
        assert found.scenario == Scenario.of([(2, 2)], list(dims))
        for label, m in sigma.elements.items():
            table = m.sympy()
            for k, d in enumerate(dims):
                before, after = prod(dims[:k]), prod(dims[k + 1 :])
                local = sympy.zeros(d)
                for p, i, q, j in product(range(before), range(d), range(after), range(d)):
                    local[i, j] += table[(p * d + i) * after + q, (p * d + j) * after + q]
                assert found[(*label, k)] == local

    check()


@given(st.sampled_from([own.KINDS["several trusted"], own.KINDS["input"]]).flatmap(own.quantum_assemblages), st.data())
@fast
def test_maps_may_differ_from_view_to_view(sigma, data):
    maps = [data.draw(own.unitaries(2).map(turned)), transpose(2)]
    found = sigma.apply(maps)
    assert found.scenario == sigma.scenario
    for label, m in sigma.elements.items():
        assert found.elements[label] == maps[label[2]](m)
    assert sigma.apply(transpose(2)).elements == {label: m.transpose for label, m in sigma.elements.items()}


def test_operations_that_make_no_sense_for_a_kind_are_refused():
    noise = {name: white_noise(scenario) for name, scenario in own.KINDS.items()}
    for name in ("input", "several trusted", "instrumental"):
        with pytest.raises(ScenarioError):
            _ = noise[name].reduced_state
        with pytest.raises(ScenarioError):
            noise[name].with_input([identity(2)] * 2)
        with pytest.raises(ScenarioError):
            noise[name].behaviour([POVM((Matrix.identity(2),))])
    for operation in (
        lambda: noise["instrumental"].behaviour(),
        lambda: noise["one box"].instrumental(),
        lambda: noise["several trusted"].instrumental(),
        lambda: noise["input, two boxes"].instrumental(),
        lambda: noise["one box"].marginals([2, 2]),
        lambda: noise["input"].marginals([2, 1]),
        lambda: noise["several trusted"].marginals([2, 2]),
        lambda: noise["input"].mix(noise["instrumental"], HALF),
        lambda: noise["instrumental"].marginal(((None,), (None,))),
    ):
        with pytest.raises(ScenarioError):
            operation()
    for maps in ([identity(2)], [identity(2)] * 3, []):
        with pytest.raises(ShapeError):
            noise["input"].apply(maps)
    with pytest.raises(ShapeError):
        noise["input"].apply([identity(2), LinearMap.from_action(2, lambda m: Matrix.unit(3, 0, 0).scale(m.trace()))])
    with pytest.raises(ShapeError):
        noise["one box"].with_input([])


@st.composite
def viewed_tables(draw):
    """An assemblage with several views and its marginals over every subset of boxes, last outcomes left out."""
    sigma = draw(st.sampled_from([s for s in own.KINDS.values() if s.has_views]).flatmap(own.quantum_assemblages))
    choices = [
        [(None, None), *((a, x) for x, d in enumerate(box.outcomes) for a in range(d - 1))]
        for box in sigma.scenario.black_boxes
    ]
    keys = [
        (tuple(a for a, _ in choice), tuple(x for _, x in choice), view)
        for choice in product(*choices)
        for view in range(len(sigma.scenario.views))
    ]
    return sigma, {key: sigma.marginal(key) for key in keys}


@given(viewed_tables())
@fast
def test_the_independent_marginals_of_every_view_determine_the_assemblage(pair):
    sigma, table = pair
    assert Assemblage.from_marginals(sigma.scenario, table) == sigma


def test_instrumental_data_do_not_follow_from_marginals():
    with pytest.raises(FormatError):
        Assemblage.from_marginals(own.KINDS["instrumental"], {})
