"""Square roots of positive numbers, adjoined to a real embedded number field where they are not in it.

Above: norms of numbers, factors of positive matrices. Below: matrices, numbers, linear systems. With p = s^2 p' where
p' generates K, the square root of p' generates K(sqrt p): its minimal polynomial is that of p' at x^2, unless that
factors, and then sqrt p lies in K.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, product
from math import floor, isqrt, lcm
from typing import Any

import sympy

from steeralg.errors import NumberError
from steeralg.exact import integer
from steeralg.exact.field import Field
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, brief

_X = sympy.Symbol("x")
_MAX_DEGREE = 16


@dataclass(frozen=True)
class Embedding:
    """The inclusion of a field in a larger one, by the image there of the generator theta."""

    source: Field
    image: Number

    @classmethod
    def identity(cls, field: Field) -> Embedding:
        """Return the inclusion of a field in itself."""
        return cls(field, generator(field))

    @property
    def target(self) -> Field:
        """The larger field."""
        return self.image.field

    def number(self, x: Number) -> Number:
        """Return a number of the smaller field, or a rational one, in the larger field."""
        total, power = Number.of(0, self.target), Number.of(1, self.target)
        for re, im in zip(x.re, x.im, strict=True):
            part = Number(self.target, self.target.embed(re), self.target.embed(im), x.denominator)
            total, power = total + part * power, power * self.image
        return total

    def matrix(self, m: Matrix) -> Matrix:
        """Return a matrix over the smaller field, or over Q, over the larger one."""
        if self.source == self.target:
            return m.over(self.target)
        entries = [[self.number(m.entry(i, j)) for j in range(m.columns)] for i in range(m.rows)]
        return Matrix.from_numbers(entries, self.target) if entries else m

    def then(self, other: Embedding) -> Embedding:
        """Return the inclusion in a still larger field."""
        return Embedding(self.source, other.number(self.image))


def generator(field: Field) -> Number:
    """Return theta."""
    if field.is_rational:
        return Number.of(0)
    return Number(field, (0, 1, *(0,) * (field.degree - 2)), field.embed(0))


def square_root(p: Number) -> tuple[Embedding, Number]:
    """Return the inclusion of p's field in one that holds the square root of p > 0, and that root, positive.

    The field is p's own if the root lies in it. Raises NumberError if p is not positive, or if the larger field would
    have a degree above 16.
    """
    if p.sign() <= 0:
        raise NumberError(f"only the square root of a positive number is real, not that of {p}")
    scale, square, polynomial = _generating_square(p)
    at_square = [c for coefficient in polynomial for c in (coefficient, 0)][:-1]
    factors = [factor for factor, _ in _poly(at_square).factor_list()[1]]
    if len(factors) > 1:
        return Embedding.identity(p.field), _root_inside(square, factors[0]) * scale.inverse()
    if len(at_square) - 1 > _MAX_DEGREE:
        raise NumberError(
            f"the square root of {brief(p)} would need a field of degree {len(at_square) - 1}; at most {_MAX_DEGREE} "
            "is supported"
        )
    larger = _field_of_square_root(tuple(at_square), square)
    embedding = Embedding(p.field, _image(square, larger))
    return embedding, generator(larger) * embedding.number(scale).inverse()


def _generating_square(p: Number) -> tuple[Number, Number, list[int]]:
    """Return s > 0 and q = s^2 p, an algebraic integer that generates the field, with its minimal polynomial."""
    field = p.field
    for multiplier in _multipliers(field):
        scale = multiplier * Number.of((p * multiplier * multiplier).denominator, field)
        square = p * scale * scale
        polynomial = _characteristic_polynomial(square)
        if _poly(polynomial).is_irreducible:
            return scale, square, polynomial
    raise NumberError(f"no generator of {field} found")


def _multipliers(field: Field) -> Iterator[Number]:
    """Yield 1, then small combinations of the powers of theta, made positive."""
    yield Number.of(1, field)
    for size in count(1):
        for vector in product(range(size + 1), repeat=field.degree):
            candidate = Number(field, vector, field.embed(0))
            if max(vector) == size and not candidate.is_rational:
                yield candidate if candidate.sign() > 0 else -candidate


def _poly(coefficients: Sequence[int]) -> Any:
    return sympy.Poly(list(reversed(coefficients)), _X)


def _characteristic_polynomial(p: Number) -> list[int]:
    """Return the characteristic polynomial of multiplication by an algebraic integer, lowest degree first."""
    field, d = p.field, p.field.degree
    powers = [tuple(int(j == k) for j in range(d)) for k in range(d)]
    matrix = sympy.Matrix([field.multiply(p.re, power) for power in powers])
    return [int(c) for c in reversed(matrix.charpoly(_X).all_coeffs())]


def _root_inside(square: Number, factor: Any) -> Number:
    """Return the positive square root, which is a root of g or of g(-x): g = e(x^2) + x o(x^2) vanishes at -e/o."""
    coefficients = [Number.of(int(c), square.field) for c in reversed(factor.all_coeffs())]
    even, odd = (_horner(coefficients[start::2], square) for start in (0, 1))
    root = -(even / odd)
    return root if root.sign() > 0 else -root


def _horner(coefficients: list[Number], x: Number) -> Number:
    value = Number.of(0, x.field)
    for c in reversed(coefficients):
        value = value * x + c
    return value


def _field_of_square_root(polynomial: tuple[int, ...], square: Number) -> Field:
    """Return the field of the positive root, given its minimal polynomial and its square."""
    bits = 8
    while bits <= 4096:
        low, high = square.enclosure(2 * bits)
        below, above = (isqrt(max(0, floor(end * 4**bits))) for end in (low, high))
        try:
            return Field(polynomial, (Fraction(below, 1 << bits), Fraction(above + 1, 1 << bits)))
        except NumberError:
            bits *= 2
    raise NumberError(f"no isolating interval found for the square root of {brief(square)}")


def _image(square: Number, larger: Field) -> Number:
    """Return theta in the larger field, whose generator is the square root: theta in the powers of the square."""
    field, d = square.field, square.field.degree
    powers = [Number.of(1, field)]
    for _ in range(d - 1):
        powers.append(powers[-1] * square)
    wanted = generator(field).re
    rows = [[power.re[i] for power in powers] + [wanted[i]] for i in range(d)]
    solution = [row[d] for row in integer.echelon(rows, d + 1)[0]]
    common = lcm(*(x.denominator for x in solution))
    vector = [c for x in solution for c in (int(x * common), 0)]
    return Number(larger, tuple(vector), larger.embed(0), common)
