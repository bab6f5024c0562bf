"""The theorem of Gisin and Hughston, Jozsa, Wootters: every exact assemblage of one black box and one trusted party is
reproduced by its realisation, of any rank and dimension, over Q(i) without leaving it, and over number fields; two
published cases; other scenarios are typed errors.
"""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions import shsa20
from steeralg.errors import NumberError, ScenarioError
from steeralg.exact.adjoin import generator
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import contract
from steeralg.objects.assemblage import Assemblage, white_noise
from steeralg.objects.ghjw import ghjw
from steeralg.objects.measurement import POVM
from steeralg.objects.scenario import Scenario
from steeralg.objects.state import State
from tests.strategies import CUBIC, KINDS, MINUS_SQRT2, SQRT2, algebraic_matrices, povms, quantum_assemblages, states

HALF = Fraction(1, 2)


def check(sigma):
    """The state and the POVMs are valid on construction; their Born rule is computed here, element by element."""
    realisation = ghjw(sigma)
    (measurements,) = realisation.measurements
    state, dims = realisation.state.matrix, realisation.state.dims
    for (a, x), element in sigma.elements.items():
        found = contract(state, dims, 0, measurements[x[0]].effects[a[0]])
        assert (found - element).is_zero
    return realisation


@pytest.mark.parametrize("dim", [1, 2, 3])
@pytest.mark.parametrize("outcomes", [(2, 2), (3, 1)])
def test_rational_assemblages_of_a_state(dim, outcomes):
    @given(quantum_assemblages(Scenario.of([outcomes], dim)))
    @settings(deadline=None, max_examples=8)
    def run(sigma):
        realisation = check(sigma)
        rank = len(decide_psd(sigma.reduced_state).witness.pivots)
        assert realisation.field == RATIONALS and rank <= realisation.state.dims[0] <= 2 * rank

    run()


@given(st.data())
@settings(deadline=None, max_examples=15)
def test_ensembles_put_together_by_hand(data):
    """Any decompositions of one matrix into positive ones are an assemblage: here P = K K* = sum_a K M_a K*."""
    k = data.draw(states((3,), 3)).matrix
    weight = (k @ k.adjoint).trace().inverse()
    measured = [data.draw(povms(3, d)) for d in (2, 4)]
    elements = {
        ((a,), (x,)): (k @ effect @ k.adjoint).scale(weight)
        for x, povm in enumerate(measured)
        for a, effect in enumerate(povm.effects)
    }
    check(Assemblage(Scenario.of([(2, 4)], 3), elements))


@given(st.sampled_from([SQRT2, MINUS_SQRT2]).flatmap(lambda field: algebraic_matrices(field, 4, 1)), povms(2, 2))
@settings(deadline=None, max_examples=8)
def test_states_over_a_quadratic_field_stay_in_it(vector, povm):
    if vector.is_zero:
        return
    rho = vector @ vector.adjoint
    state = State((2, 2), rho.scale(rho.trace().inverse()))
    sigma = Assemblage.from_state(state, [[povm, POVM.observable([[0, 1], [1, 0]])]])
    assert check(sigma).field == sigma.field


def diagonal(*numbers):
    field = numbers[0].field
    zero = Number.of(0, field)
    rows = [[x if i == j else zero for j in range(len(numbers))] for i, x in enumerate(numbers)]
    return Matrix.from_numbers(rows, field)


def split(rho):
    """An assemblage of two settings with the reduced state rho: by thirds, and by its two ends."""
    n = rho.rows
    parts = [rho.scale(Fraction(1, 3)), rho.scale(Fraction(2, 3))]
    first = Matrix.unit(n, 0, 0)
    cut = [first @ rho @ first, rho - first @ rho @ first]
    elements = {((a,), (x,)): m for x, pair in enumerate((parts, cut)) for a, m in enumerate(pair)}
    return Assemblage(Scenario.of([(2, 2)], n), elements)


