"""Sequential steering: scenarios and their files; the no-signalling equations, forward only; the Born rule of states
and instruments against its definition; every sequential assemblage comes back from its realisation (SHSA20), of two
rounds and three, over number fields too; whatever knows independent boxes only refuses it.
"""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.level import ALMOST_QUANTUM
from steeralg.certificates.membership import certify
from steeralg.errors import FormatError, NormalisationError, PositivityError, ScenarioError, ShapeError, SignallingError
from steeralg.exact.field import quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import contract, kron
from steeralg.maps.channels import kraus_map
from steeralg.maps.library import identity, transpose
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.devices import Devices, Operator, born
from steeralg.objects.family import complete
from steeralg.objects.files import assemblage_to_json, scenario_from_json
from steeralg.objects.functional import Functional
from steeralg.objects.ghjw import ghjw
from steeralg.objects.instrument import Instrument
from steeralg.objects.measurement import POVM
from steeralg.objects.repair import repair
from steeralg.objects.scenario import Scenario
from steeralg.objects.sequential import SequentialDevices, sequential_born, sequential_realisation
from steeralg.objects.state import State
from tests.strategies import povms, states, unitaries

TWO = Scenario.of([(2, 2), (2, 2)], 2, sequential=True)
HALF = Fraction(1, 2)
ZERO, ONE = (Matrix.unit(2, k, k) for k in (0, 1))
HADAMARD = [[0, 1], [1, 0]]


