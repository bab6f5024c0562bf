"""Laws of real embedded number fields.

Multiplication makes a commutative ring in which theta is a root of the minimal polynomial, and `inverse` a field. The
sign is that of a real number: a homomorphism, equal to the sign of an 80-digit value, right for the closest rational
approximations too, and different in different embeddings. Fields are equal iff polynomial and root are. An interval
or polynomial that names no single root is refused.
"""

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import NumberError
from steeralg.exact.convert import field_of_polynomial, field_of_root
from steeralg.exact.field import RATIONALS, Field, quadratic
from tests.oracles import DIGITS, real_root, real_value
from tests.strategies import CUBIC, FIELDS, MINUS_SQRT2, SQRT2, fields

laws = settings(deadline=None, max_examples=150)


def vectors(field, size=10**6):
    return st.tuples(*[st.integers(-size, size)] * field.degree)


with_two = fields.flatmap(lambda k: st.tuples(st.just(k), vectors(k), vectors(k)))
with_three = fields.flatmap(lambda k: st.tuples(st.just(k), vectors(k), vectors(k), vectors(k)))


def add(u, v):
    return tuple(a + b for a, b in zip(u, v, strict=True))


def negative(u):
    return tuple(-a for a in u)


@laws
@given(with_three)
def test_multiplication_is_commutative_associative_and_distributive(sample):
    k, u, v, w = sample
    assert k.multiply(u, v) == k.multiply(v, u)
    assert k.multiply(k.multiply(u, v), w) == k.multiply(u, k.multiply(v, w))
    assert k.multiply(u, add(v, w)) == add(k.multiply(u, v), k.multiply(u, w))
    assert k.multiply(u, k.embed(1)) == u


@pytest.mark.parametrize("k", FIELDS, ids=str)
def test_theta_is_a_root_of_the_minimal_polynomial(k):
    assert k.reduce(k.minimal_polynomial) == k.embed(0)


@laws
@given(with_two, st.lists(st.integers(-9, 9), max_size=9))
def test_reduction_is_evaluation_at_theta(sample, polynomial):
    k, _, _ = sample
    theta, power, expected = k.reduce([0, 1]), k.embed(1), k.embed(0)
    for c in polynomial:
        expected = add(expected, tuple(c * x for x in power))
        power = k.multiply(power, theta)
    assert k.reduce(polynomial) == expected


@laws
@given(with_two)
def test_every_element_but_zero_has_an_inverse(sample):
    k, u, _ = sample
    if any(u):
        v, n = k.inverse(u)
        assert n > 0 and k.multiply(u, v) == k.embed(n)
    else:
        with pytest.raises(ZeroDivisionError):
            k.inverse(u)


@laws
@given(with_two)
def test_the_sign_is_a_homomorphism_onto_the_signs(sample):
    k, u, v = sample
    assert k.sign(k.multiply(u, v)) == k.sign(u) * k.sign(v)
    assert k.sign(negative(u)) == -k.sign(u)
    assert (k.sign(u) == 0) == (not any(u))
    if k.sign(u) == k.sign(v):
        assert k.sign(add(u, v)) == k.sign(u)


@laws
@given(with_two)
def test_the_sign_is_that_of_the_real_number(sample):
    k, u, _ = sample
    with mpmath.workdps(DIGITS):
        value = real_value(k, u)
        assert k.sign(u) == (mpmath.sign(value) if abs(value) > mpmath.mpf(10) ** -50 else 0)


@laws
@given(with_two, st.integers(1, 200))
def test_enclosures_hold_the_real_number_and_shrink(sample, bits):
    k, u, _ = sample
    with mpmath.workdps(DIGITS):
        low, high = k.enclosure(u, bits)
        assert low <= real_value(k, u) * 2**bits <= high
    low, high = k.enclosure(u, bits + 64)
    assert high - low <= 2**64 * sum(4**i * (abs(c) + 1) for i, c in enumerate(u))


def convergents(count):
    """The continued fraction of sqrt(2): p^2 - 2q^2 = -1, +1, -1, ..."""
    p, q = 1, 1
    for _ in range(count):
        yield p, q
        p, q = p + 2 * q, p + q


