"""Laws of tensor operations, on dimensions up to (2, 2, 3).

Kronecker products multiply entries in the order of their factors and are multiplicative, associative, bilinear.
Partial traces, partial transposes and contractions are fixed by what they do to products A (x) B (x) C, and so, being
linear, on matrix units; they commute where they should, and are refused on dimensions that do not fit.
"""

from functools import reduce
from itertools import chain, combinations, permutations, product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import NumberError, ShapeError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import contract, kron, partial_trace, partial_transpose, reordered
from tests.strategies import MINUS_SQRT2, SQRT2, algebraic_matrices, fields

laws = settings(deadline=None, max_examples=40)
DIMS = [(1,), (3,), (2, 3), (3, 2), (1, 4), (2, 2, 3), (3, 2, 2), (2, 1, 3)]
every_dims = pytest.mark.parametrize("dims", DIMS, ids=str)
dims_lists = st.sampled_from(DIMS)


def subsets(n):
    return chain.from_iterable(combinations(range(n), k) for k in range(n + 1))


def factors_of(field, dims):
    return st.tuples(*(algebraic_matrices(field, d, d) for d in dims))


products = st.tuples(fields, dims_lists).flatmap(lambda s: st.tuples(st.just(s[1]), factors_of(*s), factors_of(*s)))
operators = st.tuples(fields, dims_lists).flatmap(
    lambda s: st.tuples(st.just(s[1]), algebraic_matrices(s[0], prod(s[1]), prod(s[1])))
)


def product_matrix_units(dims):
    """All |i1><j1| (x) |i2><j2| (x) ..., each with its factors."""
    for pairs in product(*(product(range(d), repeat=2) for d in dims)):
        parts = [Matrix.unit(d, i, j) for d, (i, j) in zip(dims, pairs, strict=True)]
        yield parts, kron(*parts)


def multiplied(numbers, field):
    return reduce(Number.__mul__, numbers, Number.of(1, field))


@every_dims
def test_products_of_matrix_units_are_matrix_units_in_the_order_of_the_factors(dims):
    flat = list(product(*map(range, dims)))
    units = [u for _, u in product_matrix_units(dims)]
    order = prod(dims)
    expected = [
        Matrix.unit(order, flat.index(tuple(i for i, _ in pairs)), flat.index(tuple(j for _, j in pairs)))
        for pairs in product(*(product(range(d), repeat=2) for d in dims))
    ]
    assert units == expected


@laws
@given(products)
def test_kronecker_products_multiply_factor_by_factor(sample):
    _, a, b = sample
    assert kron(*a) @ kron(*b) == kron(*(x @ y for x, y in zip(a, b, strict=True)))
    assert kron(*a).adjoint == kron(*(x.adjoint for x in a))
    assert kron(*a).transpose == kron(*(x.transpose for x in a))
    assert kron(*a).trace() == multiplied([x.trace() for x in a], a[0].field)
    assert kron(*a).inner(kron(*b)) == multiplied([x.inner(y) for x, y in zip(a, b, strict=True)], a[0].field)


@laws
@given(fields.flatmap(lambda k: st.tuples(*(algebraic_matrices(k, m, n) for m, n in [(2, 1), (2, 1), (1, 3), (2, 2)]))))
def test_kronecker_products_of_rectangles_are_bilinear_and_associative(sample):
    a, b, c, d = sample
    assert kron(a + b, c) == kron(a, c) + kron(b, c)
    assert kron(c, a + b) == kron(c, a) + kron(c, b)
    assert kron(a, c, d) == kron(kron(a, c), d) == kron(a, kron(c, d))
    assert all(
        kron(a, c).entry(i * c.rows + k, j * c.columns + m) == a.entry(i, j) * c.entry(k, m)
        for i, j, k, m in product(range(a.rows), range(a.columns), range(c.rows), range(c.columns))
    )


@laws
@given(products)
def test_a_partial_trace_of_a_product_is_a_trace_times_the_rest(sample):
    dims, a, _ = sample
    for traced in subsets(len(dims)):
        weight = multiplied([a[k].trace() for k in traced], a[0].field)
        rest = [Matrix.identity(1, a[0].field), *(x for k, x in enumerate(a) if k not in traced)]
        assert partial_trace(kron(*a), dims, traced) == kron(*rest).scale(weight)


@every_dims
def test_partial_traces_of_matrix_units(dims):
    for traced in subsets(len(dims)):
        for parts, unit in product_matrix_units(dims):
            rest = kron(Matrix.identity(1), *(x for k, x in enumerate(parts) if k not in traced))
            weight = prod(int(parts[k].trace().fraction()) for k in traced)
            assert partial_trace(unit, dims, traced) == rest.scale(weight)


@laws
@given(operators)
def test_partial_traces_compose_and_preserve_the_trace(sample):
    dims, m = sample
    n = len(dims)
    assert partial_trace(m, dims, []) == m
    assert partial_trace(m, dims, range(n)).entry(0, 0) == m.trace()
    for traced in subsets(n):
        assert partial_trace(m, dims, traced).trace() == m.trace()
        one_by_one, left = m, list(dims)
        for k in reversed(traced):
            one_by_one = partial_trace(one_by_one, left, [k])
            del left[k]
        assert one_by_one == partial_trace(m, dims, traced) == partial_trace(m, dims, [*reversed(traced), *traced])


