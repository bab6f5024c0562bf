"""Laws of exact matrices.

Over Q(i) and Q(sqrt2, i) sums, products, traces, adjoints are those of sympy; over every field they obey the laws of
a *-algebra of matrices with entries in that field. Equal matrices are equal objects, whatever terms they were built
from. tr(AB) is `inner`; rational matrices move into every field, and two proper fields never mix. What is malformed is
refused with a typed error that names the entry.
"""

from fractions import Fraction
from itertools import product

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import HermitianError, NumberError, ShapeError
from steeralg.exact.field import RATIONALS, quadratic
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from tests.oracles import determinant
from tests.strategies import CUBIC, FIELDS, MINUS_SQRT2, SQRT2, algebraic_matrices, fields, inverse, matrices, numbers

laws = settings(deadline=None, max_examples=60)
orders = st.integers(1, 3)
with_sympy = st.sampled_from([RATIONALS, SQRT2])
"""Fields on which sympy can be the oracle: expanding is a normal form there."""


def pairs_of_one_shape(over):
    return st.tuples(over, orders, orders).flatmap(lambda s: st.tuples(*[algebraic_matrices(*s)] * 2))


def chains(over, count):
    """Matrices that can be multiplied in their order."""
    shapes = st.tuples(over, st.tuples(*[orders] * (count + 1)))
    return shapes.flatmap(lambda s: st.tuples(*(algebraic_matrices(s[0], *s[1][k : k + 2]) for k in range(count))))


squares = st.tuples(fields, orders).flatmap(lambda s: algebraic_matrices(s[0], s[1], s[1]))


def expanded(matrix):
    return sympy.ImmutableMatrix(matrix.applyfunc(sympy.expand))


@laws
@given(pairs_of_one_shape(with_sympy))
def test_sums_are_sympy_s(pair):
    a, b = pair
    assert (a + b).sympy() == expanded(a.sympy() + b.sympy())
    assert (a - b).sympy() == expanded(a.sympy() - b.sympy())
    assert (-a).sympy() == expanded(-a.sympy())


@laws
@given(chains(with_sympy, 2))
def test_products_are_sympy_s(pair):
    a, b = pair
    assert (a @ b).sympy() == expanded(a.sympy() * b.sympy())


@laws
@given(pairs_of_one_shape(with_sympy))
def test_transpose_conjugate_adjoint_are_sympy_s(pair):
    a, _ = pair
    assert a.transpose.sympy() == a.sympy().T
    assert a.conjugate.sympy() == expanded(a.sympy().C)
    assert a.adjoint.sympy() == expanded(a.sympy().H)


@laws
@given(st.tuples(with_sympy, orders).flatmap(lambda s: algebraic_matrices(s[0], s[1], s[1])))
def test_trace_and_hermiticity_are_sympy_s(a):
    rows = a.rows
    assert Matrix.from_numbers([[a.trace()]], a.field).sympy()[0, 0] == sympy.expand(a.sympy().trace())
    assert a.is_hermitian == (a.sympy() == expanded(a.sympy().H))
    assert (a + a.adjoint).is_hermitian and Matrix.identity(rows).is_hermitian


@laws
@given(chains(fields, 3))
def test_products_are_associative_and_reversed_by_the_adjoint(chain):
    a, b, c = chain
    assert (a @ b) @ c == a @ (b @ c)
    assert (a @ b).adjoint == b.adjoint @ a.adjoint
    assert (a @ b).transpose == b.transpose @ a.transpose
    assert (a @ b).conjugate == a.conjugate @ b.conjugate


@laws
@given(pairs_of_one_shape(fields), st.data())
def test_products_are_linear(pair, data):
    a, b = pair
    c = data.draw(algebraic_matrices(a.field, a.columns, 2))
    z = data.draw(numbers(a.field))
    assert (a + b) @ c == a @ c + b @ c
    assert (a.scale(z) + b) @ c == (a @ c).scale(z) + b @ c == a @ c.scale(z) + b @ c


@laws
@given(pairs_of_one_shape(fields))
def test_addition_makes_a_group(pair):
    a, b = pair
    zero = Matrix.zero(a.rows, a.columns, a.field)
    assert a + b == b + a and a + zero == a and a - b == a + (-b)
    assert (a - a).is_zero and a - a == zero and total([a, b, a]) == a.scale(2) + b


@laws
@given(pairs_of_one_shape(fields))
def test_the_identity_is_neutral_and_matrix_units_pick_entries(pair):
    a, _ = pair
    m, n, k = a.rows, a.columns, a.field
    assert Matrix.identity(m, k) @ a == a == a @ Matrix.identity(n)
    parts = [Matrix.unit(m, i, i) @ a @ Matrix.unit(n, j, j) for i in range(m) for j in range(n)]
    assert total(parts) == a
    assert all(parts[i * n + j].entry(i, j) == a.entry(i, j) for i in range(m) for j in range(n))


@pytest.mark.parametrize("i, j, k, m", list(product(range(3), repeat=4)))
def test_matrix_units_multiply_by_their_rule(i, j, k, m):
    expected = Matrix.unit(3, i, m) if j == k else Matrix.zero(3, 3)
    assert Matrix.unit(3, i, j) @ Matrix.unit(3, k, m) == expected


@laws
@given(pairs_of_one_shape(fields))
def test_entries_of_a_matrix_rebuild_it(pair):
    a, _ = pair
    assert Matrix.from_numbers([[a.entry(i, j) for j in range(a.columns)] for i in range(a.rows)], a.field) == a


