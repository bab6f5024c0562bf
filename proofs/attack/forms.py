"""Matrices and numbers of proof files as Python values, and back: what mutations calculate with.

Above: kinds of mutations. Below: nothing. Everything is linear over the rationals, so the field does not matter: an
entry is the list of its coefficients of 1, theta, theta^2, ...
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest
from math import lcm
from typing import Any

Entry = list[int]
Json = dict[str, Any]


def is_matrix(node: object) -> bool:
    """Whether a JSON value looks like a matrix, or like the factor of one: rows of texts."""
    return isinstance(node, dict) and isinstance(node.get("re"), list) and all(isinstance(r, str) for r in node["re"])


def cut(row: str) -> list[Entry]:
    """The entries of a row."""
    return [[int(c) for c in entry.split(",")] for entry in row.split(" ")] if row else []


def join(entries: Sequence[Sequence[int]]) -> str:
    """The row of some entries; what is rational is written as an integer."""
    return " ".join(",".join(map(str, z)) if any(z[1:]) else str(z[0]) for z in entries)


def number(text: str) -> list[Fraction]:
    """The coefficients of a NUMBER."""
    return [Fraction(c) for c in text.split(",")]


def text(vector: Sequence[Fraction]) -> str:
    """A NUMBER."""
    return ",".join(map(str, vector)) if any(vector[1:]) else str(vector[0])


def shifted(value: str, by: Fraction) -> str:
    """A NUMBER plus a rational."""
    first, *rest = number(value)
    return text([first + by, *rest])


def half(matrix: Json, part: str) -> list[list[Entry]]:
    """The entries of `re` or `im`, row by row; zeros if `im` is left out."""
    n = len(matrix["re"])
    return [cut(row) for row in matrix[part]] if part in matrix else [[[0]] * i for i in range(n)]


def combine(*terms: tuple[Fraction | int, Json]) -> Json:
    """The sum of some matrices of one order, each times a rational number."""
    weights = [Fraction(c) / int(m["denominator"]) for c, m in terms]
    scale = lcm(*(w.denominator for w in weights))
    factors = [int(w * scale) for w in weights]
    result: Json = {"denominator": str(scale)}
    for part in ("re", "im"):
        rows = []
        for same in zip(*(half(m, part) for _, m in terms), strict=True):
            entries = []
            for places in zip(*same, strict=True):
                powers = zip_longest(*places, fillvalue=0)
                entries.append([sum(f * c for f, c in zip(factors, power, strict=True)) for power in powers])
            rows.append(join(entries))
        result[part] = rows
    return result


def unit(order: int) -> Json:
    """The unit matrix."""
    return {"denominator": "1", "re": [" ".join("0" * i + "1") for i in range(order)]}


def order(matrix: Json) -> int:
    """The number of rows."""
    return len(matrix["re"])


def corner(matrix: Json, start: int, size: int, total: int) -> Json:
    """A matrix as a block on the diagonal of a larger one of zeros."""
    real, imaginary = half(matrix, "re"), half(matrix, "im")
    result: Json = {"denominator": matrix["denominator"]}
    for part, rows, extra in (("re", real, 1), ("im", imaginary, 0)):
        lines = []
        for i in range(total):
            inside = rows[i - start] if start <= i < start + size else []
            before = [[0]] * start if inside else []
            lines.append(join([*before, *inside, *[[0]] * (i + extra - len(before) - len(inside))]))
        result[part] = lines
    return result


def permuted(matrix: Json, places: Sequence[int]) -> Json:
    """Rows and columns in another order."""
    real, imaginary = half(matrix, "re"), half(matrix, "im")

    def imaginary_part(i: int, j: int) -> Entry:
        return imaginary[i][j] if i > j else [-c for c in imaginary[j][i]]

    re = [join([real[max(p, q)][min(p, q)] for q in places[: i + 1]]) for i, p in enumerate(places)]
    im = [join([imaginary_part(p, q) for q in places[:i]]) for i, p in enumerate(places)]
    return {**matrix, "re": re, "im": im}


def conjugated(matrix: Json) -> Json:
    """The complex conjugate, which is the transpose of a Hermitian matrix."""
    return {**matrix, "im": [join([[-c for c in z] for z in row]) for row in half(matrix, "im")]}


def is_positive(matrix: Json) -> bool:
    """Whether a rational matrix is positive semidefinite, by elimination of its real form of twice the order."""
    n, re, im = order(matrix), half(matrix, "re"), half(matrix, "im")

    def entry(i: int, j: int) -> Fraction:
        (p, k), (q, m) = sorted((divmod(i, n)[::-1], divmod(j, n)[::-1]), reverse=True)
        if k == m:
            return Fraction(re[p][q][0])
        return Fraction(0 if p == q else im[p][q][0] * (1 if k > m else -1))

    left = [[entry(i, j) for j in range(2 * n)] for i in range(2 * n)]
    while left:
        *rest, last = left
        pivot = last.pop()
        if pivot < 0 or (pivot == 0 and any(last)):
            return False
        left = [[x - row[-1] * y / pivot if row[-1] else x for x, y in zip(row, last, strict=False)] for row in rest]
    return True
