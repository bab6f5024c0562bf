"""The Born rule for any Hermitian operator: against step-by-step realisations in every kind of scenario and against a
formula by traces; linear in the operator; what no state gives, an entanglement witness may; misfits are typed errors.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import s26
from steeralg.errors import HermitianError, InputError, NormalisationError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.tensor import kron, partial_transpose
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests.strategies import KINDS, SQRT2, hermitian, models, povms, states

every_kind = pytest.mark.parametrize("name", KINDS)
HALF = Fraction(1, 2)
X, Z = POVM.observable([[0, 1], [1, 0]]), POVM.observable([[1, 0], [0, -1]])
BELL = State.pure([1, 0, 0, 1], (2, 2))


def parts(model):
    """The operator and the devices of an explicit realisation."""
    scenario, state = model.scenario, model.state
    trusted = (state.dims[-1],) if scenario.has_input else tuple(party.dim for party in scenario.trusted)
    operator = Operator((*state.dims[:-1], *trusted), state.matrix)
    return operator, Devices.of(model.measurements, [model.channel(u) for u in model.unitaries])


@every_kind
def test_realisations_give_what_they_give_step_by_step(name):
    @given(models(KINDS[name]))
    @settings(deadline=None, max_examples=5)
    def check(model):
        assert born(model.scenario, *parts(model)) == model.assemblage

    check()


@every_kind
def test_no_channels_are_identity_channels(name):
    scenario = KINDS[name]

    @given(models(scenario, copies=1))
    @settings(deadline=None, max_examples=5)
    def check(model):
        operator, devices = parts(model)
        plain = Devices(devices.measurements)
        idle = Devices(devices.measurements, tuple(identity(d) for d in scenario.views))
        assert born(scenario, operator, plain) == born(scenario, operator, idle)

    check()


@given(states((2, 2, 2)), st.lists(povms(2, 2), min_size=2, max_size=2), povms(2, 2))
@settings(deadline=None, max_examples=15)
def test_entries_are_traces_with_effects_and_matrix_units(state, first, second):
    """sigma[a|x]_ij = tr[(M (x) N (x) |j><i|) W] for two boxes and one trusted qubit."""
    scenario = Scenario.of([(2, 2), (2,)], 2)
    sigma = born(scenario, Operator((2, 2, 2), state.matrix), Devices.of([first, [second]]))
    for (a, x), m in sigma.elements.items():
        measured = kron(first[x[0]].effects[a[0]], second.effects[a[1]])
        for i, j in product(range(2), repeat=2):
            assert m.entry(i, j) == kron(measured, Matrix.unit(2, j, i)).inner(state.matrix)


@given(states((2, 2)), states((2, 2)), st.integers(0, 4), st.lists(povms(2, 2), min_size=2, max_size=2))
@settings(deadline=None, max_examples=15)
def test_mixtures_of_operators_give_mixtures_of_assemblages(one, other, quarters, box):
    scenario, weight, devices = Scenario.of([(2, 2)], 2), Fraction(quarters, 4), Devices.of([box])
    first, second = (born(scenario, Operator((2, 2), s.matrix), devices) for s in (one, other))
    mixed = one.matrix.scale(1 - weight) + other.matrix.scale(weight)
    assert born(scenario, Operator((2, 2), mixed), devices) == first.mix(second, weight)


@given(states((2, 2, 2)), st.lists(povms(2, 2), min_size=2, max_size=2))
@settings(deadline=None, max_examples=15)
def test_the_partial_transpose_on_the_trusted_side_transposes_the_elements(state, box):
    """Not a state in general, but always a valid assemblage, in one view and in several."""
    devices = Devices.of([box])
    turned = Operator((2, 2, 2), partial_transpose(state.matrix, (2, 2, 2), [1]))
    for scenario, changed in ((Scenario.of([(2, 2)], [2, 2]), {0}), (Scenario.of([(2, 2)], (2, 2)), {0})):
        plain, other = (born(scenario, o, devices) for o in (Operator((2, 2, 2), state.matrix), turned))
        for label, m in plain.elements.items():
            assert other.elements[label] == (m.transpose if scenario.view(label) in changed else m)


def test_a_witness_is_no_state_and_gives_example_7():
    operator = s26.witness(Fraction(2, 25))
    with pytest.raises(PositivityError):
        State((2, 2, 2), operator)
    sigma = born(s26.QUBITS, Operator((2, 2, 2), operator), Devices.of(s26.MEASUREMENTS[:1]))
    assert sigma == s26.example_7()
    behaviour = born(Scenario.of([(2, 2)] * 3), Operator((2, 2, 2), operator), Devices.of(s26.MEASUREMENTS))
    assert behaviour == s26.example_7_correlations()


def test_a_bell_scenario_needs_no_trusted_factor():
    scenario, devices = Scenario.of([(2, 2)] * 2), Devices.of([[X, Z], [X, Z]])
    plain = born(scenario, Operator((2, 2), BELL.matrix), devices)
    assert plain == born(scenario, Operator((2, 2, 1), BELL.matrix), devices)
    for (a, x), m in plain.elements.items():
        wanted = Fraction(int(a[0] == a[1]), 2) if x[0] == x[1] else Fraction(1, 4)
        assert m.entry(0, 0).fraction() == wanted


@given(hermitian(4))
@settings(deadline=None, max_examples=30)
def test_any_hermitian_operator_gives_an_assemblage_or_a_typed_error(matrix):
    """Valid exactly if the trace is 1 and all steered operators are positive."""
    scenario, devices = Scenario.of([(2, 2)], 2), Devices.of([[X, Z]])
    steered = {}
    for x, povm in enumerate((X, Z)):
        for a, effect in enumerate(povm.effects):
            rows = [[kron(effect, Matrix.unit(2, j, i)).inner(matrix) for j in range(2)] for i in range(2)]
            steered[(a,), (x,)] = Matrix.from_numbers(rows, RATIONALS)

    def positive(m):
        determinant = m.entry(0, 0) * m.entry(1, 1) - m.entry(0, 1) * m.entry(1, 0)
        return m.entry(0, 0).sign() >= 0 and m.entry(1, 1).sign() >= 0 and determinant.sign() >= 0

    valid = matrix.trace().fraction() == 1 and all(map(positive, steered.values()))
    try:
        sigma = born(scenario, Operator((2, 2), matrix), devices)
    except InputError as error:
        assert not valid and isinstance(error, NormalisationError | PositivityError)
    else:
        assert valid and sigma == Assemblage(scenario, steered)


def test_what_is_no_operator_is_refused():
    for dims, matrix, error in (
        ((2, 2), Matrix.identity(3), ShapeError),
        ((2, 0), Matrix.identity(2), ShapeError),
        ((2,), Matrix.zero(2, 3), ShapeError),
        ((2,), Matrix.unit(2, 0, 1), HermitianError),
    ):
        with pytest.raises(error):
            Operator(dims, matrix)
    assert Operator((2,), -Matrix.identity(2)).field == RATIONALS


def test_what_are_no_devices_is_refused():
    doubled = LinearMap.from_action(2, lambda m: m.scale(2))
    for measurements, channels, error in (
        ([], [], ShapeError),
        ([[X], []], [], ShapeError),
        ([[X]], [doubled], NormalisationError),
        ([[X]], [identity(2), transpose(2)], PositivityError),
    ):
        with pytest.raises(error):
            Devices.of(measurements, channels)


def test_the_field_is_that_of_all_entries():
    root = sympy.sqrt(2)
    tilted = POVM.observable([[1 / root, 1 / root], [1 / root, -1 / root]])
    assert Devices.of([[X, Z]]).field == RATIONALS
    assert Devices.of([[X], [Z, tilted]]).field.minimal_polynomial == SQRT2.minimal_polynomial
    sigma = born(Scenario.of([(2, 2)], 2), Operator((2, 2), BELL.matrix), Devices.of([[Z, tilted]]))
    assert sigma[(0,), (1,)] == sympy.Matrix([[1 + 1 / root, 1 / root], [1 / root, 1 - 1 / root]]) / 4


MISFITS = {
    "settings": (Scenario.of([(2, 2, 2)], 2), (2, 2), [[X, Z]], []),
    "boxes": (Scenario.of([(2, 2)] * 2, 2), (2, 2), [[X, Z]], []),
    "outcomes": (Scenario.of([(2, 3)], 2), (2, 2), [[X, Z]], []),
    "factors": (Scenario.of([(2, 2)], [2, 2]), (2, 2), [[X, Z]], []),
    "too many factors": (Scenario.of([(2, 2)], 1), (2, 1, 2), [[X, Z]], []),
    "channels": (Scenario.of([(2, 2)], 2, 2), (2, 2), [[X, Z]], [identity(2)]),
}


@pytest.mark.parametrize("name", MISFITS)
def test_devices_that_do_not_fit_the_scenario_are_refused(name):
    scenario, dims, measurements, channels = MISFITS[name]
    with pytest.raises(ScenarioError):
        born(scenario, Operator(dims, BELL.matrix), Devices.of(measurements, channels))


@pytest.mark.parametrize(
    ("scenario", "dims", "channels"),
    [
        (Scenario.of([(2, 2)], 2), (4, 1), []),
        (Scenario.of([(2, 2)], 3), (2, 2), []),
        (Scenario.of([(2, 2)], 2), (2, 2), [identity(4)]),
        (Scenario.of([(2, 2)], 4), (2, 2), [identity(2)]),
    ],
    ids=["measured", "trusted", "into the channel", "out of the channel"],
)
def test_wrong_dimensions_are_refused(scenario, dims, channels):
    with pytest.raises(ShapeError):
        born(scenario, Operator(dims, BELL.matrix), Devices.of([[X, Z]], channels))
