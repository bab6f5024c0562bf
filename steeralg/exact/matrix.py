"""Exact matrices over K(i), K a real embedded number field: the one matrix type of the library.

Above: tensor operations, PSD decisions, every object. Below: numbers and the integer product. A matrix is one
denominator and 2d integer planes (d the degree of K): plane k < d holds the real coefficients of theta^k, plane d + k
the imaginary ones, each row-major. Index operations act on all planes alike; products are integer products.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any

from steeralg.errors import HermitianError, NumberError, ShapeError
from steeralg.exact import integer
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.number import Number, exact_rational

Plane = tuple[int, ...]


@dataclass(frozen=True, repr=False)
class Matrix:
    """A `rows` x `columns` matrix with entries in K(i), in lowest terms, so that equal matrices compare equal."""

    field: Field
    rows: int
    columns: int
    planes: tuple[Plane, ...]
    denominator: int = 1

    def __post_init__(self) -> None:
        if len(self.planes) != 2 * self.field.degree or any(len(p) != self.rows * self.columns for p in self.planes):
            raise ShapeError(f"malformed {self.rows} x {self.columns} matrix: wrong number or size of planes")
        if self.denominator < 1:
            raise NumberError(f"denominator {self.denominator} of a matrix must be positive")
        if self.denominator > 1:
            common = self.denominator
            for plane in self.planes:
                common = gcd(common, *plane)
            if common > 1:
                object.__setattr__(self, "planes", tuple(tuple(x // common for x in p) for p in self.planes))
                object.__setattr__(self, "denominator", self.denominator // common)

    @classmethod
    def from_numbers(cls, table: Sequence[Sequence[Number]], field: Field) -> Matrix:
        """Build a matrix from rows of numbers of one field (rationals are lifted)."""
        rows, columns = len(table), len(table[0]) if table else 0
        if any(len(row) != columns for row in table):
            raise ShapeError("rows of a matrix have different lengths")
        flat = [x for row in table for x in row]
        if any(x.field not in (field, RATIONALS) for x in flat):
            raise NumberError("an entry lies in another field than its matrix")
        common = lcm(*(x.denominator for x in flat)) if flat else 1
        planes = [[0] * len(flat) for _ in range(2 * field.degree)]
        for index, x in enumerate(flat):
            scale = common // x.denominator
            for k, (re, im) in enumerate(zip(x.re, x.im, strict=True)):
                planes[k][index] = re * scale
                planes[field.degree + k][index] = im * scale
        return cls(field, rows, columns, tuple(map(tuple, planes)), common)

    @classmethod
    def rational(cls, table: Sequence[Sequence[int | Fraction]]) -> Matrix:
        """Build a real rational matrix from rows of integers and fractions."""
        return cls.from_numbers([[Number.of(exact_rational(x)) for x in row] for row in table], RATIONALS)

    @classmethod
    def identity(cls, order: int, field: Field = RATIONALS) -> Matrix:
        """Return the identity matrix."""
        one = tuple(int(i == j) for i in range(order) for j in range(order))
        zero = (0,) * (order * order)
        return cls(field, order, order, (one,) + (zero,) * (2 * field.degree - 1))

    @classmethod
    def zero(cls, rows: int, columns: int, field: Field = RATIONALS) -> Matrix:
        """Return the zero matrix."""
        return cls(field, rows, columns, ((0,) * (rows * columns),) * (2 * field.degree))

    @classmethod
    def unit(cls, order: int, i: int, j: int, field: Field = RATIONALS) -> Matrix:
        """Return the matrix unit |i><j|."""
        one = tuple(int(k == i * order + j) for k in range(order * order))
        return cls(field, order, order, (one,) + ((0,) * (order * order),) * (2 * field.degree - 1))

    def entry(self, i: int, j: int) -> Number:
        """Return one entry as a number."""
        d, index = self.field.degree, i * self.columns + j
        column = tuple(plane[index] for plane in self.planes)
        return Number(self.field, column[:d], column[d:], self.denominator)

    def over(self, field: Field) -> Matrix:
        """Write the matrix over a field that contains it; only lifting from Q is automatic (NumberError otherwise)."""
        if field == self.field:
            return self
        if not self.field.is_rational:
            raise NumberError("matrices of two different fields meet; bring them to a common field (convert.unify)")
        zero = ((0,) * (self.rows * self.columns),) * (field.degree - 1)
        return Matrix(field, self.rows, self.columns, (self.planes[0], *zero, self.planes[1], *zero), self.denominator)

    def _aligned(self, other: Matrix) -> tuple[Matrix, Matrix]:
        if self.field == other.field:
            return self, other
        return (self.over(other.field), other) if self.field.is_rational else (self, other.over(self.field))

    def __add__(self, other: Matrix) -> Matrix:
        a, b = self._aligned(other)
        if (a.rows, a.columns) != (b.rows, b.columns):
            raise ShapeError(f"cannot add {a.rows} x {a.columns} and {b.rows} x {b.columns} matrices")
        common = lcm(a.denominator, b.denominator)
        p, q = common // a.denominator, common // b.denominator
        planes = tuple(
            tuple(x * p + y * q for x, y in zip(u, v, strict=True)) for u, v in zip(a.planes, b.planes, strict=True)
        )
        return Matrix(a.field, a.rows, a.columns, planes, common)

    def __repr__(self) -> str:
        return f"<exact {self.rows} x {self.columns} matrix over {self.field}>"

    def _repr_latex_(self) -> str:
        from steeralg.exact.markup import matrix_latex

        return f"${matrix_latex(self)}$"

    def _repr_html_(self) -> str:
        from steeralg.exact.markup import math, matrix_mathml

        return math(matrix_mathml(self), block=True)

    def __neg__(self) -> Matrix:
        return self._map(lambda plane: tuple(-x for x in plane))

    def __sub__(self, other: Matrix) -> Matrix:
        return self + (-other)

    def _map(self, action: Callable[[Plane], Plane]) -> Matrix:
        return Matrix(self.field, self.rows, self.columns, tuple(map(action, self.planes)), self.denominator)

    def scale(self, factor: int | Fraction | Number) -> Matrix:
        """Multiply every entry by a number."""
        if isinstance(factor, Number) and not factor.is_rational:
            order = self.rows
            diagonal = [[factor if i == j else Number.of(0, factor.field) for j in range(order)] for i in range(order)]
            return Matrix.from_numbers(diagonal, factor.field) @ self
        ratio = factor.fraction() if isinstance(factor, Number) else exact_rational(factor)
        p, q = ratio.numerator, ratio.denominator
        planes = tuple(tuple(x * p for x in plane) for plane in self.planes)
        return Matrix(self.field, self.rows, self.columns, planes, self.denominator * q)

    def __matmul__(self, other: Matrix) -> Matrix:
        a, b = self._aligned(other)
        if a.columns != b.rows:
            raise ShapeError(f"cannot multiply {a.rows} x {a.columns} and {b.rows} x {b.columns} matrices")

        def times(u: Plane, v: Plane) -> list[int]:
            return integer.multiply(u, v, a.rows, a.columns, b.columns)

        return _combine(a, b, times, a.rows, b.columns)

    def rearrange(self, rows: int, columns: int, index: Sequence[int]) -> Matrix:
        """Return the matrix whose flat entry number k is this one's number index[k]."""
        planes = tuple(tuple(plane[k] for k in index) for plane in self.planes)
        return Matrix(self.field, rows, columns, planes, self.denominator)

    @cached_property
    def transpose(self) -> Matrix:
        """The transpose."""
        index = [i * self.columns + j for j in range(self.columns) for i in range(self.rows)]
        return self.rearrange(self.columns, self.rows, index)

    @cached_property
    def conjugate(self) -> Matrix:
        """The entrywise complex conjugate."""
        d = self.field.degree
        imaginary = tuple(tuple(-x for x in plane) for plane in self.planes[d:])
        return Matrix(self.field, self.rows, self.columns, self.planes[:d] + imaginary, self.denominator)

    @property
    def real(self) -> Matrix:
        """The entrywise real part."""
        return self._half(self.planes[: self.field.degree])

    @property
    def imaginary(self) -> Matrix:
        """The entrywise imaginary part, a real matrix."""
        return self._half(self.planes[self.field.degree :])

    def _half(self, planes: tuple[Plane, ...]) -> Matrix:
        zero = ((0,) * (self.rows * self.columns),) * self.field.degree
        return Matrix(self.field, self.rows, self.columns, planes + zero, self.denominator)

    @cached_property
    def adjoint(self) -> Matrix:
        """The conjugate transpose."""
        return self.transpose.conjugate

    @cached_property
    def is_hermitian(self) -> bool:
        """Whether the matrix equals its adjoint."""
        n, d = self.rows, self.field.degree
        if n != self.columns:
            return False
        rows = range(n)
        return all(plane[i * n : (i + 1) * n] == plane[i::n] for plane in self.planes[:d] for i in rows) and all(
            plane[i * n : (i + 1) * n] == tuple(-x for x in plane[i::n])
            for plane in self.planes[d:]
            if any(plane)
            for i in rows
        )

    @cached_property
    def is_real(self) -> bool:
        """Whether every entry is real."""
        return not any(any(plane) for plane in self.planes[self.field.degree :])

    @cached_property
    def is_zero(self) -> bool:
        """Whether every entry is 0."""
        return not any(any(plane) for plane in self.planes)

    def require_hermitian(self, name: str) -> None:
        """Raise HermitianError naming the first offending entry unless the matrix is Hermitian."""
        if self.rows != self.columns:
            raise ShapeError(f"{name} is {self.rows} x {self.columns}; it must be square")
        if not self.is_hermitian:
            i, j = next(
                (i, j)
                for i in range(self.rows)
                for j in range(i + 1)
                if self.entry(i, j) != self.entry(j, i).conjugate()
            )
            raise HermitianError(f"{name} is not Hermitian: entry ({i}, {j}) is not the conjugate of entry ({j}, {i})")

    def trace(self) -> Number:
        """Return the trace. Raises ShapeError unless the matrix is square."""
        if self.rows != self.columns:
            raise ShapeError(f"a {self.rows} x {self.columns} matrix has no trace")
        d, step = self.field.degree, self.columns + 1
        sums = tuple(sum(plane[::step]) for plane in self.planes)
        return Number(self.field, sums[:d], sums[d:], self.denominator)

    def inner(self, other: Matrix) -> Number:
        """Return tr(self @ other)."""
        a, b = self._aligned(other)
        if a.columns != b.rows or a.rows != b.columns:
            raise ShapeError("tr(AB) needs matching shapes")
        flipped = b.transpose

        def times(u: Plane, v: Plane) -> list[int]:
            return [sum(x * y for x, y in zip(u, v, strict=True) if x)]

        return _combine(a, flipped, times, 1, 1).entry(0, 0)

    def sympy(self) -> Any:
        """Return the matrix as an immutable sympy matrix."""
        from steeralg.exact.convert import matrix_to_sympy

        return matrix_to_sympy(self)


