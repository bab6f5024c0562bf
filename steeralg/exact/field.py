"""Real embedded number fields Q(theta): a minimal polynomial and an isolating interval. The imaginary unit is kept
apart.

Above: numbers, matrices, conversion from sympy. Below: errors. An element is a tuple of integers, its coefficients in
1, theta, ..., theta^(d-1); denominators are kept by whoever holds the element. Signs are decided by rational
enclosures of theta, so the embedding matters: sqrt(2) and -sqrt(2) are different fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import floor, gcd, isqrt

from steeralg.errors import NumberError

Vector = tuple[int, ...]
"""Integer coefficients of a field element in the power basis, constant term first."""

_MAX_DEGREE = 16
_MAX_PRECISION = 1 << 13


def _evaluate(polynomial: Sequence[int], point: Fraction) -> Fraction:
    value = Fraction(0)
    for coefficient in reversed(polynomial):
        value = value * point + coefficient
    return value


def _range(polynomial: Sequence[int], lo: Fraction, hi: Fraction) -> tuple[Fraction, Fraction]:
    """Enclose the values of a polynomial on [lo, hi] by Horner's rule in interval arithmetic."""
    low = high = Fraction(0)
    for coefficient in reversed(polynomial):
        products = (low * lo, low * hi, high * lo, high * hi)
        low, high = min(products) + coefficient, max(products) + coefficient
    return low, high


def _isolates(polynomial: Sequence[int], lo: Fraction, hi: Fraction) -> bool:
    """Whether the polynomial changes sign on [lo, hi] and its derivative is enclosed away from 0 there."""
    low, high = _range([k * c for k, c in enumerate(polynomial)][1:], lo, hi)
    return _evaluate(polynomial, lo) * _evaluate(polynomial, hi) < 0 and not low <= 0 <= high


def _canonical_interval(polynomial: Sequence[int], lo: Fraction, hi: Fraction) -> tuple[Fraction, Fraction]:
    """The first isolating [k, k+1]/2^b around the root, b = 0, 1, ...: so that equal embedded fields compare equal."""
    if len(polynomial) == 2:
        return Fraction(-polynomial[0] - 1), Fraction(-polynomial[0] + 1)
    sign_lo = _evaluate(polynomial, lo) > 0
    for bits in range(1024):
        first, last = floor(lo * 2**bits), floor(hi * 2**bits)
        while first < last:
            middle = (first + last + 1) // 2
            value = _evaluate(polynomial, Fraction(middle, 1 << bits)) if lo < Fraction(middle, 1 << bits) else None
            if value == 0:
                raise NumberError(f"minimal polynomial {tuple(polynomial)} has the rational root {middle}/{1 << bits}")
            first, last = (middle, last) if value is None or (value > 0) == sign_lo else (first, middle - 1)
        ends = Fraction(first, 1 << bits), Fraction(first + 1, 1 << bits)
        if _isolates(polynomial, *ends):
            return ends
    raise NumberError(f"no canonical interval found for the root of {tuple(polynomial)} in [{lo}, {hi}]")


