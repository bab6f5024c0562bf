"""Strategies for numbers and matrices over K(i): Hermitian, positive, unitary ones, without any square root.

Above: all other strategies. Below: the exact layer. Entries are small integer combinations of the powers of a field's
generator, and shrink to 0. A positive matrix is L D L* with L in column echelon form and D positive: every positive
rational matrix is one. An isometry embeds the first basis vectors and then undergoes quasi-reflections
1 + (w - 1) v v*/(v* v), |w| = 1: every unitary over a field is a product of such, here with small v and a few w.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from steeralg.arguments import checked
from steeralg.errors import InputError
from steeralg.exact.convert import numbers_from_sympy
from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number

P = ParamSpec("P")
T = TypeVar("T")

ENTRIES = st.integers(-3, 3)
WEIGHTS = st.integers(1, 3)
_DIRECTIONS = st.integers(-2, 2)
_PHASES = tuple(
    Number(RATIONALS, (re,), (im,), d) for re, im, d in ((-1, 0, 1), (0, 1, 1), (0, -1, 1), (3, 4, 5), (4, -3, 5))
)


def _field(*polynomial: int, between: tuple[int | str, int | str]) -> Field:
    return Field(polynomial, (Fraction(between[0]), Fraction(between[1])))


FIELDS: tuple[Field, ...] = (
    RATIONALS,
    _field(-2, 0, 1, between=(1, 2)),
    _field(-2, 0, 1, between=(-2, -1)),
    _field(-1, -1, 1, between=(1, 2)),
    _field(1, -3, 0, 1, between=(-2, "-3/2")),
    _field(1, -3, 0, 1, between=(0, "1/2")),
    _field(1, -3, 0, 1, between=("3/2", 2)),
    _field(1, 0, -10, 0, 1, between=(3, 4)),
    _field(2, 0, -4, 0, 1, between=("1/2", 1)),
)
"""Embedded fields: Q, two square roots, the golden ratio, a totally real cubic at its three roots, two quartics."""


def drawn_by(function: Callable[Concatenate[DrawFn, P], T], *args: P.args, **kwargs: P.kwargs) -> SearchStrategy[T]:
    """Return the strategy of a function that draws; functions of that kind call each other without a detour."""
    strategy: SearchStrategy[T] = _composite(function)(*args, **kwargs)
    return strategy


@cache
def _composite(function: Callable[..., Any]) -> Any:
    return st.composite(function)


def require(name: str, value: int, low: int, high: int | None = None) -> None:
    """Raise InputError, naming the argument, unless low <= value (<= high)."""
    if value < low or (high is not None and value > high):
        wanted = f"{low} or more" if high is None else f"{low} to {high}"
        raise InputError(f"{name} = {value}: {wanted} is needed")


@dataclass(frozen=True)
class Scalars:
    """What entries are drawn from: K(i), or K alone, for a field K."""

    field: Field
    is_real: bool = False

    @property
    def planes(self) -> int:
        """How many integers an entry has."""
        return self.field.degree * (1 if self.is_real else 2)


def scalars(field: Any) -> Scalars:
    """Return K(i) for a field given as a Field, or by a real algebraic number that generates it, as sympy.sqrt(2).

    Raises NumberError for what is no such number.
    """
    return Scalars(field if isinstance(field, Field) else numbers_from_sympy([field])[0].field)


@checked
def fields(max_degree: int = 4) -> SearchStrategy[Field]:
    """Real embedded number fields of degree 1 (the rationals, the simplest) to 4, some by several of their roots."""
    require("max_degree", max_degree, 1)
    return st.sampled_from([field for field in FIELDS if field.degree <= max_degree])


def numbers(field: Any = RATIONALS) -> SearchStrategy[Number]:
    """Elements of K(i) with small numerators, and denominators up to 4; they shrink to 0.

    `field` is a Field or a real algebraic number that generates it (sympy.sqrt(2)), here and everywhere.
    """
    exact = scalars(field).field
    vectors = st.tuples(*[ENTRIES] * exact.degree)
    return st.builds(lambda re, im, d: Number(exact, re, im, d), vectors, vectors, st.integers(1, 4))


def drawn_matrix(
    draw: DrawFn, rows: int, columns: int, over: Scalars, entries: SearchStrategy[int] = ENTRIES
) -> Matrix:
    """Draw the integer entries of a matrix, one list for every plane."""
    size = rows * columns
    plane = st.lists(entries, min_size=size, max_size=size)
    # What is drawn first is made small first: imaginary and irrational parts should go before the others.
    planes = [tuple(draw(plane)) for _ in range(over.planes)]
    zero = ((0,) * size,) * (2 * over.field.degree - over.planes)
    return Matrix(over.field, rows, columns, (*reversed(planes), *zero))


@checked
def matrices(rows: int, columns: int, field: Any = RATIONALS) -> SearchStrategy[Matrix]:
    """Matrices whose entries are small integers of K(i); they shrink to 0."""
    require("rows", rows, 0)
    require("columns", columns, 0)
    return drawn_by(drawn_matrix, rows, columns, scalars(field))


@checked
def hermitian_matrices(order: int, field: Any = RATIONALS) -> SearchStrategy[Matrix]:
    """Hermitian matrices of small integers of K(i); they shrink to 0."""
    require("order", order, 1)
    return drawn_by(drawn_hermitian, order, scalars(field))


def drawn_hermitian(draw: DrawFn, order: int, over: Scalars) -> Matrix:
    """Draw the lower triangles: symmetric planes for the real parts, antisymmetric ones for the imaginary parts."""
    field, planes = over.field, []
    for k in reversed(range(2 * field.degree)):
        sign, below = (1, order * (order + 1) // 2) if k < field.degree else (-1, order * (order - 1) // 2)
        entries = iter(draw(st.lists(ENTRIES, min_size=below, max_size=below)))
        table = [[0] * order for _ in range(order)]
        for i in range(order):
            for j in range(i + (sign > 0)):
                table[i][j] = next(entries)
                table[j][i] = sign * table[i][j]
        planes.append(tuple(x for row in table for x in row))
    return Matrix(field, order, order, tuple(reversed(planes)))


@checked
def positive_matrices(order: int, rank: int | None = None, field: Any = RATIONALS) -> SearchStrategy[Matrix]:
    """Positive semidefinite matrices, not zero, of the given rank or any; they shrink to |0><0|, diagonal units."""
    require("order", order, 1)
    if rank is not None:
        require("rank", rank, 1, order)
    return drawn_by(drawn_positive, order, scalars(field), 1 if rank is None else rank, rank or order)


def drawn_positive(draw: DrawFn, order: int, over: Scalars, least: int, most: int) -> Matrix:
    """Draw L D L*, of a rank from `least` to `most`: column k of L is 0 above its pivot, a positive integer."""
    field, rank = over.field, draw(st.integers(least, most))
    row, terms = 0, []
    for left in range(rank, 0, -1):
        # Pivot rows ascend, and leave room for those that follow.
        row += draw(st.integers(0, order - row - left))
        # As many entries wherever the pivot is: otherwise the last rows would count as the simplest.
        below = drawn_matrix(draw, order, 1, over)
        entries = [Number.of(draw(WEIGHTS), field), *(below.entry(k, 0) for k in range(order - row - 1))]
        column = Matrix.from_numbers([[x] for x in [Number.of(0, field)] * row + entries], field)
        terms.append((column @ column.adjoint).scale(draw(WEIGHTS)))
        row += 1
    return total(terms)


@checked
def isometries(dim_in: int, dim_out: int, field: Any = RATIONALS) -> SearchStrategy[Matrix]:
    """Matrices V of shape (dim_out, dim_in) with V* V = 1; they shrink to the embedding of the first basis vectors.

    Raises InputError unless 1 <= dim_in <= dim_out.
    """
    require("dim_in", dim_in, 1)
    require("dim_out", dim_out, dim_in)
    return drawn_by(drawn_isometry, dim_in, dim_out, scalars(field))


@checked
def unitaries(dim: int, field: Any = RATIONALS) -> SearchStrategy[Matrix]:
    """Unitary matrices over K(i); they shrink to the identity."""
    require("dim", dim, 1)
    return drawn_by(drawn_isometry, dim, dim, scalars(field))


def drawn_isometry(draw: DrawFn, dim_in: int, dim_out: int, over: Scalars) -> Matrix:
    """Draw the embedding of the first basis vectors, turned by some quasi-reflections: as many as there are columns can
    turn it into anything.
    """
    one = Matrix.identity(dim_out, over.field)
    found = one.rearrange(dim_out, dim_in, [i * dim_out + j for i in range(dim_out) for j in range(dim_in)])
    for _ in range(draw(st.sampled_from((*range(dim_in + 1), dim_in)))):
        v = drawn_matrix(draw, dim_out, 1, over, _DIRECTIONS)
        phase = _PHASES[0] if over.is_real else draw(st.sampled_from(_PHASES))
        if not v.is_zero:
            norm = (v.adjoint @ v).entry(0, 0)
            turned = v @ (v.adjoint @ found)
            found = found + turned.scale((phase - Number.of(1)) * norm.inverse())
    return found


def row_block(matrix: Matrix, first: int, count: int) -> Matrix:
    """Return some successive rows of a matrix."""
    columns = matrix.columns
    return matrix.rearrange(count, columns, range(first * columns, (first + count) * columns))
