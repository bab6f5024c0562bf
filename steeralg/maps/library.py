"""The maps of the literature, exact: identity, transpose, extended reduction (Breuer-Hall).

Above: constructions. Below: linear maps.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from steeralg.errors import InputError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.maps.linear import LinearMap


def identity(dim: int) -> LinearMap:
    """Return the identity map."""
    return LinearMap.from_action(dim, lambda x: x)


def transpose(dim: int) -> LinearMap:
    """Return the transposition in the computational basis."""
    return LinearMap.from_action(dim, lambda x: x.transpose)


def extended_reduction(unitary: Any) -> LinearMap:
    """Return the Breuer-Hall map `X -> (tr(X) 1 - X - U X^T U*)/(d - 2)`, SAPHS18 eq. (33).

    U is an antisymmetric unitary of even order d > 2 (exact or sympy); it is checked, InputError otherwise.
    """
    u = as_matrices([unitary])[0]
    d = u.rows
    if d != u.columns or d % 2 or d <= 2:
        raise ShapeError(f"U is {u.rows} x {u.columns}; the extended reduction map needs an even order above 2")
    if u.transpose != -u:
        raise InputError("U is not antisymmetric: U^T = -U is needed")
    if u @ u.adjoint != Matrix.identity(d, u.field):
        raise InputError("U is not unitary: U U* = 1 is needed")

    def action(x: Matrix) -> Matrix:
        scalar = Matrix.identity(d).scale(x.trace())
        return (scalar - x - u @ x.transpose @ u.adjoint).scale(Fraction(1, d - 2))

    return LinearMap.from_action(d, action)