@laws
@given(pairs_of_one_shape(fields))
def test_inner_is_the_trace_of_the_product(pair):
    a, b = pair
    assert a.inner(b.adjoint) == (a @ b.adjoint).trace() == (b.adjoint @ a).trace()
    assert a.inner(a.adjoint).sign() == (0 if a.is_zero else 1)


@laws
@given(squares, st.integers(1, 10**9))
def test_equal_matrices_are_equal_objects(a, factor):
    planes = tuple(tuple(x * factor for x in plane) for plane in a.planes)
    again = Matrix(a.field, a.rows, a.columns, planes, a.denominator * factor)
    assert again == a and hash(again) == hash(a)
    assert a.scale(Fraction(1, factor)).scale(factor) == a
    assert a + a.scale(2) == a.scale(3) == a.scale(Number.of(3, a.field))


@laws
@given(matrices(2, 3), fields, st.data())
def test_rational_matrices_move_into_every_field(a, k, data):
    b = data.draw(algebraic_matrices(k, 3, 2))
    lifted = a.over(k)
    assert lifted.field == k and lifted.entry(1, 2) == a.entry(1, 2) + Number.of(0, k)
    assert a @ b == lifted @ b and b @ a == b @ lifted
    assert a + b.adjoint == lifted + b.adjoint and a.inner(b) == lifted.inner(b)


@pytest.mark.parametrize("k", [f for f in FIELDS if not f.is_rational], ids=str)
def test_scaling_by_an_irrational_moves_a_rational_matrix_into_its_field(k):
    theta = Number(k, k.reduce([0, 1]), k.embed(0))
    a = Matrix.rational([[1, 2, 3], [4, 5, Fraction(1, 6)]])
    assert all(a.scale(theta).entry(i, j) == theta * a.entry(i, j) for i in range(2) for j in range(3))
    assert a.scale(theta).scale(theta.inverse()) == a.over(k)


@pytest.mark.parametrize("k, other", [(SQRT2, MINUS_SQRT2), (SQRT2, quadratic(3)), (CUBIC[0], CUBIC[2])])
def test_two_different_fields_never_mix(k, other):
    a, b = Matrix.identity(2, k), Matrix.identity(2, other)
    for operation in (a.__add__, a.__sub__, a.__matmul__, a.inner, lambda m: m.over(k)):
        with pytest.raises(NumberError):
            operation(b)
    with pytest.raises(NumberError):
        Matrix.from_numbers([[Number.of(1, k)]], other)


@laws
@given(squares)
def test_an_invertible_matrix_has_the_inverse_of_its_determinant(a):
    if not determinant(a).is_zero:
        assert a @ inverse(a) == Matrix.identity(a.rows, a.field) == inverse(a) @ a
        assert determinant(a) * determinant(inverse(a)) == Number.of(1, a.field)


@laws
@given(squares)
def test_a_matrix_is_real_iff_it_equals_its_conjugate(a):
    assert a.is_real == (a == a.conjugate)
    assert (a + a.conjugate).is_real


@laws
@given(st.integers(2, 4).flatmap(lambda n: st.tuples(st.just(n), fields, st.integers(1, n - 1), st.data())))
def test_a_non_hermitian_entry_is_named(sample):
    n, k, i, data = sample
    j = data.draw(st.integers(0, i))
    h = data.draw(algebraic_matrices(k, n, n))
    spoiled = h + h.adjoint + Matrix.unit(n, i, j).scale(Number(RATIONALS, (0,), (1,)))
    assert not spoiled.is_hermitian
    with pytest.raises(HermitianError, match=rf"the gram matrix .*\({i}, {j}\)"):
        spoiled.require_hermitian("the gram matrix")
    (h + h.adjoint).require_hermitian("the gram matrix")


def test_a_rectangular_matrix_is_not_hermitian():
    with pytest.raises(ShapeError, match="the effect is 2 x 3"):
        Matrix.zero(2, 3).require_hermitian("the effect")
    assert not Matrix.zero(2, 3).is_hermitian


def defined(operation, *arguments):
    try:
        operation(*arguments)
    except ShapeError:
        return False
    return True


@pytest.mark.parametrize("m, n, p, q", list(product((1, 2, 3), repeat=4)))
def test_operations_are_defined_exactly_on_fitting_shapes(m, n, p, q):
    a, b = Matrix.zero(m, n), Matrix.zero(p, q)
    assert defined(a.__add__, b) == defined(a.__sub__, b) == ((m, n) == (p, q))
    assert defined(a.__matmul__, b) == (n == p)
    assert defined(a.inner, b) == ((n, m) == (p, q))


@pytest.mark.parametrize("rows, columns", [(1, 4), (4, 1), (2, 3)])
def test_a_rectangular_matrix_has_no_trace(rows, columns):
    with pytest.raises(ShapeError):
        Matrix.rational([[1] * columns] * rows).trace()


@pytest.mark.parametrize(
    "planes, denominator, error",
    [
        (((1, 2), (0, 0), (0, 0)), 1, ShapeError),  # a real quadratic field has four planes
        (((1, 2), (0, 0), (0, 0), (0,)), 1, ShapeError),
        (((1, 2), (0, 0), (0, 0), (0, 0)), 0, NumberError),
        (((1, 2), (0, 0), (0, 0), (0, 0)), -1, NumberError),
    ],
)
def test_malformed_matrices_are_refused(planes, denominator, error):
    with pytest.raises(error):
        Matrix(SQRT2, 1, 2, planes, denominator)


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(ShapeError):
        Matrix.rational([[1, 2], [3]])
