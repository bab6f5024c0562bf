"""Laws of positivity decisions.

A Hermitian matrix is positive semidefinite iff no principal minor is negative: this decides all small integer
matrices, and `decide_psd` has to agree, with a witness that verifies itself: a decomposition that rebuilds the matrix,
or a vector of negative value. Gram matrices K K* are proved with rank-many pivots, and K K* - eps v v* changes its
verdict exactly where theory says, by 10^-30 or in one embedding only. `Factor.verify` accepts true factors and
nothing that is not positive semidefinite.
"""

from fractions import Fraction
from itertools import combinations, product
from math import isqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import HermitianError, ShapeError, SteeralgError
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number
from steeralg.exact.psd import Elimination, Factor, NegativeVector, decide_psd
from tests.oracles import determinant
from tests.strategies import MINUS_SQRT2, SQRT2, algebraic_matrices, fields, gaussian, hermitian, matrices, numbers

laws = settings(deadline=None, max_examples=60)
TINY = Fraction(1, 10**30)


def is_positive(matrix):
    """The verdict's answer, after its witness has been checked from outside."""
    verdict = decide_psd(matrix)
    assert verdict.is_proved != verdict.is_refuted and verdict.witness.verify(matrix)
    if verdict.is_proved:
        assert rebuilt(verdict.witness, matrix) == matrix
    else:
        vector = verdict.witness.vector
        assert (vector.adjoint @ matrix @ vector).entry(0, 0) == verdict.witness.value
        assert verdict.witness.value.sign() == -1
    return verdict.is_proved


def rebuilt(witness, matrix):
    """The sum of column column* / pivot; pivots have to be positive."""
    terms = [Matrix.zero(matrix.rows, matrix.rows, matrix.field)]
    for pivot, column in zip(witness.pivots, witness.columns, strict=True):
        assert pivot.sign() == 1
        ket = Matrix.from_numbers([[x] for x in column], matrix.field)
        terms.append((ket @ ket.adjoint).scale(pivot.inverse()))
    return total(terms)


def has_no_negative_minor(matrix):
    subsets = (c for k in range(1, matrix.rows + 1) for c in combinations(range(matrix.rows), k))
    return all(determinant(matrix, c).sign() >= 0 for c in subsets)


def hermitian_2x2(a, d, re, im):
    return Matrix.from_numbers([[gaussian(a, 0), gaussian(re, im)], [gaussian(re, -im), gaussian(d, 0)]], RATIONALS)


ALL_2X2 = [hermitian_2x2(*entries) for entries in product(range(-2, 3), repeat=4)]
"""Every Hermitian 2 x 2 matrix with entries of parts -2..2."""


def test_every_small_hermitian_2x2_matrix_is_decided_by_its_minors():
    for m in ALL_2X2:
        assert is_positive(m) == has_no_negative_minor(m)


def test_every_small_real_symmetric_3x3_matrix_is_decided_by_its_minors():
    for a, b, c, d, e, f in product((-1, 0, 1), repeat=6):
        m = Matrix.rational([[a, b, c], [b, d, e], [c, e, f]])
        assert is_positive(m) == has_no_negative_minor(m)


@laws
@given(st.tuples(fields, st.integers(1, 3)).flatmap(lambda s: algebraic_matrices(s[0], s[1], s[1])))
def test_algebraic_hermitian_matrices_are_decided_by_their_minors(m):
    assert is_positive(m + m.adjoint) == has_no_negative_minor(m + m.adjoint)


@laws
@given(st.integers(1, 4).flatmap(hermitian))
def test_a_matrix_and_its_negative_are_both_positive_only_if_zero(m):
    assert (is_positive(m) and is_positive(-m)) == m.is_zero


def injective(top, below):
    """The matrix [1; below]: its columns are independent, its rank is their number."""
    rows = [[top.entry(i, j) for j in range(top.columns)] for i in range(top.rows)]
    rows += [[below.entry(i, j) for j in range(below.columns)] for i in range(below.rows)]
    return Matrix.from_numbers(rows, below.field)


@st.composite
def tall(draw):
    """An injective K with more rows than columns, over any field, with its rank."""
    k, rank = draw(fields), draw(st.integers(1, 2))
    below = draw(algebraic_matrices(k, draw(st.integers(1, 2)), rank))
    return injective(Matrix.identity(rank, k), below)


