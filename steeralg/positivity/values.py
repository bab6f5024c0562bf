"""Forms at product vectors, exactly: values, zeros, and the witness against block positivity.

Above: verdicts. Below: operators, the exact layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from steeralg.algebra.form import value_at
from steeralg.algebra.squares import SquareSystem
from steeralg.arguments import checked
from steeralg.errors import ShapeError, VerificationError
from steeralg.exact.convert import unify
from steeralg.exact.echelon import echelon, nullspace
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number
from steeralg.exact.psd import decide_psd
from steeralg.exact.tensor import contract, kron
from steeralg.objects.devices import Operator
from steeralg.verdict import OneLine, Refuted


def value_on(operator: Operator, vectors: Sequence[Matrix]) -> Number:
    """Return <x1 .. xN|W|x1 .. xN> for columns of any norm. Raises ShapeError unless there is one for each factor."""
    if [(vector.rows, vector.columns) for vector in vectors] != [(d, 1) for d in operator.dims]:
        raise ShapeError(f"one column is needed for each factor, of the dimensions {operator.dims}")
    exact = unify([operator.matrix, *vectors])
    whole = kron(*exact[1:])
    return (whole.adjoint @ exact[0] @ whole).entry(0, 0)


def square_norm(vectors: Sequence[Matrix]) -> Number:
    """Return the product of the squared norms of some columns."""
    value = Number.of(1)
    for vector in vectors:
        value = value * (vector.adjoint @ vector).entry(0, 0)
    return value


def left_on(operator: Operator, free: int, vectors: Sequence[Matrix]) -> Matrix:
    """Return the operator that vectors of all other factors, in their order, leave on factor `free`."""
    matrix, *columns = unify([operator.matrix, *vectors])
    dims = list(operator.dims)
    for _ in range(free):
        column = columns.pop(0)
        matrix = contract(matrix, dims, 0, column @ column.adjoint)
        dims.pop(0)
    for column in columns:
        matrix = contract(matrix, dims, 1, column @ column.adjoint)
        dims.pop(1)
    return matrix


@dataclass(frozen=True, eq=False, repr=False)
class NegativeProduct(OneLine):
    """Witness against block positivity: `value` = <x1 .. xN|W|x1 .. xN> is a negative number."""

    operator: Operator
    vectors: tuple[Matrix, ...]
    value: Number

    @classmethod
    @checked
    def verified(cls, operator: Operator, vectors: Sequence[Matrix]) -> NegativeProduct:
        """Return the witness. Raises VerificationError unless the value is negative."""
        value = value_on(operator, vectors)
        if value.sign() >= 0:
            raise VerificationError(f"the value {value} at this product vector is not negative")
        return cls(operator, tuple(vectors), value)

    def verify(self) -> None:
        """Compute the value again. Raises VerificationError unless it is negative."""
        NegativeProduct.verified(self.operator, self.vectors)


def zeros_at(operator: Operator, free: int, vectors: Sequence[Matrix]) -> list[tuple[Matrix, ...]] | NegativeProduct:
    """Return product vectors on which the form vanishes, one for each dimension of the kernel of what is left on
    `free`; or, where that is not positive, the witness.
    """
    left = left_on(operator, free, vectors)
    verdict = decide_psd(left)
    if isinstance(verdict, Refuted):
        found = [*vectors[:free], verdict.witness.vector, *vectors[free:]]
        return NegativeProduct.verified(operator, found)
    kernel = nullspace(left)
    # Vectors of any norm will do, and monomials are quickly evaluated at integers.
    kernel = kernel.scale(kernel.denominator)
    columns = [
        kernel.rearrange(kernel.rows, 1, range(j, kernel.rows * kernel.columns, kernel.columns))
        for j in range(kernel.columns)
    ]
    return [(*vectors[:free], column, *vectors[free:]) for column in columns]


def zero_kernels(system: SquareSystem, zeros: Sequence[Sequence[Matrix]]) -> list[Matrix | None]:
    """Return the vectors of the monomials of every block at product vectors on which the form vanishes."""
    exact, count = unify([vector for vectors in zeros for vector in vectors]), len(system.dims)
    zeros = [exact[k : k + count] for k in range(0, len(exact), count)]
    result: list[Matrix | None] = []
    for words in system.blocks:
        rows = [value_at(words, vectors).transpose for vectors in zeros]
        if system.is_real:
            # Real solutions annihilate real and imaginary parts.
            rows = [part for row in rows for part in (row.real, row.imaginary)]
        rows = [row for row in rows if not row.is_zero]
        if not rows:
            result.append(None)
            continue
        table = [[row.entry(0, j) for j in range(len(words))] for row in rows]
        reduced, _ = echelon(Matrix.from_numbers(table, rows[0].field))
        result.append(Matrix.from_numbers(reduced, rows[0].field).transpose)
    return result
