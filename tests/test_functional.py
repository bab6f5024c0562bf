"""Functionals: the value is the sum of the traces tr(F[a|x] sigma[a|x]), linear in both; a missing element is zero;
marginal form and full form have the same value; data of another scenario, shape or symmetry is refused.
"""

import re
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import FormatError, HermitianError, InputError, NumberError, ScenarioError, ShapeError
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.functional import Functional
from steeralg.objects.scenario import Scenario
from tests import strategies as own

TWO = Scenario.of([(2, 2), (2, 2)], 1)
fast = settings(deadline=None, max_examples=25)
scenarios = own.scenarios | st.just(own.three_boxes) | own.kinds
pairs = scenarios.flatmap(lambda s: st.tuples(own.functionals(s), own.quantum_assemblages(s)))


@given(pairs)
@fast
def test_the_value_is_the_sum_of_the_traces(pair):
    functional, sigma = pair
    products = (functional.elements[label].sympy() * sigma[label] for label in functional.elements)
    wanted = sum((sympy.trace(p) for p in products), sympy.Integer(0))
    assert number_to_sympy(functional.value(sigma)) == sympy.expand(wanted)


def zeros(scenario):
    return {label: Matrix.zero(scenario.order(label), scenario.order(label)) for label in scenario.labels()}


@given(scenarios.flatmap(lambda s: st.tuples(own.functionals(s), own.functionals(s), own.quantum_assemblages(s))))
@fast
def test_the_value_is_linear_in_the_functional(triple):
    first, second, sigma = triple
    zero = zeros(sigma.scenario)
    combined = {
        label: first.elements.get(label, none).scale(3) - second.elements.get(label, none).scale(Fraction(1, 2))
        for label, none in zero.items()
    }
    value = Functional(sigma.scenario, combined).value(sigma).fraction()
    assert value == 3 * first.value(sigma).fraction() - second.value(sigma).fraction() / 2
    assert first.scale(Fraction(-2, 3)).value(sigma).fraction() == first.value(sigma).fraction() * Fraction(-2, 3)


@given(pairs, st.integers(0, 4))
@fast
def test_the_value_is_affine_in_the_assemblage(pair, quarters):
    functional, sigma = pair
    noise, weight = white_noise(sigma.scenario), Fraction(quarters, 4)
    ends = functional.value(sigma).fraction(), functional.value(noise).fraction()
    assert functional.value(sigma.mix(noise, weight)).fraction() == (1 - weight) * ends[0] + weight * ends[1]


@given(pairs, st.data())
@fast
def test_a_missing_element_is_zero(pair, data):
    functional, sigma = pair
    kept = data.draw(st.sets(st.sampled_from(list(sigma.elements))))
    zero = zeros(sigma.scenario)
    part = {label: m for label, m in functional.elements.items() if label in kept}
    padded = zero | part
    sparse, full = Functional(sigma.scenario, part), Functional(sigma.scenario, padded)
    assert sparse == full
    assert sparse.value(sigma) == full.value(sigma)


@given(scenarios)
@fast
def test_the_identity_everywhere_counts_the_settings(scenario):
    one = Functional(scenario, {label: Matrix.identity(scenario.order(label)) for label in scenario.labels()})
    views = len(scenario.views) if scenario.has_views else 1
    assert one.value(white_noise(scenario)).fraction() == views * sum(1 for _ in scenario.settings())


@st.composite
def marginal_forms(draw):
    """An assemblage and operators for some of its marginals."""
    sigma = draw(scenarios.filter(lambda s: not s.instrumental).flatmap(own.quantum_assemblages))
    scenario = sigma.scenario
    view = (draw(st.integers(0, len(scenario.views) - 1)),) if scenario.has_views else ()
    parts = [
        st.sampled_from([(None, None), *((a, x) for x, d in enumerate(box.outcomes) for a in range(d))])
        for box in sigma.scenario.black_boxes
    ]
    keys = st.tuples(*parts).map(lambda choice: (tuple(a for a, _ in choice), tuple(x for _, x in choice), *view))
    order = scenario.views[view[0] if view else 0]
    return sigma, draw(st.dictionaries(keys, own.hermitian(order), max_size=5))


