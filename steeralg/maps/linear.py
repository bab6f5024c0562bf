"""Linear maps of matrices by their Choi matrices.

Above: the library of maps, assemblages. Below: the exact layer. `C = sum_ij |i><j| (x) Phi(|i><j|)`, input first,
unnormalised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from steeralg.errors import ShapeError
from steeralg.exact.convert import unify
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.tensor import contract, kron, partial_trace


@dataclass(frozen=True)
class LinearMap:
    """A Hermiticity-preserving linear map from matrices of order `dim_in` to matrices of order `dim_out`.

    `choi` has order dim_in * dim_out and is Hermitian (HermitianError, ShapeError otherwise).
    """

    dim_in: int
    dim_out: int
    choi: Matrix

    def __post_init__(self) -> None:
        if min(self.dim_in, self.dim_out) < 1 or self.choi.rows != self.dim_in * self.dim_out:
            raise ShapeError(f"the Choi matrix has order {self.choi.rows}; it must be {self.dim_in} * {self.dim_out}")
        self.choi.require_hermitian("the Choi matrix")

    @classmethod
    def from_action(cls, dim_in: int, action: Callable[[Matrix], Matrix]) -> LinearMap:
        """Return the map with the given action, which is asked for every matrix unit."""
        if dim_in < 1:
            raise ShapeError(f"a map needs an input of order 1 or more, not {dim_in}")
        images = [(i, j, action(Matrix.unit(dim_in, i, j))) for i in range(dim_in) for j in range(dim_in)]
        choi = total(kron(Matrix.unit(dim_in, i, j), image) for i, j, image in images)
        return cls(dim_in, images[0][2].rows, choi)

    def __call__(self, matrix: Matrix) -> Matrix:
        """Apply the map: tr_in[(X^T (x) 1) C]."""
        if (matrix.rows, matrix.columns) != (self.dim_in, self.dim_in):
            raise ShapeError(f"the map acts on order {self.dim_in}, not on a {matrix.rows} x {matrix.columns} matrix")
        choi, exact = unify([self.choi, matrix])
        return contract(choi, (self.dim_in, self.dim_out), 0, exact.transpose)

    @property
    def is_trace_preserving(self) -> bool:
        """Whether tr Phi(X) = tr X for all X, exactly."""
        return partial_trace(self.choi, (self.dim_in, self.dim_out), [1]) == Matrix.identity(
            self.dim_in, self.choi.field
        )