def test_signs_of_the_best_approximations_of_sqrt2():
    for p, q in convergents(1200):
        norm = p * p - 2 * q * q
        assert SQRT2.sign((p, -q)) == norm == -SQRT2.sign((-p, q))
        assert MINUS_SQRT2.sign((p, q)) == norm
        assert MINUS_SQRT2.sign((p, -q)) == 1


@pytest.mark.parametrize("k", [f for f in FIELDS if f.degree > 1], ids=str)
@pytest.mark.parametrize("bits", [0, 1, 30, 100, 200])
def test_signs_of_the_integers_next_to_a_multiple_of_theta(k, bits):
    with mpmath.workdps(DIGITS):
        below = int(mpmath.floor(real_root(k) * 2**bits))
    rest = (2**bits, *[0] * (k.degree - 2))
    assert k.sign((-below, *rest)) == 1
    assert k.sign((-below - 1, *rest)) == -1


def test_sqrt2_and_its_conjugate_are_different_fields():
    assert SQRT2 != MINUS_SQRT2 and quadratic(2) == SQRT2
    assert SQRT2.sign((0, 1)) == 1 and MINUS_SQRT2.sign((0, 1)) == -1


@laws
@given(vectors(SQRT2))
def test_conjugation_exchanges_the_embeddings_of_sqrt2(u):
    assert SQRT2.sign(u) == MINUS_SQRT2.sign((u[0], -u[1]))


@laws
@given(vectors(CUBIC[0]))
def test_the_automorphism_of_a_cyclic_cubic_permutes_its_embeddings(u):
    """theta -> theta^2 - 2 maps the roots of x^3 - 3x + 1 in a cycle."""
    square = (-2, 0, 1)
    moved = add(
        add(CUBIC[0].embed(u[0]), tuple(u[1] * x for x in square)), CUBIC[0].reduce([4 * u[2], 0, -4 * u[2], 0, u[2]])
    )
    left, middle, right = CUBIC
    assert [k.sign(moved) for k in (left, middle, right)] == [k.sign(u) for k in (right, left, middle)]


@pytest.mark.parametrize("polynomial", [(1, -3, 0, 1), (1, 0, -10, 0, 1), (2, 0, -4, 0, 1), (-1, 2, 1, -4, 0, 1)])
def test_all_real_roots_are_told_apart_in_their_order(polynomial):
    with mpmath.workdps(DIGITS):
        found = mpmath.polyroots(list(reversed(polynomial)), maxsteps=200, extraprec=400)
        roots = sorted(r.real for r in found if abs(r.imag) < mpmath.mpf(10) ** -60)
    embeddings = [field_of_root(polynomial, r) for r in roots]
    assert len(set(embeddings)) == len(roots) > 1
    for cut in (Fraction(n, 8) for n in range(-32, 33)):
        element = (-cut.numerator, cut.denominator, *[0] * (len(polynomial) - 3))
        assert [k.sign(element) for k in embeddings] == [1 if r > cut else -1 for r in map(float, roots)]


@laws
@given(fields, st.integers(6, 80), st.integers(1, 7), st.integers(1, 7))
def test_every_isolating_interval_gives_the_same_field(k, bits, below, above):
    with mpmath.workdps(DIGITS):
        centre = Fraction(int(mpmath.floor(real_root(k) * 2**bits)), 2**bits)
    same = Field(k.minimal_polynomial, (centre - Fraction(below, 2**bits), centre + Fraction(above + 1, 2**bits)))
    assert same == k and hash(same) == hash(k) and same.interval == k.interval


@pytest.mark.parametrize("k", FIELDS, ids=str)
def test_the_canonical_interval_is_its_own_canonical_interval(k):
    assert Field(k.minimal_polynomial, k.interval) == k
    with mpmath.workdps(DIGITS):
        low, high = (mpmath.mpf(end.numerator) / end.denominator for end in k.interval)
        assert low < real_root(k) < high


def test_fields_of_different_roots_or_polynomials_differ():
    assert len(set(FIELDS)) == len(FIELDS)


