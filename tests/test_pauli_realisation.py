"""Realisations by Pauli measurements: whatever states and anticommuting observables the data come of, pure states
included, a state is found, and it gives the data; postquantum data have none.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import steeralg as sa
from steeralg.algebra.pauli_system import PauliSystem
from steeralg.constructions.pauli import X, Y, Z
from steeralg.errors import ScenarioError
from tests.strategies import unitaries

PAULI = {"X": X, "Y": Y, "Z": Z, "-Y": -Y}
GHZ, W = sa.s26.ghz_state(), sa.s26.w_state()


def steered(state, *boxes):
    return sa.Assemblage.from_state(state, [[sa.POVM.observable(PAULI[name]) for name in box] for box in boxes])


def agrees(assemblage):
    found = sa.pauli_realisation(assemblage)
    return found is not None and found.assemblage(assemblage.scenario).agrees_with(assemblage)


@pytest.mark.parametrize("state", [GHZ, W], ids=["GHZ", "W"])
@pytest.mark.parametrize("first", [("Z",), ("X", "Y"), ("X", "Z"), ("Y", "X", "Z"), ("X", "-Y", "Z")], ids=str)
@pytest.mark.parametrize("second", [("Y", "Z"), ("Z", "X", "Y")], ids=str)
def test_pure_states_of_three_qubits(state, first, second):
    assert agrees(steered(state, first, second))


def test_data_over_other_fields():
    settings_ = sa.saphs18.breuer_hall_measurements()
    assert agrees(sa.Assemblage.from_state(sa.saphs18.breuer_hall_state(), settings_))
    behaviour = steered(GHZ, "XY", "XY").behaviour([sa.POVM.observable(X), sa.POVM.observable(Y)])
    assert agrees(behaviour)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_what_comes_of_a_state_has_one(data):
    """Observables turned by any unitary, random amplitudes, some noise. (Without it generic states may be missed.)"""
    amplitudes = data.draw(st.lists(st.integers(-2, 2).map(sympy.Integer), min_size=8, max_size=8))
    assume(any(amplitudes))
    state = sa.State.pure(amplitudes, (2, 2, 2))
    boxes = []
    for _ in range(2):
        u = data.draw(unitaries(2))
        names = data.draw(st.sampled_from(["Z", "ZX", "XY", "ZXY", "YXZ"]))
        boxes.append([turned(u, sa.POVM.observable(PAULI[name])) for name in names])
    sigma = sa.Assemblage.from_state(state, boxes)
    noise = Fraction(data.draw(st.integers(1, 3)), 4)
    assert agrees(sigma.mix(sa.white_noise(sigma.scenario), noise))


def turned(u, povm):
    return sa.POVM(tuple(u @ effect @ u.adjoint for effect in povm.effects))


def test_postquantum_data_have_none():
    root = [[1, 0], [0, 0]]
    assert sa.pauli_realisation(sa.sbcsv15.pr_box(sa.State.mixed(root, (2,)))) is None
    assert sa.pauli_realisation(sa.saphs18.breuer_hall()) is None
    assert sa.pauli_realisation(sa.sbcsv15.own_example()) is None


def test_other_scenarios_are_left_alone():
    assert sa.pauli_realisation(sa.s26.example_9()) is None
    assert sa.pauli_realisation(sa.shsa20.sequential_pr()) is None
    three = sa.white_noise(sa.Scenario.of([(3, 2)], 2))
    assert sa.pauli_realisation(three) is None
    with pytest.raises(ScenarioError):
        PauliSystem(three, ())
    assert sa.pauli_realisation(sa.white_noise(sa.Scenario.of([(2, 2)] * 5, 3))) is None


def test_the_system_is_that_of_its_measurements():
    """For any Hermitian operator the coefficients of the classes are the sums over its entries that the terms say."""
    sigma = steered(W, "XY", "XYZ")
    for mirrored in (False, True):
        system = PauliSystem(sigma, (mirrored,))
        operator = sa.Operator((2, 2, 2), W.matrix)
        data = sa.born(sigma.scenario, operator, sa.Devices.of(system.measurements))
        right = PauliSystem(data, (mirrored,)).right
        sums = {}
        for i, j in product(range(8), repeat=2):
            for c, coefficient in system.terms[0][i][j]:
                entry = W.matrix.entry(i, j)
                assert coefficient == 1
                sums[c] = sums[c] + entry if c in sums else entry
        assert len(sums) == len(right) and all((sums[c] - value).is_zero for c, value in enumerate(right))
        adjoints = system.adjoints
        assert all((right[adjoints[c]] - value.conjugate()).is_zero for c, value in enumerate(right))
