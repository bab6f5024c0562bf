"""Sums of squares, square roots adjoined to number fields, and factors P = K K* of positive matrices: every defining
identity, exactly; small numbers exhaustively against the theorems of Fermat and Lagrange; what is negative or would
need too large a field is a typed error; block matrices against their entries.
"""

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steeralg.errors import NumberError, PositivityError
from steeralg.exact.adjoin import Embedding, generator, square_root
from steeralg.exact.blocks import blocks, composed, side_by_side, stacked
from steeralg.exact.echelon import rank
from steeralg.exact.factor import positive_factors
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.norms import norms_inside, sums_of_norms
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.two_squares import norms, two_squares
from tests.strategies import CUBIC, MINUS_SQRT2, SQRT2, algebraic_matrices, fields, hermitian, matrices, numbers

ROOT = generator(SQRT2)


def constant(value, field=SQRT2):
    return Number.of(value, field)


def sum_of(terms, field):
    return sum((z * z.conjugate() for z in terms), Number.of(0, field))


def test_small_sums_of_two_squares_are_those_of_fermat():
    for n in range(2000):
        found = two_squares(Fraction(n))
        odd = [p for p, e in sympy.factorint(n).items() if p % 4 == 3 and e % 2] if n else []
        assert (found is None) == bool(odd)
        assert found is None or found[0] ** 2 + found[1] ** 2 == n


@given(st.integers(0, 10**6), st.integers(1, 10**6))
@settings(deadline=None)
def test_squares_are_seen_to_be_squares(a, b):
    assert two_squares(Fraction(a, b) ** 2) == (Fraction(a, b), 0)
    assert two_squares(-(Fraction(a + 1, b) ** 2)) is None


@given(st.integers(0, 10**60), st.integers(1, 10**60))
@settings(deadline=None, max_examples=50)
def test_four_squares_suffice(a, b):
    terms = norms(Fraction(a, b))
    assert len(terms) <= 2 and sum((x * x + y * y for x, y in terms), Fraction(0)) == Fraction(a, b)
    with pytest.raises(NumberError):
        norms(Fraction(-a - 1, b))


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_adjoined_square_roots(data):
    p = data.draw(fields.flatmap(numbers))
    p = Number(p.field, p.re, p.field.embed(0), p.denominator)
    assume(p.field.degree <= 4 and p.sign() > 0)
    embedding, root = square_root(p)
    assert embedding.source == p.field and embedding.target == root.field
    assert root * root == embedding.number(p) and root.sign() > 0
    assert root.field.degree in (p.field.degree, 2 * p.field.degree)
    assert square_root(p * p)[1] == p
    other = data.draw(numbers(p.field))
    assert embedding.number(p + other * p) == embedding.number(p) * embedding.number(Number.of(1, p.field) + other)
    real = Number(p.field, other.re, p.field.embed(0), other.denominator)
    assert embedding.number(real).sign() == real.sign()


def test_square_roots_of_what_is_not_positive_or_too_deep_are_refused():
    for p in (constant(0), constant(1) - ROOT, -ROOT):
        with pytest.raises(NumberError):
            square_root(p)
    p = ROOT
    for degree in (4, 8, 16):
        _, p = square_root(p)
        assert p.field.degree == degree
    with pytest.raises(NumberError, match="degree 32"):
        square_root(p)


@given(st.sampled_from([SQRT2, MINUS_SQRT2]).flatmap(numbers))
@settings(deadline=None)
def test_over_quadratic_fields_sums_of_norms_are_the_totally_positive_numbers(p):
    p = Number(p.field, p.re, p.field.embed(0), p.denominator)
    conjugate = Number(p.field, (p.re[0], -p.re[1]), (0, 0), p.denominator)
    terms = norms_inside(p)
    assert (terms is not None) == (p.sign() >= 0 and conjugate.sign() >= 0)
    assert terms is None or (len(terms) <= 3 and sum_of(terms, p.field) == p)


@given(fields.flatmap(lambda field: st.lists(numbers(field), min_size=1, max_size=3)))
@settings(deadline=None, max_examples=40)
def test_every_positive_number_is_a_sum_of_norms_in_some_field(found):
    real = [Number(p.field, p.re, p.field.embed(0), p.denominator) for p in found]
    positive = [-p if p.sign() < 0 else p for p in real]
    if positive[0].field.degree > 2:
        positive = positive[:2]
    embedding, sums = sums_of_norms(positive)
    for p, terms in zip(positive, sums, strict=True):
        assert sum_of(terms, embedding.target) == embedding.number(p)


def test_numbers_of_equal_signs_share_a_square_root():
    """sqrt2 - 1, sqrt2 and 2 sqrt2 - 1 are negative under sqrt2 -> -sqrt2: one square root serves all three."""
    embedding, _ = sums_of_norms([ROOT - constant(1), ROOT, ROOT * constant(2) - constant(1), constant(7)])
    assert embedding.target.degree == 4
    with pytest.raises(NumberError):
        sums_of_norms([constant(1), constant(1) - ROOT])


