"""Exact linear systems by elimination over one field.

Above: certificates. Below: numbers. For small systems: restoring equations after rounding, kernels, faces.
"""

from __future__ import annotations

from collections.abc import Sequence

from steeralg.exact.field import RATIONALS, Field
from steeralg.exact.number import Number

Row = list[Number]


def echelon(rows: Sequence[Sequence[Number]], columns: int) -> tuple[list[Row], list[int]]:
    """Return the reduced row echelon form of a matrix (zero rows dropped) and its pivot columns.

    Pivots are looked for in the first `columns` columns only; further columns are carried along.
    """
    work = [list(row) for row in rows]
    pivots: list[int] = []
    for column in range(columns):
        at = len(pivots)
        found = next((r for r in range(at, len(work)) if not work[r][column].is_zero), None)
        if found is None:
            continue
        work[at], work[found] = work[found], work[at]
        inverse = work[at][column].inverse()
        work[at] = [x if x.is_zero else x * inverse for x in work[at]]
        for r, row in enumerate(work):
            factor = row[column]
            if r != at and not factor.is_zero:
                work[r] = [x if y.is_zero else x - factor * y for x, y in zip(row, work[at], strict=True)]
        pivots.append(column)
    return work[: len(pivots)], pivots


def kernel(rows: Sequence[Sequence[Number]], columns: int, field: Field = RATIONALS) -> list[Row]:
    """Return a basis of the vectors that a matrix sends to zero, one for each column without pivot."""
    reduced, pivots = echelon(rows, columns)
    basis = []
    for free in (c for c in range(columns) if c not in pivots):
        vector = [Number.of(int(c == free), field) for c in range(columns)]
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def solve(rows: Sequence[Sequence[Number]], right: Sequence[Number], columns: int) -> Row | None:
    """Return a solution of rows . x = right with zeros where there is a choice; None if there is no solution."""
    extended = [[*row, value] for row, value in zip(rows, right, strict=True)]
    reduced, pivots = echelon(extended, columns + 1)
    if columns in pivots:
        return None
    zero = right[0] - right[0] if right else Number.of(0)
    solution = [zero] * columns
    for row, pivot in zip(reduced, pivots, strict=True):
        solution[pivot] = row[columns]
    return solution
