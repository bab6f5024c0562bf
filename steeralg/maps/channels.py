"""Completely positive maps: Kraus operators, unitary channels, depolarising noise.

Above: realisations, constructions. Below: linear maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steeralg.arguments import checked
from steeralg.errors import NormalisationError, PositivityError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix, total
from steeralg.exact.number import Number, brief
from steeralg.maps.linear import LinearMap
from steeralg.maps.parameters import real_numbers, require_order


@checked
def kraus_map(kraus: Sequence[Any]) -> LinearMap:
    """Return X -> sum K X K* for some Kraus operators (exact, sympy or nested sequences) of one shape.

    Completely positive, of any normalisation; one operator A gives the conjugation X -> A X A*. Raises ShapeError for
    operators of different shapes, or none.
    """
    if not kraus:
        raise ShapeError("a map needs at least one Kraus operator")
    operators = as_matrices(list(kraus))
    rows, columns = operators[0].rows, operators[0].columns
    for k, operator in enumerate(operators):
        if (operator.rows, operator.columns) != (rows, columns):
            raise ShapeError(
                f"Kraus operator {k} is {operator.rows} x {operator.columns}; operator 0 is {rows} x {columns}"
            )
    # The vector sum_i |i> (x) K|i> of K lists the columns of K one after the other.
    vectors = [operator.transpose.rearrange(rows * columns, 1, range(rows * columns)) for operator in operators]
    return LinearMap(columns, rows, total(vector @ vector.adjoint for vector in vectors))


def channel(kraus: Sequence[Any]) -> LinearMap:
    """Return the channel X -> sum K X K* of some Kraus operators (exact, sympy or nested sequences).

    Raises ShapeError for operators of different shapes, NormalisationError unless the K*K sum to the identity.
    """
    result = kraus_map(kraus)
    if not result.is_trace_preserving:
        raise NormalisationError("the products K*K of the Kraus operators do not sum to the identity")
    return result


def unitary_channel(unitary: Any) -> LinearMap:
    """Return the channel X -> U X U* of a unitary (exact, sympy or nested sequences).

    Raises ShapeError unless U is square, NormalisationError unless it is unitary.
    """
    matrix = as_matrices([unitary])[0]
    if matrix.rows != matrix.columns:
        raise ShapeError(f"a unitary is square, not {matrix.rows} x {matrix.columns}")
    if matrix @ matrix.adjoint != Matrix.identity(matrix.rows, matrix.field):
        raise NormalisationError("U is not unitary: U U* = 1 is needed")
    return channel([matrix])


@checked
def depolarising(dim: int, probability: Any) -> LinearMap:
    """Return the channel X -> (1 - p) X + p tr(X) 1/d for an exact real p.

    Completely positive iff 0 <= p <= d^2/(d^2 - 1); raises PositivityError for other p, ShapeError, NumberError.
    """
    require_order(dim)
    (p,) = real_numbers([probability])
    field, square = p.field, dim * dim
    one = Number.of(1, field)
    # The eigenvalues of the Choi matrix are p/d and, on the maximally entangled vector, d - (d^2 - 1) p/d.
    if p.sign() < 0 or (Number.of(square, field) - p * Number.of(square - 1, field)).sign() < 0:
        raise PositivityError(f"p = {brief(p)} gives no channel: 0 <= p <= d^2/(d^2 - 1) is needed, d = {dim}")
    identity = kraus_map([Matrix.identity(dim, field)])
    noise = LinearMap(dim, dim, Matrix.identity(square, field).scale(p * Number.of(dim, field).inverse()))
    return identity.scale(one - p) + noise
