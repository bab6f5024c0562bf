"""Exact complex numbers: elements of K(i) for a real embedded field K.

Above: matrices, conversion. Below: fields. A Number is what matrix entries, traces and values are made of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import floor, gcd
from typing import Any

from steeralg.errors import NumberError
from steeralg.exact.field import RATIONALS, Field, Vector

_RATIONAL = re.compile(r"\s*[+-]?[0-9]+(?:/[0-9]+|(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?)\s*")


@dataclass(frozen=True, repr=False)
class Number:
    """The complex number (re + i*im)/denominator, re and im integer combinations of powers of theta; lowest terms."""

    field: Field
    re: Vector
    im: Vector
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.denominator < 1 or len(self.re) != self.field.degree or len(self.im) != self.field.degree:
            raise NumberError(f"malformed number: {self.re}, {self.im} over {self.denominator}")
        common = gcd(self.denominator, *self.re, *self.im)
        if common > 1:
            object.__setattr__(self, "re", tuple(x // common for x in self.re))
            object.__setattr__(self, "im", tuple(x // common for x in self.im))
            object.__setattr__(self, "denominator", self.denominator // common)

    @classmethod
    def of(cls, value: int | Fraction, field: Field = RATIONALS) -> Number:
        """Return a rational number as an element of a field."""
        return cls(field, field.embed(value.numerator), field.embed(0), value.denominator)

    def __add__(self, other: Number) -> Number:
        a, b = self, other
        if a.field != b.field:
            a, b = align(a, b)
        p, q = a.denominator, b.denominator
        re = tuple(x * q + y * p for x, y in zip(a.re, b.re, strict=True))
        im = tuple(x * q + y * p for x, y in zip(a.im, b.im, strict=True))
        return Number(a.field, re, im, p * q)

    def __neg__(self) -> Number:
        return Number(self.field, tuple(-x for x in self.re), tuple(-x for x in self.im), self.denominator)

    def __sub__(self, other: Number) -> Number:
        return self + (-other)

    def __mul__(self, other: Number) -> Number:
        a, b = self, other
        if a.field != b.field:
            a, b = align(a, b)
        times = a.field.multiply
        rr, ii, ri, ir = times(a.re, b.re), times(a.im, b.im), times(a.re, b.im), times(a.im, b.re)
        re = tuple(x - y for x, y in zip(rr, ii, strict=True))
        im = tuple(x + y for x, y in zip(ri, ir, strict=True))
        return Number(a.field, re, im, a.denominator * b.denominator)

    def conjugate(self) -> Number:
        """Return the complex conjugate."""
        return Number(self.field, self.re, tuple(-x for x in self.im), self.denominator)

    def inverse(self) -> Number:
        """Return 1/self. Raises ZeroDivisionError for zero."""
        norm = (self * self.conjugate()).re
        scale = (self * self.conjugate()).denominator
        inverse, common = self.field.inverse(norm)
        factor = Number(self.field, tuple(x * scale for x in inverse), self.field.embed(0), common)
        return self.conjugate() * factor

    def __truediv__(self, other: Number) -> Number:
        return self * other.inverse()

    @property
    def is_zero(self) -> bool:
        """Whether the number is 0."""
        return not any(self.re) and not any(self.im)

    @property
    def is_real(self) -> bool:
        """Whether the imaginary part is 0."""
        return not any(self.im)

    @property
    def is_rational(self) -> bool:
        """Whether the number is a (real) rational."""
        return self.is_real and not any(self.re[1:])

    @property
    def real(self) -> Number:
        """The real part."""
        return Number(self.field, self.re, self.field.embed(0), self.denominator)

    @property
    def imaginary(self) -> Number:
        """The imaginary part, a real number."""
        return Number(self.field, self.im, self.field.embed(0), self.denominator)

    def sign(self) -> int:
        """Return the sign of a real number. Raises NumberError if it is not real."""
        if not self.is_real:
            raise NumberError(f"{self} is not real and has no sign")
        return self.field.sign(self.re)

    def __lt__(self, other: Number) -> bool:
        return (self - other).sign() < 0

    def fraction(self) -> Fraction:
        """Return a rational number as a Fraction. Raises NumberError otherwise."""
        if not self.is_rational:
            raise NumberError(f"{self} is not rational")
        return Fraction(self.re[0], self.denominator)

    def enclosure(self, bits: int) -> tuple[Fraction, Fraction]:
        """Return rationals lo <= Re(self) <= hi, closer as `bits` grows."""
        low, high = self.field.enclosure(self.re, bits)
        scale = self.denominator << bits
        return Fraction(low, scale), Fraction(high, scale)

    def decimal(self, digits: int = 10) -> str:
        """Return the real part, correctly rounded to the given number of decimals after the point."""
        if not any(self.re[1:]):
            return _round(Fraction(self.re[0], self.denominator), digits)
        bits = 64
        while True:
            low, high = (_round(end, digits) for end in self.enclosure(bits))
            if low == high:
                return low
            bits *= 2

    def sympy(self) -> Any:
        """Return the number as a sympy expression."""
        from steeralg.exact.convert import number_to_sympy

        return number_to_sympy(self)

    def __str__(self) -> str:
        return str(self.sympy())

    def __repr__(self) -> str:
        return f"<exact number {brief(self)}>"

    def _repr_latex_(self) -> str:
        from steeralg.exact.markup import number_latex

        return f"${number_latex(self)}$"

    def _repr_html_(self) -> str:
        from steeralg.exact.markup import math, number_mathml

        return math(number_mathml(self))


IMAGINARY_UNIT = Number(RATIONALS, (0,), (1,))
"""i, over Q."""


def _round(value: Fraction, digits: int) -> str:
    scaled = round(abs(value) * 10**digits)
    sign = "-" if value < 0 and scaled else ""
    whole, part = divmod(scaled, 10**digits)
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def outwards(value: Fraction, side: int, digits: int = 10) -> str:
    """Return a decimal that is not above (side -1) or not below (side 1) a rational number."""
    return _round(Fraction(-side * floor(-side * value * 10**digits), 10**digits), digits)


def scientific(value: Fraction, digits: int = 3) -> str:
    """Return a rational number with so many significant digits, such as `4.44e-17`; for display only."""
    if value == 0:
        return "0"
    size, exponent = abs(value), (value.numerator.bit_length() - value.denominator.bit_length()) * 30103 // 100000
    while size >= Fraction(10) ** (exponent + 1):
        exponent += 1
    while size < Fraction(10) ** exponent:
        exponent -= 1
    mantissa = round(size / Fraction(10) ** exponent * 10 ** (digits - 1))
    if mantissa == 10**digits:
        mantissa, exponent = mantissa // 10, exponent + 1
    sign = "-" if value < 0 else ""
    return f"{sign}{_round(Fraction(mantissa, 10 ** (digits - 1)), digits - 1)}e{exponent:+03d}"


def brief(number: Number) -> str:
    """Return a number as it is quoted in messages: exactly if that is short, by its leading digits otherwise."""
    if max(map(abs, (*number.re, *number.im, number.denominator))) < 10**20:
        return str(number)
    real, imaginary = (scientific(part.enclosure(64)[0], 6) for part in (number.real, number.imaginary))
    return f"about {real} + {imaginary}*I"


def exact_rational(value: Fraction | int | str) -> Fraction:
    """Return a rational number given as Fraction, integer or string. Raises NumberError for anything else."""
    if isinstance(value, bool) or not isinstance(value, Fraction | int | str):
        raise NumberError(f"{value!r} is not an exact rational; give a Fraction, an integer or a string such as '-1/2'")
    if isinstance(value, str) and (len(value) > 400 or not _RATIONAL.fullmatch(value)):
        raise NumberError(f"{value[:60]!r} is not a rational number of sensible size; write '-0.5' or '-1/2'")
    try:
        return Fraction(value)
    except ZeroDivisionError:
        raise NumberError(f"{str(value)[:60]!r} divides by zero") from None


def as_number(value: Fraction | Number) -> Number:
    """Return a rational as a Number."""
    return value if isinstance(value, Number) else Number.of(value)


def as_bound(value: Fraction | int | str | Number) -> Fraction | Number:
    """Return a real number, a rational one as a Fraction. Raises NumberError for what is not an exact real number."""
    if not isinstance(value, Number):
        return exact_rational(value)
    if not value.is_real:
        raise NumberError(f"{value} is not real")
    return value.fraction() if value.is_rational else value


def align(a: Number, b: Number) -> tuple[Number, Number]:
    """Lift a rational number to the other's field. Raises NumberError when two different proper fields meet."""
    if a.field.is_rational:
        return lift(a, b.field), b
    if b.field.is_rational:
        return a, lift(b, a.field)
    raise NumberError("numbers of two different fields meet; bring them to a common field first (convert.unify)")


def lift(number: Number, field: Field) -> Number:
    """Write a rational or Gaussian rational number over a larger field."""
    pad = (0,) * (field.degree - 1)
    return Number(field, (number.re[0], *pad), (number.im[0], *pad), number.denominator)
