"""Realisations: the assemblage of a state, POVMs and channels is what steering, marginals, inputs and post-selection
make of it one by one; CHSH's optimum is exact; what is no channel, does not fit or has the wrong shape is refused.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import NormalisationError, PositivityError, ScenarioError, ShapeError
from steeralg.exact.convert import number_to_sympy
from steeralg.exact.matrix import Matrix
from steeralg.maps.channels import channel, unitary_channel
from steeralg.maps.library import identity, transpose
from steeralg.maps.linear import LinearMap
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.behaviour import bell_functional
from steeralg.objects.measurement import POVM
from steeralg.objects.realisation import Realisation
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests import strategies as own

few = settings(deadline=None, max_examples=15)
ROOT = sympy.sqrt(2)
X, Z = sympy.Matrix([[0, 1], [1, 0]]), sympy.Matrix([[1, 0], [0, -1]])
BELL = State.pure([1, 0, 0, 1], (2, 2))
PAULIS = (POVM.observable(Z), POVM.observable(X))
DIAGONALS = (POVM.observable((Z + X) / ROOT), POVM.observable((Z - X) / ROOT))


def chsh(sign=1):
    return bell_functional(
        [(2, 2)] * 2,
        {
            ((a, b), (x, y)): sign * (-1) ** (a + b + x * y)
            for a in (0, 1)
            for b in (0, 1)
            for x in (0, 1)
            for y in (0, 1)
        },
    )


@st.composite
def channels(draw, dim_in, dim_out):
    """A mixture of a replacement by a rational state and, where it fits, of a unitary."""
    constant = draw(own.states((dim_out,))).matrix
    weight = Fraction(draw(st.integers(0, 2)), 2) if dim_in == dim_out else Fraction(1)
    replaced = LinearMap.from_action(dim_in, lambda m: constant.scale(m.trace()))
    if weight == 1:
        return replaced
    turned = unitary_channel(draw(own.unitaries(dim_in)))
    return LinearMap(dim_in, dim_out, replaced.choi.scale(weight) + turned.choi.scale(1 - weight))


@st.composite
def boxes(draw, dim=2, outcomes=((2, 2),)):
    return tuple(tuple(draw(own.povms(dim, d)) for d in box) for box in outcomes)


@pytest.mark.parametrize("dims", [(2, 2), (2, 2, 1)])
def test_the_bell_state_reaches_twice_the_root_of_two(dims):
    realisation = Realisation(State(dims, BELL.matrix), (PAULIS, DIAGONALS))
    assert number_to_sympy(realisation.value(chsh())) == 2 * ROOT
    assert number_to_sympy(realisation.value(chsh(-1))) == -2 * ROOT
    sigma = realisation.assemblage(Scenario.of([(2, 2)] * 2, 1))
    assert sigma[(0, 0), (0, 0)] == sympy.Matrix([[(2 + ROOT) / 8]])
    assert sigma[(0, 0), (1, 1)] == sympy.Matrix([[(2 - ROOT) / 8]])


def test_everything_comes_to_one_field():
    rotation = unitary_channel(sympy.Matrix([[1, -1], [1, 1]]) / ROOT)
    realisation = Realisation(BELL, (PAULIS,), (identity(2), rotation))
    fields = {realisation.state.matrix.field, *(m.choi.field for m in realisation.channels)}
    fields |= {effect.field for box in realisation.measurements for povm in box for effect in povm.effects}
    assert fields == {realisation.field} and not realisation.field.is_rational
    sigma = realisation.assemblage(Scenario.of([(2, 2)], 2, 2))
    assert sigma[(0,), (0,), 0] == sympy.Matrix([[1, 0], [0, 0]]) / 2
    assert sigma[(0,), (0,), 1] == sympy.Matrix([[1, 1], [1, 1]]) / 4


@given(own.experiments())
@few
def test_one_trusted_party_is_steered(experiment):
    scenario, state, measurements = experiment
    wanted = Assemblage.from_state(state, measurements)
    plain = Realisation(state, tuple(map(tuple, measurements)))
    assert plain.assemblage(scenario) == wanted
    assert Realisation(state, plain.measurements, (identity(scenario.dim),)).assemblage(scenario) == wanted


@given(own.states((2, 2, 3)), boxes(), channels(2, 3), channels(3, 2))
@few
def test_several_trusted_parties_see_their_marginals_through_their_channels(state, measurements, first, second):
    plain = Realisation(state, measurements)
    marginals = Assemblage.from_state(state, measurements).marginals((2, 3))
    assert plain.assemblage(Scenario.of([(2, 2)], (2, 3))) == marginals
    sent = Realisation(state, measurements, (first, second))
    assert sent.assemblage(Scenario.of([(2, 2)], (3, 2))) == marginals.apply([first, second])


@given(own.states((2, 2)), boxes(), channels(2, 2), channels(2, 2))
@few
def test_an_input_chooses_the_channel_and_the_outcome_may_be_the_input(state, measurements, first, second):
    realisation = Realisation(state, measurements, (first, second))
    wanted = Assemblage.from_state(state, measurements).with_input([first, second])
    assert realisation.assemblage(Scenario.of([(2, 2)], 2, 2)) == wanted
    assert realisation.assemblage(Scenario.of([(2, 2)], 2, 2, True)) == wanted.instrumental()


@given(boxes(), own.functionals(Scenario.of([(2, 2)], 2)), own.states((2, 2)))
@few
def test_the_value_is_that_of_the_assemblage(measurements, functional, state):
    realisation = Realisation(state, measurements)
    assert realisation.value(functional) == functional.value(Assemblage.from_state(state, measurements))


@given(own.unitaries(2), own.hermitian(2))
@few
def test_a_channel_acts_by_its_kraus_operators(unitary, operator):
    halves = [Matrix.unit(2, 0, 0) @ unitary, Matrix.unit(2, 1, 1)]
    wanted = unitary @ operator @ unitary.adjoint
    assert unitary_channel(unitary)(operator) == wanted
    twice = channel([unitary.scale(Fraction(3, 5)), unitary.scale(Fraction(4, 5))])
    assert twice(operator) == wanted
    # Measure and forget: the blocks P U of a unitary are Kraus operators for orthogonal projectors P.
    pinched = channel([Matrix.unit(2, k, k) @ unitary for k in (0, 1)])
    assert pinched(operator) == sum(
        (Matrix.unit(2, k, k) @ wanted @ Matrix.unit(2, k, k) for k in (0, 1)), Matrix.zero(2, 2)
    )
    with pytest.raises(ShapeError, match="Kraus operator 1 "):
        channel([halves[0], Matrix.identity(3)])


def test_kraus_operators_may_be_rectangular_but_have_to_preserve_the_trace():
    isometry = channel([sympy.Matrix([[1, 0], [0, 1], [0, 0]])])
    assert (isometry.dim_in, isometry.dim_out) == (2, 3)
    assert isometry(Matrix.unit(2, 0, 0)) == Matrix.unit(3, 0, 0)
    for kraus in ([[[1, 0], [0, 2]]], [X, Z], [[[1, 0]]]):
        with pytest.raises(NormalisationError, match="Kraus"):
            channel(kraus)
    with pytest.raises(ShapeError, match="at least one"):
        channel([])
    with pytest.raises(ShapeError, match="square"):
        unitary_channel([[1, 0]])
    with pytest.raises(NormalisationError, match="unitary"):
        unitary_channel([[1, 1], [0, 1]])


def test_what_is_no_channel_is_named():
    one = identity(2)
    with pytest.raises(PositivityError, match="channel 1 is not completely positive"):
        Realisation(BELL, (PAULIS,), (one, transpose(2)))
    half = LinearMap(2, 2, one.choi.scale(Fraction(1, 2)))
    with pytest.raises(NormalisationError, match="channel 0 is not trace preserving"):
        Realisation(BELL, (PAULIS,), (half, one))


@pytest.mark.parametrize(
    "state, measurements, maps, message",
    [
        (BELL, (), (), "0 black boxes"),
        (BELL, (PAULIS,) * 3, (), "3 black boxes"),
        (BELL, (PAULIS, ()), (), "black box 1 has no measurement"),
        (State.maximally_mixed((2, 3)), (PAULIS, PAULIS), (), "setting 0 of box 1"),
        (State.maximally_mixed((2, 3)), (PAULIS,), (identity(2),), "channel 0 acts on dimension 2; its factor has 3"),
        (State.maximally_mixed((2, 2, 2)), (PAULIS,), (identity(2),), "1 channels for 2 trusted factors"),
        (State.maximally_mixed((2, 2, 3)), (PAULIS,), (identity(2),) * 2, "channel 1 acts on"),
    ],
)
def test_factors_measurements_and_channels_have_to_match(state, measurements, maps, message):
    with pytest.raises(ShapeError, match=message):
        Realisation(state, measurements, maps)


@pytest.mark.parametrize(
    "scenario, message",
    [
        (Scenario.of([(2, 2)] * 2, 2), "1 black boxes"),
        (Scenario.of([(2, 3)], 2), "black box 0 of the realisation has outcomes"),
        (Scenario.of([(2, 2)], (2, 2)), "1 trusted factors"),
        (Scenario.of([(2, 2)], 2), "2 channels for the 1 views"),
        (Scenario.of([(2, 2)], 2, 3), "2 channels for the 3 views"),
        (Scenario.of([(2, 2)], 3, 2), "view 0 of the realisation has dimension 2"),
    ],
)
def test_a_scenario_has_to_fit(scenario, message):
    realisation = Realisation(BELL, (PAULIS,), (identity(2), identity(2)))
    with pytest.raises(ScenarioError, match=message):
        realisation.assemblage(scenario)


def test_identities_have_to_fit_the_scenario_too():
    with pytest.raises(ScenarioError, match="view 0 of the realisation has dimension 2"):
        Realisation(BELL, (PAULIS,)).assemblage(Scenario.of([(2, 2)], 3))
