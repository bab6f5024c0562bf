"""Tensor operations on exact matrices: Kronecker products, partial trace, partial transpose, contraction of one factor,
other orders of the factors.

Above: states, maps, assemblages. Below: matrices. `dims` lists the dimensions of the tensor factors in order; factor
indices count from 0, and Kronecker products follow the order of `dims`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from steeralg.errors import ShapeError
from steeralg.exact.matrix import Matrix, _combine, total


def kron(*factors: Matrix) -> Matrix:
    """Return the Kronecker product of at least one matrix."""
    result = factors[0]
    for factor in factors[1:]:
        result = _kron(result, factor)
    return result


def _kron(left: Matrix, right: Matrix) -> Matrix:
    a, b = left._aligned(right)

    def times(u: tuple[int, ...], v: tuple[int, ...]) -> list[int]:
        v_rows = [v[k * b.columns : (k + 1) * b.columns] for k in range(b.rows)]
        u_rows = [u[i * a.columns : (i + 1) * a.columns] for i in range(a.rows)]
        return [x * y for u_row in u_rows for v_row in v_rows for x in u_row for y in v_row]

    return _combine(a, b, times, a.rows * b.rows, a.columns * b.columns)


def _check(matrix: Matrix, dims: Sequence[int], factors: Iterable[int]) -> None:
    order = prod(dims)
    if (matrix.rows, matrix.columns) != (order, order):
        raise ShapeError(
            f"a {matrix.rows} x {matrix.columns} matrix does not act on factors of dimensions {tuple(dims)}"
        )
    for k in factors:
        if not 0 <= k < len(dims):
            raise ShapeError(f"there is no tensor factor {k} among {len(dims)}")


def _offsets(dims: Sequence[int], factors: Sequence[int]) -> list[int]:
    """The flat offsets of the multi-indices of some factors (the others at 0), in lexicographic order."""
    offsets = [0]
    for k in factors:
        stride = prod(dims[k + 1 :])
        offsets = [base + i * stride for base in offsets for i in range(dims[k])]
    return offsets


def partial_trace(matrix: Matrix, dims: Sequence[int], traced: Iterable[int]) -> Matrix:
    """Trace out the factors in `traced`; the rest keep their order."""
    gone = sorted(set(traced))
    _check(matrix, dims, gone)
    kept = [k for k in range(len(dims)) if k not in gone]
    outer, n = _offsets(dims, kept), matrix.columns
    pieces = []
    for t in _offsets(dims, gone):
        index = [(i + t) * n + (j + t) for i in outer for j in outer]
        pieces.append(matrix.rearrange(len(outer), len(outer), index))
    return total(pieces)


def partial_transpose(matrix: Matrix, dims: Sequence[int], transposed: Iterable[int]) -> Matrix:
    """Transpose the factors in `transposed`."""
    swap = sorted(set(transposed))
    _check(matrix, dims, swap)
    order = prod(dims)
    part = [0] * order
    for k in swap:
        stride = prod(dims[k + 1 :])
        part = [p + (i // stride % dims[k]) * stride for i, p in enumerate(part)]
    index = [(i - part[i] + part[j]) * order + (j - part[j] + part[i]) for i in range(order) for j in range(order)]
    return matrix.rearrange(order, order, index)


def reordered(matrix: Matrix, dims: Sequence[int], order: Sequence[int]) -> Matrix:
    """Return an operator with its tensor factors in another order: factor number k of the result was `order[k]`."""
    _check(matrix, dims, order)
    if sorted(order) != list(range(len(dims))):
        raise ShapeError(f"{tuple(order)} is no order of {len(dims)} tensor factors")
    n, places = matrix.rows, _offsets(dims, order)
    return matrix.rearrange(n, n, [i * n + j for i in places for j in places])


def contract(matrix: Matrix, dims: Sequence[int], factor: int, effect: Matrix) -> Matrix:
    """Return tr_factor[(effect (x) 1) matrix], the operator left on the other factors when `effect` is found on one."""
    _check(matrix, dims, [factor])
    d, n = dims[factor], matrix.columns
    if (effect.rows, effect.columns) != (d, d):
        raise ShapeError(f"an effect on factor {factor} must be {d} x {d}, not {effect.rows} x {effect.columns}")
    outer = _offsets(dims, [k for k in range(len(dims)) if k != factor])
    stride = prod(dims[factor + 1 :])
    size = len(outer)
    # Rows of the rearranged matrix run over (i, j) of the rest, columns over (s, t) of the factor.
    index = [(i + s * stride) * n + (j + t * stride) for i in outer for j in outer for s in range(d) for t in range(d)]
    table = matrix.rearrange(size * size, d * d, index)
    column = effect.transpose.rearrange(d * d, 1, range(d * d))
    return (table @ column).rearrange(size, size, range(size * size))
