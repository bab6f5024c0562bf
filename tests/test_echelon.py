"""Laws of echelon forms, ranks and null spaces of exact matrices.

The echelon form is reduced, and its rows span what the rows of the matrix span: with both it is unique. It is that of
sympy over Q(i), by the integer route and by the other one. Invertible factors on the left change nothing. The null
space is annihilated, has as many columns as the rank leaves, and every annihilated vector is the combination of them
that its entries at the free columns say. Columns scaled to integers span the same.
"""

from math import gcd

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.polys.matrices import DomainMatrix

from steeralg.exact.convert import as_matrices
from steeralg.exact.echelon import echelon, integral_columns, nullspace, rank
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from tests.strategies import FIELDS, SQRT2, algebraic_matrices, inverse, numbers, unitaries

laws = settings(deadline=None, max_examples=30)
sizes = st.integers(1, 4)


@st.composite
def low_rank(draw, field):
    """Products of two matrices through few columns, a third of them real."""
    rows, columns = draw(sizes), draw(sizes)
    inner = draw(st.integers(1, min(rows, columns)))
    product = draw(algebraic_matrices(field, rows, inner)) @ draw(algebraic_matrices(field, inner, columns))
    return product.real if draw(st.integers(0, 2)) == 0 else product


any_matrix = st.sampled_from(FIELDS).flatmap(low_rank)


def matrix_of(rows, matrix):
    return Matrix.from_numbers(rows, matrix.field) if rows else Matrix.zero(0, matrix.columns, matrix.field)


def columns_of(matrix, chosen):
    n = matrix.columns
    return matrix.rearrange(matrix.rows, len(chosen), [i * n + j for i in range(matrix.rows) for j in chosen])


@laws
@given(any_matrix)
def test_the_echelon_form_is_reduced_and_spans_the_same_rows(matrix):
    rows, pivots = echelon(matrix)
    assert len(rows) == len(pivots) and pivots == sorted(set(pivots))
    reduced = matrix_of(rows, matrix)
    assert columns_of(reduced, pivots) == Matrix.identity(len(pivots), matrix.field)
    assert all(x.is_zero for row, pivot in zip(rows, pivots, strict=True) for x in row[:pivot])
    # The only combination of these rows with the right entries at the pivots gives every row of the matrix ..
    assert columns_of(matrix, pivots) @ reduced == matrix
    # .. and by dimension also the other way round.
    assert rank(matrix) == len(pivots) == rank(matrix.transpose) == rank(matrix.adjoint @ matrix)
    assert echelon(reduced) == (rows, pivots)


@laws
@given(low_rank(RATIONALS))
def test_the_echelon_form_is_that_of_sympy(matrix):
    domain = sympy.QQ.algebraic_field(sympy.I)
    expected, pivots = DomainMatrix.from_Matrix(sympy.Matrix(matrix.sympy())).convert_to(domain).rref()
    rows, found = echelon(matrix)
    assert found == list(pivots)
    assert rows == [] or matrix_of(rows, matrix).sympy() == expected.to_Matrix()[: len(rows), :]


@laws
@given(st.integers(6, 9), st.integers(6, 9), st.data())
def test_large_real_rational_matrices_take_the_integer_route_to_the_same_end(height, width, data):
    entries = st.integers(-2, 2)
    table = [[data.draw(entries) if data.draw(st.booleans()) else 0 for _ in range(width)] for _ in range(height)]
    real = Matrix.rational(table)
    # A rotated copy is not real, and reduced number by number.
    turned = real.scale(Number(RATIONALS, (1,), (2,)))
    assert echelon(real) == echelon(turned)
    assert echelon(real.over(SQRT2))[1] == echelon(real)[1]
    assert (real @ nullspace(real)).is_zero


@laws
@given(sizes.flatmap(lambda n: st.tuples(unitaries(n), low_rank(RATIONALS).filter(lambda m: m.rows == n))))
def test_invertible_factors_on_the_left_change_nothing(pair):
    u, matrix = pair
    assert echelon(u @ matrix) == echelon(matrix)
    assert rank(u) == u.rows and echelon(u)[0] == echelon(inverse(u))[0]


@laws
@given(any_matrix, st.data())
def test_the_null_space_is_all_that_is_annihilated(matrix, data):
    basis, pivots = nullspace(matrix), echelon(matrix)[1]
    free = [j for j in range(matrix.columns) if j not in pivots]
    assert (basis.rows, basis.columns) == (matrix.columns, len(free)) and basis.field == matrix.field
    assert (matrix @ basis).is_zero
    assert columns_of(basis.transpose, free) == Matrix.identity(len(free), matrix.field)
    if free:
        weights = Matrix.from_numbers([[data.draw(numbers(matrix.field))] for _ in free], matrix.field)
        vector = basis @ weights
        assert [vector.entry(j, 0) for j in free] == [weights.entry(k, 0) for k in range(len(free))]
        assert nullspace(basis.transpose).columns == len(pivots)


@laws
@given(any_matrix)
def test_columns_scaled_to_integers_span_the_same(matrix):
    scaled = integral_columns(matrix)
    assert scaled.denominator == 1
    assert echelon(scaled.transpose) == echelon(matrix.transpose)
    for j in range(matrix.columns):
        column, old = (columns_of(m, [j]) for m in (scaled, matrix))
        assert column == old.scale(old.denominator)


def test_the_same_column_scaled_has_no_common_factor_left():
    found = integral_columns(Matrix.rational([["2/3", 0], ["4/9", "1/2"]]))
    assert found == Matrix.rational([[6, 0], [4, 1]])
    assert gcd(*found.planes[0]) == 1


@pytest.mark.parametrize("shape", [(0, 3), (2, 3), (3, 1)], ids=str)
def test_nothing_and_zero_leave_everything_free(shape):
    zero = Matrix.zero(*shape)
    assert echelon(zero) == ([], []) and rank(zero) == 0
    assert nullspace(zero) == Matrix.identity(shape[1])


def test_a_matrix_without_columns():
    assert echelon(Matrix.zero(2, 0)) == ([], [])
    assert nullspace(Matrix.zero(2, 0)) == Matrix.zero(0, 0)
    assert integral_columns(Matrix.zero(2, 0)) == Matrix.zero(2, 0)


def test_over_a_field_dependence_is_decided_exactly():
    """(1 + sqrt2)(2 - sqrt2) = sqrt2: rank one here, rank two with any rational approximation."""
    root = sympy.sqrt(2)
    (matrix,) = as_matrices([sympy.Matrix([[1, 1 + root], [2 - root, root]])])
    (other,) = as_matrices([sympy.Matrix([[1, 1 + root], [2 - root, sympy.Rational(141421356, 10**8)]])])
    assert rank(matrix) == 1 and rank(other) == 2
    (kernel,) = as_matrices([sympy.Matrix([[-1 - root], [1]])])
    assert nullspace(matrix) == kernel and nullspace(other).columns == 0
