"""Local hidden state models: their assemblages against the sum that defines them, in every kind of scenario; mixtures
of single strategies; explicit models of the literature; what is no model is a typed error that names the entry.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26
from steeralg.errors import HermitianError, NormalisationError, PositivityError, ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.objects.assemblage import white_noise
from steeralg.objects.local_model import HiddenState, LocalModel
from steeralg.objects.scenario import Scenario
from tests.strategies import KINDS, deterministic_elements, states

every_kind = pytest.mark.parametrize("name", KINDS)
HALF = Fraction(1, 2)


@st.composite
def local_models(draw, scenario, most=4):
    """Up to some entries with any strategies, states and weights; the weights add up to 1."""
    strategies = list(deterministic_elements(scenario))
    shares = draw(st.lists(st.integers(0, 3), min_size=1, max_size=most).filter(any))
    entries = []
    for share in shares:
        hidden = tuple(draw(states((d,))).matrix.scale(Fraction(share, sum(shares))) for d in scenario.views)
        entries.append(HiddenState(draw(st.sampled_from(strategies)), hidden))
    return LocalModel(tuple(entries))


def answers(entry, label):
    return all(box[x] == a for box, a, x in zip(entry.outcomes, *label[:2], strict=True))


@every_kind
def test_elements_are_the_sums_of_the_hidden_states_that_answer_so(name):
    scenario = KINDS[name]

    @given(local_models(scenario))
    @settings(deadline=None, max_examples=10)
    def check(model):
        sigma = model.assemblage(scenario)
        for label, matrix in sigma.elements.items():
            view = label[0][0] if scenario.instrumental else label[2] if len(label) == 3 else 0
            found = Matrix.zero(*[scenario.views[view]] * 2)
            for entry in model.entries:
                if answers(entry, label):
                    found = found + entry.states[view]
            assert found == matrix

    check()


@every_kind
def test_every_single_strategy_is_a_model(name):
    """The boxes answer deterministically, whatever the order of the model's entries."""
    scenario = KINDS[name]
    hidden = tuple(Matrix.unit(d, d - 1, d - 1) for d in scenario.views)
    for strategy in deterministic_elements(scenario):
        sigma = LocalModel((HiddenState(strategy, hidden),)).assemblage(scenario)
        for (a, x), p in sigma.probabilities().items():
            assert p == int(all(box[s] == o for box, s, o in zip(strategy, x, a, strict=True)))


@every_kind
def test_all_strategies_in_equal_parts_are_white_noise(name):
    scenario = KINDS[name]
    strategies = list(deterministic_elements(scenario))
    hidden = tuple(Matrix.identity(d).scale(Fraction(1, d * len(strategies))) for d in scenario.views)
    model = LocalModel(tuple(HiddenState(strategy, hidden) for strategy in strategies))
    assert model.assemblage(scenario) == white_noise(scenario)


@given(local_models(KINDS["two boxes"], 3), local_models(KINDS["two boxes"], 3), st.integers(1, 3))
@settings(deadline=None, max_examples=15)
def test_models_side_by_side_are_mixtures(one, other, quarters):
    scenario, weight = KINDS["two boxes"], Fraction(quarters, 4)
    parts = [
        HiddenState(entry.outcomes, tuple(m.scale(share) for m in entry.states))
        for model, share in ((one, 1 - weight), (other, weight))
        for entry in model.entries
    ]
    mixed = LocalModel(tuple(parts)).assemblage(scenario)
    assert mixed == one.assemblage(scenario).mix(other.assemblage(scenario), weight)


def test_prop_16_of_s26_is_local():
    """Alice's coin decides her outcome whatever the setting; all elements are 1/4."""
    hidden = s26.prop_16_hidden_states()
    model = LocalModel.of([([outcomes], found) for outcomes, found in hidden.items()])
    assert model.assemblage(s26.QUBITS) == s26.prop_16()


def test_numbers_of_different_fields_are_brought_to_one():
    root = sympy.sqrt(2)
    hidden = [[[[HALF, 0], [0, 0]]], [[[1 / (2 * root), 0], [0, HALF - 1 / (2 * root)]]]]
    model = LocalModel.of([([(k, k)], found) for k, found in enumerate(hidden)])
    assert model.field.minimal_polynomial == (-2, 0, 1)
    sigma = model.assemblage(Scenario.of([(2, 2)], 2))
    assert sigma.reduced_state.sympy() == sympy.Matrix([[HALF + 1 / (2 * root), 0], [0, HALF - 1 / (2 * root)]])


ONE = Matrix.identity(2).scale(HALF)
WRONG = {
    "not positive": ((ONE, Matrix.rational([[2, 0], [0, -1]])), PositivityError),
    "not Hermitian": ((ONE, Matrix.rational([[1, 1], [0, 0]])), HermitianError),
    "another trace": ((ONE, ONE.scale(2)), NormalisationError),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_hidden_state_is_refused_by_entry(name):
    hidden, error = WRONG[name]
    good = HiddenState(((0, 1),), (ONE, ONE))
    with pytest.raises(error, match="entry 1"):
        LocalModel((good, HiddenState(((0, 1),), hidden)))


@pytest.mark.parametrize(
    ("outcomes", "hidden"),
    [
        (((0,),), (ONE, ONE)),
        (((0, 1, 0),), (ONE, ONE)),
        (((0, 1), (0, 1)), (ONE, ONE)),
        (((0, 1),), (ONE,)),
        (((0, 1),), (ONE, ONE, ONE)),
        (((0, 1),), (ONE, Matrix.rational([[1]]))),
        (((0, 2),), (ONE, ONE)),
        (((0, 2),), (ONE.scale(0), ONE.scale(0))),
    ],
    ids=["few settings", "many settings", "boxes", "few views", "many views", "dimension", "outcome", "never"],
)
def test_an_entry_that_does_not_fit_is_refused(outcomes, hidden):
    model = LocalModel((HiddenState(((0, 1),), (ONE, ONE)), HiddenState(outcomes, hidden)))
    with pytest.raises(ScenarioError):
        model.assemblage(Scenario.of([(2, 2)], [2, 2]))


@pytest.mark.parametrize("weight", [Fraction(1, 2), Fraction(3, 2), Fraction(0)])
def test_the_weights_add_up_to_one(weight):
    scenario = Scenario.of([(2, 2)], 2)
    model = LocalModel((HiddenState(((0, 1),), (ONE.scale(weight),)),))
    with pytest.raises(NormalisationError):
        model.assemblage(scenario)
