"""States and POVMs: what is Hermitian, positive and normalised is accepted, all else refused with a typed error that
names the effect; a pure state is the projector on its ray; an observable is the difference of its two effects.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import HermitianError, NormalisationError, NumberError, PositivityError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix, total
from steeralg.objects.measurement import POVM
from steeralg.objects.state import State
from tests import strategies as own

ROOT = sympy.sqrt(2)
X = sympy.Matrix([[0, 1], [1, 0]])
THIRD = sympy.Rational(1, 3)
TRINE = [
    [[2 * THIRD, 0], [0, 0]],
    [[THIRD / 2, sympy.sqrt(3) / 6], [sympy.sqrt(3) / 6, THIRD * 3 / 2]],
    [[THIRD / 2, -sympy.sqrt(3) / 6], [-sympy.sqrt(3) / 6, THIRD * 3 / 2]],
]

amplitudes = st.tuples(*[st.sampled_from([0, 1, -2, sympy.I, 1 - 2 * sympy.I, ROOT, ROOT * sympy.I - 1])] * 4)


@given(amplitudes.filter(any))
@settings(deadline=None, max_examples=30)
def test_a_pure_state_is_the_normalised_projector_on_its_ray(vector):
    ket = sympy.Matrix(vector)
    wanted = sympy.expand(ket * ket.H)
    norm = sympy.expand((ket.H * ket)[0])
    found = State.pure(vector, (2, 2)).matrix.sympy()
    assert sympy.expand(found * norm) == wanted


@given(amplitudes.filter(any), st.sampled_from([-1, sympy.I, 3, 2 + sympy.I, Fraction(1, 7)]))
@settings(deadline=None, max_examples=30)
def test_a_pure_state_does_not_depend_on_phase_and_norm(vector, factor):
    scaled = [sympy.expand(sympy.sympify(factor) * x) for x in vector]
    assert State.pure(scaled, (4,)).matrix == State.pure(vector, (4,)).matrix


def test_the_zero_vector_is_not_a_state():
    with pytest.raises(NormalisationError):
        State.pure([0, 0, 0, 0], (2, 2))


@given(own.states((2, 3)), own.states((2, 3)), st.integers(0, 4))
@settings(deadline=None, max_examples=30)
def test_mixtures_of_states_are_states(first, second, quarters):
    weight = Fraction(quarters, 4)
    State((3, 2), first.matrix.scale(weight) + second.matrix.scale(1 - weight))


@given(own.states((2, 2)), st.integers(-3, 5).filter(lambda k: k != 1))
@settings(deadline=None, max_examples=20)
def test_a_scaled_state_has_the_wrong_trace(state, factor):
    with pytest.raises(NormalisationError, match=f"trace {factor},"):
        State(state.dims, state.matrix.scale(factor))


@given(own.states((2, 2)), own.small.filter(bool))
@settings(deadline=None, max_examples=20)
def test_a_state_with_one_entry_moved_is_not_hermitian(state, shift):
    with pytest.raises(HermitianError, match=r"\(2, 1\)"):
        State(state.dims, state.matrix + Matrix.unit(4, 1, 2).scale(shift))


@given(own.states((2, 2)))
@settings(deadline=None, max_examples=20)
def test_a_state_pushed_below_zero_is_not_positive(state):
    shift = Matrix.unit(4, 0, 0) - Matrix.unit(4, 3, 3)
    with pytest.raises(PositivityError):
        State(state.dims, state.matrix + shift.scale(2))


@pytest.mark.parametrize("dims", [(2,), (2, 3), (), (4, 0), (-2, -2), (-4, -1)])
def test_the_factors_of_a_state_are_positive_and_multiply_to_its_order(dims):
    with pytest.raises(ShapeError):
        State(dims, Matrix.identity(4).scale(Fraction(1, 4)))


@pytest.mark.parametrize("dims", [(1,), (2,), (2, 3), (1, 2, 2)])
def test_the_maximally_mixed_state_is_the_same_in_every_basis(dims):
    state = State.maximally_mixed(dims)
    assert state.matrix.scale(state.matrix.rows) == Matrix.identity(state.matrix.rows)


@pytest.mark.parametrize("number", [0.5, sympy.Float("0.5"), sympy.Symbol("p"), sympy.pi, sympy.oo, sympy.nan])
def test_a_state_is_made_of_exact_algebraic_numbers(number):
    with pytest.raises(NumberError):
        State.mixed([[number, 0], [0, 1 - number]], (2,))


@given(own.povms(2, 3), st.permutations(range(3)))
@settings(deadline=None, max_examples=30)
def test_relabelled_effects_are_a_povm_and_merged_ones_too(povm, order):
    effects = [povm.effects[a] for a in order]
    assert POVM(tuple(effects)).dim == 2
    assert POVM((effects[0] + effects[1], effects[2])).dim == 2
    assert total(povm.effects) == Matrix.identity(2)


@given(own.povms(2, 3), own.unitaries(2))
@settings(deadline=None, max_examples=20)
def test_rotated_effects_are_a_povm(povm, unitary):
    assert len(POVM(tuple(unitary @ e @ unitary.adjoint for e in povm.effects)).effects) == 3


@given(own.povms(2, 3), st.integers(0, 2))
@settings(deadline=None, max_examples=20)
def test_leaving_out_an_effect_breaks_the_sum(povm, index):
    missing = povm.effects[index]
    kept = povm.effects[:index] + povm.effects[index + 1 :]
    if missing.is_zero:
        assert POVM(kept).dim == 2
    else:
        with pytest.raises(NormalisationError):
            POVM(kept)


@given(own.povms(2, 3), st.integers(0, 2), own.small.filter(bool))
@settings(deadline=None, max_examples=20)
def test_a_spoiled_effect_is_named(povm, index, shift):
    def spoil(change):
        return tuple(e + change if a == index else e for a, e in enumerate(povm.effects))

    with pytest.raises(HermitianError, match=f"effect {index} "):
        POVM(spoil(Matrix.unit(2, 0, 1).scale(shift)))
    with pytest.raises(PositivityError, match=f"effect {index} "):
        POVM(spoil(Matrix.identity(2).scale(-2)))
    with pytest.raises(NormalisationError):
        POVM(spoil(Matrix.identity(2)))


def test_effects_have_one_order_and_there_is_at_least_one():
    half = Matrix.identity(2).scale(Fraction(1, 2))
    for effects in [(), (half, Matrix.identity(3)), (Matrix.zero(2, 3),)]:
        with pytest.raises(ShapeError):
            POVM(effects)
    with pytest.raises(ShapeError):
        POVM.of([])


@given(own.unitaries(2), st.fractions(-1, 1, max_denominator=5), st.fractions(-1, 1, max_denominator=5))
@settings(deadline=None, max_examples=30)
def test_an_observable_is_the_difference_of_its_effects(unitary, first, second):
    diagonal = Matrix.rational([[first, 0], [0, second]])
    observable = unitary @ diagonal @ unitary.adjoint
    plus, minus = POVM.observable(observable).effects
    assert plus - minus == observable
    assert plus + minus == Matrix.identity(2)


@pytest.mark.parametrize(
    "observable, name", [(2 * X, "effect 0"), (ROOT * X, "effect 0"), (-3 * sympy.eye(2), "effect 0")]
)
def test_an_observable_beyond_one_is_not_positive(observable, name):
    with pytest.raises(PositivityError, match=name):
        POVM.observable(observable)


def test_an_observable_is_hermitian_and_square():
    with pytest.raises(HermitianError):
        POVM.observable(sympy.Matrix([[0, 1], [0, 0]]))
    with pytest.raises(ShapeError):
        POVM.observable(sympy.Matrix([[0, 1]]))


def test_the_trine_is_a_povm_also_when_its_effects_come_one_by_one():
    """One effect is rational, the others live in Q(sqrt3)."""
    effects = POVM.of(TRINE).effects
    assert total(effects) == Matrix.identity(2, effects[0].field)
    assert POVM(tuple(as_matrices([e])[0] for e in TRINE)).dim == 2


def test_effects_of_two_irrational_fields_meet_in_a_common_one():
    halves = [[[(2 + s * r) / 8, 0], [0, (2 - s * r) / 8]] for r in (ROOT, sympy.sqrt(3)) for s in (1, -1)]
    assert len(POVM.of(halves).effects) == 4
