"""Laws of linear maps.

The Choi matrix is sum |i><j| (x) Phi(|i><j|), input first, and applying a map is what its Choi matrix says: linear,
and Hermiticity preserving. On one tensor factor, A (x) B (x) C goes to A (x) Phi(B) (x) C. Composition is associative
and has the identity; the dual is defined by tr(dual(Y) X) = tr(Y Phi(X)), is an involution, reverses compositions and
exchanges unital with trace-preserving maps. Sums, multiples, mixtures and transposes act entry by entry. Everything
holds over number fields, different ones together. What does not fit is refused with typed errors.
"""

from fractions import Fraction
from itertools import product
from math import prod

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import HermitianError, NumberError, ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.field import quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import kron, partial_trace, partial_transpose
from steeralg.maps import choi, identity, kraus_map, transpose, unitary_channel
from steeralg.maps.linear import LinearMap
from tests.strategies import FIELDS, SQRT2, algebraic_matrices, gaussian, hermitian, matrices

laws = settings(deadline=None, max_examples=25)
few = settings(deadline=None, max_examples=10)
orders = st.integers(1, 3)
ROOT2 = Number(SQRT2, (0, 1), (0, 0))
ROOT3 = Number(quadratic(3), (0, 1), (0, 0))


def units(d):
    return [(i, j, Matrix.unit(d, i, j)) for i, j in product(range(d), repeat=2)]


@st.composite
def linear_maps(draw, dim_in=None, dim_out=None, field=None):
    """Any Hermiticity-preserving map: its Choi matrix is any Hermitian one."""
    m, n = dim_in or draw(orders), dim_out or draw(orders)
    if field is None:
        return LinearMap(m, n, draw(hermitian(m * n)))
    half = draw(algebraic_matrices(field, m * n, m * n))
    return LinearMap(m, n, half + half.adjoint)


def zero_map(m, n):
    return LinearMap(m, n, Matrix.zero(m * n, m * n))


@laws
@given(linear_maps())
def test_the_choi_matrix_lists_the_images_of_the_matrix_units(phi):
    assert total(kron(unit, phi(unit)) for _, _, unit in units(phi.dim_in)) == phi.choi
    assert LinearMap.from_action(phi.dim_in, phi) == phi
    assert LinearMap.from_choi(phi.choi, *phi.dims) == phi
    assert LinearMap.from_choi(phi.choi.sympy(), *phi.dims) == phi
    assert LinearMap.from_choi(phi.choi.sympy().tolist(), *phi.dims) == phi


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
    mended = LinearMap(d, phi.dim_out, phi.choi + kron(defect, Matrix.unit(phi.dim_out, 0, 0)))
    assert mended.is_trace_preserving and mended.dual.is_unital


def test_a_map_between_different_dimensions():
    """X -> X (+) tr X from order 2 to order 3: twice the trace."""

    def action(m):
        entries = [[m.entry(i, j) if max(i, j) < 2 else Number.of(0) for j in range(3)] for i in range(3)]
        return Matrix.from_numbers(entries, m.field) + Matrix.unit(3, 2, 2).scale(m.trace())

    phi = LinearMap.from_action(2, action)
    assert (phi.dim_in, phi.dim_out) == phi.dims == (2, 3) and not phi.is_trace_preserving
    assert all(phi(unit) == action(unit) for _, _, unit in units(2))
    halved = phi.scale(Fraction(1, 2))
    assert halved.is_trace_preserving and decide_psd(halved.choi).is_proved


FACTORS = [((2, 3, 2), 1), ((3, 2), 0), ((2, 3), 1), ((3,), 0), ((1, 3, 1, 2), 1), ((3, 3), 0), ((3, 3), 1)]


@pytest.mark.parametrize("dims, factor", FACTORS)
@few
@given(data=st.data())
def test_on_one_factor_products_go_to_products(dims, factor, data):
    phi = data.draw(linear_maps(dims[factor]))
    operators = [data.draw(matrices(d, d)) for d in dims]
    images = [phi(m) if k == factor else m for k, m in enumerate(operators)]
    assert phi.on(kron(*operators), dims, factor) == kron(*images)


@pytest.mark.parametrize("dims, factor", FACTORS)
def test_a_map_on_a_subsystem_is_the_map_with_identities_around_it(dims, factor):
    """Every matrix unit of the whole is a product of matrix units."""
    phi = choi() + transpose(3)
    local = [identity(d) for d in dims]
    local[factor] = phi
    whole = phi.on_subsystem(dims, factor)
    n = prod(dims)
    assert whole.dims == (n, n)
    for pairs in product(*(product(range(d), repeat=2) for d in dims)):
        pieces = [Matrix.unit(d, *pair) for d, pair in zip(dims, pairs, strict=True)]
        assert whole(kron(*pieces)) == kron(*(f(m) for f, m in zip(local, pieces, strict=True)))


