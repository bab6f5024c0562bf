"""Pseudo local hidden state models: Theorem 5 of SAPHS18 against its own formula, summed label by label, in every kind
of scenario; affine forms are affine and of the same assemblage; the Hermitian operators of Theorem 6 give it back by
the Born rule; what has no such model is a typed error that says the way out.
"""

from fractions import Fraction
from itertools import product
from math import prod

import pytest
from hypothesis import given, settings

from steeralg.constructions import saphs18, shsa20
from steeralg.errors import HermitianError, NormalisationError, PositivityError, ScenarioError
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import born
from steeralg.objects.local_model import HiddenState, LocalModel, PseudoModel
from steeralg.objects.measurement import POVM
from steeralg.objects.pseudo import hermitian_realisation, pseudo_model
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests.strategies import KINDS, pr_boxes, quantum_assemblages

SEEN = {name: scenario for name, scenario in KINDS.items() if not scenario.instrumental}
every_kind = pytest.mark.parametrize("name", SEEN)
HALF = Fraction(1, 2)
PR = pr_boxes(2, Matrix.rational([[1, 0], [0, 0]]))


def as_printed(sigma):
    """Theorem 5 literally: labels [a, x] and xi (None) for each box, weights prod (1 - m_j) over the boxes at xi, and
    the answers prod p_lambda(a|x); hidden states of the labels that answer alike are added up.
    """
    scenario = sigma.scenario
    boxes = scenario.black_boxes
    labels = [[None, *((a, x) for x, d in enumerate(box.outcomes) for a in range(d))] for box in boxes]
    table = {}
    for chosen in product(*labels):
        answers = tuple(
            tuple(label[0] if label and label[1] == x else d - 1 for x, d in enumerate(box.outcomes))
            for label, box in zip(chosen, boxes, strict=True)
        )
        weight = prod(1 - len(box.outcomes) for label, box in zip(chosen, boxes, strict=True) if label is None)
        a, x = (tuple(None if label is None else label[k] for label in chosen) for k in (0, 1))
        for view, order in enumerate(scenario.views):
            part = (a, x, view) if scenario.has_views else (a, x)
            found = table.setdefault((answers, view), Matrix.zero(order, order))
            table[answers, view] = found + sigma.marginal(part).scale(weight)
    return table


@every_kind
def test_the_model_is_that_of_theorem_5_and_gives_the_assemblage(name):
    @given(quantum_assemblages(SEEN[name]))
    @settings(deadline=None, max_examples=4)
    def check(sigma):
        model = pseudo_model(sigma)
        assert model.assemblage(sigma.scenario) == sigma
        table = as_printed(sigma)
        for entry in model.entries:
            for view, state in enumerate(entry.states):
                assert state == table.pop((entry.outcomes, view))
        assert all(matrix.is_zero for matrix in table.values())

    check()


@every_kind
def test_the_affine_form_is_affine_and_gives_the_same(name):
    @given(quantum_assemblages(SEEN[name]))
    @settings(deadline=None, max_examples=4)
    def check(sigma):
        model = pseudo_model(sigma)
        affine = model.affine()
        assert affine.is_affine and affine.assemblage(sigma.scenario) == sigma
        assert len(affine.entries) <= 2 * len(model.entries)
        assert affine.affine() == affine
        assert model.is_affine == (affine == model)
        for entry in affine.entries:
            signs = {state.trace().sign() for state in entry.states}
            assert len(signs) == 1
            for state in entry.states:
                assert decide_psd(state if signs == {1} else -state).is_proved

    check()


@every_kind
def test_the_hermitian_operator_gives_the_assemblage(name):
    @given(quantum_assemblages(SEEN[name]))
    @settings(deadline=None, max_examples=3)
    def check(sigma):
        operator, devices = hermitian_realisation(sigma)
        assert operator.matrix.trace() == Number.of(1)
        assert born(sigma.scenario, operator, devices) == sigma
        assert operator.dims[: len(devices.measurements)] == tuple(
            1 + sum(d - 1 for d in box.outcomes) for box in sigma.scenario.black_boxes
        )

    check()


@pytest.mark.parametrize("outcomes", [2, 3])
@pytest.mark.parametrize("noise", [Fraction(k, 4) for k in range(4)])
def test_assemblages_beyond_quantum_theory_have_models(outcomes, noise):
    sigma = pr_boxes(outcomes, Matrix.rational([[Fraction(2, 3), Fraction(1, 3)], [Fraction(1, 3), Fraction(1, 3)]]))
    sigma = sigma.mix(white_noise(sigma.scenario), noise)
    model = pseudo_model(sigma)
    assert model.assemblage(sigma.scenario) == sigma == model.affine().assemblage(sigma.scenario)