def check_factor(matrix, embedding, factor):
    exact, k, j = embedding.matrix(matrix), factor.root, factor.inverse
    assert k @ k.adjoint == exact
    projector = j @ k
    assert projector.is_hermitian and projector @ projector == projector
    assert k @ j @ exact == exact
    assert projector.trace() == Number.of(rank(matrix), embedding.target)


@given(st.integers(1, 3).flatmap(lambda n: st.integers(0, n).flatmap(lambda m: matrices(n, m))))
@settings(deadline=None, max_examples=50)
def test_rational_matrices_have_rational_factors(k):
    matrix = (k @ k.adjoint).scale(Fraction(1, 7)) if k.columns else Matrix.zero(k.rows, k.rows)
    embedding, (factor,) = positive_factors([matrix])
    assert embedding.target == RATIONALS and factor.root.columns <= 2 * rank(matrix)
    check_factor(matrix, embedding, factor)


@given(st.integers(1, 3).flatmap(lambda n: algebraic_matrices(SQRT2, n, 2)))
@settings(deadline=None, max_examples=12)
def test_sums_of_squares_over_a_quadratic_field_stay_in_it(k):
    matrix = k @ k.adjoint
    embedding, (factor,) = positive_factors([matrix])
    assert embedding.target.degree <= 2
    check_factor(matrix, embedding, factor)


@given(st.sampled_from([SQRT2, MINUS_SQRT2, *CUBIC]).flatmap(lambda field: algebraic_matrices(field, 2, 1)))
@settings(deadline=None, max_examples=15)
def test_matrices_that_are_positive_in_one_embedding_only(k):
    """diag(p, q), p and q of any signs in the other embeddings; over a quadratic field another matrix beside it."""
    found = [k.real.entry(i, 0) for i in range(2)]
    p, q = (-x if x.sign() < 0 else x for x in found)
    zero = Number.of(0, k.field)
    both = [Matrix.from_numbers([[p, zero], [zero, q]], k.field)]
    if k.field.degree == 2:
        turn = Matrix.rational([[1, 2], [0, 1]])
        both.append(turn @ both[0] @ turn.adjoint)
    embedding, factors = positive_factors(both)
    assert embedding.target.degree <= (4 if k.field.degree == 2 else 12)
    for one, factor in zip(both, factors, strict=True):
        check_factor(one, embedding, factor)


def test_the_rank_is_reached_where_the_determinant_is_a_sum_of_two_squares():
    for (p, q), columns in {(3, 3): 2, (3, 1): 3, (1, 5): 2, (7, 7): 2, (2, 3): 3, (3, 12): 2}.items():
        _, (factor,) = positive_factors([Matrix.rational([[p, 0], [0, q]])])
        assert factor.root.columns == columns


def test_three_independent_square_roots_over_a_cubic_field_are_too_many():
    field = CUBIC[2]
    theta = generator(field)
    values = [theta, theta + Number.of(1, field), theta * theta + theta + Number.of(3, field)]
    zero = Number.of(0, field)
    matrix = Matrix.from_numbers([[values[i] if i == j else zero for j in range(3)] for i in range(3)], field)
    with pytest.raises(NumberError, match="degree 24"):
        positive_factors([matrix])


def test_what_is_not_positive_has_no_factor():
    with pytest.raises(PositivityError, match="matrix 1"):
        positive_factors([Matrix.identity(2), Matrix.rational([[1, 2], [2, 1]])])


def test_an_embedding_keeps_matrices():
    embedding, _ = square_root(ROOT)
    matrix = Matrix.from_numbers([[ROOT, constant(1)], [constant(3), ROOT * ROOT]], SQRT2)
    image = embedding.matrix(matrix)
    assert image @ image == embedding.matrix(matrix @ matrix)
    assert Embedding.identity(SQRT2).then(embedding) == embedding
    assert embedding.matrix(Matrix.identity(2)) == Matrix.identity(2, embedding.target)


@given(st.integers(1, 3).flatmap(hermitian), st.integers(1, 2).flatmap(hermitian))
@settings(deadline=None, max_examples=30)
def test_block_matrices(a, b):
    n, m = a.rows, b.rows
    whole = composed(n + m, n + m, [(0, 0, a), (n, n, b.scale(Fraction(1, 3)))], RATIONALS)
    rows = [[a.entry(i, j) for j in range(n)] + [Number.of(0)] * m for i in range(n)]
    rows += [[Number.of(0)] * n + [b.entry(i, j) * Number.of(Fraction(1, 3)) for j in range(m)] for i in range(m)]
    assert whole == Matrix.from_numbers(rows, RATIONALS)
    assert whole == stacked(
        [side_by_side([a, Matrix.zero(n, m)]), side_by_side([Matrix.zero(m, n), b.scale(Fraction(1, 3))])]
    )
    parts = blocks(whole)
    assert all(whole.entry(i, j).is_zero for p in parts for i in p for q in parts if q != p for j in q)
    assert {i for p in parts for i in p} == {i for i in range(n + m) if any(not x.is_zero for x in rows[i])}
    verdict = decide_psd(whole)
    assert verdict.is_proved == (decide_psd(a).is_proved and decide_psd(b).is_proved)
    assert verdict.witness.verify(whole)