@few
@given(linear_maps(2, 3), st.data())
def test_a_map_that_changes_the_dimension_on_a_subsystem(phi, data):
    dims = (2, 2, 2)
    m = data.draw(matrices(8, 8))
    for factor in range(3):
        whole = phi.on_subsystem(dims, factor)
        assert whole.dims == (8, 12) and whole(m) == phi.on(m, dims, factor)
        assert whole == LinearMap.from_action(8, lambda x, k=factor: phi.on(x, dims, k))


@laws
@given(st.sampled_from(FIELDS).flatmap(lambda k: algebraic_matrices(k, 12, 12)))
def test_partial_transposes_and_traces_are_maps_on_a_factor(m):
    for factor, d in enumerate((2, 3, 2)):
        trace = LinearMap(d, 1, Matrix.identity(d))
        assert transpose(d).on(m, (2, 3, 2), factor) == partial_transpose(m, (2, 3, 2), [factor])
        assert trace.on(m, (2, 3, 2), factor) == partial_trace(m, (2, 3, 2), [factor])


def test_the_choi_matrix_is_the_image_of_the_maximally_entangled_vector():
    for phi in (choi(), transpose(2), LinearMap(2, 3, Matrix.unit(6, 1, 1))):
        assert phi.on(identity(phi.dim_in).choi, (phi.dim_in, phi.dim_in), 1) == phi.choi


@laws
@given(orders.flatmap(lambda m: st.tuples(linear_maps(None, m), linear_maps(m, None))), st.data())
def test_composition_applies_one_map_after_the_other(pair, data):
    first, second = pair
    x = data.draw(matrices(first.dim_in, first.dim_in))
    assert (second @ first)(x) == second(first(x))
    assert (second @ first).dual == first.dual @ second.dual
    third = data.draw(linear_maps(second.dim_out))
    assert third @ (second @ first) == (third @ second) @ first
    assert first @ identity(first.dim_in) == first == identity(first.dim_out) @ first


@laws
@given(linear_maps(), st.data())
def test_the_dual_is_the_hilbert_schmidt_adjoint(phi, data):
    x, y = data.draw(matrices(phi.dim_in, phi.dim_in)), data.draw(matrices(phi.dim_out, phi.dim_out))
    assert phi.dual(y).inner(x) == y.inner(phi(x))
    assert phi.dual.dual == phi and phi.dual.dims == phi.dims[::-1]
    assert phi.is_unital == phi.dual.is_trace_preserving
    assert phi.is_unital == (phi(Matrix.identity(phi.dim_in)) == Matrix.identity(phi.dim_out))
    assert decide_psd(phi.choi).is_proved == decide_psd(phi.dual.choi).is_proved


