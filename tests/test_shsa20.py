"""Bob with input and instrumental steering: the printed formulas, and the quantum model of the printed instrumental
family, recomputed with matrices and Bloch vectors of the test's own.
"""

from fractions import Fraction
from itertools import product
from math import prod

import pytest
import sympy

from steeralg.constructions import shsa20
from steeralg.constructions.pauli import ONE, X, Y, Z
from steeralg.errors import InputError, NumberError
from steeralg.exact.psd import decide_psd
from steeralg.objects.assemblage import Assemblage
from steeralg.objects.measurement import POVM
from steeralg.verdict import Proved

PAULI = (X, Y, Z)
THIRD, IM = sympy.Rational(1, 3), sympy.I
PRINTED = shsa20.instrumental_printed()


def of_bloch(n):
    """(1 + n . (X, Y, Z))/4, a pure qubit state of trace 1/2."""
    return sympy.ImmutableMatrix((ONE + n[0] * X + n[1] * Y + n[2] * Z) / 4)


def to_bloch(matrix):
    return sympy.Matrix([sympy.expand((matrix * p).trace()) for p in PAULI]) * 2


def test_the_assemblage_of_equation_5_makes_a_pr_box():
    sigma = shsa20.pr()
    assert sigma.scenario.views == (2, 2) and sigma.scenario.has_input
    for (a,), (x,), y in sigma.scenario.labels():
        for b, bra in enumerate(([1, 0], [0, 1])):
            ket = sympy.Matrix(bra)
            value = (ket.T * sigma[(a,), (x,), y] * ket)[0]
            assert value == (sympy.Rational(1, 2) if (a + b) % 2 == x * y else 0)
        assert sigma[(a,), (x,), y].is_diagonal()


def test_equation_6_as_printed():
    sigma = shsa20.transposed()
    for (a,), (x,), y in sigma.scenario.labels():
        sign = (-1) ** (a + (x == 1) * (y == 1))
        assert sigma[(a,), (x,), y] == (ONE + sign * PAULI[x]) / 4
    assert [len(box.outcomes) for box in sigma.scenario.black_boxes] == [3]


@pytest.mark.parametrize("n", [(-1, 0, 0), (0, -1, 0), (Fraction(1, 3), Fraction(2, 3), Fraction(2, 3))])
def test_further_directions(n):
    exact = [sympy.sympify(c) for c in n]
    sigma = shsa20.transposed([*shsa20.AXES, n])
    for a, y in product((0, 1), repeat=2):
        sign = (-1) ** a
        expected = of_bloch([sign * c for c in exact])
        assert sigma[(a,), (3,), y] == (expected.T if y else expected)
    general, three = shsa20.instrumental(n), shsa20.transposed()
    for (a,), (x,) in general.scenario.labels():
        source = three if x < 3 else sigma
        assert general[(a,), (x,)] == source[(a,), (x,), a]


@pytest.mark.parametrize("n", [(1, 1, 0), (0, 0, 0), (1, 0), (Fraction(3, 5), Fraction(3, 5), 0)])
def test_a_direction_is_a_unit_vector(n):
    with pytest.raises(InputError):
        shsa20.transposed([n])


def test_a_direction_is_exact():
    with pytest.raises(NumberError):
        shsa20.transposed([(0.6, 0.8, 0.0), (1.0, 0, 0)])


def test_a_direction_may_be_algebraic():
    half = sympy.sqrt(2) / 2
    assert shsa20.transposed([(half, half, 0)])[(0,), (0,), 1] == of_bloch([half, -half, 0])


def test_the_printed_instrumental_family_is_equation_6_with_y_equal_to_a():
    assert PRINTED.scenario.instrumental
    signs = {(0, 0): 1, (0, 1): 1, (0, 2): 1, (1, 0): -1, (1, 1): 1, (1, 2): -1}
    assert {(a[0], x[0]): PRINTED[a, x] for a, x in PRINTED.scenario.labels()} == {
        (a, x): (ONE + sign * PAULI[x]) / 4 for (a, x), sign in signs.items()
    }


