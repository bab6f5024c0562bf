"""Linear maps of matrices by their Choi matrices.

Above: the library of maps, assemblages. Below: the exact layer. `C = sum_ij |i><j| (x) Phi(|i><j|)`, input first,
unnormalised. Maps and matrices over different fields meet over a common one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import NumberError, ShapeError
from steeralg.exact.convert import as_matrices, unify
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, as_bound, exact_rational
from steeralg.exact.tensor import kron, partial_trace, partial_transpose
from steeralg.maps.parameters import require_order


@checked
@dataclass(frozen=True, repr=False)
class LinearMap(OfMatrices):
    """A Hermiticity-preserving linear map from matrices of order `dim_in` to matrices of order `dim_out`.

    `choi` has order dim_in * dim_out and is Hermitian (HermitianError, ShapeError otherwise). `(a @ b)(X) = a(b(X))`,
    `(a + b)(X) = a(X) + b(X)`.
    """

    dim_in: int
    dim_out: int
    choi: Matrix

    def __post_init__(self) -> None:
        if min(self.dim_in, self.dim_out) < 1 or self.choi.rows != self.dim_in * self.dim_out:
            raise ShapeError(f"the Choi matrix has order {self.choi.rows}; it must be {self.dim_in} * {self.dim_out}")
        self.choi.require_hermitian("the Choi matrix")

    @classmethod
    @checked
    def from_action(cls, dim_in: int, action: Callable[[Matrix], Matrix]) -> LinearMap:
        """Return the map with the given action, which is asked for every matrix unit. Raises ShapeError."""
        require_order(dim_in, most=256)
        images = [(i, j, action(Matrix.unit(dim_in, i, j))) for i in range(dim_in) for j in range(dim_in)]
        choi = total(kron(Matrix.unit(dim_in, i, j), image) for i, j, image in images)
        return cls(dim_in, images[0][2].rows, choi)

    @classmethod
    @checked
    def from_choi(cls, choi: Any, dim_in: int, dim_out: int) -> LinearMap:
        """Return the map of a Choi matrix, input first, unnormalised (exact, sympy or nested sequences)."""
        return cls(dim_in, dim_out, as_matrices([choi])[0])

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the Choi matrix, without a label."""
        yield "", self.choi

    @property
    def dims(self) -> tuple[int, int]:
        """The dimensions of the factors of the Choi matrix: input, output."""
        return self.dim_in, self.dim_out

    @property
    def is_trace_preserving(self) -> bool:
        """Whether tr Phi(X) = tr X for all X, exactly."""
        return partial_trace(self.choi, self.dims, [1]) == Matrix.identity(self.dim_in, self.choi.field)

    @property
    def is_unital(self) -> bool:
        """Whether Phi(1) = 1, exactly."""
        return partial_trace(self.choi, self.dims, [0]) == Matrix.identity(self.dim_out, self.choi.field)

    @cached_property
    def dual(self) -> LinearMap:
        """The Hilbert-Schmidt adjoint: tr(dual(Y) X) = tr(Y Phi(X)) for all X and Y."""
        m, n = self.dims
        # Its Choi matrix is the transpose of this one with the two factors exchanged.
        rows = [s * n + u for u in range(n) for s in range(m)]
        return LinearMap(n, m, self.choi.rearrange(m * n, m * n, [j * m * n + i for i in rows for j in rows]))

    @cached_property
    def transposed(self) -> LinearMap:
        """The map X -> Phi(X)^T. It is completely positive iff this one is completely copositive."""
        return LinearMap(*self.dims, partial_transpose(self.choi, self.dims, [1]))

    @checked
    def __call__(self, matrix: Matrix) -> Matrix:
        """Return Phi(X)."""
        if (matrix.rows, matrix.columns) != (self.dim_in, self.dim_in):
            raise ShapeError(f"the map acts on order {self.dim_in}, not on a {matrix.rows} x {matrix.columns} matrix")
        return self.on(matrix, (self.dim_in,), 0)

    @checked
    def on(self, matrix: Matrix, dims: Sequence[int], factor: int) -> Matrix:
        """Return (1 (x) Phi (x) 1)(X) for an operator X on tensor factors of dimensions `dims`, Phi acting on one.

        Raises ShapeError where dimensions do not match.
        """
        before, after = self._around(dims, factor)
        d, e, n = self.dim_in, self.dim_out, prod(dims)
        if (matrix.rows, matrix.columns) != (n, n):
            raise ShapeError(f"a {matrix.rows} x {matrix.columns} matrix does not act on factors {tuple(dims)}")
        choi, exact = unify([self.choi, matrix])
        # Rows of both tables run over pairs of indices, |s><t| of the factor or |i><j| of the rest, and so do columns.
        rest = [(i, j, k, m) for i, j, k, m in product(range(before), range(after), repeat=2)]
        index = [
            ((i * d + s) * after + j) * n + (k * d + t) * after + m
            for i, j, k, m in rest
            for s, t in product(range(d), repeat=2)
        ]
        action = [
            (s * e + u) * d * e + t * e + v
            for s, t in product(range(d), repeat=2)
            for u, v in product(range(e), repeat=2)
        ]
        size = before * after
        images = exact.rearrange(size * size, d * d, index) @ choi.rearrange(d * d, e * e, action)
        back = [
            (((i * after + j) * size + k * after + m) * e + u) * e + v
            for i, u, j, k, v, m in product(range(before), range(e), range(after), repeat=2)
        ]
        return images.rearrange(size * e, size * e, back)

    @checked
    def on_subsystem(self, dims: Sequence[int], factor: int) -> LinearMap:
        """Return 1 (x) Phi (x) 1, acting on one of several tensor factors of dimensions `dims`. Raises ShapeError."""
        before, after = self._around(dims, factor)
        n = prod(dims)
        diagonal = Matrix.identity(n).rearrange(n * n, 1, range(n * n))
        choi = self.on(diagonal @ diagonal.adjoint, (n, *dims), factor + 1)
        return LinearMap(n, before * self.dim_out * after, choi)

    def _around(self, dims: Sequence[int], factor: int) -> tuple[int, int]:
        """Return the dimensions before and after a factor that the map fits."""
        if any(d < 1 for d in dims) or not 0 <= factor < len(dims):
            raise ShapeError(f"there is no tensor factor {factor} in dimensions {tuple(dims)}")
        if dims[factor] != self.dim_in:
            raise ShapeError(f"the map acts on order {self.dim_in}, not on factor {factor} of order {dims[factor]}")
        return prod(dims[:factor]), prod(dims[factor + 1 :])

    @checked
    def __matmul__(self, other: LinearMap) -> LinearMap:
        """Return the composition, `other` first. Raises ShapeError where the orders do not match."""
        if other.dim_out != self.dim_in:
            raise ShapeError(
                f"a map of order {self.dim_in} cannot follow one with images of order {other.dim_out}: "
                "(a @ b)(X) is a(b(X))"
            )
        return LinearMap(other.dim_in, self.dim_out, self.on(other.choi, other.dims, 1))

    @checked
    def __add__(self, other: LinearMap) -> LinearMap:
        if other.dims != self.dims:
            raise ShapeError(
                f"maps from order {self.dim_in} to {self.dim_out} and from {other.dim_in} to {other.dim_out} "
                "cannot be added"
            )
        return LinearMap(*self.dims, total(unify([self.choi, other.choi])))

    def scale(self, factor: int | Fraction | str | Number) -> LinearMap:
        """Return the map times a real number, rationals also as strings. Raises NumberError for any other factor."""
        value = as_bound(factor)
        if not isinstance(value, Number):
            return LinearMap(*self.dims, self.choi.scale(value))
        choi, one = unify([self.choi, Matrix.from_numbers([[value]], value.field)])
        return LinearMap(*self.dims, choi.scale(one.entry(0, 0)))

    @checked
    def mix(self, other: LinearMap, weight: int | Fraction | str) -> LinearMap:
        """Return (1 - weight) self + weight other, for a rational weight in [0, 1]. Raises NumberError, ShapeError."""
        share = exact_rational(weight)
        if not 0 <= share <= 1:
            raise NumberError(f"weight {share} of a mixture is not between 0 and 1")
        return self.scale(1 - share) + other.scale(share)
