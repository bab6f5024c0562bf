"""Laws of the conversion from and to sympy.

There and back again is the same number: sympy's own minimal polynomial of the difference is z. Conversion is a ring
homomorphism that keeps the embedding, checked exactly on sums, products, conjugates and inverses, and against 60
digits. Relations that sympy does not see, such as those between square roots, hold exactly. Matrices of several
fields come to one field that contains them all. Floats, symbols, strings and transcendental numbers are refused with
typed errors.
"""

from fractions import Fraction
from functools import reduce
from itertools import combinations, pairwise

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import I, Rational, cos, exp, pi, root, rootof, sin, sqrt, tan

from steeralg.errors import NumberError, ShapeError
from steeralg.exact.convert import (
    as_matrices,
    generator_to_sympy,
    matrices_from_sympy,
    matrix_to_sympy,
    number_to_sympy,
    numbers_from_sympy,
    unify,
)
from steeralg.exact.field import RATIONALS
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from tests.oracles import DIGITS, complex_value
from tests.strategies import CUBIC, FIELDS, MINUS_SQRT2, SQRT2, algebraic_matrices, fields

laws = settings(deadline=None, max_examples=40)
x, y = sympy.symbols("x y")

EXPRESSIONS = [
    sympy.Integer(0),
    Rational(-7, 3),
    1 - I / 2,
    sqrt(2),
    -sqrt(2) + I * sqrt(6) / 5 + sqrt(3),
    sqrt(Rational(3, 8)),
    sqrt(2) + sqrt(3) + sqrt(5),
    sqrt(2 + sqrt(2)),
    sqrt(2 + sqrt(2 + sqrt(2))),
    sqrt(3 + 2 * sqrt(2)),
    (sqrt(5) + 2) ** Rational(1, 3) - (sqrt(5) - 2) ** Rational(1, 3),
    root(2, 3) + sqrt(2),
    root(4, 3) - I * root(2, 3),
    1 / (1 + root(2, 4)),
    (1 + sqrt(2) * I) ** -3,
    cos(pi / 8),
    sin(pi / 8) + I * cos(pi / 8),
    cos(pi / 16),
    tan(pi / 7),
    sqrt(I),
    (-1) ** Rational(1, 3),
    exp(2 * pi * I / 5),
    exp(2 * pi * I / 7),
    rootof(y**3 - 3 * y + 1, 0),
    rootof(y**5 - y - 1, 0) ** 2 + I,
    rootof(x**3 - x + 1, 0) - sqrt(2),
    sympy.GoldenRatio,
    sympy.conjugate(1 + I * sqrt(2)),
]
every_expression = pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)


def same_number(left, right):
    """Whether two sympy numbers are equal, exactly and by sympy alone."""
    z = sympy.Dummy("z")
    return sympy.minimal_polynomial(left - right, z) == z


def number(expression):
    return numbers_from_sympy([expression])[0]


@every_expression
def test_there_and_back_is_the_same_number(expression):
    assert same_number(number_to_sympy(number(expression)), expression)


@every_expression
def test_the_embedding_is_kept(expression):
    with mpmath.workdps(DIGITS):
        expected = mpmath.mpmathify(sympy.N(expression, 60))
        assert abs(complex_value(number(expression)) - expected) < mpmath.mpf(10) ** -50


SHORT = [1 - I / 2, sqrt(2), sqrt(3) - I, sqrt(3 + 2 * sqrt(2)), cos(pi / 8), sympy.GoldenRatio, root(2, 3), sqrt(I)]


@pytest.mark.parametrize("a, b", list(combinations(SHORT, 2)), ids=str)
def test_conversion_is_a_homomorphism(a, b):
    images = numbers_from_sympy([a, b, a + b, a * b, sympy.conjugate(a), a / b, (a - b) ** 3])
    p, q, plus, times, bar, over, cube = images
    assert (plus, times, bar, over) == (p + q, p * q, p.conjugate(), p / q)
    assert cube == (p - q) * (p - q) * (p - q)


terms = st.sampled_from([sympy.Integer(1), I, sqrt(2), sqrt(3), sqrt(6), sqrt(2) * I, sqrt(3 + sqrt(8)), sqrt(12)])
sums = st.lists(st.tuples(st.fractions(-9, 9, max_denominator=9), terms), max_size=4)