def test_the_pr_box_has_hidden_states_that_are_not_positive():
    model = pseudo_model(PR)
    with pytest.raises(PositivityError):
        LocalModel(model.entries)
    affine = model.affine()
    assert min(entry.states[0].trace().fraction() for entry in affine.entries) < 0
    operator, devices = hermitian_realisation(PR)
    assert born(PR.scenario, operator, devices) == PR and decide_psd(operator.matrix).is_refuted


def test_a_local_assemblage_may_still_need_negative_entries_in_this_form():
    """The form is fixed by the data, so that it says nothing about locality: white noise with three settings."""
    model = pseudo_model(white_noise(Scenario.of([(2, 2, 2)], 1)))
    weights = {entry.outcomes: entry.states[0].trace().fraction() for entry in model.entries}
    assert weights == {((0, 1, 1),): HALF, ((1, 0, 1),): HALF, ((1, 1, 0),): HALF, ((1, 1, 1),): -HALF}


def test_the_breuer_hall_assemblage_over_a_number_field():
    sigma = saphs18.breuer_hall()
    model = pseudo_model(sigma)
    assert model.field.degree == 2 and model.assemblage(sigma.scenario) == sigma
    affine = model.affine()
    assert affine.is_affine and affine.assemblage(sigma.scenario) == sigma


def test_bob_with_input():
    """SHSA20 eq. (5): a PR box with a classical trusted party."""
    sigma = shsa20.pr()
    operator, devices = hermitian_realisation(sigma)
    assert operator.dims == (3, 4) and len(devices.channels) == 2
    assert born(sigma.scenario, operator, devices) == sigma


def test_three_boxes_with_three_settings_and_outcomes():
    """1000 labels in the paper's count, of which 343 differ; 729 elements."""
    third = Fraction(1, 3)
    shift = Matrix.rational([[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    basis = [Matrix.unit(3, k, k) for k in range(3)]
    uniform = Matrix.rational([[third] * 3] * 3)
    rest = Matrix.identity(3) - uniform
    fourier = POVM((uniform, rest.scale(third), rest.scale(2 * third)))
    turned = POVM(tuple(shift @ m @ shift.transpose for m in basis))
    ghz = [int(len({i, j, k}) == 1) * (1 + i) for i, j, k, _ in product(range(3), range(3), range(3), range(2))]
    ghz = [x if n % 2 == 0 else -x for n, x in enumerate(ghz)]
    sigma = Assemblage.from_state(State.pure(ghz, (3, 3, 3, 2)), [[POVM(tuple(basis)), turned, fourier]] * 3)
    model = pseudo_model(sigma)
    assert len(sigma.elements) == 729 and len(model.entries) <= 343
    assert model.assemblage(sigma.scenario) == sigma
    affine = model.affine()
    assert affine.is_affine and affine.assemblage(sigma.scenario) == sigma


@pytest.mark.parametrize("build", [pseudo_model, hermitian_realisation])
def test_instrumental_data_need_a_parent(build):
    sigma = shsa20.instrumental()
    with pytest.raises(ScenarioError, match="extend"):
        build(sigma)


@pytest.mark.parametrize("build", [pseudo_model, hermitian_realisation])
def test_sequential_data_are_refused(build):
    scenario = Scenario.of([(2, 2), (2, 2)], 2, sequential=True)
    with pytest.raises(ScenarioError, match="sequential"):
        build(white_noise(scenario))
    entry = HiddenState(((0, 0), (0, 0)), (Matrix.identity(2).scale(HALF),))
    for kind in (LocalModel, PseudoModel):
        with pytest.raises(ScenarioError, match="sequential"):
            kind((entry,)).assemblage(scenario)


def test_an_operator_that_would_be_too_large_is_refused():
    sigma = white_noise(Scenario.of([(4, 4, 4)] * 3, 5))
    with pytest.raises(ScenarioError, match="order 5000"):
        hermitian_realisation(sigma)


def test_what_is_no_pseudo_model_is_refused_by_entry():
    good = HiddenState(((0, 1),), (Matrix.rational([[1, 0], [0, -2]]), Matrix.rational([[-1]])))
    assert len(PseudoModel((good, good)).entries) == 2
    for states, error in [
        ((Matrix.rational([[1, 1], [0, -2]]), Matrix.rational([[-1]])), HermitianError),
        ((Matrix.rational([[1, 0], [0, -2]]), Matrix.rational([[1]])), NormalisationError),
    ]:
        with pytest.raises(error, match="entry 1"):
            PseudoModel((good, HiddenState(((0, 1),), states)))
    with pytest.raises(ScenarioError, match="entry 0"):
        PseudoModel((good,)).assemblage(Scenario.of([(2, 2)], 2))
