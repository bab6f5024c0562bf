"""Faces of Gram matrices, exactly: kernels that every solution has, and what they leave.

Above: rounding, the search for certificates. Below: systems of Gram matrices, exact linear algebra. Where a form
vanishes, every Gram matrix annihilates the vector of its monomials there; at the optimum of a level its Gram matrices
annihilate the range of the moment matrix. Solutions are singular, and plain rounding fails. On the face
`Z_b = V_b Y_b V_b*`, with V_b a basis of what is orthogonal to the kernel, they may be definite again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from steeralg.algebra.gram import GramSystem
from steeralg.exact.blocks import side_by_side, stacked
from steeralg.exact.convert import unify
from steeralg.exact.echelon import integral_columns, nullspace
from steeralg.exact.matrix import Matrix

Face = list[Matrix | None]
"""For every block the matrix V_b; None for the whole space."""


def whole(system: GramSystem) -> Face:
    """Return the face that leaves everything."""
    return [None] * len(system.orders)


def restrict(system: GramSystem, face: Face, kernels: Sequence[Matrix | None]) -> Face:
    """Return the face of Y_b that annihilate the columns of `kernels[b]` (in the coordinates of the given face)."""
    result: Face = []
    for basis, kernel in zip(face, kernels, strict=True):
        if kernel is None or not kernel.columns:
            result.append(basis)
            continue
        rows = kernel.adjoint
        if system.is_real:
            rows = stacked([rows.real, rows.imaginary])
        left = integral_columns(nullspace(rows))
        result.append(left if basis is None else integral_columns(basis @ left))
    return result


def joined(kernels: Iterable[Matrix | None]) -> Matrix | None:
    """Return the columns of several matrices side by side; None if there are none."""
    found = [kernel for kernel in kernels if kernel is not None and kernel.columns]
    return side_by_side(unify(found)) if found else None
