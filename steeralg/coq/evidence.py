"""Certificates for Coq: why a matrix is positive semidefinite, and where theta is.

Above: exports. Below: exact decisions. A matrix is den * M, integers or integer combinations of powers of theta; the
certificate is `times * den * M = sum of d_k l_k l_k* + R` with d_k > 0 and R diagonally dominant. Coq computes R.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from steeralg.coq.syntax import digits, filled, integer, listing, polynomial
from steeralg.errors import VerificationError
from steeralg.exact.field import RATIONALS, Field, Vector
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import Elimination, Factor, decide_psd
from steeralg.verdict import Refuted


@dataclass(frozen=True)
class PositiveTerms:
    """`times`, the d_k, and the l_k as the columns of two matrices of polynomials in theta."""

    times: int
    diagonal: tuple[Vector, ...]
    re: tuple[tuple[Vector, ...], ...]
    im: tuple[tuple[Vector, ...], ...]

    @property
    def text(self) -> str:
        """The term `factor times diagonal re im`, or `rational_factor` if all is rational."""
        rows = (self.diagonal, *self.re, *self.im)
        irrational = any(any(vector[1:]) for row in rows for vector in row)

        def entry(vector: Vector) -> str:
            return polynomial(vector) if irrational else digits(vector[0])

        parts = [
            filled([entry(d) for d in self.diagonal], 6),
            *(filled([listing(map(entry, row)) for row in part], 6) for part in (self.re, self.im)),
        ]
        head = f"{'factor' if irrational else 'rational_factor'} {digits(self.times)}"
        return "\n      ".join([head, *(f"{part}%Z" for part in parts)])


def positive_terms(matrix: Matrix, factor: Factor | None = None) -> PositiveTerms:
    """Return the certificate of a positive semidefinite matrix: from its factor if it is rational, by elimination
    otherwise. Raises VerificationError if the matrix is not positive semidefinite.
    """
    matrix = _over_rationals(matrix)
    if factor is not None and matrix.field.is_rational:
        n = factor.order
        rows = [
            tuple(tuple((x,) for x in part[i * n : i * n + i + 1]) for i in range(n)) for part in (factor.re, factor.im)
        ]
        im = rows[1] if any(factor.im) else ()
        return PositiveTerms(4**factor.exponent, ((matrix.denominator,),) * n, rows[0], im)
    verdict = decide_psd(matrix)
    if isinstance(verdict, Refuted):
        raise VerificationError("a matrix of the proof is not positive semidefinite")
    return _from_elimination(matrix, verdict.witness)


def _over_rationals(matrix: Matrix) -> Matrix:
    """The same matrix over Q, if its entries are rational."""
    d = matrix.field.degree
    if any(any(plane) for k, plane in enumerate(matrix.planes) if k % d):
        return matrix
    return Matrix(RATIONALS, matrix.rows, matrix.columns, matrix.planes[::d], matrix.denominator)


def _from_elimination(matrix: Matrix, witness: Elimination) -> PositiveTerms:
    """Clear the denominators of den * M = sum of den/p c c*."""
    weights: list[Number] = []
    columns: list[list[tuple[Vector, Vector]]] = []
    minor = Number.of(1, matrix.field)
    for pivot, short in zip(witness.pivots, witness.columns, strict=True):
        # Times the pivots before, the entries are minors of M: in them no inverse of an algebraic number is left.
        column = [x * minor for x in short]
        common = lcm(*(x.denominator for x in column))
        scaled = [
            (tuple(c * (common // x.denominator) for c in x.re), tuple(c * (common // x.denominator) for c in x.im))
            for x in column
        ]
        content = gcd(*(c for pair in scaled for part in pair for c in part)) or 1
        columns.append([(_over(re, content), _over(im, content)) for re, im in scaled])
        factor = Number.of(matrix.denominator * Fraction(content, common) ** 2, pivot.field)
        weights.append(factor * (pivot * minor * minor).inverse())
        minor = minor * pivot
    times = lcm(*(w.denominator for w in weights)) if weights else 1
    rows = [[_trimmed([column[i][part] for column in columns]) for i in range(matrix.rows)] for part in (0, 1)]
    diagonal = tuple(tuple(c * (times // w.denominator) for c in w.re) for w in weights)
    return PositiveTerms(times, diagonal, tuple(rows[0]), tuple(rows[1]) if any(rows[1]) else ())


def _over(vector: Vector, divisor: int) -> Vector:
    return tuple(c // divisor for c in vector)


def _trimmed(row: Sequence[Vector]) -> tuple[Vector, ...]:
    end = max((k + 1 for k, x in enumerate(row) if any(x)), default=0)
    return tuple(row[:end])


# ---- theta -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ThetaEnclosure:
    """low/scale <= theta <= high/scale, and for each end (u, c, s) with u * polynomial - c = line * s, c <= 0 < s."""

    low: int
    high: int
    scale: int
    above: tuple[int, int, tuple[int, ...]]
    below: tuple[int, int, tuple[int, ...]]

    @property
    def text(self) -> str:
        """The term `enclosure low high scale above below`."""
        ends = [f"({integer(u)}, {integer(c)}, {listing(map(digits, s))})%Z" for u, c, s in (self.above, self.below)]
        return f"enclosure {integer(self.low)} {integer(self.high)} {self.scale} {ends[0]} {ends[1]}"

    def is_positive(self, vector: Vector) -> bool:
        """Whether interval arithmetic, as in Coq, shows an element of the field to be positive."""
        return _lower_end(vector, self.low, self.high, self.scale) > 0


def theta_enclosure(field: Field, positive: Sequence[Vector]) -> ThetaEnclosure:
    """Return an enclosure of theta in which all of some elements are seen to be positive.

    Raises VerificationError if none with at most 4096 bits will do.
    """
    if field.is_rational:
        root = -field.minimal_polynomial[0]
        return ThetaEnclosure(root, root, 1, (1, 0, (1,)), (-1, 0, (1,)))
    bits = 16
    while bits <= 4096:
        theta = (0, 1, *(0,) * (field.degree - 2))
        low, high = field.enclosure(theta, bits)
        found = ThetaEnclosure(low, high, 1 << bits, _end(field, low, 1 << bits, 1), _end(field, high, 1 << bits, -1))
        if all(found.is_positive(vector) for vector in positive):
            return found
        bits *= 4
    raise VerificationError(f"no enclosure of theta with 4096 bits shows the signs in {field}")


def _end(field: Field, end: int, scale: int, side: int) -> tuple[int, int, tuple[int, ...]]:
    """Divide by the line side * (scale x - end): u p(x) - c = line * s(x), s > 0 on the interval of the field."""
    polynomial, d = field.minimal_polynomial, field.degree
    point, quotient = Fraction(end, scale), [Fraction(0)] * d
    rest = Fraction(0)
    for k in range(d, -1, -1):
        rest = rest * point + polynomial[k]
        if k:
            quotient[k - 1] = rest
    sign = 1 if sum(c * (sum(field.interval) / 2) ** k for k, c in enumerate(quotient)) > 0 else -1
    u, s = sign * side * scale**d, tuple(int(sign * c * scale ** (d - 1)) for c in quotient)
    c = int(u * rest)
    common = lcm(*(e.denominator for e in field.interval))
    low, high = (int(e * common) for e in field.interval)
    if c > 0 or _lower_end(s, low, high, common) <= 0:
        raise VerificationError(f"the interval of {field} is too wide to separate the root: give a smaller one")
    return u, c, s


def _lower_end(vector: Sequence[int], low: int, high: int, scale: int) -> int:
    """The lower end of Horner's rule in integer interval arithmetic, times a positive number."""
    least = most = 0
    power = 1
    for coefficient in reversed(vector):
        power *= scale
        products = (least * low, least * high, most * low, most * high)
        least, most = min(products) + coefficient * power, max(products) + coefficient * power
    return least