@every_dims
def test_partial_transposes_of_matrix_units(dims):
    for transposed in subsets(len(dims)):
        for parts, unit in product_matrix_units(dims):
            expected = kron(*(x.transpose if k in transposed else x for k, x in enumerate(parts)))
            assert partial_transpose(unit, dims, transposed) == expected


@laws
@given(products)
def test_a_partial_transpose_of_a_product_transposes_its_factors(sample):
    dims, a, _ = sample
    for transposed in subsets(len(dims)):
        expected = kron(*(x.transpose if k in transposed else x for k, x in enumerate(a)))
        assert partial_transpose(kron(*a), dims, transposed) == expected


@laws
@given(operators)
def test_partial_transposes_are_commuting_involutions(sample):
    dims, m = sample
    n = len(dims)
    assert partial_transpose(m, dims, range(n)) == m.transpose
    for s in subsets(n):
        once = partial_transpose(m, dims, s)
        assert partial_transpose(once, dims, s) == m
        assert once.trace() == m.trace()
        assert partial_transpose(once, dims, range(n)) == partial_transpose(m, dims, set(range(n)) - set(s))
        assert partial_trace(once, dims, s) == partial_trace(m, dims, s)


@laws
@given(operators, st.data())
def test_the_partial_transpose_is_self_adjoint_for_the_trace_form(sample, data):
    dims, m = sample
    other = data.draw(algebraic_matrices(m.field, m.rows, m.rows))
    for s in subsets(len(dims)):
        assert partial_transpose(m, dims, s).inner(other) == m.inner(partial_transpose(other, dims, s))


@laws
@given(products)
def test_contracting_a_product_weighs_the_rest_by_tr_effect_factor(sample):
    dims, a, effects = sample
    for k in range(len(dims)):
        rest = kron(Matrix.identity(1, a[k].field), *a[:k], *a[k + 1 :])
        assert contract(kron(*a), dims, k, effects[k]) == rest.scale(effects[k].inner(a[k]))


@laws
@given(operators, st.data())
def test_contraction_is_the_partial_trace_of_the_product_with_the_effect(sample, data):
    dims, m = sample
    for k, d in enumerate(dims):
        effect = data.draw(algebraic_matrices(m.field, d, d))
        extended = kron(*(effect if j == k else Matrix.identity(e) for j, e in enumerate(dims)))
        assert contract(m, dims, k, effect) == partial_trace(extended @ m, dims, [k])
        assert contract(m, dims, k, Matrix.identity(d)) == partial_trace(m, dims, [k])


@laws
@given(operators)
def test_contractions_with_matrix_units_are_the_blocks_of_a_matrix(sample):
    """tr_1[(|j><i| (x) 1) M] is the block M_ij."""
    dims, m = sample
    d = dims[0]
    blocks = {(i, j): contract(m, dims, 0, Matrix.unit(d, j, i)) for i in range(d) for j in range(d)}
    assert total(kron(Matrix.unit(d, i, j), block) for (i, j), block in blocks.items()) == m


@pytest.mark.parametrize("operation", [partial_trace, partial_transpose])
@pytest.mark.parametrize(
    "rows, columns, dims, factor",
    [
        (6, 6, (2, 2), 0),
        (6, 6, (2, 3, 2), 0),
        (6, 1, (2, 3), 0),
        (2, 3, (2, 3), 0),
        (6, 6, (2, 3), 2),
        (6, 6, (2, 3), -1),
    ],
)
def test_dimensions_and_factors_that_do_not_fit_are_refused(operation, rows, columns, dims, factor):
    with pytest.raises(ShapeError):
        operation(Matrix.zero(rows, columns), dims, [factor])
    with pytest.raises(ShapeError):
        contract(Matrix.zero(rows, columns), dims, factor, Matrix.identity(dims[0]))


@pytest.mark.parametrize("rows, columns", [(3, 3), (2, 1), (1, 4), (4, 1)])
def test_effects_of_another_order_are_refused(rows, columns):
    with pytest.raises(ShapeError, match="effect"):
        contract(Matrix.identity(6), (2, 3), 0, Matrix.zero(rows, columns))


def test_two_different_fields_never_mix():
    with pytest.raises(NumberError):
        kron(Matrix.identity(2, SQRT2), Matrix.identity(2, MINUS_SQRT2))
    with pytest.raises(NumberError):
        contract(Matrix.identity(4, SQRT2), (2, 2), 1, Matrix.identity(2, MINUS_SQRT2))


@laws
@given(products, st.randoms(use_true_random=False))
def test_factors_in_another_order_are_those_of_the_product_in_that_order(case, random):
    dims, factors, _ = case
    order = random.choice(list(permutations(range(len(dims)))))
    moved = reordered(kron(*factors), dims, order)
    assert moved == kron(*(factors[k] for k in order))
    assert reordered(moved, [dims[k] for k in order], [order.index(k) for k in range(len(dims))]) == kron(*factors)


def test_orders_of_factors_that_are_not_there_are_refused():
    with pytest.raises(ShapeError, match="no tensor factor 2"):
        reordered(Matrix.identity(4), (2, 2), (0, 2))
    with pytest.raises(ShapeError):
        reordered(Matrix.identity(3), (2, 2), (0, 1))
    with pytest.raises(ShapeError, match="no order of 2"):
        reordered(Matrix.identity(4), (2, 2), (0, 0))
