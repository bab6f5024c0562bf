"""Laws of forms on product vectors.

The form of an operator has, at every product vector, the value <x1 .. xN|W|x1 .. xN> times prod |x_j|^(2(k_j - 1)),
over all fields; Gram matrices give z* Z z. Monomials multiply as their values do. Cuts name one of each pair that
complex conjugation exchanges, balanced ones conjugate half of the copies. Two monomials share a block if and only if
every change of phases that leaves the form as it is treats them alike: averaging a Gram matrix over these changes
leaves nothing between blocks, and nothing there is a monomial of the form.
"""

from itertools import product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.algebra.form import (
    adjoint,
    balanced_cuts,
    cuts,
    form_of,
    is_monomial,
    monomials,
    multiplier,
    split_by_phase,
    square_sums,
    star_times,
    value_at,
)
from steeralg.errors import ShapeError
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.tensor import kron
from tests.strategies import FIELDS, SQRT2, algebraic_matrices, gaussian, hermitian, matrices

laws = settings(deadline=None, max_examples=25)
few = settings(deadline=None, max_examples=10)

SHAPES = [
    ((2,), (1,)),
    ((3,), (3,)),
    ((2, 2), (1, 1)),
    ((2, 2), (2, 1)),
    ((2, 3), (1, 2)),
    ((3, 2), (2, 2)),
    ((2, 1, 2), (1, 2, 2)),
    ((2, 2, 2), (1, 1, 1)),
]
shapes = st.sampled_from(SHAPES)


def monomial_shapes(dims, copies):
    return [(dims, copies, cut) for cut in product(*(range(k + 1) for k in copies))]


def norm(vector):
    return (vector.adjoint @ vector).entry(0, 0)


def value(form, vectors):
    """The value of a form, from those of its monomials."""
    words = list(form)
    column = value_at(words, vectors)
    return sum((form[word] * column.entry(k, 0) for k, word in enumerate(words)), Number.of(0, vectors[0].field))


@st.composite
def cases(draw, field=None):
    """A Hermitian operator, copies, and a product vector, of one field."""
    dims, copies = draw(shapes if field is None else st.sampled_from(SHAPES[:5]))
    if field is None:
        return draw(hermitian(prod(dims))), dims, copies, [draw(matrices(d, 1)) for d in dims]
    half = draw(algebraic_matrices(field, prod(dims), prod(dims)))
    return half + half.adjoint, dims, copies, [draw(algebraic_matrices(field, d, 1)) for d in dims]


def has_the_value_of_the_operator(operator, dims, copies, vectors):
    whole = kron(*vectors)
    expected = (whole.adjoint @ operator @ whole).entry(0, 0)
    for vector, k in zip(vectors, copies, strict=True):
        for _ in range(k - 1):
            expected = expected * norm(vector)
    form = form_of(operator, dims, copies)
    assert value(form, vectors) == expected
    assert not any(x.is_zero for x in form.values())
    assert all(form[adjoint(word)] == x.conjugate() for word, x in form.items())
    assert all(is_monomial(word, dims) for word in form)
    assert all(len(part) == k for word in form for factor, k in zip(word, copies, strict=True) for part in factor)


@laws
@given(cases())
def test_the_form_has_the_value_of_the_operator_times_powers_of_norms(case):
    has_the_value_of_the_operator(*case)


@few
@given(st.sampled_from(FIELDS).flatmap(cases))
def test_the_same_over_number_fields(case):
    has_the_value_of_the_operator(*case)


@laws
@given(cases(), st.integers(-3, 3))
def test_forms_are_linear_in_the_operator(case, factor):
    operator, dims, copies, _ = case
    one = form_of(operator, dims, copies)
    other = form_of(operator.scale(factor) + Matrix.identity(operator.rows), dims, copies)
    unit = form_of(Matrix.identity(operator.rows), dims, copies)
    zero, scale = Number.of(0), Number.of(factor)
    for word in {*one, *other, *unit}:
        assert other.get(word, zero) == one.get(word, zero) * scale + unit.get(word, zero)


@laws
@given(shapes, st.data())
def test_monomials_multiply_as_their_values_do(shape, data):
    dims, _ = shape
    vectors = [data.draw(matrices(d, 1)) for d in dims]
    u, v = (data.draw(st.sampled_from(monomials(*data.draw(st.sampled_from(monomial_shapes(*shape)))))) for _ in "uv")
    a, b, c, d, e = (value_at([w], vectors).entry(0, 0) for w in (u, v, star_times(u, v), adjoint(u), adjoint(v)))
    assert c == a.conjugate() * b and d == a.conjugate() and e == b.conjugate()
    assert adjoint(adjoint(u)) == u and adjoint(star_times(u, v)) == star_times(v, u)
    assert is_monomial(star_times(u, v), dims)