@dataclass(frozen=True)
class Field:
    """The real number field Q(theta), theta the only root of `minimal_polynomial` in `interval`.

    `minimal_polynomial` holds integers, constant term first, monic (degree at most 16); it has to be irreducible,
    which `steeralg.exact.convert.field_of_root` checks. Raises NumberError if the interval does not isolate a root in
    the strong sense used everywhere: a change of sign, and a derivative whose interval enclosure excludes 0. The
    interval is then replaced by a canonical one, so that two fields are equal iff they have the same polynomial and
    the same root.
    """

    minimal_polynomial: tuple[int, ...]
    interval: tuple[Fraction, Fraction]

    def __post_init__(self) -> None:
        polynomial, (lo, hi) = self.minimal_polynomial, self.interval
        if not 2 <= len(polynomial) <= _MAX_DEGREE + 1 or polynomial[-1] != 1:
            raise NumberError(f"minimal polynomial {polynomial}: must be monic of degree 1 to {_MAX_DEGREE}")
        if not lo < hi or _evaluate(polynomial, lo) * _evaluate(polynomial, hi) >= 0:
            raise NumberError(f"interval [{lo}, {hi}] does not isolate a root: no change of sign; give a smaller one")
        if not _isolates(polynomial, lo, hi):
            raise NumberError(f"interval [{lo}, {hi}] is too wide to isolate one root; halve it")
        object.__setattr__(self, "interval", _canonical_interval(polynomial, lo, hi))

    def __str__(self) -> str:
        if self.is_rational:
            return "Q"
        constant, *middle, _ = self.minimal_polynomial
        if middle == [0] and constant < 0:
            return f"Q(sqrt({-constant}))"
        terms = [f"{c}*x^{k}" for k, c in enumerate(self.minimal_polynomial) if c]
        return f"Q(x), x the root of {' + '.join(reversed(terms))} in [{self.interval[0]}, {self.interval[1]}]"

    @property
    def degree(self) -> int:
        """The degree of the field over Q."""
        return len(self.minimal_polynomial) - 1

    @property
    def is_rational(self) -> bool:
        """Whether the field is Q itself."""
        return self.degree == 1

    def embed(self, value: int) -> Vector:
        """Return the coefficient vector of an integer."""
        return (value,) + (0,) * (self.degree - 1)

    def multiply(self, u: Vector, v: Vector) -> Vector:
        """Multiply two elements."""
        if self.degree == 1:
            return (u[0] * v[0],)
        raw = [0] * (2 * self.degree - 1)
        for i, a in enumerate(u):
            if a:
                for j, b in enumerate(v):
                    raw[i + j] += a * b
        return self.reduce(raw)

    def reduce(self, raw: Sequence[int]) -> Vector:
        """Reduce a polynomial in theta of any degree modulo the minimal polynomial."""
        work, degree = list(raw), self.degree
        for top in range(len(work) - 1, degree - 1, -1):
            lead = work[top]
            if lead:
                for k in range(degree):
                    work[top - degree + k] -= lead * self.minimal_polynomial[k]
        return tuple(work[:degree]) + (0,) * (degree - len(work))

    def inverse(self, u: Vector) -> tuple[Vector, int]:
        """Return (v, n) with u * v = n, n a positive integer. Raises ZeroDivisionError for zero."""
        if not any(u):
            raise ZeroDivisionError("inverse of zero in a number field")
        if self.degree == 1:
            return ((1,), u[0]) if u[0] > 0 else ((-1,), -u[0])
        # Solve (multiplication by u) v = 1 over Q; the columns are u * theta^k.
        d = self.degree
        columns = [self.reduce([0] * k + list(u)) for k in range(d)]
        rows = [[Fraction(columns[k][i]) for k in range(d)] + [Fraction(i == 0)] for i in range(d)]
        for i in range(d):
            pivot = next((r for r in range(i, d) if rows[r][i]), None)
            if pivot is None:
                raise NumberError(f"{u} is a zero divisor: the minimal polynomial is reducible")
            rows[i], rows[pivot] = rows[pivot], rows[i]
            rows[i] = [x / rows[i][i] for x in rows[i]]
            for r in range(d):
                if r != i and rows[r][i]:
                    rows[r] = [x - rows[r][i] * y for x, y in zip(rows[r], rows[i], strict=True)]
        solution = [row[d] for row in rows]
        common = 1
        for x in solution:
            common = common * x.denominator // gcd(common, x.denominator)
        return tuple(int(x * common) for x in solution), common

    def enclosure(self, u: Vector, bits: int) -> tuple[int, int]:
        """Return integers (lo, hi) with lo <= 2^bits * u <= hi in the embedding."""
        low = high = 0
        for coefficient, (power_lo, power_hi) in zip(u, _powers(self, bits), strict=True):
            if coefficient >= 0:
                low, high = low + coefficient * power_lo, high + coefficient * power_hi
            else:
                low, high = low + coefficient * power_hi, high + coefficient * power_lo
        return low, high

    def sign(self, u: Vector) -> int:
        """Return the sign (-1, 0, 1) of an element as a real number, exactly."""
        if not any(u[1:]):
            return (u[0] > 0) - (u[0] < 0)
        bits = 64
        while bits <= _MAX_PRECISION:
            low, high = self.enclosure(u, bits)
            if low > 0 or high < 0:
                return 1 if low > 0 else -1
            bits *= 2
        raise NumberError(f"sign of {u} not decided with {_MAX_PRECISION} bits: is the minimal polynomial reducible?")


@lru_cache(maxsize=256)
def _root(field: Field, bits: int) -> tuple[Fraction, Fraction]:
    """Enclose theta in an interval of dyadic width at most 2^-bits, by bisection from the nearest known one."""
    lo, hi = field.interval if bits <= 64 else _root(field, bits // 2)
    sign_lo = _evaluate(field.minimal_polynomial, lo) > 0
    while (hi - lo) * (1 << bits) > 1:
        middle = (lo + hi) / 2
        value = _evaluate(field.minimal_polynomial, middle)
        if value == 0:
            return middle, middle
        if (value > 0) == sign_lo:
            lo = middle
        else:
            hi = middle
    return lo, hi


@lru_cache(maxsize=256)
def _powers(field: Field, bits: int) -> tuple[tuple[int, int], ...]:
    """Integer enclosures of 2^bits * theta^k for k < degree."""
    lo, hi = _root(field, bits + 8 * field.degree)
    result = []
    low = high = Fraction(1)
    for _ in range(field.degree):
        scaled_low, scaled_high = low * (1 << bits), high * (1 << bits)
        result.append(
            (scaled_low.numerator // scaled_low.denominator, -(-scaled_high.numerator // scaled_high.denominator))
        )
        products = (low * lo, low * hi, high * lo, high * hi)
        low, high = min(products), max(products)
    return tuple(result)


RATIONALS = Field((0, 1), (Fraction(-1), Fraction(1)))
"""Q, written as Q(theta) with theta = 0."""


def quadratic(radicand: int) -> Field:
    """Q(sqrt(d)) with the positive square root, for an integer d > 1 that is not a square. Raises NumberError."""
    root = isqrt(radicand) if radicand > 1 else 0
    if root * root == radicand or radicand <= 1:
        raise NumberError(f"sqrt({radicand}) does not generate a real quadratic field; use RATIONALS")
    return Field((-radicand, 0, 1), (Fraction(root), Fraction(root + 1)))