@laws
@given(sums, sums)
def test_conversion_is_a_homomorphism_on_sums_of_square_roots(left, right):
    a, b = (sum((Rational(str(c)) * t for c, t in terms), sympy.Integer(0)) for terms in (left, right))
    p, q, plus, times, same = numbers_from_sympy([a, b, a + b, a * b, sympy.expand(a * b)])
    assert plus == p + q and times == p * q == same
    assert (p == q) == same_number(a, b)


def test_relations_between_square_roots_hold():
    a, b, c, d = numbers_from_sympy([sqrt(2), sqrt(3), sqrt(6), sqrt(24)])
    assert (a * b - c).is_zero and d == c + c and not (a + b - c).is_zero
    assert a.sign() == b.sign() == c.sign() == 1 and a < b < c


def test_relations_between_nested_radicals_hold():
    a, b, c = numbers_from_sympy([sqrt(2 + sqrt(2)), sqrt(2 - sqrt(2)), sqrt(2)])
    assert a * b == c and a * a == c + Number.of(2)
    one, nested = numbers_from_sympy([1 + sqrt(2), sqrt(3 + 2 * sqrt(2))])
    assert one == nested
    assert number(root(2 + sqrt(5), 3) - root(sqrt(5) - 2, 3)).fraction() == 1


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 24])
def test_roots_of_unity_have_their_order(n):
    zeta = number(exp(2 * pi * I / n))
    powers = [reduce(Number.__mul__, [zeta] * k, Number.of(1, zeta.field)) for k in range(n + 1)]
    assert [k for k in range(1, n + 1) if powers[k] == powers[0]] == [n]
    assert zeta.conjugate() == powers[n - 1]


@pytest.mark.parametrize("polynomial", [x**3 - 3 * x + 1, y**3 - y**2 - 2 * y + 1, x**4 - 4 * x**2 + 2], ids=str)
def test_the_real_roots_of_a_polynomial_satisfy_vieta(polynomial):
    poly = sympy.Poly(polynomial)
    roots = numbers_from_sympy([rootof(polynomial, k, radicals=False) for k in range(poly.degree())])
    assert all(a < b for a, b in pairwise(roots))
    assert reduce(Number.__add__, roots).fraction() == -int(poly.nth(poly.degree() - 1))
    assert reduce(Number.__mul__, roots).fraction() == (-1) ** poly.degree() * int(poly.nth(0))


@pytest.mark.parametrize("a, b", [(cos(pi / 8), sqrt(2)), (cos(pi / 16), sqrt(2)), (root(2, 3) + sqrt(2), sqrt(2))])
def test_what_conversion_returns_can_be_converted_with_anything(a, b):
    returned, p, q, plus = numbers_from_sympy([number_to_sympy(number(a)), a, b, a + b])
    assert returned == p and plus == p + q


@pytest.mark.parametrize("k", FIELDS, ids=str)
def test_the_generator_is_the_root_in_the_interval(k):
    theta = generator_to_sympy(k)
    low, high = (Rational(end.numerator, end.denominator) for end in k.interval)
    assert same_number(sum(c * theta**e for e, c in enumerate(k.minimal_polynomial)), sympy.Integer(0))
    assert low < theta < high


@laws
@given(st.tuples(fields, st.integers(1, 2), st.integers(1, 2)).flatmap(lambda s: algebraic_matrices(*s)))
def test_exact_matrices_go_to_sympy_and_back(m):
    printed = matrix_to_sympy(m)
    (back,) = matrices_from_sympy([printed])
    assert (back.rows, back.columns) == printed.shape == (m.rows, m.columns)
    with mpmath.workdps(DIGITS):
        for i in range(m.rows):
            for j in range(m.columns):
                distance = abs(complex_value(back.entry(i, j)) - complex_value(m.entry(i, j)))
                assert distance < mpmath.mpf(10) ** -60


@pytest.mark.parametrize(
    "given",
    [
        sympy.Matrix([[1, I], [-I, Rational(1, 2)]]),
        sympy.ImmutableMatrix([[1, I], [-I, Rational(1, 2)]]),
        [[1, I], [-I, Fraction(1, 2)]],
        ((sympy.Integer(1), I), (-I, Rational(1, 2))),
        np.array([[1, I], [-I, Rational(1, 2)]]),
    ],
    ids=lambda m: type(m).__name__,
)
def test_matrices_of_every_kind_are_read(given):
    one, half, i = Number.of(1), Number.of(Fraction(1, 2)), Number(RATIONALS, (0,), (1,))
    expected = Matrix.from_numbers([[one, i], [-i, half]], RATIONALS)
    assert as_matrices([given, expected]) == [expected, expected]


def theta_matrix(field):
    return Matrix.identity(2).scale(Number(field, field.reduce([0, 1]), field.embed(0)))