@laws
@given(shapes, st.data())
def test_square_sums_are_values_of_hermitian_forms(shape, data):
    dims, copies = shape
    vectors = [data.draw(matrices(d, 1)) for d in dims]
    every = monomials(dims, copies, data.draw(st.sampled_from(cuts(copies))))
    words = data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=4, unique=True))
    gram = data.draw(matrices(len(words), len(words)))
    column = value_at(words, vectors)
    summed = Number.of(0)
    for word, coefficient in square_sums(words, gram):
        summed = summed + coefficient * value_at([word], vectors).entry(0, 0)
    assert summed == (column.adjoint @ gram @ column).entry(0, 0)


@pytest.mark.parametrize(("dims", "copies"), SHAPES, ids=str)
def test_monomials_of_a_cut_are_all_there_are(dims, copies):
    for cut in product(*(range(k + 1) for k in copies)):
        found = monomials(dims, copies, cut)
        count = prod(comb(d + k - s - 1, k - s) * comb(d + s - 1, s) for d, k, s in zip(dims, copies, cut, strict=True))
        assert len(set(found)) == len(found) == count
        for word in found:
            assert is_monomial(word, dims)
            assert [(len(plain), len(starred)) for plain, starred in word] == [
                (k - s, s) for k, s in zip(copies, cut, strict=True)
            ]


@pytest.mark.parametrize(
    "word",
    [
        (((0,), ()),),
        (((0,), ()), ((2,), ())),
        (((0,), ()), ((-1,), ())),
        (((1, 0), ()), ((0,), ())),
        (((0,), ()), ((), (1, 0))),
        (((0,), ()), ((0,), ()), ((0,), ())),
    ],
    ids=str,
)
def test_what_is_no_monomial_of_two_qubits(word):
    assert not is_monomial(word, (2, 2))


@pytest.mark.parametrize("copies", list(product(range(1, 5), repeat=2)) + list(product((1, 2, 3), repeat=3)), ids=str)
def test_cuts_name_one_of_each_conjugate_pair(copies):
    chosen, every = cuts(copies), list(product(*(range(k + 1) for k in copies)))
    other = {s: tuple(k - c for k, c in zip(copies, s, strict=True)) for s in every}
    assert len(set(chosen)) == len(chosen)
    assert all((s in chosen) + (other[s] in chosen) == 1 + (s == other[s] and s in chosen) for s in every)
    balanced = balanced_cuts(copies)
    assert set(balanced) <= set(chosen)
    halves = [s for s in every if all(k == 1 or abs(k - 2 * c) <= 1 for k, c in zip(copies, s, strict=True))]
    assert set(halves) == {t for s in balanced for t in (s, other[s])}


@laws
@given(shapes, st.data())
def test_the_multiplier_is_a_product_of_powers_of_norms(shape, data):
    dims, copies = shape
    vectors = [data.draw(matrices(d, 1)) for d in dims]
    expected = Number.of(1)
    for vector, k in zip(vectors, copies, strict=True):
        for _ in range(k - 1):
            expected = expected * norm(vector)
    factors = multiplier(dims, copies)
    assert value({word: Number.of(count) for word, count in factors.items()}, vectors) == expected
    assert sum(factors.values()) == prod(d ** (k - 1) for d, k in zip(dims, copies, strict=True))


def charges(words, dims):
    """The exponents of all entries, plain minus conjugated, word by word."""
    return np.array(
        [[p.count(i) - s.count(i) for (p, s), d in zip(word, dims, strict=True) for i in range(d)] for word in words]
    )


@st.composite
def sparse_operators(draw, order):
    """Hermitian operators with a full diagonal and a few more entries."""
    table = [[gaussian(0, 0)] * order for _ in range(order)]
    for k in range(order):
        table[k][k] = gaussian(draw(st.integers(0, 2)), 0)
    for _ in range(draw(st.integers(0, 3))):
        i, j = draw(st.integers(0, order - 1)), draw(st.integers(0, order - 1))
        if i != j:
            table[i][j] = draw(st.sampled_from([gaussian(1, 0), gaussian(1, -2), gaussian(0, 3)]))
            table[j][i] = table[i][j].conjugate()
    return Matrix.from_numbers(table, table[0][0].field)