def test_the_printed_instrumental_family_is_quantum():
    """The statement of the realisation, by the library's own steering and maps."""
    state, measurements = shsa20.instrumental_state(), shsa20.instrumental_measurements()
    channels = shsa20.instrumental_channels()
    assert state.dims == (3, 2) and state.matrix.field.is_rational
    assert state.matrix @ state.matrix == state.matrix
    assert all(isinstance(decide_psd(c.choi), Proved) and c.is_trace_preserving for c in channels)
    steered = Assemblage.from_state(state, measurements)
    assert steered == shsa20.hidden_assemblage()
    assert steered.with_input(channels).instrumental() == PRINTED


def test_the_printed_instrumental_family_is_quantum_by_hand():
    """The same with nothing but sympy's matrices: amplitudes, effects, Kraus operator."""
    rho = shsa20.instrumental_state().matrix.sympy()
    ((*povms,),) = [shsa20.instrumental_measurements()[0]]
    assert rho.trace() == 1 and rho.rank() == 1 and rho == rho.H
    kraus = (sympy.eye(2), sympy.Matrix([[1 - IM, IM], [IM, 1 + IM]]) / sympy.sqrt(3))
    for operator in kraus:
        assert sympy.expand(operator.H * operator) == sympy.eye(2)
    for x, povm in enumerate(povms):
        effects = [e.sympy() for e in povm.effects]
        assert effects[0] + effects[1] == sympy.eye(3)
        for a, effect in enumerate(effects):
            assert min(sympy.re(v) for v in effect.eigenvals()) >= 0
            joint = sympy.expand(sympy.kronecker_product(effect, sympy.eye(2)) * rho)
            steered = sum((joint[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] for k in range(3)), sympy.zeros(2, 2))
            image = sympy.expand(kraus[a] * steered * kraus[a].H)
            assert sympy.expand(steered) == shsa20.hidden_assemblage()[(a,), (x,)]
            assert image == PRINTED[(a,), (x,)]


def test_the_bloch_vectors_of_the_hidden_assemblage():
    """e_x and (2/3)(1, 1, 1) - e_x: unit vectors with a fixed sum; a rotation takes the second three to -X, +Y, -Z."""
    hidden, turn = shsa20.hidden_assemblage(), shsa20.instrumental_channels()[1]
    rotation = sympy.Matrix.hstack(*(to_bloch(turn(POVM.observable(p).effects[0]).sympy() / 2) for p in PAULI))
    assert rotation.T * rotation == sympy.eye(3) and rotation.det() == 1
    for x, sign in enumerate((-1, 1, -1)):
        unit = sympy.eye(3)[:, x]
        first, second = (to_bloch(hidden[(a,), (x,)]) for a in (0, 1))
        assert first == unit and second == 2 * THIRD * sympy.ones(3, 1) - unit
        assert second.dot(second) == 1
        assert rotation * second == sign * unit


@pytest.mark.parametrize("signs", list(product((1, -1), repeat=6)))
def test_every_choice_of_signs_has_such_a_model(signs):
    """Hidden unit vectors f_x and r - f_x, and proper rotations to s_0x e_x and s_1x e_x, for all 64 families
    (1 + s_ax e_x . (X, Y, Z))/4: opposite vectors change the handedness of a frame, f_x -> (2/3) sum f - f_x does not.
    """
    targets = [sympy.diag(*part) for part in (signs[:3], signs[3:])]
    first = sympy.eye(3) * prod(signs[:3])
    centre = 2 * THIRD * (first * sympy.ones(3, 3)) if prod(signs) == 1 else sympy.zeros(3, 3)
    frames = [first, centre - first]
    for target, frame in zip(targets, frames, strict=True):
        rotation = target * frame.T
        assert frame.T * frame == sympy.eye(3)
        assert rotation.T * rotation == sympy.eye(3) and rotation.det() == 1
        assert rotation * frame == target


def test_the_model_needs_a_third_level_over_the_gaussian_rationals():
    """|det K|^2 = det rho = 1/6 for a K of order 2, and 6 is no sum of two rational squares (Fermat: 3 to an odd
    power)."""
    rho = shsa20.hidden_assemblage().reduced_state.sympy()
    assert sympy.expand(rho.det()) == sympy.Rational(1, 6)
    assert not sympy.ntheory.primetest.is_square(6) and not any(
        a * a + b * b == 6 * c * c for c in range(1, 40) for a in range(100) for b in range(a + 1)
    )
