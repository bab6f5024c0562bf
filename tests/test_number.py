"""Laws of exact complex numbers.

They form a field K(i) with an involution: ring laws, conjugation an automorphism, z conj(z) >= 0, inverses. The value
is the one that 80-digit arithmetic gives. Equal numbers have equal lowest terms; rationals move into every field, and
two different proper fields never mix. Decimals and scientific notation are correctly rounded, proved in exact
arithmetic and, for decimals, compared with 60-digit ones.
"""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import mpmath
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from steeralg.errors import NumberError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.field import RATIONALS, quadratic
from steeralg.exact.number import Number, align, brief, exact_rational, lift, scientific
from tests.oracles import DIGITS, complex_value
from tests.strategies import CUBIC, FIELDS, MINUS_SQRT2, SQRT2, fields, gaussian, numbers

laws = settings(deadline=None, max_examples=150)
fractions = st.fractions(max_denominator=10**6)
one = fields.flatmap(numbers)
two = fields.flatmap(lambda k: st.tuples(numbers(k), numbers(k)))
three = fields.flatmap(lambda k: st.tuples(numbers(k), numbers(k), numbers(k)))


def real_part(z):
    return Number(z.field, z.re, z.field.embed(0), z.denominator)


@laws
@given(three)
def test_addition_and_multiplication_make_a_commutative_ring(sample):
    x, y, z = sample
    zero, unit = Number.of(0, x.field), Number.of(1, x.field)
    assert x + y == y + x and x * y == y * x
    assert (x + y) + z == x + (y + z) and (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x + zero == x == x * unit and (x - x).is_zero and x - y == x + (-y)


@laws
@given(one)
def test_every_number_but_zero_has_an_inverse(z):
    if z.is_zero:
        with pytest.raises(ZeroDivisionError):
            z.inverse()
    else:
        assert z * z.inverse() == Number.of(1, z.field) == z / z


@pytest.mark.parametrize("k", FIELDS, ids=str)
def test_i_squared_is_minus_one(k):
    i = Number(k, k.embed(0), k.embed(1))
    assert i * i == Number.of(-1, k) and i.conjugate() == -i == i.inverse()


@laws
@given(two)
def test_conjugation_is_an_involutive_automorphism(sample):
    x, y = sample
    assert x.conjugate().conjugate() == x
    assert (x + y).conjugate() == x.conjugate() + y.conjugate()
    assert (x * y).conjugate() == x.conjugate() * y.conjugate()
    assert x.is_real == (x.conjugate() == x)


@laws
@given(one)
def test_a_number_times_its_conjugate_is_positive_unless_zero(z):
    assert (z * z.conjugate()).sign() == (0 if z.is_zero else 1)


@laws
@given(two)
def test_values_are_those_of_the_complex_numbers(sample):
    x, y = sample
    with mpmath.workdps(DIGITS):
        for ours, theirs in [
            (x + y, complex_value(x) + complex_value(y)),
            (x * y, complex_value(x) * complex_value(y)),
        ]:
            assert abs(complex_value(ours) - theirs) < mpmath.mpf(10) ** -65


@laws
@given(one, st.integers(1, 10**9))
def test_numbers_are_kept_in_lowest_terms(z, factor):
    again = Number(z.field, tuple(x * factor for x in z.re), tuple(x * factor for x in z.im), z.denominator * factor)
    assert again == z and hash(again) == hash(z) and again.denominator == z.denominator


@laws
@given(fields, fractions, fractions)
def test_rationals_are_a_subfield_of_every_field(k, p, q):
    x, y = Number.of(p, k), Number.of(q, k)
    assert (x + y).fraction() == p + q and (x * y).fraction() == p * q
    assert x.sign() == (p > 0) - (p < 0) and (x < y) == (p < q)
    assert lift(Number.of(p), k) == x


@laws
@given(one, st.tuples(*[st.integers(-9, 9)] * 2))
def test_gaussian_rationals_move_into_the_other_number_s_field(z, parts):
    w = gaussian(*parts)
    assert w + z == lift(w, z.field) + z == z + w
    assert w * z == lift(w, z.field) * z == z * w


@pytest.mark.parametrize("k, other", [(SQRT2, MINUS_SQRT2), (SQRT2, quadratic(3)), (CUBIC[0], CUBIC[1])])
def test_two_different_fields_never_mix(k, other):
    x, y = Number(k, k.reduce([0, 1]), k.embed(0)), Number(other, other.reduce([0, 1]), other.embed(0))
    for operation in (x.__add__, x.__mul__, x.__lt__, x.__truediv__, lambda b: align(x, b)):
        with pytest.raises(NumberError):
            operation(y)


@laws
@given(two)
def test_real_numbers_are_totally_ordered(sample):
    x, y = map(real_part, sample)
    assert [x < y, x == y, y < x].count(True) == 1
    assert (x < y) == (-y < -x) == ((x - y).sign() < 0)
    with mpmath.workdps(DIGITS):
        assert (x < y) == (complex_value(y).real - complex_value(x).real > mpmath.mpf(10) ** -30)


@laws
@given(one)
def test_only_real_numbers_have_a_sign_and_only_rationals_are_fractions(z):
    if not z.is_real:
        with pytest.raises(NumberError):
            z.sign()
    if not z.is_rational:
        with pytest.raises(NumberError):
            z.fraction()
    else:
        assert Number.of(z.fraction(), z.field) == z


@laws
@given(one, st.integers(1, 200))
def test_enclosures_hold_the_real_part(z, bits):
    low, high = z.enclosure(bits)
    x = real_part(z)
    assert not x < Number.of(low) and not Number.of(high) < x


@laws
@given(one, st.integers(0, 30))
def test_decimals_are_within_half_a_unit_of_the_last_place(z, digits):
    text, x, half = z.decimal(digits), real_part(z), Number.of(Fraction(1, 2 * 10**digits))
    error = x - Number.of(Fraction(text))
    assert not half < error and not error < -half
    assert len(text.partition(".")[2]) == digits and ("." in text) == (digits > 0)
    assert not (text.startswith("-") and Fraction(text) == 0)


@laws
@given(fields.filter(lambda k: k.degree > 1).flatmap(numbers), st.integers(1, 40))
def test_decimals_of_irrationals_are_those_of_60_digit_arithmetic(z, digits):
    x = real_part(z)
    with mpmath.workdps(DIGITS), localcontext() as context:
        context.prec = DIGITS
        value = Decimal(mpmath.nstr(complex_value(z).real, 60, strip_zeros=False))
        expected = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    if not x.is_rational:
        assert Fraction(z.decimal(digits)) == Fraction(str(expected))


@laws
@given(st.integers(-(10**8), 10**8), st.integers(0, 7))
def test_decimals_of_ties_end_in_an_even_digit(numerator, digits):
    """Every dyadic fraction n/2^(digits+1) is printed as the decimal module prints it; half of them are ties."""
    with localcontext() as context:
        context.prec = DIGITS
        value = Decimal(numerator) / 2 ** (digits + 1)
        expected = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    assert Fraction(Number.of(Fraction(numerator, 2 ** (digits + 1))).decimal(digits)) == Fraction(str(expected))


@pytest.mark.parametrize("value, text", [("1/2", "0"), ("3/2", "2"), ("5/2", "2"), ("-1/2", "0"), ("-3/2", "-2")])
def test_ties_between_integers(value, text):
    assert Number.of(Fraction(value)).decimal(0) == text


def test_decimals_next_to_a_tie():
    root = 14142135623730950488016887242096980785696718753769  # floor(sqrt(2) * 10^49)
    tiny = Number(SQRT2, (-root, 10**49), (0, 0), 10**49)
    half = Number.of(Fraction(1, 2))
    assert [(Number.of(n) + half + tiny).decimal(0) for n in range(3)] == ["1", "2", "3"]
    assert [(Number.of(n) + half - tiny).decimal(0) for n in range(3)] == ["0", "1", "2"]
    assert [(Number.of(n) - half + tiny).decimal(0) for n in (0, -1)] == ["0", "-1"]


@laws
@given(st.fractions(), st.integers(-60, 60), st.integers(1, 12))
def test_scientific_notation_is_rounded_to_its_significant_digits(value, exponent, digits):
    value *= Fraction(10) ** exponent
    text = scientific(value, digits)
    if value == 0:
        assert text == "0"
        return
    mantissa, _, power = text.partition("e")
    assert 1 <= abs(Fraction(mantissa)) < 10 and len(mantissa.lstrip("-").replace(".", "")) == digits
    assert 2 * abs(Fraction(text) - value) <= Fraction(10) ** (int(power) - digits + 1)


@pytest.mark.parametrize("value, text", [("9.999", "1.00e+01"), ("-0.09996", "-1.00e-01"), ("99.5", "9.95e+01")])
def test_scientific_notation_carries_into_the_exponent(value, text):
    assert scientific(Fraction(value)) == text


@laws
@given(fields.filter(lambda k: k.degree <= 2).flatmap(numbers))
def test_a_printed_number_denotes_itself(z):
    (printed,) = numbers_from_sympy([sympy.sympify(str(z))])
    with mpmath.workdps(DIGITS):
        assert abs(complex_value(printed) - complex_value(z)) < mpmath.mpf(10) ** -60


@pytest.mark.parametrize(
    "re, im, denominator", [((1, 0), (0,), 1), ((1,), (0, 0), 1), ((1,), (0,), 0), ((1,), (0,), -2)]
)
def test_malformed_numbers_are_refused(re, im, denominator):
    with pytest.raises(NumberError):
        Number(RATIONALS, re, im, denominator)


@laws
@given(one, st.integers(21, 200))
def test_a_brief_number_is_itself_while_it_is_short(z, digits):
    assert brief(z) == str(z)
    assert len(brief(z + Number.of(10**digits))) < 60


@laws
@given(fractions)
def test_exact_rationals_are_read_from_fractions_integers_and_strings(value):
    assert exact_rational(value) == exact_rational(str(value)) == value
    assert exact_rational(value.numerator) == value.numerator


def test_decimal_strings_are_taken_exactly():
    assert exact_rational("-0.1360") == Fraction(-17, 125) and exact_rational("1e-3") == Fraction(1, 1000)


@pytest.mark.parametrize(
    "thing", [0.5, True, 1j, None, "", "1/0", "nan", "inf", "sqrt(2)", "1/2/3", (1, 2), Number.of(1)]
)
def test_what_is_no_exact_rational_is_refused(thing):
    with pytest.raises(NumberError):
        exact_rational(thing)