@laws
@given(tall())
def test_singular_gram_matrices_are_proved_with_rank_many_pivots(k):
    gram = k @ k.adjoint
    assert is_positive(gram) and determinant(gram).is_zero
    assert len(decide_psd(gram).witness.pivots) == k.columns


def test_a_singular_matrix_over_sqrt2_and_i():
    root, i = Number(SQRT2, (0, 1), (0, 0)), Number(SQRT2, (0, 0), (1, 0))
    one = Number.of(1, SQRT2)
    ket = Matrix.from_numbers([[one], [root * i], [one + root]], SQRT2)
    gram = ket @ ket.adjoint
    assert is_positive(gram) and len(decide_psd(gram).witness.pivots) == 1
    assert not is_positive(gram - Matrix.unit(3, 1, 1).scale(TINY))
    assert is_positive(gram + Matrix.unit(3, 1, 1).scale(TINY))


@laws
@given(tall(), st.data())
def test_a_gram_matrix_less_a_vector_outside_its_range_is_refuted(k, data):
    ket = data.draw(algebraic_matrices(k.field, k.rows, 1))
    together = Matrix.from_numbers(
        [[*(k.entry(i, j) for j in range(k.columns)), ket.entry(i, 0)] for i in range(k.rows)], k.field
    )
    in_range = decide_psd(together @ together.adjoint).witness.pivots
    spoiled = k @ k.adjoint - (ket @ ket.adjoint).scale(TINY)
    if len(in_range) > k.columns:
        assert not is_positive(spoiled)


@laws
@given(tall(), st.data())
def test_a_gram_matrix_less_a_vector_of_its_range_changes_sign_at_one(k, data):
    """K(1 - eps w w*)K* is positive iff eps |w|^2 <= 1."""
    w = data.draw(algebraic_matrices(k.field, k.columns, 1).filter(lambda w: not w.is_zero))
    ket, critical = k @ w, w.adjoint.inner(w).inverse()
    gram, spoil = k @ k.adjoint, ket @ ket.adjoint
    assert is_positive(gram - spoil.scale(critical))
    assert is_positive(gram - spoil.scale(critical - Number.of(TINY)))
    assert not is_positive(gram - spoil.scale(critical + Number.of(TINY)))


@pytest.mark.parametrize("digits", [1, 10, 30, 100])
def test_verdicts_that_hinge_on_the_last_digit_of_sqrt2(digits):
    root = Number(SQRT2, (0, 1), (0, 0))
    below = Number.of(Fraction(isqrt(2 * 100**digits), 10**digits), SQRT2)
    above = below + Number.of(Fraction(1, 10**digits), SQRT2)
    one = Number.of(1, SQRT2)
    for corner, positive in [(below, False), (above, True)]:
        # [[corner, 1], [1, sqrt(2)/2]] is positive iff corner >= sqrt(2)
        m = Matrix.from_numbers([[corner, one], [one, root * Number.of(Fraction(1, 2))]], SQRT2)
        assert is_positive(m) == positive


def test_the_embedding_decides():
    planes = ((1, 0, 0, 0), (0, 0, 0, 1), (0,) * 4, (0,) * 4)
    assert is_positive(Matrix(SQRT2, 2, 2, planes))
    assert not is_positive(Matrix(MINUS_SQRT2, 2, 2, planes))


def test_an_empty_matrix_is_positive():
    assert is_positive(Matrix.zero(0, 0))


def test_only_hermitian_matrices_are_decided():
    with pytest.raises(HermitianError, match=r"\(1, 0\)"):
        decide_psd(Matrix.rational([[1, 2], [3, 4]]))
    with pytest.raises(HermitianError):
        decide_psd(Matrix.identity(1).scale(gaussian(0, 1)))
    with pytest.raises(ShapeError):
        decide_psd(Matrix.zero(2, 3))


def accepts(witness, matrix):
    try:
        return witness.verify(matrix)
    except SteeralgError:
        return False


@laws
@given(st.integers(1, 3).flatmap(lambda n: st.tuples(hermitian(n), hermitian(n))))
def test_a_witness_never_verifies_against_a_matrix_of_the_other_kind(pair):
    m, other = pair
    verdict = decide_psd(m)
    if accepts(verdict.witness, other):
        assert verdict.is_proved == is_positive(other)