@given(marginal_forms())
@fast
def test_the_marginal_form_has_the_value_of_the_marginals(pair):
    sigma, table = pair
    wanted = sum((matrix.inner(sigma.marginal(key)).fraction() for key, matrix in table.items()), Fraction(0))
    assert Functional.from_marginals(sigma.scenario, table).value(sigma).fraction() == wanted


MALFORMED = [
    ((0, None), (1, 1)),
    ((0, 0), (1, None)),
    ((None, 0), (7, 0)),
    ((None, 0), (None, 7)),
    ((None, 7), (None, 0)),
    ((None,), (None,)),
    ((None, None), (None,)),
    ((None, None, None), (None, None, None)),
]


@pytest.mark.parametrize("label", MALFORMED)
def test_none_stands_for_outcome_and_setting_together_and_the_rest_is_a_label(label):
    with pytest.raises(InputError):
        Functional.from_marginals(TWO, {label: Matrix.identity(1)})


@given(pairs)
@fast
def test_another_scenario_has_no_value(pair):
    functional, sigma = pair
    for other in (Scenario.of([(2,)], 2), Scenario.of([(3, 3)], 1)):
        with pytest.raises(ScenarioError):
            functional.value(white_noise(other))
        with pytest.raises(ScenarioError):
            Functional(other, {}).value(sigma)


def test_spoiled_elements_are_named():
    with pytest.raises(ShapeError, match=r"0,1\|1,0"):
        Functional(TWO, {((0, 1), (1, 0)): Matrix.identity(2)})
    with pytest.raises(HermitianError, match=r"0,1\|1,0"):
        Functional(TWO, {((0, 1), (1, 0)): Matrix.from_numbers([[own.gaussian(0, 1)]], own.RATIONALS)})
    with pytest.raises(FormatError, match=r"0,2\|1,0"):
        Functional(TWO, {((0, 2), (1, 0)): Matrix.identity(1)})
    with pytest.raises(NumberError):
        Functional.of(TWO, {((0, 1), (1, 0)): [[0.5]]})


def test_the_elements_cannot_be_changed():
    functional = Functional(TWO, {((0, 0), (0, 0)): Matrix.identity(1)})
    with pytest.raises(TypeError):
        functional.elements[(0, 0), (0, 0)] = Matrix.zero(1, 1)


def test_functional_and_assemblage_may_live_in_different_fields():
    scenario, root2, root3 = Scenario.of([(2, 2)], 2), sympy.sqrt(2), sympy.sqrt(3)
    plus, minus = sympy.eye(2) * (2 + root2) / 8, sympy.eye(2) * (2 - root2) / 8
    sigma = Assemblage.of(scenario, {((a,), (x,)): minus if a else plus for a in (0, 1) for x in (0, 1)})
    functional = Functional.of(scenario, {((0,), (0,)): [[root3, 0], [0, 1]], ((1,), (1,)): [[0, 5], [5, 0]]})
    wanted = sympy.expand((root3 + 1) * (2 + root2) / 8)
    assert sympy.expand(number_to_sympy(functional.value(sigma)) - wanted) == 0


def test_instrumental_functionals_have_no_marginals():
    scenario = own.KINDS["instrumental"]
    with pytest.raises(ScenarioError):
        Functional.from_marginals(scenario, {((None,), (None,)): Matrix.identity(2)})


@pytest.mark.parametrize("name", own.KINDS)
def test_spoiled_elements_of_every_kind_are_named(name):
    scenario = own.KINDS[name]
    label = list(scenario.labels())[-1]
    order = scenario.order(label)
    key = re.escape(f"element {scenario.key(label)} ")
    with pytest.raises(ShapeError, match=key):
        Functional(scenario, {label: Matrix.identity(order + 1)})
    with pytest.raises(HermitianError, match=key):
        Functional(scenario, {label: Matrix.identity(order).scale(own.gaussian(0, 1))})
    for alien in ((*label[:2], 7), (*label, 0), label[:1], (label[0], (9,) * len(label[1]), *label[2:])):
        with pytest.raises(FormatError, match="does not belong"):
            Functional(scenario, {alien: Matrix.identity(order)})
