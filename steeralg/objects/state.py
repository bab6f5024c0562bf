"""Quantum states of several parties, exact and validated.

Above: assemblages, constructions. Below: the exact layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import NormalisationError, PositivityError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.markup import OfMatrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, brief
from steeralg.exact.psd import decide_psd
from steeralg.verdict import Refuted

MAX_ORDER = 4096


@checked
@dataclass(frozen=True, repr=False)
class State(OfMatrices):
    """A density matrix on tensor factors of dimensions `dims`: Hermitian, positive semidefinite, trace 1.

    Raises ShapeError, HermitianError, PositivityError or NormalisationError.
    """

    dims: tuple[int, ...]
    matrix: Matrix

    def __post_init__(self) -> None:
        order = prod(self.dims)
        if any(d < 1 for d in self.dims) or (self.matrix.rows, self.matrix.columns) != (order, order):
            raise ShapeError(
                f"the state is {self.matrix.rows} x {self.matrix.columns}; dimensions {self.dims} need {order}"
            )
        self.matrix.require_hermitian("the state")
        if self.matrix.trace() != Number.of(1, self.matrix.field):
            raise NormalisationError(f"the state has trace {brief(self.matrix.trace())}, not 1")
        verdict = decide_psd(self.matrix)
        if isinstance(verdict, Refuted):
            raise PositivityError(f"the state is not positive: a vector has value {brief(verdict.witness.value)}")

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """Yield the density matrix, without a label."""
        yield "", self.matrix

    @classmethod
    @checked
    def mixed(cls, matrix: Any, dims: Sequence[int]) -> State:
        """Return the state of a density matrix (exact, sympy or nested sequence)."""
        return cls(tuple(dims), as_matrices([matrix])[0])

    @classmethod
    @checked
    def pure(cls, amplitudes: Sequence[Any], dims: Sequence[int]) -> State:
        """Return the pure state along a vector of any non-zero norm, amplitudes in Kronecker order."""
        column = as_matrices([[[x] for x in amplitudes]])[0]
        if column.is_zero:
            raise NormalisationError("the zero vector is not a state")
        projector = column @ column.adjoint
        return cls(tuple(dims), projector.scale(projector.trace().inverse()))

    @classmethod
    @checked
    def maximally_mixed(cls, dims: Sequence[int]) -> State:
        """Return the state 1/d. Raises ShapeError for dimensions below 1, and for d above 4096."""
        order = prod(dims)
        if order > MAX_ORDER or any(d < 1 for d in dims):
            raise ShapeError(f"dimensions {tuple(dims)[:8]}: each at least 1, their product at most {MAX_ORDER}")
        return cls(tuple(dims), Matrix.identity(order).scale(Fraction(1, order)))