@st.composite
def instruments(draw, before, after, outcomes):
    """An isometry into (outcome, system), the outcome read off: the first columns of a rational unitary."""
    size = -(-before // after) * after
    u = draw(unitaries(max(size, after * outcomes)))
    rows = [[u.entry(i, j) for j in range(before)] for i in range(u.rows)]
    kraus = [Matrix.from_numbers(rows[k : k + after], u.field) for k in range(0, u.rows, after)]
    groups = [kraus[a::outcomes] for a in range(outcomes)]
    return Instrument(tuple(kraus_map(group) for group in groups))


@st.composite
def experiments(draw, scenario, dims):
    """A state of the system and the trusted party; instruments from one dimension to the next, and final POVMs."""
    boxes = [box.outcomes for box in scenario.black_boxes]
    rounds = tuple(
        tuple(draw(instruments(before, after, d)) for d in box)
        for before, after, box in zip(dims, dims[1:], boxes, strict=False)
    )
    last = tuple(draw(povms(dims[-1], d)) for d in boxes[-1])
    return draw(states((dims[0], scenario.views[0]))), SequentialDevices(rounds, last)


def applied(kraus_choi, matrix, trusted):
    """(I (x) 1)(W) = sum_ij I(|i><j|) (x) W_ij with the blocks W_ij of W."""
    d = kraus_choi.dim_in
    return total(
        kron(kraus_choi(Matrix.unit(d, i, j)), contract(matrix, (d, trusted), 0, Matrix.unit(d, j, i)))
        for i, j in product(range(d), repeat=2)
    )


def oracle(state, devices, a, x):
    trusted = state.dims[1] if len(state.dims) > 1 else 1
    matrix = state.matrix
    for k, round_ in enumerate(devices.rounds):
        matrix = applied(round_[x[k]].maps[a[k]], matrix, trusted)
    effect = devices.measurements[x[-1]].effects[a[-1]]
    return contract(matrix, (effect.rows, trusted), 0, effect)


CASES = {
    "two rounds": (TWO, (2, 2)),
    "other dimensions": (Scenario.of([(2, 1), (3,)], 2, sequential=True), (2, 3)),
    "behaviour": (Scenario.of([(2, 2), (2, 2)], 1, sequential=True), (2, 2)),
    "qutrit": (Scenario.of([(2,), (2, 2)], 3, sequential=True), (3, 2)),
}


@pytest.mark.parametrize("name", CASES)
def test_what_sequential_devices_give_is_a_sequential_assemblage_and_comes_back(name):
    scenario, dims = CASES[name]

    @given(experiments(scenario, dims))
    @settings(deadline=None, max_examples=5)
    def check(experiment):
        state, devices = experiment
        sigma = sequential_born(scenario, state, devices)
        for (a, x), element in sigma.elements.items():
            assert element == oracle(state, devices, a, x)
        realisation = sequential_realisation(sigma)
        found, again = realisation.state, realisation.devices
        assert realisation.assemblage(scenario) == sigma
        assert found.dims[1] == scenario.views[0]
        assert again.black_boxes == scenario.black_boxes
        assert sequential_born(scenario, found, again) == sigma
        for (a, x), element in sigma.elements.items():
            assert oracle(found, again, a, x) == element

    check()


def luders(povm):
    return Instrument(tuple(kraus_map([effect]) for effect in povm.effects))


X = POVM.observable(HADAMARD)
Z = POVM((ZERO, ONE))
PHI = State.pure([1, 0, 0, 1], (2, 2))


def test_three_rounds():
    """The qubit of a maximally entangled pair, measured three times by X or Z."""
    scenario = Scenario.of([(2, 2)] * 3, 2, sequential=True)
    sigma = sequential_born(scenario, PHI, SequentialDevices(((luders(X), luders(Z)),) * 2, (X, Z)))
    realisation = sequential_realisation(sigma)
    state, devices = realisation.state, realisation.devices
    assert sequential_born(scenario, state, devices) == sigma
    # A measurement that is repeated at once repeats its outcome.
    assert all(m.is_zero for (a, x), m in sigma.elements.items() if x[0] == x[1] and a[0] != a[1])


def test_over_a_number_field():
    """Z, then (X + Z)/sqrt2, on a maximally entangled pair."""
    root = quadratic(2)
    half = Number(root, (0, 1), (0, 0), 2)
    tilted = Matrix.rational([[1, 1], [1, -1]]).scale(half)
    diagonal = POVM.observable(tilted)
    scenario = Scenario.of([(2, 2), (2, 2)], 2, sequential=True)
    sigma = sequential_born(scenario, PHI, SequentialDevices(((luders(Z), luders(diagonal)),), (X, diagonal)))
    realisation = sequential_realisation(sigma)
    state, devices = realisation.state, realisation.devices
    assert sigma.field == root == state.matrix.field
    assert sequential_born(scenario, state, devices) == sigma


def forward():
    """The second outcome tells the first setting, which no two separate boxes do."""
    return Assemblage(TWO, {(a, x): Matrix.identity(2).scale(HALF if a == (0, x[0]) else 0) for a, x in TWO.labels()})


def test_later_rounds_may_depend_on_earlier_settings_and_not_the_other_way_round():
    sigma = forward()
    realisation = sequential_realisation(sigma)
    state, devices = realisation.state, realisation.devices
    assert sequential_born(TWO, state, devices) == sigma
    with pytest.raises(SignallingError):
        Assemblage(Scenario.of([(2, 2), (2, 2)], 2), sigma.elements)
    backward = {(a, x): sigma.elements[a[::-1], x[::-1]] for a, x in TWO.labels()}
    with pytest.raises(SignallingError, match="round 1"):
        Assemblage(TWO, backward)


def test_the_reduced_state_depends_on_no_setting():
    elements = {(a, x): (ONE if x[0] else ZERO).scale(Fraction(1, 4)) for a, x in TWO.labels()}
    with pytest.raises(SignallingError, match="round 0"):
        Assemblage(TWO, elements)
    half = {label: m.scale(HALF) for label, m in forward().elements.items()}
    with pytest.raises(NormalisationError):
        Assemblage(TWO, half)


@given(st.integers(0, 3), st.integers(0, 3))
@settings(deadline=None)
def test_mixtures_and_images_stay_sequential(one, other):
    sigma = forward().mix(white_noise(TWO), Fraction(one, 3)).mix(forward(), Fraction(other, 3))
    assert sigma.scenario.sequential and sigma.apply(transpose(2)).scenario == TWO
    realisation = sequential_realisation(sigma)
    state, devices = realisation.state, realisation.devices
    assert sequential_born(TWO, state, devices) == sigma


def test_marginals_are_of_first_rounds_only():
    sigma = forward()
    assert sigma.marginal(((0, None), (1, None))) == Matrix.identity(2).scale(HALF)
    assert sigma.reduced_state == Matrix.identity(2).scale(HALF)
    with pytest.raises(ScenarioError):
        sigma.marginal(((None, 0), (None, 1)))


def test_scenarios():
    assert str(TWO).startswith("2 rounds of a black box")
    assert Scenario.of([(2, 2), (2, 2)], 2) != TWO
    for wrong in [
        {"outcomes": [(2, 2)], "dim": 2},
        {"outcomes": [(2, 2), (2, 2)], "dim": 2, "settings": 2},
        {"outcomes": [(2, 2), (2, 2)], "dim": [2, 2]},
    ]:
        with pytest.raises(ScenarioError, match="sequential"):
            Scenario.of(**wrong, sequential=True)
    with pytest.raises(ScenarioError, match="either true or false"):
        Scenario.of([(2,), (2,)], 2, sequential=1)


def test_files():
    document = assemblage_to_json(forward())
    assert document["scenario"]["sequential"] is True
    assert scenario_from_json(document["scenario"]) == TWO
    plain = {k: v for k, v in document["scenario"].items() if k != "sequential"}
    assert scenario_from_json(plain) == Scenario.of([(2, 2), (2, 2)], 2)
    assert scenario_from_json({**plain, "sequential": False}) == Scenario.of([(2, 2), (2, 2)], 2)
    with pytest.raises(ScenarioError):
        scenario_from_json({**plain, "sequential": "yes"})
    with pytest.raises(FormatError):
        scenario_from_json({**plain, "sequence": True})


REFUSALS = {
    "behaviour": lambda s: s.behaviour(),
    "behaviour of measurements": lambda s: s.behaviour([X, Z]),
    "input": lambda s: s.with_input([identity(2), transpose(2)]),
    "several trusted parties": lambda s: s.marginals([2, 1]),
    "level": lambda s: certify(s, level=ALMOST_QUANTUM),
    "functional": lambda s: Functional(s.scenario, {}),
    "repair": lambda s: repair(s.scenario, s.elements),
    "independent elements": lambda s: complete(s.scenario, {}),
    "product measurements": lambda s: born(
        s.scenario, Operator((2, 2, 2), Matrix.identity(8).scale(Fraction(1, 8))), Devices.of([[X, Z], [X, Z]])
    ),
    "one box": ghjw,
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_knows_independent_boxes_only_refuses(name):
    with pytest.raises(ScenarioError):
        REFUSALS[name](forward())


def test_only_sequential_scenarios_have_sequential_realisations():
    sigma = white_noise(Scenario.of([(2, 2), (2, 2)], 2))
    with pytest.raises(ScenarioError, match="sequential"):
        sequential_realisation(sigma)
    devices = SequentialDevices(((luders(X), luders(Z)),), (X, Z))
    with pytest.raises(ScenarioError):
        sequential_born(sigma.scenario, PHI, devices)
    with pytest.raises(ScenarioError):
        sequential_born(Scenario.of([(2, 2), (2,)], 2, sequential=True), PHI, devices)
    for dims in [(4,), (4, 1), (2, 1, 2), (1, 4)]:
        with pytest.raises(ScenarioError):
            sequential_born(TWO, Operator(dims, PHI.matrix), devices)


def test_the_operator_need_not_be_positive():
    """The partial transpose of PHI gives a valid assemblage: its trusted half is transposed, as a positive map does."""
    transposed = Operator((2, 2), transpose(2).on(PHI.matrix, (2, 2), 1))
    devices = SequentialDevices(((luders(X), luders(Z)),), (X, Z))
    assert sequential_born(TWO, transposed, devices) == sequential_born(TWO, PHI, devices).apply(transpose(2))


def test_a_large_sequence_is_refused():
    scenario = Scenario.of([(2,) * 8, (2,) * 8, (2,)], 2, sequential=True)
    with pytest.raises(ScenarioError, match="Choi matrix"):
        sequential_realisation(white_noise(scenario))


def test_devices_and_instruments_are_validated():
    half = identity(2).scale(HALF)
    for maps, error in [
        ((), ShapeError),
        ((half, kraus_map([Matrix.rational([[1, 0]])])), ShapeError),
        ((half, half, half), NormalisationError),
        ((transpose(2),), PositivityError),
        ((identity(2).scale(2), identity(2).scale(-1)), PositivityError),
    ]:
        with pytest.raises(error):
            Instrument(maps)
    widening = Instrument((kraus_map([Matrix.rational([[1, 0], [0, 1], [0, 0]])]),))
    for rounds, measurements in [
        ((), (X,)),
        (((),), (X,)),
        (((luders(X),),), ()),
        (((widening,),), (X,)),
        (((widening, luders(X)),), (X,)),
        (((luders(X),),), (X, POVM((Matrix.identity(3),)))),
    ]:
        with pytest.raises(ShapeError):
            SequentialDevices(rounds, measurements)
