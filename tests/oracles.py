"""Independent answers for the exact layer: real values by mpmath, determinants by Leibniz's formula."""

from functools import lru_cache
from itertools import permutations

import mpmath

from steeralg.exact.number import Number

DIGITS = 80


@lru_cache
def real_root(field):
    """theta to 80 digits: the one root of the minimal polynomial inside the interval."""
    with mpmath.workdps(DIGITS):
        low, high = (mpmath.mpf(end.numerator) / end.denominator for end in field.interval)
        found = mpmath.polyroots(list(reversed(field.minimal_polynomial)), maxsteps=200, extraprec=400)
        (theta,) = [r.real for r in found if abs(r.imag) < mpmath.mpf(10) ** -60 and low < r.real < high]
        return theta


def real_value(field, vector, denominator=1):
    """The real number that a coefficient vector stands for, to about 80 digits."""
    theta = real_root(field)
    with mpmath.workdps(DIGITS):
        return mpmath.fsum(c * theta**k for k, c in enumerate(vector)) / denominator


def complex_value(number):
    """The complex number to about 80 digits."""
    parts = (real_value(number.field, part, number.denominator) for part in (number.re, number.im))
    with mpmath.workdps(DIGITS):
        return mpmath.mpc(*parts)


def determinant(matrix, chosen=None):
    """The determinant of the principal submatrix on the chosen indices (all of them if None)."""
    indices = list(range(matrix.rows)) if chosen is None else list(chosen)
    result = Number.of(0, matrix.field)
    for image in permutations(range(len(indices))):
        inversions = sum(image[a] > image[b] for b in range(len(image)) for a in range(b))
        term = Number.of((-1) ** inversions, matrix.field)
        for a, b in enumerate(image):
            term = term * matrix.entry(indices[a], indices[b])
        result = result + term
    return result
