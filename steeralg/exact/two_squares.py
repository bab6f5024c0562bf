"""Rational numbers as sums of two or four rational squares (Fermat, Lagrange).

Above: norms of numbers, factors of positive matrices. Below: errors. A sum of two squares is |z|^2 for a Gaussian
rational z. Whatever is returned is exact; whether a composite number with two large prime factors is such a sum is not
found out, because that would mean to factor it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt

from steeralg.errors import NumberError

_TRIAL = 1 << 12
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)

Gaussian = tuple[Fraction, Fraction]
"""The real and the imaginary part of a Gaussian rational."""


def two_squares(value: Fraction) -> Gaussian | None:
    """Return (a, b) with a^2 + b^2 = value, b = 0 if possible; None if there are none or none was found.

    A positive number is such a sum iff every prime 3 modulo 4 occurs to an even power in it.
    """
    if value < 0:
        return None
    common, rest = _square_part(value.numerator * value.denominator)
    found = _two_squares(rest)
    if found is None:
        return None
    scale = Fraction(common, value.denominator)
    a, b = sorted(found, reverse=True)
    return a * scale, b * scale


def norms(value: Fraction) -> tuple[Gaussian, ...]:
    """Write a rational number >= 0 as a sum of |z|^2 over none, one or two Gaussian rationals z.

    Two always suffice (Lagrange); one if `two_squares` finds it. Raises NumberError for negative numbers.
    """
    if value < 0:
        raise NumberError(f"{value} is negative, hence no sum of squares")
    if value == 0:
        return ()
    single = two_squares(value)
    if single is not None:
        return (single,)
    common, rest = _square_part(value.numerator * value.denominator)
    scale = Fraction(common, value.denominator)
    a, b, (c, d) = _four_squares(rest)
    return (a * scale, b * scale), (c * scale, d * scale)


def _square_part(n: int) -> tuple[int, int]:
    """Return (s, m) with n = s^2 m, s made of small primes; and m = 1 for every square."""
    root = isqrt(n)
    if root * root == n:
        return root, 1
    common = 1
    for p in _primes():
        if p * p > n:
            break
        while n % (p * p) == 0:
            n //= p * p
            common *= p
    return common, n


def _primes() -> Iterator[int]:
    """Yield 2 and the odd numbers below the bound of trial division: composite ones never divide what is left."""
    yield 2
    yield from range(3, _TRIAL, 2)


def _two_squares(n: int) -> tuple[int, int] | None:
    """Return integers (a, b) with a^2 + b^2 = n >= 0, by trial division and one remaining prime or square."""
    if n == 0:
        return 0, 0
    a, b = 1, 0
    for p in _primes():
        if p * p > n:
            break
        while n % p == 0:
            n //= p
            if p % 4 == 3:
                if n % p:
                    return None
                n //= p
                a, b = a * p, b * p
            else:
                a, b = _times((a, b), (1, 1) if p == 2 else _prime(p))
    root = isqrt(n)
    if root * root == n:
        return a * root, b * root
    if n == 2:
        return _times((a, b), (1, 1))
    if n % 4 == 3 or (n >= _TRIAL**2 and not _is_probable_prime(n)):
        return None
    c, d = _prime(n)
    return _times((a, b), (c, d)) if c * c + d * d == n else None


def _times(z: tuple[int, int], w: tuple[int, int]) -> tuple[int, int]:
    return abs(z[0] * w[0] - z[1] * w[1]), z[0] * w[1] + z[1] * w[0]


def _prime(p: int) -> tuple[int, int]:
    """Return (a, b) with a^2 + b^2 = p for a prime p = 1 modulo 4: Euclid's algorithm from a square root of -1."""
    base = next(g for g in range(2, p) if pow(g, (p - 1) // 2, p) != 1)
    a, b = p, pow(base, (p - 1) // 4, p)
    while b * b > p:
        a, b = b, a % b
    return b, isqrt(p - b * b)


def _is_probable_prime(n: int) -> bool:
    """The test of Miller and Rabin for odd n above 40; it only saves work: what follows from it is checked."""
    exponent = ((n - 1) & (1 - n)).bit_length() - 1
    for witness in _WITNESSES:
        x = pow(witness, (n - 1) >> exponent, n)
        if x in (1, n - 1):
            continue
        for _ in range(exponent - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def _four_squares(n: int) -> tuple[int, int, tuple[int, int]]:
    """Return a^2 + b^2 + c^2 + d^2 = n as (a, b, (c, d)): the largest squares whose rest is found to be c^2 + d^2."""
    for a in range(isqrt(n), -1, -1):
        rest = n - a * a
        if _is_no_sum_of_three(rest):
            continue
        for b in range(isqrt(rest), -1, -1):
            found = _two_squares(rest - b * b)
            if found is not None:
                return a, b, found
    raise NumberError(f"no four squares found for {n}, which are certain to exist")


def _is_no_sum_of_three(n: int) -> bool:
    """Whether n = 4^k (8 m + 7), the numbers that are no sums of three squares (Legendre)."""
    while n and n % 4 == 0:
        n //= 4
    return n % 8 == 7