def test_matrices_of_conjugate_fields_come_to_one_field():
    a, b = unify([theta_matrix(SQRT2), theta_matrix(MINUS_SQRT2)])
    assert a.field == b.field and (a + b).is_zero and a.entry(0, 0).sign() == 1


PAIRS = [(j, k) for j, k in combinations(FIELDS[1:], 2) if not {j, k} <= set(CUBIC)]


@pytest.mark.parametrize("j, k", PAIRS, ids=str)
def test_matrices_of_two_fields_come_to_one_field(j, k):
    before = [theta_matrix(j), theta_matrix(k), Matrix.identity(2)]
    after = unify(before)
    assert len({m.field for m in after}) == 1
    product, expected = after[0] @ after[1], (complex_value(m.entry(0, 0)) for m in before[:2])
    with mpmath.workdps(DIGITS):
        assert abs(complex_value(product.entry(0, 0)) - mpmath.fprod(expected)) < mpmath.mpf(10) ** -60


@pytest.mark.parametrize("expressions", [(cos(pi / 16), sqrt(2)), (root(2, 3) + sqrt(2), root(2, 3))], ids=str)
def test_fields_of_higher_degree_come_to_one_field(expressions):
    before = [matrices_from_sympy([[[e]]])[0] for e in expressions]
    a, b = unify(before)
    assert a.field == b.field
    for matrix, expression in zip((a, b), expressions, strict=True):
        assert same_number(matrix_to_sympy(matrix)[0, 0], expression)


def test_the_roots_of_one_cubic_come_to_one_field():
    a, b, c = unify([theta_matrix(k) for k in CUBIC])
    assert (a + b + c).is_zero and (a @ b @ c).entry(0, 0).fraction() == -1


@pytest.mark.parametrize(
    "expression",
    [0.5, 1j, np.float64(0.5), sympy.Float("0.5"), sqrt(2) + 0.5, sympy.Float(2) ** sqrt(2), sqrt(2) * 1.0 * I],
    ids=repr,
)
def test_floats_are_refused(expression):
    with pytest.raises(NumberError):
        numbers_from_sympy([expression])


@pytest.mark.parametrize("expression", [x, sqrt(x), cos(x) + 1, x**2 - y, 2**x, sympy.oo, sympy.nan, sympy.zoo, True])
def test_symbols_and_infinities_are_refused(expression):
    with pytest.raises(NumberError):
        numbers_from_sympy([expression])


@pytest.mark.parametrize("expression", [pi, sympy.E, sqrt(pi), 2 ** sqrt(2), sympy.log(2), cos(1), exp(I), pi * I])
def test_transcendental_numbers_are_refused(expression):
    with pytest.raises(NumberError):
        numbers_from_sympy([expression])


@pytest.mark.parametrize("thing", ["1/2", None, object(), [1], {}])
def test_what_is_no_sympy_number_is_refused(thing):
    with pytest.raises(NumberError):
        numbers_from_sympy([thing])


HIDDEN_ZEROS = [sqrt(3 + 2 * sqrt(2)) - 1 - sqrt(2), root(2 + sqrt(5), 3) - root(sqrt(5) - 2, 3) - 1]


@pytest.mark.parametrize("expression", [1 / zero for zero in HIDDEN_ZEROS], ids=str)
def test_division_by_a_hidden_zero_is_refused(expression):
    with pytest.raises(NumberError):
        numbers_from_sympy([expression])


def test_four_independent_square_roots_are_enough_and_five_too_many():
    primes = [sqrt(p) for p in (2, 3, 5, 7)]
    products = [sqrt(6), sqrt(10), sqrt(210), sqrt(35)]
    a, b, c, d, ab, ac, abcd, cd = numbers_from_sympy([*primes, *products])
    assert (ab, ac, abcd, cd) == (a * b, a * c, a * b * c * d, c * d)
    with pytest.raises(NumberError, match="independent"):
        numbers_from_sympy([*primes, sqrt(11)])


@pytest.mark.parametrize("shape", [[], [[]], [[1, 2], [3]], [1, 2], 3, np.array([1, 2]), sympy.zeros(0, 0)], ids=repr)
def test_what_has_no_rows_of_equal_length_is_no_matrix(shape):
    with pytest.raises(ShapeError):
        matrices_from_sympy([shape])


def test_nothing_is_converted_to_nothing():
    assert numbers_from_sympy([]) == matrices_from_sympy([]) == as_matrices([]) == unify([]) == []
