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
        product = flint.fmpz_mat(rows, inner, list(a)) * flint.fmpz_mat(inner, columns, list(b))
        return [int(x) for x in product.entries()]
    right = [b[j::columns] for j in range(columns)]
    return [sum(map(mul, a[i * inner : (i + 1) * inner], column)) for i in range(rows) for column in right]