def _combine(a: Matrix, b: Matrix, times: Callable[[Plane, Plane], list[int]], rows: int, columns: int) -> Matrix:
    """Combine planes bilinearly: theta^p theta^q reduced by the minimal polynomial, i^2 = -1."""
    field, d = a.field, a.field.degree
    size = rows * columns
    real: list[list[int] | None] = [None] * (2 * d - 1)
    imaginary: list[list[int] | None] = [None] * (2 * d - 1)
    for p, u in enumerate(a.planes):
        if not any(u):
            continue
        for q, v in enumerate(b.planes):
            if not any(v):
                continue
            product = times(u, v)
            power = p % d + q % d
            if p >= d and q >= d:
                product = [-x for x in product]
            target = imaginary if (p >= d) != (q >= d) else real
            present = target[power]
            target[power] = product if present is None else [x + y for x, y in zip(present, product, strict=True)]
    planes = _reduced(field, real, size) + _reduced(field, imaginary, size)
    return Matrix(field, rows, columns, planes, a.denominator * b.denominator)


def _reduced(field: Field, powers: list[list[int] | None], size: int) -> tuple[Plane, ...]:
    d = field.degree
    work = list(powers)
    for top in range(len(work) - 1, d - 1, -1):
        lead = work[top]
        if lead is None:
            continue
        for k in range(d):
            c = field.minimal_polynomial[k]
            if c:
                present = work[top - d + k] or [0] * size
                work[top - d + k] = [x - c * y for x, y in zip(present, lead, strict=True)]
    return tuple(tuple(plane) if plane is not None else (0,) * size for plane in work[:d])


def total(matrices: Iterable[Matrix]) -> Matrix:
    """Return the sum of at least one matrix."""
    iterator = iter(matrices)
    result = next(iterator)
    for matrix in iterator:
        result = result + matrix
    return result