@settings(deadline=None, max_examples=40)
@given(st.sampled_from([((2, 2), (1, 1)), ((2, 2), (2, 1)), ((4,), (2,)), ((2, 2), (2, 2))]), st.data())
def test_blocks_are_what_all_symmetric_changes_of_phases_treat_alike(shape, data):
    """All 12^4 changes by twelfth roots of unity: those that leave the form as it is."""
    dims, copies = shape
    form = form_of(data.draw(sparse_operators(prod(dims))), dims, copies)
    words = monomials(dims, copies, data.draw(st.sampled_from(cuts(copies))))
    turns = np.array(list(product(range(12), repeat=sum(dims))))
    if form:
        turns = turns[np.all(turns @ charges(form, dims).T % 12 == 0, axis=1)]
    seen = turns @ charges(words, dims).T % 12
    alike = {}
    for k, word in enumerate(words):
        alike.setdefault(seen[:, k].tobytes(), set()).add(word)
    blocks = split_by_phase(words, dims, form)
    assert sorted(word for block in blocks for word in block) == sorted(words)
    assert {frozenset(block) for block in blocks} == {frozenset(block) for block in alike.values()}


def test_a_symmetry_that_only_the_last_entry_breaks():
    """|00><11| and |01><10| leave the phase of y_1 free up to a sign; |10><11| does not."""
    words = monomials((2, 2), (1, 1), (0, 0))
    entries = [(0, 3), (1, 2), (2, 3)]
    for count, sizes in [(1, [1, 1, 2]), (2, [2, 2]), (3, [4])]:
        units = [Matrix.unit(4, i, j) + Matrix.unit(4, j, i) for i, j in entries[:count]]
        form = form_of(total(units), (2, 2), (1, 1))
        assert sorted(map(len, split_by_phase(words, (2, 2), form))) == sizes


@few
@given(cases())
def test_between_blocks_there_is_no_monomial_of_the_form(case):
    operator, dims, copies, _ = case
    form = form_of(operator, dims, copies)
    for cut in cuts(copies):
        blocks = split_by_phase(monomials(dims, copies, cut), dims, form)
        for k, block in enumerate(blocks):
            for other in blocks[:k]:
                assert not any(star_times(u, v) in form for u in block for v in other)


def test_a_diagonal_operator_has_blocks_of_one_monomial():
    """All phases are symmetries; with conjugated copies, x_0 conj(x_0) and x_1 conj(x_1) still belong together."""
    form = form_of(Matrix.identity(4), (2, 2), (1, 1))
    assert all(len(block) == 1 for block in split_by_phase(monomials((2, 2), (1, 1), (0, 1)), (2, 2), form))
    form = form_of(Matrix.identity(4), (2, 2), (2, 1))
    sizes = sorted(len(block) for block in split_by_phase(monomials((2, 2), (2, 1), (1, 0)), (2, 2), form))
    assert sizes == [1, 1, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("order", "dims", "copies", "message"),
    [
        (4, (2, 3), (1, 1), "does not act"),
        (4, (2,), (1,), "does not act"),
        (4, (2, 2), (1,), "do not fit"),
        (4, (2, 2), (1, 1, 1), "do not fit"),
        (4, (2, 2), (1, 0), "do not fit"),
        (4, (2, 2), (2, -1), "do not fit"),
    ],
)
def test_what_does_not_fit_is_refused(order, dims, copies, message):
    with pytest.raises(ShapeError, match=message):
        form_of(Matrix.identity(order), dims, copies)


def test_a_matrix_that_is_not_square_has_no_form():
    with pytest.raises(ShapeError, match="4 x 1"):
        form_of(Matrix.zero(4, 1), (2, 2), (1, 1))


def test_the_form_of_the_swap():
    """<xy|SWAP|xy> = |<x|y>|^2: the coefficient of conj(x_i) y_i x_j conj(y_j) is 1."""
    labels = list(product(range(2), repeat=2))
    table = [[int((i, j) == (b, a)) for a, b in labels] for i, j in labels]
    form = form_of(Matrix.rational(table), (2, 2), (1, 1))
    assert form == {(((j,), (i,)), ((i,), (j,))): Number.of(1) for i, j in product(range(2), repeat=2)}
    root = Matrix.from_numbers([[Number(SQRT2, (0, 1), (0, 0))], [Number.of(1, SQRT2)]], SQRT2)
    assert value(form, [root, root]) == Number.of(9, SQRT2)
