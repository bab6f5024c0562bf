"""Block matrices: put together from parts, and the blocks that a Hermitian matrix falls into.

Above: PSD decisions, factors, sequential measurements. Below: matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lcm

from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.matrix import Matrix


def composed(rows: int, columns: int, parts: Sequence[tuple[int, int, Matrix]], field: Field) -> Matrix:
    """Return the matrix with parts (top row, left column, matrix), none overlapping, and 0 elsewhere.

    The parts are matrices over the given field, or over Q.
    """
    lifted = [(top, left, part.over(field)) for top, left, part in parts]
    common = lcm(*(part.denominator for _, _, part in lifted))
    planes = [[0] * (rows * columns) for _ in range(2 * field.degree)]
    for top, left, part in lifted:
        scale, width = common // part.denominator, part.columns
        for target, source in zip(planes, part.planes, strict=True):
            for i in range(part.rows):
                start = (top + i) * columns + left
                target[start : start + width] = [x * scale for x in source[i * width : (i + 1) * width]]
    return Matrix(field, rows, columns, tuple(map(tuple, planes)), common)


def stacked(parts: Sequence[Matrix]) -> Matrix:
    """Return matrices of one field, with as many columns each, one below the other."""
    placed, top = [], 0
    for part in parts:
        placed.append((top, 0, part))
        top += part.rows
    return composed(top, parts[0].columns, placed, parts[0].field)


def side_by_side(parts: Sequence[Matrix]) -> Matrix:
    """Return matrices of one field, with as many rows each, one beside the other."""
    placed, left = [], 0
    for part in parts:
        placed.append((0, left, part))
        left += part.columns
    return composed(parts[0].rows, left, placed, parts[0].field)


def direct_sum(parts: Sequence[Matrix]) -> Matrix:
    """Return square matrices of one field, or over Q, one after the other on the diagonal."""
    field = next((part.field for part in parts if not part.field.is_rational), RATIONALS)
    placed, order = [], 0
    for part in parts:
        placed.append((order, order, part))
        order += part.rows
    return composed(order, order, placed, field)


def blocks(matrix: Matrix) -> list[list[int]]:
    """Return the finest partition of the indices such that the entries between different parts vanish; without the
    indices whose rows vanish.
    """
    n, left = matrix.rows, set(range(matrix.rows))
    neighbours = [
        {j for plane in matrix.planes for j, x in enumerate(plane[i * n : (i + 1) * n]) if x} for i in range(n)
    ]
    found = []
    while left:
        part, frontier = set[int](), {min(left)}
        while frontier:
            part |= frontier
            frontier = set().union(*(neighbours[i] for i in frontier)) - part
        left -= part
        if any(neighbours[i] for i in part):
            found.append(sorted(part))
    return found