@pytest.mark.parametrize(
    "polynomial, low, high",
    [
        ((-1, 0, 2), 0, 1),  # not monic
        ((2, 0, -1), 1, 2),
        ((1,), 0, 1),  # no degree
        ((), 0, 1),
        ((-2, *[0] * 16, 1), 1, 2),  # degree 17
        ((-2, 0, 1), 2, 3),  # no root
        ((1, 0, 1), -1, 1),
        ((-2, 0, 1), -2, 2),  # two roots
        ((1, -3, 0, 1), -3, 3),  # three roots, with a change of sign
        ((-2, 0, 1), 2, 1),  # not an interval
        ((-2, 0, 1), 1, 1),
        ((4, -4, 1), 1, 3),  # a double root
        ((2, -3, 1), Fraction(1, 2), Fraction(5, 4)),  # a rational root
        ((-4, 0, 1), 1, 3),
        ((-4, 0, 1), 2, 3),  # a root on the edge
    ],
)
def test_an_interval_or_polynomial_without_one_irrational_root_is_refused(polynomial, low, high):
    with pytest.raises(NumberError):
        Field(polynomial, (Fraction(low), Fraction(high)))


@pytest.mark.parametrize("radicand", [-2, -1, 0, 1, 4, 9, 10**20])
def test_square_roots_that_are_no_real_irrationals_are_refused(radicand):
    with pytest.raises(NumberError):
        quadratic(radicand)


@laws
@given(st.integers(2, 10**12).filter(lambda d: int(mpmath.sqrt(d)) ** 2 != d))
def test_a_quadratic_field_has_the_positive_root(radicand):
    k = quadratic(radicand)
    assert k.multiply((0, 1), (0, 1)) == (radicand, 0) and k.sign((0, 1)) == 1


@pytest.mark.parametrize(
    "coefficients, root",
    [
        ((6, 0, -5, 0, 1), mpmath.sqrt(2)),  # (x^2 - 2)(x^2 - 3)
        ((-2, 2, 1, -1), mpmath.sqrt(2)),  # (x^2 - 2)(1 - x)
        ((-4, 0, 1), 2),
        ((-1, 0, 0, 1), 1),
        ((1, 2, 1), -1),
        ((-1, 0, 2), mpmath.sqrt(0.5)),  # not monic
        ((2, 0, -1), mpmath.sqrt(2)),
        ((5,), 5),
        ((), 0),
    ],
)
def test_a_root_of_a_reducible_or_non_monic_polynomial_generates_no_field(coefficients, root):
    with pytest.raises(NumberError):
        field_of_root(coefficients, root)


@pytest.mark.parametrize("root", [mpmath.sqrt(3), 0, 1j, -1j])
def test_a_number_that_is_no_real_root_generates_no_field(root):
    with pytest.raises(NumberError):
        field_of_root((-2, 0, 1), root)
    with pytest.raises(NumberError):
        field_of_root((1, 0, 1), root)


@pytest.mark.parametrize("interval", [(-2, 2), (2, 3), (2, 1), (0, 0)])
def test_an_interval_with_no_root_or_two_generates_no_field(interval):
    with pytest.raises(NumberError):
        field_of_polynomial((-2, 0, 1), tuple(map(Fraction, interval)))


def test_a_leading_coefficient_scales_the_generator():
    k = field_of_polynomial((-1, 0, 3), (Fraction(0), Fraction(1)))  # 1/sqrt(3)
    assert k == quadratic(3)
    assert field_of_polynomial((-1, 0, 3), (Fraction(-1), Fraction(0))).sign((0, 1)) == -1
    assert field_of_polynomial((-1, 2), (Fraction(0), Fraction(1))).is_rational


def test_zero_divisors_of_a_reducible_polynomial_are_named():
    ring = Field((6, 0, -5, 0, 1), (Fraction(7, 5), Fraction(3, 2)))  # (x^2 - 2)(x^2 - 3)
    with pytest.raises(NumberError, match="reducible"):
        ring.inverse((-2, 0, 1, 0))


def test_the_rationals_are_the_field_of_degree_one():
    assert RATIONALS.is_rational and not SQRT2.is_rational
    assert [RATIONALS.sign((n,)) for n in (-7, 0, 7)] == [-1, 0, 1]
