"""Products and echelon forms of integer matrices: by python-flint where it is worth it, by plain Python otherwise.

Above: matrices. Below: nothing. Matrices are flat row-major sequences of Python integers; both routes return the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

try:
    import flint
except ImportError:
    flint = None

_WORTH_FLINT = 4096


def multiply(a: Sequence[int], b: Sequence[int], rows: int, inner: int, columns: int) -> list[int]:
    """Return the product of a (rows x inner) and b (inner x columns)."""
    if flint is not None and rows * inner * columns >= _WORTH_FLINT:
        product = flint.fmpz_mat(rows, inner, a) * flint.fmpz_mat(inner, columns, b)
        return list(map(int, product.entries()))
    return _dot([a[i * inner : (i + 1) * inner] for i in range(rows)], [b[j::columns] for j in range(columns)])


def hermitian_square(re: Sequence[int], im: Sequence[int], order: int) -> tuple[list[int], list[int]]:
    """Return the real and imaginary parts of L L* for the square matrix L = re + i im."""
    if flint is not None and order**3 >= _WORTH_FLINT:
        a, b = flint.fmpz_mat(order, order, re), flint.fmpz_mat(order, order, im)
        turned = a.transpose()
        mixed = b * turned
        real, imaginary = a * turned + b * b.transpose(), mixed - mixed.transpose()
        return list(map(int, real.entries())), list(map(int, imaginary.entries()))
    rows = [(re[k : k + order], im[k : k + order]) for k in range(0, order * order, order)]
    right = [[*a, *b] for a, b in rows]
    return _dot(right, right), _dot([[*b, *(-x for x in a)] for a, b in rows], right)


def echelon(rows: Sequence[Sequence[int]], columns: int) -> tuple[list[list[Fraction]], list[int]]:
    """Return the reduced row echelon form without its zero rows, and its pivot columns."""
    if flint is not None and len(rows) * columns >= 64:
        reduced, common, rank = flint.fmpz_mat(len(rows), columns, [x for row in rows for x in row]).rref()
        entries, scale = reduced.entries(), int(common)
        table = [[Fraction(int(x), scale) for x in entries[i * columns : (i + 1) * columns]] for i in range(rank)]
    else:
        table = _echelon(rows, columns)
    return table, [next(j for j, x in enumerate(row) if x) for row in table]


def _echelon(rows: Sequence[Sequence[int]], columns: int) -> list[list[Fraction]]:
    work, rank = [list(map(Fraction, row)) for row in rows], 0
    for column in range(columns):
        found = next((r for r in range(rank, len(work)) if work[r][column]), None)
        if found is None:
            continue
        work[rank], work[found] = work[found], work[rank]
        pivot = work[rank][column]
        work[rank] = [x / pivot if x else x for x in work[rank]]
        for r, row in enumerate(work):
            if r != rank and row[column]:
                work[r] = [x - row[column] * y if y else x for x, y in zip(row, work[rank], strict=True)]
        rank += 1
    return work[:rank]


def _dot(left: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> list[int]:
    """Return all dot products of the left vectors with the right ones."""
    return [sum(map(mul, u, v)) for u in left for v in right]