def test_forged_eliminations_and_vectors_are_rejected():
    m, one, minus = Matrix.rational([[1, 0], [0, -1]]), gaussian(1, 0), gaussian(-1, 0)
    zero = gaussian(0, 0)
    assert not accepts(Elimination((one, minus), ((one, zero), (zero, one))), m)  # rebuilds m, with a negative pivot
    assert not accepts(Elimination((one,), ((one, zero),)), m)
    assert not accepts(Elimination((one, one), ((one, zero),)), m)
    assert not accepts(Elimination((one, one), ((one, zero), (zero,))), m)
    assert not accepts(NegativeVector(Matrix.rational([[1], [0]]), one), m)
    assert not accepts(NegativeVector(Matrix.rational([[1], [0]]), minus), m)
    assert not accepts(NegativeVector(Matrix.rational([[1], [0], [0]]), minus), m)
    assert accepts(NegativeVector(Matrix.rational([[0], [1]]), minus), m)


@st.composite
def factors(draw, order):
    """A random lower triangular L with a real diagonal."""
    cells = [[draw(st.integers(-9, 9)) if j <= i else 0 for j in range(order)] for i in range(order)]
    twisted = [[draw(st.integers(-9, 9)) if j < i else 0 for j in range(order)] for i in range(order)]
    return Factor(draw(st.integers(0, 6)), order, *(tuple(x for row in t for x in row) for t in (cells, twisted)))


def gram_of(factor):
    n = factor.order
    left = Matrix(RATIONALS, n, n, (factor.re, factor.im))
    return left @ left.adjoint


@st.composite
def dominant(draw, order):
    """A Hermitian matrix whose diagonal entries are the sizes of their rows, on the edge of dominance."""
    h = draw(hermitian(order))
    rows = [[h.entry(i, j) for j in range(order)] for i in range(order)]
    for i in range(order):
        size = sum(abs(x.re[0]) + abs(x.im[0]) for j, x in enumerate(rows[i]) if j != i)
        rows[i][i] = gaussian(size, 0)
    return Matrix.from_numbers(rows, RATIONALS)


with_factor = st.integers(1, 4).flatmap(lambda n: st.tuples(factors(n), dominant(n)))


@laws
@given(with_factor, st.integers(0, 3))
def test_a_factor_with_a_dominant_rest_is_accepted_and_proves(sample, index):
    factor, rest = sample
    z = (gram_of(factor) + rest).scale(Fraction(1, 4**factor.exponent))
    assert factor.verify(z) and is_positive(z)
    spoilt = Matrix.unit(factor.order, index % factor.order, index % factor.order).scale(TINY)
    assert factor.verify(z + spoilt) and not factor.verify(z - spoilt)


@settings(deadline=None, max_examples=300)
@given(with_factor, st.data())
def test_whatever_a_factor_accepts_is_positive(sample, data):
    factor, rest = sample
    noise = data.draw(hermitian(factor.order))
    for z in (gram_of(factor) + noise, gram_of(factor) + rest + noise, gram_of(factor) - rest + noise):
        scaled = z.scale(Fraction(1, 4**factor.exponent))
        if factor.verify(scaled):
            assert is_positive(scaled)


def test_no_small_factor_accepts_an_indefinite_matrix():
    forged = [
        Factor(e, 2, (a, 0, b, d), (0, 0, c, 0))
        for e, a, b, c, d in product((0, 1), (-1, 0, 2), (-1, 0, 1), (-1, 0, 1), (-1, 0, 2))
    ]
    accepted = {m for m in ALL_2X2 if any(f.verify(m) for f in forged)}
    assert accepted and all(has_no_negative_minor(m) for m in accepted)


@laws
@given(st.integers(1, 3).flatmap(lambda n: st.tuples(tall(), factors(n))))
def test_no_factor_of_another_order_verifies(sample):
    k, factor = sample
    assert factor.verify(k @ k.adjoint + Matrix.identity(k.rows)) <= (factor.order == k.rows)


def test_a_large_negative_diagonal_is_not_dominant():
    m = Matrix.rational([[-100, 1], [1, -100]])
    assert not any(Factor(e, 2, (a, 0, 0, a), (0,) * 4).verify(m) for e in range(4) for a in range(30))


