"""Products of integer matrices, by python-flint where it is installed and worth it, by plain Python otherwise.

Above: matrices. Below: nothing. Matrices are flat row-major sequences of Python integers; both routes return the same.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def _dot(left: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> list[int]:
    """Return all dot products of the left vectors with the right ones."""
    return [sum(map(mul, u, v)) for u in left for v in right]
