"""Laws of linear maps and of the library of maps.

The Choi matrix is sum |i><j| (x) Phi(|i><j|), input first, and applying a map is what its Choi matrix says: linear,
and Hermiticity preserving. Identity and transposition act as named. The extended reduction map sends |x><x| to
(1 - P)/(d-2) with P the projector on x and U conj(x), which proves it positive; it is trace preserving and not
completely positive. Maps that are not what they have to be are refused with typed errors.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.constructions.pauli import ONE, X, Y
from steeralg.constructions.saphs18 import breuer_hall_map
from steeralg.errors import HermitianError, InputError, NumberError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_trace, partial_transpose
from steeralg.maps.library import extended_reduction, identity, transpose
from steeralg.maps.linear import LinearMap
from tests.strategies import FIELDS, SQRT2, algebraic_matrices, gaussian, hermitian, matrices, unitaries

laws = settings(deadline=None, max_examples=30)
(XY,) = as_matrices([sympy.kronecker_product(X, Y)])
orders = st.integers(1, 3)


def units(d):
    return [(i, j, Matrix.unit(d, i, j)) for i, j in product(range(d), repeat=2)]


@st.composite
def linear_maps(draw):
    """Any Hermiticity-preserving map: its Choi matrix is any Hermitian one."""
    dim_in, dim_out = draw(orders), draw(orders)
    return LinearMap(dim_in, dim_out, draw(hermitian(dim_in * dim_out)))


@laws
@given(linear_maps())
def test_the_choi_matrix_lists_the_images_of_the_matrix_units(phi):
    assert total(kron(unit, phi(unit)) for _, _, unit in units(phi.dim_in)) == phi.choi
    assert LinearMap.from_action(phi.dim_in, phi) == phi


@laws
@given(linear_maps(), st.sampled_from(FIELDS), st.data())
def test_maps_are_linear_and_preserve_hermiticity(phi, k, data):
    a, b = (data.draw(algebraic_matrices(k, phi.dim_in, phi.dim_in)) for _ in "ab")
    assert phi(a + b.scale(gaussian(2, -1))) == phi(a) + phi(b).scale(gaussian(2, -1))
    assert phi(a.adjoint) == phi(a).adjoint
    assert phi(a + a.adjoint).is_hermitian and phi(a).rows == phi(a).columns == phi.dim_out


@laws
@given(linear_maps())
def test_a_map_is_trace_preserving_iff_it_preserves_the_trace_of_matrix_units(phi):
    kept = all(phi(unit).trace() == unit.trace() for _, _, unit in units(phi.dim_in))
    assert phi.is_trace_preserving == kept
    d = phi.dim_in
    defect = Matrix.identity(d) - partial_trace(phi.choi, (d, phi.dim_out), [1])
    mended = phi.choi + kron(defect, Matrix.unit(phi.dim_out, 0, 0))
    assert LinearMap(d, phi.dim_out, mended).is_trace_preserving


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_identity_and_transpose_on_matrix_units(d):
    for i, j, unit in units(d):
        assert identity(d)(unit) == unit
        assert transpose(d)(unit) == Matrix.unit(d, j, i)
    assert identity(d).is_trace_preserving and transpose(d).is_trace_preserving
    assert transpose(d).choi == partial_transpose(identity(d).choi, (d, d), [1])


@laws
@given(st.tuples(st.sampled_from(FIELDS), orders).flatmap(lambda s: algebraic_matrices(s[0], s[1], s[1])))
def test_identity_and_transpose_on_any_matrix(m):
    assert identity(m.rows)(m) == m and transpose(m.rows)(m) == m.transpose


@pytest.mark.parametrize("d", [2, 3])
def test_the_identity_is_completely_positive_and_the_transpose_is_not(d):
    assert decide_psd(identity(d).choi).is_proved
    assert decide_psd(transpose(d).choi).is_refuted


def test_a_map_between_different_dimensions():
    """X -> X (+) tr X from order 2 to order 3: twice the trace."""

    def action(m):
        entries = [[m.entry(i, j) if max(i, j) < 2 else Number.of(0) for j in range(3)] for i in range(3)]
        return Matrix.from_numbers(entries, m.field) + Matrix.unit(3, 2, 2).scale(m.trace())

    phi = LinearMap.from_action(2, action)
    assert (phi.dim_in, phi.dim_out) == (2, 3) and not phi.is_trace_preserving
    assert all(phi(unit) == action(unit) for _, _, unit in units(2))
    halved = LinearMap(2, 3, phi.choi.scale(Fraction(1, 2)))
    assert halved.is_trace_preserving and decide_psd(halved.choi).is_proved


@st.composite
def antisymmetric_unitaries(draw):
    """V (X (x) Y) V^T, V a rational unitary."""
    v = draw(unitaries(4))
    return v @ XY @ v.transpose


def reduction(u, m):
    """The formula of SAPHS18 eq. (33)."""
    d = u.rows
    return (Matrix.identity(d).scale(m.trace()) - m - u @ m.transpose @ u.adjoint).scale(Fraction(1, d - 2))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_extended_reduction_on_matrix_units(sign):
    phi = extended_reduction(XY.scale(sign))
    assert all(phi(unit) == reduction(XY, unit) for _, _, unit in units(4))
    assert phi == breuer_hall_map() and phi.is_trace_preserving


@settings(deadline=None, max_examples=15)
@given(antisymmetric_unitaries(), unitaries(4), matrices(4, 4))
def test_the_extended_reduction_of_a_pure_state_is_half_a_projector(u, v, m):
    phi = extended_reduction(u)
    for k in range(4):
        x = v @ Matrix.identity(4).rearrange(4, 1, range(k, 16, 4))  # a rational unit vector
        partner = u @ x.conjugate
        assert (x.adjoint @ partner).is_zero  # antisymmetry
        plane = x @ x.adjoint + partner @ partner.adjoint
        image = phi(x @ x.adjoint)
        assert plane @ plane == plane and image == (Matrix.identity(4) - plane).scale(Fraction(1, 2))
        assert (image @ x).is_zero and (image @ partner).is_zero
        assert phi(plane) == image.scale(2)
    assert phi(m @ m.adjoint).trace() == (m @ m.adjoint).trace()
    assert decide_psd(phi(m @ m.adjoint)).is_proved


def test_the_extended_reduction_is_not_completely_positive():
    verdict = decide_psd(breuer_hall_map().choi)
    assert verdict.is_refuted and verdict.witness.verify(breuer_hall_map().choi)
    assert decide_psd(partial_transpose(breuer_hall_map().choi, (4, 4), [1])).is_refuted


def test_the_extended_reduction_of_order_six_over_sqrt2():
    """U is antisymmetric and unitary: blocks [[0, -w], [w, 0]] with w = (1 + i)/sqrt(2)."""
    w = (1 + sympy.I) / sympy.sqrt(2)
    (u,) = as_matrices([sympy.diag(*[sympy.Matrix([[0, -w], [w, 0]])] * 3)])
    phi = extended_reduction(u)
    x = Matrix.unit(6, 0, 0) + Matrix.unit(6, 2, 2).scale(Number(SQRT2, (0, 1), (0, 0)))
    assert phi.is_trace_preserving and phi(x) == reduction(u, x)
    assert phi(Matrix.unit(6, 0, 0)) == total(Matrix.unit(6, k, k) for k in range(2, 6)).scale(Fraction(1, 4)).over(
        SQRT2
    )
    assert extended_reduction(u.scale(gaussian(0, 1))) == phi  # phases of U do not matter


@pytest.mark.parametrize(
    "unitary, reason",
    [
        (sympy.kronecker_product(X, X), "antisymmetric"),
        (sympy.eye(4), "antisymmetric"),
        (sympy.kronecker_product(X, Y) + sympy.kronecker_product(ONE, X), "antisymmetric"),
        (2 * sympy.kronecker_product(X, Y), "unitary"),
        (sympy.zeros(4), "unitary"),
        (sympy.diag(Y, 2 * Y), "unitary"),
    ],
)
def test_a_matrix_that_is_no_antisymmetric_unitary_is_refused(unitary, reason):
    with pytest.raises(InputError, match=f"not {reason}"):
        extended_reduction(unitary)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (5, 5), (4, 6), (4, 1)])
def test_orders_that_are_odd_too_small_or_not_square_are_refused(shape):
    with pytest.raises(ShapeError):
        extended_reduction(sympy.zeros(*shape))
    with pytest.raises(ShapeError):
        extended_reduction(sympy.Matrix([[0, -1], [1, 0]]))


def test_floats_are_refused():
    with pytest.raises(NumberError):
        extended_reduction(sympy.kronecker_product(X, Y) * 1.0)


@pytest.mark.parametrize("dim_in, dim_out, order", [(2, 2, 3), (2, 3, 4), (1, 1, 2), (-2, -2, 4), (-1, -3, 3)])
def test_choi_matrices_of_another_order_are_refused(dim_in, dim_out, order):
    with pytest.raises(ShapeError):
        LinearMap(dim_in, dim_out, Matrix.identity(order))


@pytest.mark.parametrize("d", [0, -1])
def test_there_is_no_map_of_order_zero_or_less(d):
    with pytest.raises(ShapeError):
        identity(d)


def test_maps_that_do_not_preserve_hermiticity_are_refused():
    with pytest.raises(HermitianError):
        LinearMap.from_action(2, lambda m: m.scale(gaussian(0, 1)))
    with pytest.raises(HermitianError, match="Choi"):
        LinearMap(2, 1, Matrix.unit(2, 0, 1))
    with pytest.raises(ShapeError):
        LinearMap(2, 1, Matrix.zero(2, 3))


@pytest.mark.parametrize("rows, columns", [(3, 3), (2, 1), (1, 1), (4, 4)])
def test_arguments_of_another_order_are_refused(rows, columns):
    with pytest.raises(ShapeError, match="order 2"):
        transpose(2)(Matrix.zero(rows, columns))