def test_the_dual_of_an_inclusion_cuts_out_a_block():
    include = kraus_map([[[1, 0], [0, 1], [0, 0]]])
    assert include.is_trace_preserving and include.dual.is_unital
    assert not include.is_unital and not include.dual.is_trace_preserving
    m = Matrix.rational([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    assert include.dual(m) == Matrix.rational([[1, 2], [4, 5]])


@laws
@given(linear_maps(), st.data())
def test_the_transposed_map_transposes_the_image(phi, data):
    x = data.draw(matrices(phi.dim_in, phi.dim_in))
    assert phi.transposed(x) == phi(x).transpose
    assert phi.transposed == transpose(phi.dim_out) @ phi and phi.transposed.transposed == phi
    # The transpose of the input instead gives the complex conjugate Choi matrix.
    assert phi.transposed.choi == (phi @ transpose(phi.dim_in)).choi.conjugate


@laws
@given(st.tuples(orders, orders).flatmap(lambda d: st.tuples(linear_maps(*d), linear_maps(*d))), st.data())
def test_sums_multiples_and_mixtures_act_as_they_read(pair, data):
    a, b = pair
    x = data.draw(matrices(a.dim_in, a.dim_in))
    factor = data.draw(st.fractions(-2, 2, max_denominator=5))
    weight = data.draw(st.fractions(0, 1, max_denominator=5))
    assert (a + b)(x) == a(x) + b(x) and a.scale(factor)(x) == a(x).scale(factor)
    assert a + a.scale(-1) == zero_map(*a.dims) == a.scale(0)
    assert a.mix(b, weight) == a.scale(1 - weight) + b.scale(weight) == b.mix(a, 1 - weight)
    assert a.mix(b, weight)(x) == a(x).scale(1 - weight) + b(x).scale(weight)
    assert a.mix(b, 0) == a and a.mix(b, 1) == b and a.mix(a, "1/3") == a


@few
@given(linear_maps(2, 2, SQRT2), linear_maps(2, 2, quadratic(3)))
def test_maps_over_two_fields_meet_over_a_common_one(a, b):
    x = Matrix.unit(2, 0, 1)
    for combined, wanted in (
        (a + b, unify([a(x), b(x)])),
        (a.mix(b, "1/2"), [m.scale(Fraction(1, 2)) for m in unify([a(x), b(x)])]),
    ):
        image, *parts = unify([combined(x), *wanted])
        assert (image - total(parts)).is_zero
    left, right = unify([(a @ b)(x), a(b(x))])
    assert (left - right).is_zero
    scaled, left = unify([a.scale(ROOT3).choi, a.choi])
    assert (scaled @ scaled - (left @ left).scale(3)).is_zero


def test_a_map_is_scaled_by_any_real_number():
    phi = identity(2)
    assert phi.scale("1/2")(Matrix.identity(2)) == Matrix.identity(2).scale(Fraction(1, 2))
    assert phi.scale(ROOT2).scale(ROOT2).choi == phi.scale(2).choi.over(SQRT2)
    assert phi.scale(Number.of(2, SQRT2)) == phi.scale(2)
    for factor in (0.5, gaussian(0, 1), "x", None, True):
        with pytest.raises(NumberError):
            phi.scale(factor)


@pytest.mark.parametrize("weight", [-1, 2, "3/2", Fraction(-1, 9), 0.5])
def test_weights_outside_the_interval_are_refused(weight):
    with pytest.raises(NumberError):
        identity(2).mix(transpose(2), weight)


def test_maps_that_do_not_match_are_refused():
    two, three, wide = identity(2), identity(3), LinearMap(2, 3, Matrix.identity(6))
    for combine in (
        lambda: two + three,
        lambda: wide + two,
        lambda: two.mix(wide, "1/2"),
        lambda: two @ wide,
        lambda: three @ two,
    ):
        with pytest.raises(ShapeError, match="order"):
            combine()
    assert (three @ wide @ two) == wide


@pytest.mark.parametrize("dims, factor", [((2, 3), 1), ((2, 2), 2), ((2, 2), -1), ((), 0), ((2, 0), 0), ((3,), 0)])
def test_factors_that_the_map_does_not_fit_are_refused(dims, factor):
    with pytest.raises(ShapeError, match="factor"):
        transpose(2).on(Matrix.identity(prod(dims)), dims, factor)
    with pytest.raises(ShapeError, match="factor"):
        transpose(2).on_subsystem(dims, factor)


@pytest.mark.parametrize("rows, columns", [(4, 5), (3, 3), (16, 1)])
def test_operators_of_another_order_than_the_factors_are_refused(rows, columns):
    with pytest.raises(ShapeError, match="factors"):
        transpose(2).on(Matrix.zero(rows, columns), (2, 2), 0)


@pytest.mark.parametrize("dim_in, dim_out, order", [(2, 2, 3), (2, 3, 4), (1, 1, 2), (-2, -2, 4), (-1, -3, 3)])
def test_choi_matrices_of_another_order_are_refused(dim_in, dim_out, order):
    with pytest.raises(ShapeError):
        LinearMap(dim_in, dim_out, Matrix.identity(order))
    with pytest.raises(ShapeError):
        LinearMap.from_choi(sympy.eye(order), dim_in, dim_out)


@pytest.mark.parametrize("d", [0, -1])
def test_there_is_no_map_of_order_zero_or_less(d):
    with pytest.raises(ShapeError):
        identity(d)
    with pytest.raises(ShapeError):
        transpose(d)


def test_maps_that_do_not_preserve_hermiticity_are_refused():
    with pytest.raises(HermitianError):
        LinearMap.from_action(2, lambda m: m.scale(gaussian(0, 1)))
    with pytest.raises(HermitianError, match="Choi"):
        LinearMap(2, 1, Matrix.unit(2, 0, 1))
    with pytest.raises(HermitianError, match="Choi"):
        LinearMap.from_choi([[0, 1], [0, 0]], 2, 1)
    with pytest.raises(ShapeError):
        LinearMap(2, 1, Matrix.zero(2, 3))


def test_choi_matrices_are_exact():
    with pytest.raises(NumberError):
        LinearMap.from_choi([[1.0, 0], [0, 1]], 2, 1)
    rotated = LinearMap.from_choi([[1, sympy.sqrt(2) * sympy.I], [-sympy.sqrt(2) * sympy.I, 0]], 1, 2)
    assert rotated(Matrix.identity(1)).entry(0, 1) == ROOT2 * Number(SQRT2, (0, 0), (1, 0))


def test_the_dual_of_a_unitary_channel_is_its_inverse():
    turn = sympy.Matrix([[1, -1], [1, 1]]) / sympy.sqrt(2)
    forth, back = unitary_channel(turn), unitary_channel(turn.T)
    assert forth.dual == back and (forth @ back).choi == identity(2).choi.over(forth.choi.field)


@pytest.mark.parametrize("rows, columns", [(3, 3), (2, 1), (1, 1), (4, 4)])
def test_arguments_of_another_order_are_refused(rows, columns):
    with pytest.raises(ShapeError, match="order 2"):
        transpose(2)(Matrix.zero(rows, columns))
