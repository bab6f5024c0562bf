"""Echelon forms, ranks and null spaces of exact matrices.

Above: product bases, faces. Below: matrices, integer echelon forms. Real rational matrices are reduced as integer ones;
all others number by number.
"""

from __future__ import annotations

from math import lcm

from steeralg.exact import integer
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number


def echelon(matrix: Matrix) -> tuple[list[list[Number]], list[int]]:
    """Return the reduced row echelon form without its zero rows, and its pivot columns."""
    if matrix.field.is_rational and matrix.is_real:
        plane, n = matrix.planes[0], matrix.columns
        table, pivots = integer.echelon([plane[i * n : (i + 1) * n] for i in range(matrix.rows)], n)
        return [[Number.of(x) for x in row] for row in table], pivots
    return _echelon([[matrix.entry(i, j) for j in range(matrix.columns)] for i in range(matrix.rows)])


def _echelon(work: list[list[Number]]) -> tuple[list[list[Number]], list[int]]:
    pivots: list[int] = []
    for column in range(len(work[0]) if work else 0):
        rank = len(pivots)
        found = next((r for r in range(rank, len(work)) if not work[r][column].is_zero), None)
        if found is None:
            continue
        work[rank], work[found] = work[found], work[rank]
        inverse = work[rank][column].inverse()
        work[rank] = [x if x.is_zero else x * inverse for x in work[rank]]
        for r, row in enumerate(work):
            factor = row[column]
            if r != rank and not factor.is_zero:
                work[r] = [x if y.is_zero else x - factor * y for x, y in zip(row, work[rank], strict=True)]
        pivots.append(column)
    return work[: len(pivots)], pivots


def rank(matrix: Matrix) -> int:
    """Return the rank."""
    return len(echelon(matrix)[1])


def nullspace(matrix: Matrix) -> Matrix:
    """Return a matrix whose columns are a basis of the vectors v with `matrix @ v = 0`; it may have no columns.

    Every basis vector is 1 at one free column and 0 at the others.
    """
    rows, pivots = echelon(matrix)
    free = [j for j in range(matrix.columns) if j not in pivots]
    zero, one = Number.of(0, matrix.field), Number.of(1, matrix.field)
    table = [[zero] * len(free) for _ in range(matrix.columns)]
    for k, j in enumerate(free):
        table[j][k] = one
        for row, pivot in zip(rows, pivots, strict=True):
            table[pivot][k] = -row[j]
    if not free:
        return Matrix.zero(matrix.columns, 0, matrix.field)
    return Matrix.from_numbers(table, matrix.field)


def integral_columns(matrix: Matrix) -> Matrix:
    """Scale every column to integer coefficients; their span is the same."""
    table = []
    for j in range(matrix.columns):
        entries = [matrix.entry(i, j) for i in range(matrix.rows)]
        scale = lcm(*(x.denominator for x in entries)) if entries else 1
        table.append([x * Number.of(scale) for x in entries])
    if not table:
        return matrix
    return Matrix.from_numbers([list(row) for row in zip(*table, strict=True)], matrix.field)