@pytest.mark.parametrize("field", [SQRT2, MINUS_SQRT2, CUBIC[1], CUBIC[2]], ids=str)
def test_a_state_that_is_positive_in_one_embedding_only_needs_a_larger_field(field):
    theta, one = generator(field), Number.of(1, field)
    theta = theta if theta.sign() > 0 else -theta
    part = theta / (one + theta)
    sigma = split(diagonal(part, one - part))
    realisation = ghjw(sigma)
    assert realisation.field.degree in (2 * field.degree, 4 * field.degree)
    assert realisation.state.dims == (2, 2)
    found = realisation.assemblage(sigma.scenario)
    for label, element in sigma.elements.items():
        # The two fields are compared by their real values.
        ends = [m.trace().enclosure(200) for m in (found.elements[label], element)]
        assert max(ends[0][0], ends[1][0]) <= min(ends[0][1], ends[1][1])


def test_the_largest_field_is_of_degree_16():
    field = CUBIC[2]
    theta, one = generator(field), Number.of(1, field)
    parts = [theta, theta + one, theta * theta + theta + Number.of(3, field)]
    whole = sum(parts, Number.of(0, field))
    with pytest.raises(NumberError, match="degree 24"):
        ghjw(split(diagonal(*(part / whole for part in parts))))


def test_the_hidden_assemblage_of_the_instrumental_example_needs_a_qutrit():
    """The three pure decompositions of rho_B = (1 + (X + Y + Z)/3)/2: det rho_B = 1/6 is no sum of two squares, so
    that over Q(i) the box has dimension 3.
    """
    sigma = shsa20.hidden_assemblage()
    realisation = check(sigma)
    assert realisation.state.dims == (3, 2) and realisation.field == RATIONALS


def test_the_maximally_entangled_state_and_back():
    """White noise and Pauli ensembles of 1/2 come back from two qubits: 1/2 is a sum of two squares twice."""
    phi = State.pure([1, 0, 0, 1], (2, 2))
    paulis = [[[0, 1], [1, 0]], [[1, 0], [0, -1]]]
    sigma = Assemblage.from_state(phi, [[POVM.observable(p) for p in paulis]])
    realisation = check(sigma)
    assert realisation.state.dims == (2, 2)
    assert realisation.state.matrix.trace() == (realisation.state.matrix @ realisation.state.matrix).trace()


def test_a_pure_reduced_state_is_correlated_with_nothing():
    sigma = white_noise(Scenario.of([(2, 3)], 1))
    realisation = check(sigma)
    assert realisation.state.dims == (1, 1)
    assert [e.entry(0, 0).fraction() for e in realisation.measurements[0][1].effects] == [Fraction(1, 3)] * 3


def test_zero_elements_and_trivial_settings():
    one, zero = Matrix.identity(2).scale(HALF), Matrix.zero(2, 2)
    scenario = Scenario.of([(1, 2)], 2)
    check(Assemblage(scenario, {((0,), (0,)): one, ((0,), (1,)): zero, ((1,), (1,)): one}))


def test_the_effects_outside_the_support_are_completed():
    """A rectangular K: the effects of every setting sum to 1 on the whole black box."""
    realisation = ghjw(split(diagonal(*(Number.of(Fraction(k, 10)) for k in (3, 7)))))
    for povm in realisation.measurements[0]:
        assert total(povm.effects) == Matrix.identity(povm.dim)


@pytest.mark.parametrize("name", [n for n, s in KINDS.items() if len(s.black_boxes) != 1 or len(s.views) != 1])
def test_other_scenarios_are_refused(name):
    scenario = KINDS[name]
    with pytest.raises(ScenarioError):
        ghjw(white_noise(scenario))


def test_every_behaviour_of_one_box_is_quantum():
    """D = 1, exhaustively over small denominators."""
    scenario = Scenario.of([(2, 2)])
    for p, q in product(range(4), repeat=2):
        table = {((a,), (x,)): [[Fraction(v if a else 3 - v, 3)]] for x, v in enumerate((p, q)) for a in range(2)}
        check(Assemblage.of(scenario, {k: Matrix.rational(v) for k, v in table.items()}))
