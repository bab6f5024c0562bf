"""Positive numbers of a real embedded field as sums of |z|^2, the field enlarged by square roots where it has to be.

Above: factors of positive matrices. Below: two squares, adjoining. Such a sum of numbers of K(i) exists iff the number
is positive in every real embedding of K (Siegel): to be positive in the one at hand is not enough. Over Q two terms
suffice (Lagrange), and over a quadratic field a square can be taken off so that the rest is rational. All else costs a
square root, but numbers with the same signs in all embeddings share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, count
from math import floor, isqrt

from steeralg.errors import NumberError
from steeralg.exact.adjoin import Embedding, square_root
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.number import Number, brief, lift
from steeralg.exact.two_squares import Gaussian, norms, two_squares

_TRIALS = 64


def sums_of_norms(numbers: Sequence[Number]) -> tuple[Embedding, list[tuple[Number, ...]]]:
    """Write numbers p >= 0 of one field (or Q) as sums of |z|^2; the z are in one field that contains theirs.

    Returns the inclusion of the fields, and the z of every number. Raises NumberError for a negative number, and if
    the larger field would have a degree above 16.
    """
    field = next((p.field for p in numbers if not p.field.is_rational), RATIONALS)
    embedding = Embedding.identity(field)
    squares: list[Number] = []
    roots: list[Number] = []
    found: list[tuple[tuple[Number, ...], tuple[int, ...]]] = []
    for p in (x if x.field == field else lift(x, field) for x in numbers):
        if p.sign() < 0:
            raise NumberError(f"{brief(p)} is negative, hence no sum of squares")
        terms = _by_roots(p, squares)
        if terms is None:
            step, root = square_root(embedding.number(p))
            embedding = embedding.then(step)
            roots = [*(step.number(old) for old in roots), root]
            squares.append(p)
            terms = (Number.of(1, field),), (len(roots) - 1,)
        found.append(terms)
    result = []
    for inside, used in found:
        factor = Number.of(1, embedding.target)
        for k in used:
            factor = factor * roots[k]
        result.append(tuple(embedding.number(z) * factor for z in inside))
    return embedding, result


def norms_inside(p: Number) -> tuple[Number, ...] | None:
    """Write a number as a sum of |z|^2 over at most three z of its own field; None where none is found.

    Over Q and over quadratic fields a sum is found iff there is one.
    """
    if p.is_rational:
        return tuple(_gaussian(z, p.field) for z in norms(p.fraction())) if p.sign() >= 0 else None
    return _quadratic_norms(p) if p.field.degree == 2 else None


def _by_roots(p: Number, squares: Sequence[Number]) -> tuple[tuple[Number, ...], tuple[int, ...]] | None:
    """Write p as the product of some of the squares times a sum of norms."""
    for size in range(len(squares) + 1):
        for used in combinations(range(len(squares)), size):
            quotient = p
            for k in used:
                quotient = quotient / squares[k]
            inside = norms_inside(quotient)
            if inside is not None:
                return inside, used
    return None


def _quadratic_norms(p: Number) -> tuple[Number, ...] | None:
    """Write p = a + b delta as norms, delta = 2 theta + c_1 the root of the discriminant D, if a > 0 and a^2 > D b^2.

    If a^2 - D b^2 = m^2, then p = X (1 + b delta/(2X))^2 with X = (a + m)/2. Otherwise p minus the square of
    x + b delta/(2x) is rational, and positive where x^2 is near a/2.
    """
    constant, linear, _ = p.field.minimal_polynomial
    discriminant = linear * linear - 4 * constant
    b = Fraction(p.re[1], 2 * p.denominator)
    a = Fraction(p.re[0], p.denominator) - b * linear
    norm = a * a - discriminant * b * b
    if a <= 0 or norm < 0:
        return None
    root = two_squares(norm)
    if root is not None and not root[1]:
        options = [(a + root[0]) / 2, (a - root[0]) / 2]
        x, terms = min(((x, norms(x)) for x in options), key=lambda option: len(option[1]))
        return tuple(_gaussian(z, p.field) * _quadratic(Fraction(1), b / (2 * x), p.field) for z in terms)
    rests = []
    for x in _near_root(a / 2):
        rest = a - x * x - discriminant * (b / (2 * x)) ** 2
        if rest > 0:
            rests.append((x, rest))
            if len(rests) == _TRIALS or two_squares(rest) is not None:
                break
    x, rest = rests[-1] if two_squares(rests[-1][1]) is not None else rests[0]
    square, terms = _quadratic(x, b / (2 * x), p.field), norms(rest)
    if len(terms) == 1 and not terms[0][1]:
        return (square + _gaussian((Fraction(0), terms[0][0]), p.field),)
    return square, *(_gaussian(z, p.field) for z in terms)


def _near_root(value: Fraction) -> Iterator[Fraction]:
    """Yield rationals that come arbitrarily close to the square root of a positive number, short ones first."""
    for bits in count():
        middle = isqrt(floor(value * 4**bits))
        yield from (Fraction(k, 1 << bits) for k in range(max(1, middle - 2), middle + 4) if k % 2 or not bits)


def _quadratic(rational: Fraction, root: Fraction, field: Field) -> Number:
    """Return rational + root * delta."""
    linear = field.minimal_polynomial[1]
    theta = Number(field, (0, 1), (0, 0))
    return Number.of(rational + root * linear, field) + theta * Number.of(2 * root, field)


def _gaussian(z: Gaussian, field: Field) -> Number:
    """Return a Gaussian rational as a number of a field."""
    i = Number(field, field.embed(0), field.embed(1))
    return Number.of(z[0], field) + i * Number.of(z[1], field)
