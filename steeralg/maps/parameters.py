"""The parameters of maps: orders, and real numbers in any exact notation.

Above: the library of maps, channels. Below: the exact layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steeralg.errors import NumberError, ShapeError
from steeralg.exact.convert import as_matrices
from steeralg.exact.matrix import Matrix
from steeralg.exact.number import Number, exact_rational

MAX_ORDER = 64


def require_order(dim: int, least: int = 1, most: int = MAX_ORDER) -> None:
    """Raise ShapeError unless matrices of this order can be mapped: the Choi matrix has its square as order."""
    if not least <= dim <= most:
        raise ShapeError(f"this map needs an order from {least} to {most}, not {dim}")


def real_numbers(values: Sequence[Any]) -> list[Number]:
    """Return real numbers (int, Fraction, string of a rational, sympy, Number) as elements of one common field.

    Raises NumberError for floats, symbols and complex numbers.
    """
    tables = [
        Matrix.from_numbers([[value]], value.field)
        if isinstance(value, Number)
        else [[exact_rational(value) if isinstance(value, str) else value]]
        for value in values
    ]
    numbers = [matrix.entry(0, 0) for matrix in as_matrices(tables)]
    for value, number in zip(values, numbers, strict=True):
        if not number.is_real:
            raise NumberError(f"{value} is not real")
    return numbers