def test_the_exponent_belongs_to_the_factor():
    m = Matrix.rational([[2, 1], [1, Fraction(3, 4)]])  # det 1/2; no row is dominant
    factor = Factor(4, 2, (22, 0, 11, 7), (0,) * 4)
    assert factor.verify(m)
    assert not any(Factor(e, 2, factor.re, factor.im).verify(m) for e in (0, 1, 2, 3, 5, 6, 40))


def test_a_non_hermitian_matrix_is_no_factor_s_business():
    identity = Factor(0, 2, (1, 0, 0, 1), (0,) * 4)
    assert not identity.verify(Matrix.rational([[9, 1], [0, 9]]))
    assert not identity.verify(Matrix.identity(2).scale(gaussian(9, 1)))
    assert not identity.verify(Matrix.zero(2, 3))


@pytest.mark.parametrize("exponent, re, im", [(0, (0, 1), (-1,)), (0, (), ()), (-1, (0,), (0,)), (0, (1,), ())])
def test_malformed_factors_verify_nothing(exponent, re, im):
    assert not accepts(Factor(exponent, 1, re, im), Matrix.rational([[-1]]))
    assert not accepts(Factor(exponent, 1, re, im), Matrix.rational([[0]]))


@laws
@given(with_factor, st.sampled_from([SQRT2, MINUS_SQRT2]), st.data())
def test_algebraic_matrices_are_judged_by_enclosures(sample, k, data):
    factor, rest = sample
    n = factor.order
    unit, scale = Matrix.unit(n, n - 1, n - 1), Fraction(1, 4**factor.exponent)
    tiny = Number(k, (-1414213562373095048801688724209698, 10**33), (0, 0))  # sqrt(2) 10^33 less its floor
    z = (gram_of(factor) + rest).over(k)
    near, far = (z + unit.scale(tiny)).scale(scale), (z - unit.scale(tiny)).scale(scale)
    assert factor.verify(near) == (tiny.sign() > 0) and factor.verify(far) == (tiny.sign() < 0)
    noise = data.draw(numbers(k))
    moved = near + unit.scale(noise + noise.conjugate())
    assert not factor.verify(moved) or is_positive(moved)


@pytest.mark.parametrize("hair, accepted", [(-TINY, False), (TINY, True)])
def test_algebraic_dominance_is_decided_by_a_hair(hair, accepted):
    """The Laplacian of a square with weights sqrt(2), 2 - sqrt(2) in turn, moved by a hair; L = 0."""
    m = Matrix.identity(4, SQRT2).scale(hair)
    for i, weight in enumerate([(0, 1), (2, -1), (0, 1), (2, -1)]):
        j = (i + 1) % 4
        edge = total([Matrix.unit(4, i, i), Matrix.unit(4, j, j), -Matrix.unit(4, i, j), -Matrix.unit(4, j, i)])
        m = m + edge.scale(Number(SQRT2, weight, (0, 0)))
    assert Factor(0, 4, (0,) * 16, (0,) * 16).verify(m) == accepted == is_positive(m)


@laws
@given(st.integers(1, 4).flatmap(lambda n: matrices(n, n)), st.integers(1, 10**6))
def test_every_strictly_positive_matrix_has_a_factor(m, denominator):
    z = m @ m.adjoint + Matrix.identity(m.rows).scale(Fraction(1, denominator))
    slack = Matrix.identity(m.rows).scale(Fraction(1, 2 * denominator))
    assert any(rounded_cholesky(z - slack, e).verify(z) for e in (8, 16, 32, 64))


def rounded_cholesky(z, exponent):
    """floor(2^e L) for the exact Cholesky factor L = column/sqrt(pivot) of the elimination."""
    witness, n = decide_psd(z).witness, z.rows
    parts = [[0] * (n * n), [0] * (n * n)]
    for k, (pivot, column) in enumerate(zip(witness.pivots, witness.columns, strict=True)):
        for i, x in enumerate(column):
            for part, c in zip(parts, (x.re[0], x.im[0]), strict=True):
                square = Fraction(c, x.denominator) ** 2 / pivot.fraction() * 4**exponent
                part[i * n + k] = isqrt(int(square)) * (1 if c > 0 else -1)
    return Factor(exponent, n, *map(tuple, parts))
