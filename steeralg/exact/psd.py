"""Is a Hermitian matrix positive semidefinite? Decided exactly, with a witness either way.

Above: objects, certificates. Below: matrices, verdicts. Elimination handles every matrix, singular ones included; the
factor witness handles large strictly positive ones, where somebody (floats, say) has suggested an approximate
Cholesky factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steeralg.errors import VerificationError
from steeralg.exact import integer
from steeralg.exact.blocks import blocks, composed
from steeralg.exact.field import Field, Vector
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.verdict import OneLine, Proved, Refuted


@dataclass(frozen=True, repr=False)
class Elimination(OneLine):
    """Witness of positivity: the matrix equals the sum over steps of column column* / pivot, every pivot positive."""

    pivots: tuple[Number, ...]
    columns: tuple[tuple[Number, ...], ...]

    def verify(self, matrix: Matrix) -> bool:
        """Check the decomposition against a matrix, exactly."""
        n, field = matrix.rows, matrix.field
        if len(self.pivots) != len(self.columns) or any(len(column) != n for column in self.columns):
            return False
        rest = matrix
        for pivot, column in zip(self.pivots, self.columns, strict=True):
            if pivot.sign() <= 0:
                return False
            vector = Matrix.from_numbers([[x] for x in column], field)
            rest = rest - (vector @ vector.adjoint).scale(pivot.inverse())
        return n == matrix.columns and rest.is_zero


@dataclass(frozen=True, repr=False)
class NegativeVector(OneLine):
    """Witness against positivity: `value` = vector* matrix vector is a negative number."""

    vector: Matrix
    value: Number

    def verify(self, matrix: Matrix) -> bool:
        """Check the value against a matrix, exactly."""
        return (self.vector.adjoint @ matrix @ self.vector).entry(0, 0) == self.value and self.value.sign() < 0


def decide_psd(matrix: Matrix) -> Proved[Elimination] | Refuted[NegativeVector]:
    """Decide whether a Hermitian matrix is positive semidefinite, by exact elimination, block by block.

    Returns Proved with the decomposition into positive rank-one terms (their number is the rank), or Refuted with a
    vector of negative value. Raises HermitianError for other matrices.
    """
    matrix.require_hermitian("the matrix")
    n, parts = matrix.rows, blocks(matrix)
    if [len(part) for part in parts] == [n]:
        return _decide(matrix)
    zero = Number.of(0, matrix.field)
    pivots: list[Number] = []
    columns: list[tuple[Number, ...]] = []
    for part in parts:
        verdict = _decide(matrix.rearrange(len(part), len(part), [i * n + j for i in part for j in part]))
        if isinstance(verdict, Refuted):
            vector = verdict.witness.vector
            rows = [(i, 0, vector.rearrange(1, 1, [k])) for k, i in enumerate(part)]
            return Refuted(NegativeVector(composed(n, 1, rows, vector.field), verdict.witness.value))
        pivots += verdict.witness.pivots
        for short in verdict.witness.columns:
            entries = dict(zip(part, short, strict=True))
            columns.append(tuple(entries.get(i, zero) for i in range(n)))
    return Proved(Elimination(tuple(pivots), tuple(columns)))


def _decide(matrix: Matrix) -> Proved[Elimination] | Refuted[NegativeVector]:
    if matrix.field.is_rational:
        return _decide_gaussian(matrix)
    n = matrix.rows
    work = {(i, j): matrix.entry(i, j) for i in range(n) for j in range(n)}
    left = list(range(n))
    pivots: list[Number] = []
    columns: list[tuple[Number, ...]] = []
    chosen: list[int] = []
    zero = Number.of(0, matrix.field)
    while left:
        signs = {i: work[i, i].sign() for i in left}
        negative = next((i for i in left if signs[i] < 0), None)
        if negative is not None:
            return _refute(matrix, {negative: Number.of(1, matrix.field)}, chosen, pivots, columns)
        pivot = next((i for i in left if signs[i] > 0), None)
        if pivot is None:
            break
        p = work[pivot, pivot]
        column = {i: work[i, pivot] for i in left}
        pivots.append(p)
        columns.append(tuple(column.get(i, zero) for i in range(n)))
        chosen.append(pivot)
        left.remove(pivot)
        inverse = p.inverse()
        for i in left:
            factor = column[i] * inverse
            for j in left:
                if not column[i].is_zero and not column[j].is_zero:
                    work[i, j] = work[i, j] - factor * column[j].conjugate()
    # What is left has a zero diagonal: it must vanish, and an entry s off the diagonal gives the value -2|s|^2 < 0.
    for i in left:
        for j in left:
            if not work[i, j].is_zero:
                start = {i: work[i, j], j: Number.of(-1, matrix.field)}
                return _refute(matrix, start, chosen, pivots, columns)
    return Proved(Elimination(tuple(pivots), tuple(columns)))


def _decide_gaussian(matrix: Matrix) -> Proved[Elimination] | Refuted[NegativeVector]:
    """The same for Gaussian rationals, in integers (Bareiss): what is left times the last pivot stays integral."""
    n, (re, im) = matrix.rows, matrix.planes
    real = [list(re[i * n : i * n + i + 1]) for i in range(n)]
    imaginary = [list(im[i * n : i * n + i + 1]) for i in range(n)]
    left, previous = list(range(n)), 1
    chosen: list[int] = []
    pivots: list[Number] = []
    columns: list[tuple[Number, ...]] = []
    zero = Number.of(0)

    def number(a: int, b: int) -> Number:
        return Number(matrix.field, (a,), (b,), previous * matrix.denominator)

    def below(i: int, j: int) -> tuple[int, int]:
        return (real[i][j], imaginary[i][j]) if i >= j else (real[j][i], -imaginary[j][i])

    while left:
        negative = next((i for i in left if real[i][i] < 0), None)
        if negative is not None:
            return _refute(matrix, {negative: Number.of(1)}, chosen, pivots, columns)
        pivot = next((i for i in left if real[i][i] > 0), None)
        if pivot is None:
            break
        p = real[pivot][pivot]
        column = {i: below(i, pivot) for i in left}
        pivots.append(number(p, 0))
        columns.append(tuple(number(*column[i]) if i in column else zero for i in range(n)))
        chosen.append(pivot)
        left.remove(pivot)
        for i in left:
            (a, b), row, other = column[i], real[i], imaginary[i]
            for j in left:
                if j > i:
                    break
                c, d = column[j]
                row[j] = (p * row[j] - a * c - b * d) // previous
                other[j] = (p * other[j] - b * c + a * d) // previous
        previous = p
    for i in left:
        for j in left:
            if any(below(i, j)):
                return _refute(matrix, {i: number(*below(i, j)), j: Number.of(-1)}, chosen, pivots, columns)
    return Proved(Elimination(tuple(pivots), tuple(columns)))


def _refute(
    matrix: Matrix,
    start: dict[int, Number],
    chosen: list[int],
    pivots: list[Number],
    columns: list[tuple[Number, ...]],
) -> Refuted[NegativeVector]:
    """Extend a vector that is negative for the Schur complement so that every eliminated term vanishes on it."""
    vector = {i: Number.of(0, matrix.field) for i in range(matrix.rows)} | start
    for index, pivot, column in reversed(list(zip(chosen, pivots, columns, strict=True))):
        overlap = Number.of(0, matrix.field)
        for i, x in vector.items():
            if i != index and not x.is_zero:
                overlap = overlap + column[i].conjugate() * x
        vector[index] = -(overlap * pivot.inverse())
    exact = Matrix.from_numbers([[vector[i]] for i in range(matrix.rows)], matrix.field)
    value = (exact.adjoint @ matrix @ exact).entry(0, 0)
    witness = NegativeVector(exact, value)
    if not witness.verify(matrix):
        raise VerificationError("elimination returned a vector whose value is not negative")
    return Refuted(witness)


@dataclass(frozen=True, repr=False)
class Factor(OneLine):
    """Witness of strict positivity: integers L (lower triangular, real diagonal), exponent e, R = 4^e Z - L L*
    dominant.

    `re` and `im` are the flat row-major n x n parts of L. R is diagonally dominant with `|re| + |im|` as the size of
    an entry, so R >= 0 by Gershgorin, and Z >= 4^-e L L* >= 0.
    """

    exponent: int
    order: int
    re: tuple[int, ...]
    im: tuple[int, ...]

    def verify(self, matrix: Matrix) -> bool:
        """Check dominance against a Hermitian matrix, exactly (algebraic entries by enclosures of theta)."""
        n = self.order
        if not matrix.is_hermitian or matrix.rows != n or self.exponent < 0:
            return False
        if len(self.re) != n * n or len(self.im) != n * n:
            return False
        real, imaginary = integer.hermitian_square(self.re, self.im, n)
        scale, d = 1 << (2 * self.exponent), matrix.field.degree
        den, planes = matrix.denominator, matrix.planes
        # R but for the coefficients of theta, theta^2, ...; the entries where these are not zero, by rows.
        rest = [
            [scale * z - den * x for z, x in zip(planes[k], part, strict=True)]
            for k, part in ((0, real), (d, imaginary))
        ]
        algebraic: dict[int, set[int]] = {}
        for k in range(2 * d):
            for index, x in enumerate(planes[k]) if k % d else ():
                if x:
                    algebraic.setdefault(index // n, set()).add(index)
        for i in range(n):
            row, own = slice(i * n, (i + 1) * n), i * (n + 1)
            size = sum(sum(map(abs, part[row])) for part in rest) - abs(rest[0][own])
            if i not in algebraic:
                if rest[0][own] < size:
                    return False
                continue
            diagonal: Vector = (rest[0][own], *(0,) * (d - 1))
            others: list[Vector] = []
            for index in algebraic[i]:
                for part, first in zip(rest, (0, d), strict=True):
                    vector = (part[index], *(scale * planes[first + k][index] for k in range(1, d)))
                    if part is rest[0] and index == own:
                        diagonal = vector
                    else:
                        size -= abs(part[index])
                        others.append(vector)
            if not _dominates(matrix.field, diagonal, size, others):
                return False
        return True


def is_psd(matrix: Matrix, factor: Factor | None) -> bool:
    """Whether a Hermitian matrix is shown to be positive semidefinite: by the factor, by elimination without one."""
    return decide_psd(matrix).is_proved if factor is None else factor.verify(matrix)


def _dominates(field: Field, diagonal: Vector, size: int, others: Sequence[Vector]) -> bool:
    """Whether a number is at least an integer plus the moduli of other numbers, by enclosures of theta."""
    bits = 64
    while bits <= 4096:
        if field.enclosure(diagonal, bits)[0] >= (size << bits) + sum(_bound(field, x, bits) for x in others):
            return True
        bits *= 8
    return False


def _bound(field: Field, vector: tuple[int, ...], bits: int) -> int:
    """Return an upper bound of 2^bits times the modulus of a field element."""
    low, high = field.enclosure(vector, bits)
    return max(abs(low), abs(high))
